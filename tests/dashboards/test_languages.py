"""Who gets pages in Filipino, and what stands on one."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import create_engine

from dashboards import build_site
from dashboards.formats import has_words_missing
from dashboards.languages import page_languages
from dashboards.metabase.access import load_readers
from dashboards.spec_file import SPECS
from tests.dashboards.d1_alone import D1, copy_d1, d1_specs
from tests.dashboards.reading import card_of, charts_of, words_of
from tests.dashboards.small_warehouse import fill

FOLDER = SPECS.parent
WORDS = [*sorted(SPECS.glob("*.yml")), FOLDER / "words.yml", FOLDER / "labels.yml"]
NUMBER = re.compile(r"[−+]?\d[\d.\u202f]*")  # noqa: RUF001 - a minus sign as pages write it
FIGURE = re.compile(r'<(?:td|p class="figure")[^>]*>([^<]*)<')
NOTICE = "Nasa Ingles ang ilang bahagi ng pahinang ito"


def without_filipino(node: object) -> list[str]:
    """Return the English of all words that have no Filipino."""
    if isinstance(node, dict):
        if {"en", "es"} <= node.keys():
            return [] if node.get("fil") else [node["en"]]
        return [text for value in node.values() for text in without_filipino(value)]
    if isinstance(node, list):
        return [text for value in node for text in without_filipino(value)]
    return []


def figures_of(page: str) -> dict[str, list[str]]:
    """Return the figures of each card as they are written, in order."""
    cards = re.findall(r'<article [^>]*id="(\w+)"', page)
    return {
        card: [
            number
            for cell in FIGURE.findall(card_of(page, card))
            for number in NUMBER.findall(cell)
        ]
        for card in cards
    }


def drawn_in(page: str) -> dict[str, list[Any]]:
    """Return the numbers of each chart's figures, in order."""
    return {
        name: [
            number
            for value in chart["datasets"]["figures"]
            for key, number in sorted(value.items())
            if isinstance(number, int | float)
        ]
        for name, chart in charts_of(page).items()
    }


@pytest.mark.parametrize("path", WORDS, ids=lambda path: path.stem)
def test_every_word_of_the_product_is_there_in_filipino(path: Path) -> None:
    assert without_filipino(yaml.safe_load(path.read_text())) == []


def test_a_filipino_page_says_its_language_and_lacks_no_word(
    pages: dict[str, str],
) -> None:
    page = pages["fil"]
    english = re.findall(r'<(\w+)[^>]* lang="en"', page)

    assert '<html lang="fil">' in page
    assert "<title>D1 Pangkalahatang tanaw ng mga lugar" in page
    # The link to the English page, and formulas, which are in English everywhere.
    assert set(english) == {"a", "p"}
    assert english.count("a") == 1
    assert english.count("p") == page.count('<div class="definition">')
    assert NOTICE not in page


def test_figures_of_a_filipino_page_are_those_of_the_english_one(
    pages: dict[str, str],
) -> None:
    english, filipino = pages["en"], pages["fil"]

    assert sum(map(len, figures_of(english).values())) > 500
    assert figures_of(filipino) == figures_of(english)
    assert len(drawn_in(english)) >= 18
    assert drawn_in(filipino) == drawn_in(english)


def test_words_of_the_warehouse_are_in_filipino(pages: dict[str, str]) -> None:
    card = card_of(pages["fil"], "definition_card")

    assert "M03 Panukat M03 sa Filipino" in words_of(card)
    assert "Ang kahulugan sa Filipino." in words_of(card)
    assert "Bagyo" in str(charts_of(pages["fil"]))


def test_a_page_invites_to_the_others_in_their_own_languages(
    pages: dict[str, str],
) -> None:
    invitations = {
        "en": "Read in English",
        "es": "Leer en español",
        "fil": "Basahin sa Filipino",
    }
    links = {
        code: f'href="d1-multi-site-overview.{code}.html" lang="{code}" '
        f'hreflang="{code}">{words}</a>'
        for code, words in invitations.items()
    }

    for language, page in pages.items():
        there = {code for code, link in links.items() if link in page}
        assert there == links.keys() - {language}


def test_what_filipino_lacks_stands_in_english_and_the_page_says_so_once(
    small_warehouse: str, tmp_path: Path
) -> None:
    specs = copy_d1(tmp_path / "specs")
    path = specs / f"{D1}.yml"
    text = path.read_text()
    words = ", fil: Isang pagbabago, maraming kahulugan"
    quoted = words.replace("Isang", '"Isang') + '"'
    assert quoted in text
    path.write_text(text.replace(quoted, ""))

    build_site(tmp_path, url=small_warehouse, specs=specs)

    page, english = (
        (tmp_path / f"d1-multi-site-overview.{language}.html").read_text()
        for language in ("fil", "en")
    )
    assert re.search(r'<h[23] [^>]*lang="en">One change, many definitions<', page)
    assert page.count(NOTICE) == 1
    assert "Parts of this page" not in english


def test_words_that_the_warehouse_lacks_are_missing_too() -> None:
    event: dict[str, object] = {"event_name": "Floods", "event_name_es": "Inundaciones"}

    assert has_words_missing(event, "fil")
    assert has_words_missing({**event, "event_name_fil": None}, "fil")
    assert not has_words_missing({**event, "event_name_fil": "Baha"}, "fil")
    assert not has_words_missing(event, "es")
    assert not has_words_missing(event, "en")


def test_everybody_gets_english_and_spanish_and_filipino_where_a_site_works_in_it() -> (
    None
):
    assert page_languages(["es"]) == ("en", "es")
    assert page_languages(["en", "lg"]) == ("en", "es")
    assert page_languages(["fil", "en"]) == ("en", "es", "fil")


def test_who_reads_no_site_that_works_in_filipino_gets_no_page_in_it(
    empty_warehouse: str, tmp_path: Path
) -> None:
    fill(empty_warehouse)
    engine = create_engine(
        empty_warehouse.replace("postgresql://", "postgresql+psycopg://")
    )
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "delete from marts.dim_sites where 'fil' = any(language_codes)"
        )
    engine.dispose()

    report = build_site(tmp_path, url=empty_warehouse, specs=d1_specs())

    assert [page.name.split(".")[1] for page in report.pages] == ["html", "en", "es"]


def test_in_metabase_it_is_those_who_read_a_philippine_site() -> None:
    filipino = [reader.role for reader in load_readers() if "fil" in reader.languages]

    assert filipino == ["metabase_programme", "metabase_philippines"]
