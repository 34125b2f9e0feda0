"""One group, month and language as one HTML page that needs nothing but itself."""

from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from pages import Language
from reports.amounts import month_name
from reports.content import blocks
from reports.groups import Group
from reports.words import say

HERE = Path(__file__).parent


def render_page(
    group: Group, month: date, language: Language, *, is_synthetic: bool
) -> str:
    """Return the page; the same group gives the same bytes.

    Args:
        group: One that `reports.deciding` lets have a page.
        month: Which of its months; that it has is the caller's promise.
        language: Of the page.
        is_synthetic: Whether the page says that its data are synthetic.
    """
    count = str(group.months[month].reported_family_count)
    return _template().render(
        language=language,
        style=_style(),
        group=say("group", language, code=group.code),
        site_name=group.site_name,
        month=month_name(month, language),
        journals=say("journals", language, count=count),
        synthetic=say("synthetic", language) if is_synthetic else None,
        blocks=blocks(group, month, language),
        ask=say("ask", language),
        for_whom=say("for_whom", language),
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2")


@cache
def _style() -> Markup:
    return Markup((HERE / "style.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
