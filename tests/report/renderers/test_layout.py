"""What the renderers agree on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from gevinst.language import Language, speaking
from gevinst.report import layout
from gevinst.report.tree import Cell, Column, Document, Figure, Heading, Paragraph, Row, RowKind, Table, text_cell
from gevinst.report.word_letters import ARIAL

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
    assert widths.size >= 8 or columns == 14, "smaller type only where numbers have no other room"
    for width in widths.columns[1:]:
        assert width >= len("−10,394") * widths.size * layout.DIGIT_WIDTH


def eleven_columns() -> Table:
    """Four years and their total, budget beside result: the follow-up of an investment."""
    columns = [Column("", numeric=False)]
    for year in ("2020", "2021", "2022", "2023", "I alt 2020–2023"):
        columns += [Column("Budget", year), Column("Forventet resultat", year)]
    rows = [Row((text_cell("Besparelse på forsørgelse"), *[Cell("−60,816", -60.816, "number", 3)] * 10)),
            Row((text_cell("I alt"), *[Cell("−39,960", -39.96, "number", 3)] * 10), "total")]
    return Table("t", "c", tuple(columns), tuple(rows))


@pytest.mark.parametrize(("letters", "slack"), [(layout.PLEX, 0.0), (ARIAL, 1.0)])
def test_eleven_columns_are_read_without_effort(letters: layout.Letters, slack: float) -> None:
    widths = layout.fit(eleven_columns(), layout.TEXT_WIDTH_MM * 72 / 25.4, letters=letters, slack=slack)
    assert widths.size >= 8
    assert widths.padding < layout.PADDINGS[0], "cells move together before the type gets small"
    bold_number = 6.6 * letters.digit * widths.size * 1.05  # the comma is narrower than a digit
    assert all(width >= bold_number + widths.padding for width in widths.columns[1:])


@pytest.mark.parametrize(("word", "thousandths"), [("Grundlag", 4445), ("Ændring", 4111), ("Sammenlignet", 6835)])
def test_a_header_in_bold_arial_does_not_break_inside_a_word(word: str, thousandths: int) -> None:
    # Widths by Arial Bold's own table: G 778, r 389, u n d g 611, l i 278, a e 556, Æ 1000, S 667, m 889, t 333.
    assert thousandths / 1000 <= ARIAL.ems(word, bold=True) < 1.15 * thousandths / 1000


def test_words_share_what_numbers_leave_by_how_much_they_hold() -> None:
    weakness = "Deltagerne har nødvendigvis været på ydelsen, til de startede, mens resten følges fra start. " * 2
    row = Row((text_cell("Tidligere år (hovedmetode)"), Cell("−10,6", -10.6, "number", 1), text_cell(weakness)))
    columns = (Column("Sammenlignet med", numeric=False), Column("Sparede uger"), Column("Svaghed", numeric=False))
    name, weeks, text = layout.fit(Table("t", "c", columns, (row, row)), 480.0).columns
    assert text > 2.5 * name > 0
    assert weeks < 80
    assert name + weeks + text == pytest.approx(480.0)


def test_a_line_tells_groups_apart_only_where_there_are_several_columns_in_one() -> None:
    assert [at for at, begins in enumerate(layout.group_begins(eleven_columns())) if begins] == [3, 5, 7, 9]
    single = replace(TABLE, columns=(Column("Post"), Column("a", "X"), Column("b", "Y")))
    assert layout.group_begins(single) == (False, False, False)


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


def long_table(*kinds: str) -> Table:
    """A row of each kind: `b` body, `t` total, `s` section."""
    names: dict[str, RowKind] = {"b": "body", "t": "total", "s": "section"}
    return replace(TABLE, rows=tuple(Row((text_cell(f"række {at}"), text_cell("1")), names[kind])
                                     for at, kind in enumerate("".join(kinds))))


def test_no_row_of_a_long_table_stands_alone() -> None:
    table = long_table("b" * 5, "t", "s", "b" * 10, "t", "t")
    stays = "".join("x" if stayed else "." for stayed in layout.stays(table))
    assert stays == "x..xx.x........xxx."
    assert layout.closing(table) == 4, "the two sums, and two rows before them"
    assert layout.closing(long_table("b" * 20)) == 2
    assert layout.closing(long_table("s" * 20)) == 19, "never all of them"


def test_a_short_table_stays_together() -> None:
    table = long_table("b" * 5, "t")
    assert layout.stays(table) == (True,) * 5 + (False,)
    assert layout.closing(table) == 0
    assert layout.stays(replace(table, rows=())) == ()


def test_a_header_over_an_empty_column_of_words_takes_at_most_three_lines() -> None:
    columns = (Column("Regel", numeric=False), Column("Værste værdi over grænsen", numeric=False))
    table = Table("t", "", columns, (Row((text_cell("Korte huller mellem to forløb på samme ydelse " * 3), Cell(""))),))
    fitted = layout.fit(table, 400.0)
    room = (fitted.columns[1] - fitted.padding) / fitted.size
    assert room > max(layout.PLEX.ems(line, bold=True) for line in ("Værste", "værdi over", "grænsen"))


def test_words_in_a_column_of_numbers_may_break_but_no_interval_does() -> None:
    columns = (Column("Metode", numeric=False), Column("95 %-interval"), Column("Antal"))
    row = Row((text_cell("Resten af målgruppen, som den var før " * 4), text_cell("−10,5 til −9,5"),
               text_cell("offentliggjort kurve")))
    fitted = layout.fit(Table("t", "", columns, (row,)), 300.0)
    _, interval, count = ((width - fitted.padding) / fitted.size for width in fitted.columns)
    assert layout.PLEX.ems("offentliggjort") < count < layout.PLEX.ems("offentliggjort kurve")
    assert interval > layout.PLEX.ems("−10,5 til −9,5")


def test_a_row_header_is_not_squeezed_to_its_longest_word_while_the_type_is_readable() -> None:
    numbers = Row((text_cell("Besparelse på forsørgelse"), *[Cell("−2,639", -2.639, "number", 3)] * 10))
    fitted = layout.fit(replace(eleven_columns(), rows=(numbers,)), 482.0, letters=ARIAL, slack=1.0)
    assert fitted.size >= 8
    room = (fitted.columns[0] - fitted.padding - 1.0) / fitted.size
    assert room >= ARIAL.ems("Besparelse på"), "two lines, not three"


def test_words_get_room_before_numbers_get_air() -> None:
    columns = (Column("Metode", numeric=False), *[Column("95 %-interval")] * 4, Column("Svaghed", numeric=False))
    row = Row((text_cell("Resten af målgruppen"), *[text_cell("−10,5 til −9,5")] * 4,
               text_cell("Følges fra forløbets start; de visiterede kan være anderledes")))
    fitted = layout.fit(Table("t", "", columns, (row,)), 470.0)
    assert fitted.size >= 8
    assert fitted.padding < layout.PADDINGS[0]
    assert fitted.columns[-1] >= 12 * fitted.size
