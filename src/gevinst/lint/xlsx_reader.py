"""Texts and tables of a workbook: what stands alone in a row is text, rows with more are a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from gevinst.lint.model import Place
from gevinst.lint.raw import RawBlock, RawCell, RawText, plain, squared
from gevinst.register import workbook_reader
from gevinst.register.printed_tables import decimals_of, figure_of_float

_MOST_DECIMALS = 9  # what is more is noise of a computed cell


def read_xlsx(path: Path) -> list[RawBlock]:
    """The workbook's blocks, sheet by sheet. Raises `register.not-a-workbook` and `register.workbook-locked`."""
    blocks: list[RawBlock] = []
    for sheet, cells in workbook_reader.open_sheets(path).items():
        rows = [[_cell(raw, sheet, at, column) for column, raw in enumerate(row)] for at, row in enumerate(cells)]
        blocks += _blocks(rows)
    return blocks


def _cell(raw: object, sheet: str, row: int, column: int) -> RawCell:
    return RawCell(_shown(raw), Place(cell=workbook_reader.cell_name(sheet, row, column)))


def _shown(raw: object) -> str:
    """A cell as it would be printed with a decimal comma; dates and truth values are words here."""
    if raw is None or isinstance(raw, bool):
        return ""
    if isinstance(raw, int | float):
        try:
            figure = figure_of_float(float(raw))
            short = round(figure, _MOST_DECIMALS) if decimals_of(figure) > _MOST_DECIMALS else figure
            return f"{short:f}".replace(".", ",")
        except ValueError:
            return str(raw)
    return raw.isoformat() if isinstance(raw, date) else plain(str(raw))


def _blocks(rows: Sequence[Sequence[RawCell]]) -> Iterator[RawBlock]:
    table: list[list[RawCell]] = []
    for row in [*rows, []]:
        filled = [cell for cell in row if cell.text]
        alone = len(filled) == 1 and not (table and _has_body(table) and filled[0] is not row[0])
        if len(filled) >= 2 or (filled and not alone):
            table.append(list(row))
            continue
        yield from _ended(table)
        table = []
        if filled:
            yield RawText(filled[0].text, filled[0].place)


def _has_body(table: Sequence[Sequence[RawCell]]) -> bool:
    return len(table) > 1


def _ended(table: list[list[RawCell]]) -> Iterator[RawBlock]:
    if not table:
        return
    found = squared(table, place=next(cell.place for cell in table[0] if cell.text))
    if found is not None:
        yield found
        return
    yield from (RawText(cell.text, cell.place) for row in table for cell in row if cell.text)
