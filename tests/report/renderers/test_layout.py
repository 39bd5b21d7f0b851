"""What the renderers agree on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from gevinst.language import Language, speaking
from gevinst.report import layout
from gevinst.report.tree import Cell, Column, Document, Figure, Heading, Paragraph, Row, Table, text_cell

TABLE = Table("t", "Beløb", (Column("Post", numeric=False), Column("2020")),
              (Row((text_cell("A"), Cell("1", 1, "count"))),), number=3, note="n", source="k")


@pytest.mark.parametrize(("language", "caption", "notes"), [
    ("da", "Tabel 3. Beløb", ("Note: n", "Kilde: k")), ("en", "Table 3. Beløb", ("Note: n", "Source: k"))])
def test_captions_and_notes(language: Language, caption: str, notes: tuple[str, ...]) -> None:
    with speaking(language):
        assert layout.caption(TABLE) == caption
        assert layout.notes(TABLE) == notes
        assert layout.caption(replace(TABLE, caption=caption)) == caption, "said once"
        assert layout.notes(replace(TABLE, note=notes[0])) == notes
        assert layout.caption(replace(TABLE, number=0)) == "Beløb"
        assert layout.notes(replace(TABLE, note="", source="")) == ()


def test_table_10_is_not_taken_for_table_1() -> None:
    with speaking("da"):
        assert layout.caption(replace(TABLE, number=1, caption="Tabel 10 i aftalen")) == "Tabel 1. Tabel 10 i aftalen"


def test_numbers_behind_a_figure_name_it() -> None:
    figure = Figure("f", "Kurver", "alt", {}, TABLE, number=2)
    with speaking("da"):
        named = layout.data_table(figure)
        assert named is not None
        assert layout.caption(named) == "Tal bag figur 2: Beløb"
        assert layout.data_table(replace(figure, data=None)) is None


def test_headings_get_an_anchor_each() -> None:
    found = layout.headings([Heading("Økonomi"), Paragraph("x"), Heading("Økonomi"), Heading("!"),
                             Heading("x", key="K 1")])
    assert [anchor for _, anchor in found] == ["økonomi", "økonomi-2", "afsnit", "k-1"]


def test_header_rows_keep_groups_apart_when_a_column_stands_between() -> None:
    columns = (Column("", numeric=False), Column("a", "X"), Column("b", "X"), Column("c"), Column("d", "X"))
    top, bottom = layout.header_rows(columns)
    assert [(cell.text, cell.column, cell.columns, cell.rows) for cell in top] == [
        ("", 0, 1, 2), ("X", 1, 2, 1), ("c", 3, 1, 2), ("X", 4, 1, 1)]
    assert [cell.column for cell in bottom] == [1, 2, 4]


@pytest.mark.parametrize("columns", [1, 2, 5, 9, 14])
def test_columns_fill_the_width_and_hold_their_numbers(columns: int) -> None:
    cells = (text_cell("Besparelse på forsørgelse"), *[Cell("−10,394", -10.394, "number", 3)] * (columns - 1))
    table = Table("t", "c", (Column("Post", numeric=False), *[Column("2020")] * (columns - 1)), (Row(cells),))
    widths = layout.fit(table, 470.0)
    assert len(widths.columns) == columns
    assert sum(widths.columns) == pytest.approx(470.0)
    assert widths.size in layout.TYPE_SIZES
    for width in widths.columns[1:]:
        assert width >= len("−10,394") * widths.size * layout.DIGIT_WIDTH


def test_a_column_of_words_gets_more_than_a_column_of_numbers() -> None:
    row = Row((text_cell("28-04-2021"), text_cell("Investering 1 afsluttes, og midlerne går tilbage til kassen"),
               Cell("2,053", 2.053, "number", 3)))
    columns = (Column("Dato", numeric=False), Column("Beslutning", numeric=False), Column("Mio. kr."))
    table = Table("t", "c", columns, (row,))
    first, second, third = layout.fit(table, 470.0).columns
    assert second > first + third


def test_a_row_that_is_too_short_is_filled_up() -> None:
    assert [cell.text for cell in layout.cells(TABLE, Row((text_cell("A"),)))] == ["A", ""]


def test_the_time_a_file_carries() -> None:
    document = Document("t", "da", "a", (), ())
    assert layout.created(document) == datetime(1980, 1, 1, tzinfo=UTC)
    assert layout.created(replace(document, created="2021-11-26")) == datetime(2021, 11, 26, tzinfo=UTC)
    summer = datetime(2021, 6, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    assert layout.created(replace(document, created=summer.isoformat())) == summer


def test_the_first_main_title_is_the_title() -> None:
    document = Document("Metadata", "da", "a", (), (Paragraph("x"), Heading("Overskriften", 1), Heading("To", 1)))
    title, blocks = layout.title_and_blocks(document)
    assert title == "Overskriften"
    assert blocks == (Paragraph("x"), Heading("To", 1))
    assert layout.title_and_blocks(replace(document, blocks=()))[0] == "Metadata"
