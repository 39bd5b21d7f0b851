"""The HTML memo: one file, accessible by its structure, inert to its readers' words."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from html.parser import HTMLParser

import lxml.html
import pytest

from gevinst.report import as_html
from gevinst.report.charts.charts import COLOURS
from gevinst.report.tree import Document, Figure, Heading

VOID = {"meta", "br", "hr", "img", "link", "input"}


@pytest.fixture(scope="module")
def page(danish: Document) -> str:
    return as_html.render(danish)


@pytest.fixture(scope="module")
def tree(page: str) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(page)


def text(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_tags_are_balanced(page: str) -> None:
    class Balance(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.open: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag not in VOID:
                self.open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open.pop() == tag

    balance = Balance()
    balance.feed(page)
    assert balance.open == []


def test_same_rows_in_the_same_order(
    tree: lxml.html.HtmlElement, danish: Document, printed_rows: Callable[[Document], list[list[str]]]
) -> None:
    outside = [table for table in tree.iter("table") if not list(table.iterancestors("details"))]
    inside = [table for table in tree.iter("table") if list(table.iterancestors("details"))]
    rows = [[cell.text_content() for cell in row] for table in (*outside, *inside)
            for row in table.xpath(".//tbody/tr")]
    assert rows == printed_rows(danish)


def test_page_has_language_title_landmarks_and_a_skip_link(tree: lxml.html.HtmlElement) -> None:
    assert tree.get("lang") == "da"
    assert tree.findtext(".//title") == "Kvartalsvis opfølgning på investeringer"
    assert [len(list(tree.iter(tag))) for tag in ("header", "main", "footer")] == [1, 1, 1]
    skip = tree.xpath("//a[@class='skip']")[0]
    assert tree.get_element_by_id(skip.get("href")[1:]).tag == "main"
    assert skip.text == "Spring til indhold"


def test_headings_do_not_skip_a_level(tree: lxml.html.HtmlElement) -> None:
    levels = [int(heading.tag[1]) for heading in tree.iter("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))


def test_contents_lead_to_the_main_headings(tree: lxml.html.HtmlElement, danish: Document) -> None:
    links = tree.xpath("//nav//a")
    wanted = [block.text for block in danish.blocks if isinstance(block, Heading) and block.level == 2]
    assert [text(link) for link in links] == wanted
    assert [text(tree.get_element_by_id(link.get("href")[1:])) for link in links] == wanted


def test_ids_are_unique_and_references_hold(tree: lxml.html.HtmlElement) -> None:
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert set(tree.xpath("//@aria-labelledby")) <= set(ids)
    assert {each[1:] for each in tree.xpath("//a/@href")} <= set(ids)


def test_tables_have_captions_and_every_header_its_scope(tree: lxml.html.HtmlElement) -> None:
    for table in tree.iter("table"):
        assert text(table.find("caption"))
        for header in table.iter("th"):
            assert text(header), "an empty header says nothing"
            place = "col" if header.getparent().getparent().tag == "thead" else "row"
            assert header.get("scope", "").startswith(place)
        for row in table.xpath(".//tbody/tr"):
            assert row[0].tag == "th"


def test_group_headers_stand_over_their_columns(tree: lxml.html.HtmlElement) -> None:
    table = next(each for each in tree.iter("table") if "investeringscase" in text(each.find("caption")))
    top, bottom = table.find("thead")
    assert [(cell.tag, cell.get("colspan"), cell.get("rowspan")) for cell in top] == [
        ("td", None, "2"), ("th", "2", None), ("th", "2", None)]
    assert [text(cell) for cell in bottom] == ["Budget", "Forventet resultat"] * 2
    assert [group.get("span") for group in table.iter("colgroup")] == ["1", "2", "2"]


def test_a_section_is_the_header_of_its_rows(tree: lxml.html.HtmlElement) -> None:
    table = next(each for each in tree.iter("table") if "pr. måned" in text(each.find("caption")))
    bodies = table.findall("tbody")
    assert [len(body) for body in bodies] == [13] * 5
    assert {body[0][0].get("scope") for body in bodies} == {"rowgroup"}


def test_charts_have_text_alternatives_and_their_numbers(tree: lxml.html.HtmlElement, danish: Document) -> None:
    figures: list[Figure] = list(danish.figures())
    pictures = tree.xpath("//div[@role='img']")
    assert [picture.get("aria-label") for picture in pictures] == [figure.alt for figure in figures]
    for picture, figure in zip(pictures, figures, strict=True):
        assert picture[0].tag == "svg"
        assert picture[0].get("aria-hidden") == "true"
        whole = next(picture.iterancestors("figure"))
        assert text(whole.find("figcaption")) == f"Figur {figure.number}. {figure.caption}"
        assert bool(whole.findall("details//table")) == (figure.data is not None)


def test_whatever_scrolls_can_be_reached_with_the_keyboard(tree: lxml.html.HtmlElement) -> None:
    for region in tree.xpath("//*[@role='region']"):
        assert region.get("tabindex") == "0"
        assert region.get("aria-labelledby")
    for table in tree.iter("table"):
        if len(table.xpath(".//thead/tr[last()]/*")) > 3:
            assert table.getparent().get("tabindex") == "0"


def test_captions_units_notes_and_sources(page: str, tree: lxml.html.HtmlElement) -> None:
    first = next(iter(tree.iter("table")))
    assert text(first.find("caption")) == (
        "Tabel 1. Samlet oversigt over investering og besparelse mio. kr., løbende priser")
    assert "<p>Note: − betyder indtægt eller mindreforbrug.</p><p>Kilde: Budgetaftale 2020-2023" in page


def test_words_never_become_markup(page: str, tree: lxml.html.HtmlElement, hostile: str) -> None:
    assert hostile in [paragraph.text_content() for paragraph in tree.iter("p")]
    assert not list(tree.iter("script"))
    assert "<script" not in page
    assert "<b>" not in page
    assert not [name for element in tree.iter() if isinstance(element.tag, str) for name in element.attrib
                if name.startswith("on")]


def test_everything_is_in_the_file(page: str, tree: lxml.html.HtmlElement) -> None:
    assert len(page.encode()) < 400_000
    assert not tree.xpath("//link | //img | //iframe | //object | //@src | //@style")
    urls = set(re.findall(r"url\(([^)]{1,24})", page))
    assert all(url.startswith(("data:font/woff2", "#f")) for url in urls)
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'")


def test_the_same_memo_gives_the_same_file(page: str, danish: Document) -> None:
    assert as_html.render(danish) == page


def test_english(english: Document) -> None:
    tree = lxml.html.document_fromstring(as_html.render(english))
    assert tree.get("lang") == "en"
    assert tree.xpath("//a[@class='skip']")[0].text == "Skip to content"
    first = next(iter(tree.iter("table")))
    assert text(first.find("caption")).startswith("Table 1. Investment and saving in total")
    assert "4.834" in first.text_content()
    assert "Source: Budgetaftale" in tree.text_content()


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.1 defines it."""
    full = colour.lstrip("#") if len(colour) == 7 else "".join(letter * 2 for letter in colour.lstrip("#"))
    parts = [int(full[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_as_the_law_wants() -> None:
    assert round(contrast("#767676", "#fff"), 2) == 4.54, "a known pair"
    css = as_html._style()
    named = dict(re.findall(r"--(\w+): (#\w+)", css))
    grounds = {"#fff", *re.findall(r"background: (#\w+)", css)}
    assert len(grounds) >= 4
    for ground in grounds:
        assert min(contrast(colour, ground) for colour in (named["ink"], named["soft"], named["link"])) >= 4.5
    assert min(contrast(colour, "#ffffff") for colour in COLOURS) >= 4.5
    bars = [contrast(colour, "#ffffff") for colour in ("#6E6E6E", "#0072B2")]
    assert min(bars) >= 3, "the outlines of columns (WCAG 2.1, 1.4.11)"
