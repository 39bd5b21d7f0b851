"""The page leads from each figure to how it came about, and back; without scripts, and on paper nothing is changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import lxml.html
import pytest

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.explain import explanations
from gevinst.follow_up.lineage import with_lineage
from gevinst.language import speaking
from gevinst.report import as_excel, as_html, as_word
from gevinst.report.figure_links import Places, Way
from gevinst.report.memo import build_memo
from gevinst.report.tree import Cell, Document, Ladder, Ladders, Link
from gevinst.trace import Step
from tests.report.test_marks import without_links


@pytest.fixture(scope="module")
def memo(detailed_edition: Edition) -> Document:
    with speaking("da"):
        found = explanations(detailed_edition.follow_ups, detailed_edition.portfolio_follow_up, ())
    return build_memo(with_lineage(replace(detailed_edition, explanations=found)))


@pytest.fixture(scope="module")
def page(memo: Document) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(as_html.render(memo))


def test_every_link_within_the_page_leads_somewhere_and_every_anchor_is_one(page: lxml.html.HtmlElement) -> None:
    anchors = Counter(page.xpath("//@id"))
    assert {name for name, times in anchors.items() if times > 1} == set()
    leads = {link.removeprefix("#") for link in page.xpath("//a/@href")}
    assert leads <= set(anchors)
    assert len([name for name in leads if name.startswith("f/")]) > 300


def test_a_cells_figure_is_its_link(page: lxml.html.HtmlElement) -> None:
    (caption,) = (one for one in page.xpath("//caption") if "Samlet oversigt" in one.text_content())
    cells = caption.getparent().xpath(".//tbody//td")
    links = [cell.xpath("./a")[0] for cell in cells if cell.text_content().strip()]
    assert links
    assert all(cell.text_content() == cell.xpath("./a")[0].text_content() for cell in cells if cell.text_content())
    assert links[0].get("href") == "#f/portfolio/investment/2020/realised"


def test_a_sentences_figure_is_its_link(page: lxml.html.HtmlElement) -> None:
    said = {link.get("href"): link.text_content() for link in page.xpath("//main//li/a")}
    assert said["#f/4/effect/matched/weeks_saved"].endswith("2,5")
    assert "#f/portfolio/investment/total/expected" in {link.get("href") for link in page.xpath("//main//p/a | //li/a")}


def test_a_ladder_leads_back_to_every_table_that_prints_its_figure(page: lxml.html.HtmlElement) -> None:
    (panel,) = page.xpath("//section[@id='f/4/effect/matched/weeks_saved']")
    back = {link.text_content(): link.get("href").removeprefix("#") for link in panel.xpath(".//a")}
    assert "Luk" in back
    places = [name for name in back if name.startswith("Tabel")]
    assert places
    for name in places:
        (link,) = page.xpath(f"//a[@id='{back[name]}']")
        assert link.get("href") == "#f/4/effect/matched/weeks_saved"
        table = next(link.iterancestors("table"), None)
        if table is not None:
            assert table.xpath("string(./caption)").strip().startswith(f"{name}.")


def test_it_can_be_used_by_keyboard_without_scripts(page: lxml.html.HtmlElement) -> None:
    panels = page.xpath("//section[@class='panel']")
    assert len(panels) > 200
    assert {panel.get("tabindex") for panel in panels} == {"-1"}, "a link to it takes the focus there"
    assert all(panel.xpath(".//a[@href='#closed']") for panel in panels)
    assert not page.xpath("//script | //@onclick | //button")
    style = page.xpath("string(//style)")
    assert ".panel:target" in style
    assert re.search(r"@media print \{.*\.found, \.follow[^{]*\{ display: none; \}", style, re.DOTALL)


def test_a_tables_figures_are_no_tab_stops_but_stand_in_the_list_below_it(page: lxml.html.HtmlElement) -> None:
    seen = 0
    for table in page.xpath("//table"):
        links = table.xpath(".//a[starts-with(@href, '#f/')]")
        assert {link.get("tabindex") for link in links} <= {"-1"}
        listed = table.xpath("./ancestor::div[@class='block' or @class='block short'][1]/details[@class='steps']")
        led = [link.get("href") for each in listed for link in each.xpath(".//a")]
        assert led == list(dict.fromkeys(link.get("href") for link in links))
        names = [link.text_content() for each in listed for link in each.xpath(".//a")]
        assert len(set(names)) == len(names), "each is told apart"
        assert not any(link.get("tabindex") for each in listed for link in each.xpath(".//a"))
        seen += bool(led)
    assert seen > 20
    shown = 'main .steps a[href^="#f/"] { color: var(--link); text-decoration: underline'
    assert shown in page.xpath("string(//style)")
    summary = page.xpath("string(//details[@class='steps'][1]/summary)")
    assert summary == "Sådan er tallene fremkommet i tabel 1"
    assert re.search(r"@media print \{.*\.steps, [^{]*\{ display: none; \}", page.xpath("string(//style)"), re.DOTALL)


def test_what_is_told_once_is_led_to(page: lxml.html.HtmlElement) -> None:
    (panel,) = page.xpath("//section[@id='f/4/effect/matched/weeks_saved']")
    leads = [link.get("href") for link in panel.xpath(".//p[@class='ways'][1]/a")]
    assert leads == ["#f/4/effect/matched/participants", "#f/4/effect/matched/comparison", "#f/interval",
                     "#appendix-inputs", "#appendix-run"]


def test_paper_and_workbook_are_the_same_with_and_without(memo: Document) -> None:
    bare = tuple(without_links(block) for block in memo.blocks if not isinstance(block, Ladders))
    plain = replace(memo, blocks=bare)
    assert as_word.render(memo) == as_word.render(plain)
    assert as_excel.render(memo) == as_excel.render(plain)


def test_a_memo_without_ladders_has_no_links_to_any(detailed_edition: Edition) -> None:
    page = as_html.render(build_memo(detailed_edition))
    assert 'href="#f/' not in page
    assert "Vælg et tal" not in page


def _ladders(*keys: str, see: tuple[str, ...] = ()) -> Iterator[Ladder]:
    for key in keys:
        yield Ladder(key, "", f"{key}, investering 1", (Step(f"{key}, investering 1", "1", see=see),))


def test_ladders_of_one_title_are_numbered() -> None:
    same = [Ladder(key, "", "Kurve, investering 1", (Step("Kurve, investering 1", "1"),)) for key in ("1/a", "1/b")]
    places = Places.of([Ladders((), (*same, *_ladders("1/c")))])
    parts = [part for key in ("1/a", "1/c", "1/b", "1/a") for part in places.cell(Cell("1", figure=key), "Tabel 1")]
    assert places.named(parts) == [Way("Kurve, investering 1 (1)", "f/1/a"), Way("1/c", "f/1/c"),
                                   Way("Kurve, investering 1 (2)", "f/1/b")]


def test_a_text_is_cut_at_its_figures_and_put_together_again() -> None:
    places = Places.of([Ladders((), tuple(_ladders("1/a", "1/b")))])
    parts = places.text("fra 1 til 2 uger", (Link(4, 5, "1/a"), Link(10, 11, "1/b/point")), "Afsnit")
    assert "".join(part.text for part in parts) == "fra 1 til 2 uger"
    assert [(part.text, part.to) for part in parts if part.to] == [("1", "f/1/a"), ("2", "f/1/b")]
    assert places.text("intet", (), "Afsnit")[0].text == "intet"
    again = places.cell(Cell("1", figure="1/a"), "Afsnit")
    assert again[0].anchor == "", "one place is led back to once"
    assert places.cell(Cell("–", figure="1/a"), "Tabel 1")[0].to == "", "a dash is no figure"


def test_only_ladders_that_are_led_to_are_shown_with_those_they_rest_on() -> None:
    places = Places.of([Ladders((), (*_ladders("1/a", see=("1/b", "ground/files")), *_ladders("1/b", "1/c")))])
    places.cell(Cell("1", figure="1/a"), "Tabel 1")
    panels = places.panels({"ground/files": Way("filerne", "appendix-inputs")})
    assert [panel.anchor for panel in panels] == ["f/1/a", "f/1/b"]
    assert panels[0].rests_on == (Way("1/b", "f/1/b"), Way("filerne", "appendix-inputs"))
    assert panels[0].printed_in == (Way("Tabel 1", "at/1"),)
