"""Figures told inside sentences: which letters are a figure, and which figure it is.

A sentence says `marked("2/detail/e_value", "1,86")`. While a memo is built (`marking`) the text then carries the id in
characters of Unicode's private use area, which mean nothing in a business case; `settled` takes them out and puts the
places in the tree instead (`tree.Link`), so that what is printed on paper is the same with and without them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass, replace
from typing import Any

from gevinst.report.lettering import without_forbidden
from gevinst.report.tree import Block, Bullets, Cell, Figure, Link, Paragraph, Row, Table
from gevinst.report.typography import typeset

_FIRST, _CLOSE = 0xF0000, "\U000ffffd"
_OPEN = f"[{chr(_FIRST)}-\U000ffffc]"
_MARK = re.compile(f"{_OPEN}|{_CLOSE}")
# Numbers but years, the numbers of investments, and the 95 of an interval's name.
_NUMBER = re.compile(r"(?<![\w.,-])(?<!nvestering )(?<!nvestment )(?!(?:19|20)\d\d(?![\d.,]))"
                     r"(?!95\s?%-)(?!95% int)(?!\d\d?-\d)[−-]?\d(?:[\d.,]*\d)?")
_ENDS_ALREADY = re.compile(r"\.(?!\.)")
_ids: ContextVar[list[str] | None] = ContextVar("figures told in sentences", default=None)


@contextmanager
def marking() -> Iterator[None]:
    """Within it, `marked` says which figure a text tells; the blocks must be `settled` within it, too."""
    before = _ids.set([])
    try:
        yield
    finally:
        _ids.reset(before)


def marked(figure: str, text: str) -> str:
    """The text, which tells the figure with this id. Outside `marking` the text as it is.

    >>> marked("2/detail/e_value", "1,86")
    '1,86'
    >>> with marking():
    ...     block, = settled([Paragraph(f"E-værdien er {marked('2/detail/e_value', '1,86')}.")])
    >>> block.text, block.links
    ('E-værdien er 1,86.', (Link(start=13, end=17, figure='2/detail/e_value'),))
    """
    ids = _ids.get()
    if ids is None or not text or not figure:
        return text
    if figure not in ids:
        ids.append(figure)
    return f"{chr(_FIRST + ids.index(figure))}{text}{_CLOSE}"


def marked_numbers(figure: str, text: str) -> str:
    """The text with every number in it marked as the same figure's: its value, what it was held against, its limits.

    >>> with marking():
    ...     block, = settled([Paragraph(marked_numbers("4/detail/matching", "194 af 1.840 deltagere"))])
    >>> [block.text[link.start:link.end] for link in block.links]
    ['194', '1.840']
    """
    return _NUMBER.sub(lambda found: marked(figure, found[0]), text)


def settled(blocks: tuple[Block, ...] | list[Block]) -> tuple[Block, ...]:
    """The blocks with the figures' places beside the texts, and no mark left in any of them."""
    ids = _ids.get() or []
    return tuple(_settled(block, ids) for block in blocks)


def _settled(block: Block, ids: list[str]) -> Block:
    if isinstance(block, Paragraph):
        text, links = _told(block.text, ids)
        return replace(block, text=text, links=links)
    if isinstance(block, Bullets):
        told = [_told(item, ids) for item in block.items]
        links_of = tuple(links for _, links in told)
        return replace(block, items=tuple(text for text, _ in told), links=links_of if any(links_of) else ())
    if isinstance(block, Table):
        return _table(block, ids)
    if isinstance(block, Figure):
        note, links = _told(block.note, ids)
        data = None if block.data is None else _table(block.data, ids)
        plain: Figure = _without_marks(replace(block, note="", data=None))
        return replace(plain, note=note, links=links, data=data)
    fresh: Block = _without_marks(block)
    return fresh


def _table(table: Table, ids: list[str]) -> Table:
    note, links = _told(table.note, ids)
    rows = tuple(Row(tuple(_cell(cell, ids) for cell in row.cells), row.kind) for row in table.rows)
    plain: Table = _without_marks(replace(table, note="", rows=()))
    return replace(plain, note=note, links=links, rows=rows)


def _cell(cell: Cell, ids: list[str]) -> Cell:
    if _MARK.search(cell.text) is None:
        return cell
    text, links = _told(cell.text, ids)
    return replace(cell, text=text, links=links)


def _told(text: str, ids: list[str]) -> tuple[str, tuple[Link, ...]]:
    """The text without marks, and where its figures are; of marks inside each other the outermost."""
    text = without_forbidden(text)
    plain, links, opened = "", list[Link](), list[tuple[int, str]]()
    at = 0
    for mark in _MARK.finditer(text):
        plain, at = plain + text[at : mark.start()], mark.end()
        if mark[0] != _CLOSE:
            place = ord(mark[0]) - _FIRST
            if place < len(ids):
                opened.append((len(plain), ids[place]))
        elif opened:
            start, figure = opened.pop()
            if not opened and start < len(plain):
                links.append(Link(start, len(plain), figure))
            if plain.endswith("kr.") and _ENDS_ALREADY.match(text, at):
                at += 1  # a sentence that ends with an amount has one full stop, as `typography.typeset` has it
    plain += text[at:]
    set_again = typeset(plain) if links else plain  # a mark may have stood between a number and its unit
    return set_again if len(set_again) == len(plain) else plain, tuple(links)


def _without_marks(node: Any) -> Any:
    if isinstance(node, str):
        return _MARK.sub("", node)
    if isinstance(node, tuple):
        return tuple(_without_marks(part) for part in node)
    if is_dataclass(node) and not isinstance(node, type):
        said = {each.name: getattr(node, each.name) for each in fields(node)}
        texts = {name: one for name, one in said.items() if isinstance(one, str | tuple)}
        return replace(node, **{name: _without_marks(one) for name, one in texts.items()})
    return node
