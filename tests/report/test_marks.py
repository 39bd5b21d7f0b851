"""Figures inside sentences: where they stand is told beside the text, and the text is the same with and without."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gevinst.follow_up.edition import Edition
from gevinst.language import NO_BREAK, speaking
from gevinst.report.marks import marked, marked_numbers, marking, settled
from gevinst.report.memo import build_memo, laid_out
from gevinst.report.references import numbered, table_ref
from gevinst.report.tree import Block, Bullets, Cell, Column, Figure, Heading, Ladders, Link, Paragraph, Row, Table
from gevinst.report.tree_file import as_json, from_json


def told(text: str, links: tuple[Link, ...]) -> list[tuple[str, str]]:
    return [(text[link.start : link.end], link.figure) for link in links]


def test_outside_a_memo_a_text_is_as_it_is() -> None:
    assert marked("2/x", "1,5") == "1,5"
    assert marked_numbers("2/x", "1,5 af 3") == "1,5 af 3"


def test_every_place_a_text_can_stand_keeps_its_figures() -> None:
    with marking():
        one, two = marked("1/a", "1,5"), marked("2/b", "2,5")
        blocks = settled([
            Paragraph(f"Først {one} og så {two}."), Bullets((f"{two} først", "intet", f"{one}")),
            Table("t", f"Tabel {one}", (Column("a"),), (Row((Cell(f"{one} til {two}"), Cell("7"))),),
                  note=f"I alt {two}."),
            Figure("f", "c", f"alt {one}", {}, Table("d", "", (), (), note=f"{one}!"), note=f"{two}?"),
            Heading(f"Afsnit {one}")])
    text, points, table, figure, heading = blocks
    assert isinstance(text, Paragraph)
    assert isinstance(points, Bullets)
    assert isinstance(table, Table)
    assert isinstance(figure, Figure)
    assert isinstance(heading, Heading)
    assert figure.data is not None
    assert text.text == "Først 1,5 og så 2,5."
    assert told(text.text, text.links) == [("1,5", "1/a"), ("2,5", "2/b")]
    assert [told(*each) for each in zip(points.items, points.links, strict=True)] == [
        [("2,5", "2/b")], [], [("1,5", "1/a")]]
    cell = table.rows[0].cells[0]
    assert told(cell.text, cell.links) == [("1,5", "1/a"), ("2,5", "2/b")]
    assert told(table.note, table.links) == [("2,5", "2/b")]
    assert (table.caption, heading.text, figure.alt) == ("Tabel 1,5", "Afsnit 1,5", "alt 1,5")
    assert told(figure.note, figure.links) == [("2,5", "2/b")]
    assert told(figure.data.note, figure.data.links) == [("1,5", "1/a")]


def test_places_hold_though_references_and_forbidden_letters_change_the_text() -> None:
    with marking(), speaking("da"):
        text, _ = settled(numbered([
            Paragraph(f"{table_ref('t')} viser\x07 {marked('1/a', '3,1')}\x00 kr. i 2020-2021, "
                      f"{marked('2/b', '4')} pct."),
            Table("t", "", (), ())]))
    assert isinstance(text, Paragraph)
    assert text.text == f"Tabel{NO_BREAK}1 viser 3,1{NO_BREAK}kr. i 2020–2021, 4{NO_BREAK}pct."
    assert told(text.text, text.links) == [("3,1", "1/a"), ("4", "2/b")]


@pytest.mark.parametrize(("written", "printed"), [
    ("på {}.", "på 1 mio. kr."), ("på {}. Så", "på 1 mio. kr. Så"), ("på {}...", "på 1 mio. kr...."),
    ("({}).", "(1 mio. kr.)."), ("på {}; så {}.", "på 1 mio. kr.; så 1 mio. kr.")])
def test_a_sentence_that_ends_with_an_amount_has_one_full_stop(written: str, printed: str) -> None:
    with marking():
        amount = marked("1/a", "1 mio. kr.")
        (text,) = settled([Paragraph(written.replace("{}", amount))])
    assert isinstance(text, Paragraph)
    assert text.text.replace(NO_BREAK, " ") == printed
    assert {words.replace(NO_BREAK, " ") for words, _ in told(text.text, text.links)} == {"1 mio. kr."}


def test_of_figures_in_figures_the_outermost_counts() -> None:
    with marking():
        (text,) = settled([Paragraph(marked("1/a", f"fra {marked('2/b', '1')} til 2"))])
    assert isinstance(text, Paragraph)
    assert told(text.text, text.links) == [("fra 1 til 2", "1/a")]


def test_a_stray_sign_in_what_was_typed_in_does_no_harm() -> None:
    with marking():
        (text,) = settled([Paragraph(f"før \U000f0000\U000f0123\U000ffffd så {marked('1/a', '2')} til")])
    assert isinstance(text, Paragraph)
    assert text.text == "før  så 2 til"
    assert told(text.text, text.links) == [("2", "1/a")]


def test_years_dates_investments_and_names_of_intervals_are_no_figures() -> None:
    with marking():
        (text,) = settled([Paragraph(marked_numbers(
            "1/a", "Investering 4 i 2021: 12 af 1.840 (95 %-interval: −0,5 til 2,5) den 26-11-2021, 2.021 kr., "
                   "under 5"))])
    assert isinstance(text, Paragraph)
    assert [words for words, _ in told(text.text, text.links)] == ["12", "1.840", "−0,5", "2,5", "2.021", "5"]


def without_links(block: Block) -> Block:
    if isinstance(block, Paragraph | Bullets):
        return replace(block, links=())
    if isinstance(block, Table):
        rows = tuple(Row(tuple(replace(cell, links=()) for cell in row.cells), row.kind) for row in block.rows)
        return replace(block, links=(), rows=rows)
    if isinstance(block, Figure):
        data = None if block.data is None else without_links(block.data)
        return replace(block, links=(), data=data if isinstance(data, Table) else None)
    return block


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_memo_reads_the_same_letter_by_letter(
    detailed_edition: Edition, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = replace(detailed_edition, language="en" if language == "en" else "da")
    with speaking(edition.language):
        marks = [without_links(block) for block in laid_out(edition) if not isinstance(block, Ladders)]
        monkeypatch.setattr("gevinst.report.memo.marking", lambda: speaking(edition.language))
        plain = [block for block in laid_out(edition) if not isinstance(block, Ladders)]
    assert marks == plain


def test_a_memo_with_links_can_be_kept_and_read_again(detailed_edition: Edition) -> None:
    memo = build_memo(detailed_edition)
    assert any(block.links for block in memo.blocks if isinstance(block, Paragraph))
    assert from_json(as_json(memo)) == memo
