"""From what a reader gives to a memo: captions, notes, headers, labels, units, and the place of every cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from gevinst.language import Language
from gevinst.lint import figures
from gevinst.lint.header import columns, header_rows, label_columns
from gevinst.lint.model import Caption, Column, Memo, Place, Row, Table, Text
from gevinst.lint.raw import RawBlock, RawCell, RawTable, RawText
from gevinst.money import PriceLevel
from gevinst.register.find_tables import stated_labels
from gevinst.register.printed_tables import PrintedCell
from gevinst.register.units import Unit, named_unit

_CAPTION = re.compile(
    r"^(?P<kind>(?i:tabel|table|figur|figure|fig\.))\s+(?P<number>\d+[a-z]?)\s*(?:[-–—.:|]|$|(?=[A-ZÆØÅ§]))")
_NOTE = re.compile(r"^(?:noter?|kilder?|anm|sources?|notes?)\b|^(?:[*†¹²³]|\d\))\s", re.IGNORECASE)
_FOR_ALL = re.compile(
    r"^(?:alle|samtlige|all)\s+(?:beløb|tal|amounts|figures)\s+(?:er|i|angives|are|in)\b", re.IGNORECASE)
_NEAR_LABEL = 60  # letters; a longer line above a table is prose, whose units are not the table's
_RIGHT_ABOVE = 150  # but the line right above may be longer, if it is no sentence
_NEAR_LINES = 6
_UNIT_FIRST = 24  # letters; a line that begins with a unit is a label, however long
_FIRST_WORDS = 48
_NO_FIGURE = re.compile(r"(?:ikke|not)\b|ukendt|unknown|mangler|missing|skjult|hidden", re.IGNORECASE)
_TITLE = 200


@dataclass
class _Work:
    """A memo in the making."""

    language: Language
    file: str
    prefix: str = ""
    texts: list[Text] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    since: list[Text] = field(default_factory=list)  # texts since the last table
    headings: list[tuple[int, str]] = field(default_factory=list)  # those the next block stands under
    pending: Caption | None = None  # a caption that waits for its table
    after: bool = False  # the block before was a table or its note


def assemble(blocks: Sequence[RawBlock], path: Path, prefix: str = "") -> Memo:
    """The memo in these blocks. `prefix` begins the key of each place, so that several memos can be held together."""
    shown = [cell.text for block in blocks if isinstance(block, RawTable) for row in block.rows for cell in row]
    prose = [block.text for block in blocks if isinstance(block, RawText)]
    work = _Work(figures.language_of(prose, shown), path.name, prefix)
    flat = [part for block in blocks for part in _parts(block)]
    sheet = ""
    for at, block in enumerate(flat):
        if block.place.cell.rpartition("!")[0] != sheet:
            sheet, work.pending, work.since, work.after = block.place.cell.rpartition("!")[0], None, [], False
        if isinstance(block, RawText):
            _text(work, block, at, flat[at + 1] if at + 1 < len(flat) else None)
        else:
            _table(work, block, at)
    _stated_for_all(work)
    return Memo(path, work.language, tuple(work.texts), tuple(work.tables), tuple(work.captions), work.places,
                _title(work.texts), _blank(work, blocks))


def _blank(work: _Work, blocks: Sequence[RawBlock]) -> tuple[str, ...]:
    """The pages that a reader found no text on."""
    pages = [block.place for block in blocks if isinstance(block, RawText) and not block.text]
    found = {f"{work.prefix}b{at}": replace(place, file=work.file) for at, place in enumerate(pages)}
    work.places |= found
    return tuple(found)


def _stated_for_all(work: _Work) -> None:
    """A sentence "Alle beløb er i mio. kr., løbende priser" holds for the tables that say nothing themselves."""
    unit, level = stated_labels(text.text for text in work.texts if _FOR_ALL.search(text.text))
    work.tables = [replace(table, unit=table.unit or unit, price_level=table.price_level or level)
                   for table in work.tables]


def _parts(block: RawBlock) -> Iterable[RawBlock]:
    """A table without figures only arranges text, so its cells are paragraphs."""
    if isinstance(block, RawText):
        return [block] if block.text else []
    if any(figures.is_figure(cell.text) or figures.is_dash(cell.text) for row in block.rows for cell in row):
        return [RawText(block.caption, block.place, caption=True), block] if block.caption else [block]
    return [RawText(cell.text, cell.place) for row in block.rows for cell in row if cell.text and not cell.covered]


def _title(texts: Sequence[Text]) -> str:
    headings = [text.text for text in texts if text.heading]
    return next(iter(headings or [text.text for text in texts if len(text.text) <= _TITLE]), "")


def _text(work: _Work, block: RawText, at: int, following: RawBlock | None) -> None:
    where = f"{work.prefix}p{at}"
    work.places[where] = replace(block.place, file=work.file, text=block.text[:_FIRST_WORDS].strip())
    note = work.after and bool(_NOTE.match(block.text))
    text = Text(block.text, where, block.heading, note, at)
    found = _CAPTION.match(block.text)
    work.texts.append(text)
    if found:
        _caption(work, Caption(_kind(found["kind"]), found["number"], block.text, where, at), following)
    elif note and work.tables:
        _noted(work, block.text)
        return
    if block.heading:
        work.headings = [each for each in work.headings if each[0] < block.heading] + [(block.heading, block.text)]
    work.since.append(text)
    work.after = False


def _kind(word: str) -> str:
    return "table" if word.lower().startswith("tab") else "figure"


def _caption(work: _Work, caption: Caption, following: RawBlock | None) -> None:
    """A caption names the table after it; one right under a table without caption names that."""
    work.captions.append(caption)
    if caption.kind != "table":
        return
    last = work.tables[-1] if work.tables else None
    if work.after and last is not None and not last.caption and not isinstance(following, RawTable):
        work.tables[-1] = _named(work, last, caption)
    else:
        work.pending = caption


def _noted(work: _Work, note: str) -> None:
    """A note belongs to the table above, and may be what states its unit."""
    last = work.tables[-1]
    near = (*last.near, note)
    unit, level = stated_labels(near)
    work.tables[-1] = replace(last, notes=(*last.notes, note), near=near, unit=last.unit or unit,
                              price_level=last.price_level or level)


def _named(work: _Work, table: Table, caption: Caption) -> Table:
    """The table under its caption, in the table and in the place of each of its cells."""
    number = f"{work.prefix}t{len(work.tables)}"
    for key, place in list(work.places.items()):
        if key == number or key.startswith((f"{number}r", f"{number}h")):
            work.places[key] = replace(place, table=caption.number)
    near = (*table.near, caption.text)
    unit, level = stated_labels(near)
    return replace(table, number=caption.number, caption=caption.text, caption_where=caption.where, near=near,
                   unit=unit, price_level=level)


def _table(work: _Work, raw: RawTable, at: int) -> None:
    rows, titles = list(raw.rows), []
    while len(rows) > 1 and _title_row(rows[0]):
        titles.append(rows.pop(0)[0].text)
    head = header_rows(rows)
    body = rows[head:]
    first = label_columns(body)
    made = columns(rows[:head], len(rows[0]), first)
    corner = tuple(dict.fromkeys(cell.text for row in rows[:head] for cell in row[:first] if cell.text))
    caption = work.pending
    key = f"{work.prefix}t{len(work.tables) + 1}"
    place = replace(raw.place, file=work.file, table=caption.number if caption else f"({len(work.tables) + 1})")
    work.places[key] = place
    work.places[f"{key}h"] = replace(_cell_place(rows[0]) or place, file=work.file, table=place.table)
    over = [text for level, text in work.headings if level > 1]
    since = [text.text for text in work.since if not text.note]
    context = (*over, *(text for text in since if text not in over))
    near, unit, level = _labels(corner, titles, made, caption, context)
    work.tables.append(Table(
        number=caption.number if caption else "", caption=caption.text if caption else "", corner=corner,
        columns=made, rows=tuple(_row(work, key, place, row, r, first, made) for r, row in enumerate(body)), where=key,
        caption_where=caption.where if caption else "", context=(*context, *titles), near=near,
        unit=unit, price_level=level, at=at,
    ))
    work.pending, work.since, work.after = None, [], True


def _title_row(row: Sequence[RawCell]) -> bool:
    """One text merged over the whole table."""
    return bool(row[0].text) and all(cell.covered and cell.text == row[0].text for cell in row[1:])


def _cell_place(row: Sequence[RawCell]) -> Place | None:
    return next((cell.place for cell in row if cell.text and not cell.covered), None)


def _labels(
    corner: Sequence[str], titles: Sequence[str], made: Sequence[Column], caption: Caption | None,
    context: Sequence[str],
) -> tuple[tuple[str, ...], Unit | None, tuple[PriceLevel, str] | None]:
    """The texts that may state unit and price level, the nearest first, and what they state."""
    lines = [line for at, line in enumerate(reversed(context[-_NEAR_LINES:]))
             if len(line) <= (_NEAR_LABEL if at or line.endswith(".") else _RIGHT_ABOVE)
             or named_unit(line[:_UNIT_FIRST]) or (caption and line == caption.text)]
    over = [part for column in made for part in column.path]
    named = [caption.text] if caption else []
    near = tuple(dict.fromkeys([*corner, " ".join(corner), *titles, *named, *lines, *over]))
    return near, *stated_labels(near)


def _row(
    work: _Work, key: str, place: Place, row: Sequence[RawCell], at: int, first: int, made: Sequence[Column]
) -> Row:
    label = " ".join(cell.text for cell in row[:first] if cell.text and not cell.covered)
    where = f"{key}r{at}"
    own = next((cell.place for cell in row if cell.text and not cell.covered), Place())
    work.places[where] = replace(own, file=work.file, table=place.table, row=label)
    cells = []
    for column, cell in enumerate(row[first:]):
        spot = f"{where}c{column}"
        work.places[spot] = replace(cell.place if cell.place != Place() else own, file=work.file, table=place.table,
                                    row=label, column=made[column].name)
        text = "" if cell.covered else cell.text
        cells.append(figures.cell(text, spot, work.language))
    return Row(label, _dashes(cells), where)


def _dashes(cells: Sequence[PrintedCell]) -> tuple[PrintedCell, ...]:
    """The cells; beside one that says in words that there is no figure, a dash is none either, and not nought."""
    untold = any(not cell.readable and _NO_FIGURE.match(cell.text) for cell in cells)
    return tuple(replace(cell, readable=False) if untold and figures.is_dash(cell.text) else cell for cell in cells)
