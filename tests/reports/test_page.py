from dataclasses import replace

from pages import Language
from reports.building import page_name
from reports.page import render_page
from tests.reports.made_up import GROUP, MONTH, with_month

HEAVIEST = 3_000_000  # bytes


def page(language: Language = "en", *, is_synthetic: bool = False) -> str:
    return render_page(GROUP, MONTH, language, is_synthetic=is_synthetic)


def test_a_page_needs_nothing_but_itself_and_says_its_language() -> None:
    text = page("es")

    assert '<html lang="es">' in text
    assert "http" not in text
    assert "<script" not in text
    assert " src=" not in text
    assert len(text.encode()) < HEAVIEST


def test_words_of_another_language_are_marked_as_such() -> None:
    text = page("fil")

    assert "<h2>Ipon ng grupo</h2>" in text
    assert "Magbayad ng utang" in text
    assert (
        '<span lang="en">This page is for the families of this group and their '
        "liaison only.</span>" in text
    )
    assert 'lang="en"' not in page("en").replace('<html lang="en">', "")


def test_synthetic_data_are_called_so_and_real_data_are_not() -> None:
    assert "Synthetic data" in page(is_synthetic=True)
    assert "Synthetic" not in page(is_synthetic=False)


def test_what_somebody_typed_stays_words() -> None:
    group = replace(with_month(), site_name="<script>alert(1)</script>")

    assert "<script" not in render_page(group, MONTH, "en", is_synthetic=False)


def test_no_code_that_somebody_typed_leaves_the_folder() -> None:
    group = replace(GROUP, code="../../etc/PG 1")

    assert page_name(group, MONTH, "es") == "-etc-PG-1/2021-08.es.html"
    assert page_name(GROUP, MONTH, "es") == "MX-PG01/2021-08.es.html"
