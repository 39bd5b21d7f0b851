"""The ladders of the figures that a memo prints, and of those they rest on: what its page leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figure_ids import nearest
from gevinst.report.how_found import plain
from gevinst.report.tree import Block, Bullets, Figure, Ladder, Ladders, Paragraph, Table
from gevinst.trace import Step


def figure_ladders(blocks: Iterable[Block], edition: Edition) -> list[Block]:
    """A block with the ladder of every figure the blocks print, by id; nothing where there is none.

    Parameters are left to the appendix's own tables.
    """
    known = edition.explanations
    wanted = {key for figure in printed_in(blocks) if (key := nearest(figure, known))}
    found = dict[str, Step]()
    while wanted:
        key = wanted.pop()
        if key not in found and "parameters" not in key.split("/"):
            found[key] = known[key]
            wanted |= set(_seen(known[key], known))
    ladders = tuple(_ladder(key, found[key], edition) for key in sorted(found))
    return [Ladders((), ladders)] if ladders else []


def _ladder(key: str, step: Step, edition: Edition) -> Ladder:
    shown = plain(step, edition)
    return Ladder(key, "", shown.label, (shown,))


def _seen(step: Step, known: Mapping[str, Step]) -> Iterator[str]:
    for one in step.see:
        key = nearest(one, known)
        if key:
            yield key


def printed_in(blocks: Iterable[Block]) -> Iterator[str]:
    """The ids of the figures in tables, notes and sentences, each as often as it stands there."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from (link.figure for link in block.links)
        elif isinstance(block, Bullets):
            yield from (link.figure for links in block.links for link in links)
        elif isinstance(block, Table):
            yield from _in_table(block)
        elif isinstance(block, Figure):
            yield from (link.figure for link in block.links)
            yield from _in_table(block.data) if block.data is not None else ()
        elif isinstance(block, Ladders):
            yield from (one for ladder in block.ladders for step in ladder.steps for one in step.see)


def _in_table(table: Table) -> Iterator[str]:
    yield from (link.figure for link in table.links)
    for row in table.rows:
        for cell in row.cells:
            yield from (link.figure for link in cell.links)
            if cell.figure:
                yield cell.figure
