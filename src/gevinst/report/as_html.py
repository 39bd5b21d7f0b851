"""The memo as one HTML file that holds everything: style, letters and charts. No scripts, no requests."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gevinst.language import say, speaking
from gevinst.report import layout
from gevinst.report.charts import render as drawing
from gevinst.report.figure_links import Part, Places, Way
from gevinst.report.layout import HeaderCell
from gevinst.report.lettering import FAMILY, FONTS, cleaned
from gevinst.report.tree import (
    Block,
    Bullets,
    Document,
    Figure,
    Heading,
    Ladder,
    Ladders,
    PageBreak,
    Paragraph,
    Row,
    Table,
    ladder_key,
)

TEMPLATES = Path(__file__).parent / "templates"
LONG_MEMO = 4  # from this many main headings on there is a list of contents
WIDE_TABLE = 7  # from this many columns on a table is set smaller
SCROLLING_TABLE = 4  # from this many columns on a small screen may have to scroll it, also by keyboard

# What the shipped subsets hold; other letters come from the reader's own fonts.
_LATIN = ("U+0020-007E, U+00A0-00FF, U+0131, U+0152-0153, U+02C6, U+02DA, U+02DC, U+2013-2014, U+2018-201A, "
          "U+201C-201E, U+2020-2022, U+2026, U+2030, U+2039-203A, U+2044, U+20AC, U+2122, U+2212, U+FB01-FB02")
_SIGNS = "U+2032-2033, U+2070, U+2074-2079, U+2080-2089, U+2190-2199, U+2202-222B, U+2248, U+2260, U+2264-2265"
_SUBSETS = (("IBMPlexSans-Regular-Latin1.woff2", 400, _LATIN), ("IBMPlexSans-SemiBold-Latin1.woff2", 600, _LATIN),
            ("IBMPlexSans-Regular-Pi.woff2", 400, _SIGNS))


def render(document: Document, *, style: str = "") -> str:
    """The document as one HTML5 file; the same text every time. `style` is a sheet of its own beside the memo's."""
    document = cleaned(document)
    with speaking(document.language):
        title, blocks = layout.title_and_blocks(document)
        anchors = layout.headings(blocks)
        main = [(heading.text, anchor) for heading, anchor in anchors if heading.level == 2]
        places = Places.of(blocks)
        laid_out = list(_blocks(blocks, [anchor for _, anchor in anchors], places))
        panels = places.panels(_ground([anchor for _, anchor in anchors]))
        return _environment().get_template("memo.html.j2").render(
            lang=document.language, title=title, author=document.author, subject=document.subject,
            kind=document.meta.get("kind", ""), mark=document.mark, head=document.head,
            footer=document.footer or document.author,
            css=_style() + style,
            contents=main if len(main) >= LONG_MEMO else [],
            blocks=laid_out, panels=panels, anchors={panel.anchor for panel in panels},
            words={"skip": say(da="Spring til indhold", en="Skip to content"),
                   "contents": say(da="Indhold", en="Contents"),
                   "data": say(da="Vis tallene bag", en="Show the numbers behind"),
                   "unsure": say(da="ikke bekræftet", en="not confirmed"),
                   "found": say(da="Sådan er tallene fremkommet", en="How the figures came about"),
                   "follow": say(da="Vælg et tal for at se, hvordan det er fremkommet. "
                                    "Tallene i en tabel kan også vælges i listen under den.",
                                 en="Choose a figure to see how it came about. "
                                    "The figures of a table can also be chosen in the list below it."),
                   "steps": say(da="Sådan er tallene fremkommet i", en="How the figures came about in"),
                   "rests": say(da="Hviler på:", en="Rests on:"), "printed": say(da="Står i:", en="Printed in:"),
                   "close": say(da="Luk", en="Close")},
        )


def _ground(anchors: list[str]) -> dict[str, Way]:
    """Where the memo tells of what figures rest on: the files, the parameters and the run."""
    named = {"ground/files": ("appendix-inputs", say(da="filerne", en="the files")),
             "parameters": ("appendix-parameters", say(da="parametrene", en="the parameters")),
             "ground/run": ("appendix-run", say(da="kørslen", en="the run"))}
    return {key: Way(words, anchor) for key, (anchor, words) in named.items() if anchor in anchors}


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, keep_trailing_newline=True)


@cache
def _style() -> str:
    faces = []
    for file, weight, letters in _SUBSETS:
        data = base64.b64encode((FONTS / file).read_bytes()).decode("ascii")
        faces.append(f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; font-display: swap; '
                     f'src: url(data:font/woff2;base64,{data}) format("woff2"); unicode-range: {letters}; }}')
    return "\n".join([*faces, (TEMPLATES / "memo.css").read_text(encoding="utf-8")])


def _blocks(blocks: tuple[Block, ...], anchors: list[str], places: Places) -> Iterator[dict[str, Any]]:
    names = iter(anchors)
    ladders = frozenset(ladder.key for block in blocks if isinstance(block, Ladders) for ladder in block.ladders)
    tables = figures = 0
    section = ""
    for block in blocks:
        match block:
            case Heading():
                section = block.text
                yield {"type": "heading", "text": block.text, "level": max(block.level, 2), "id": next(names)}
            case Paragraph():
                yield {"type": "paragraph", "parts": places.text(block.text, block.links, section), "role": block.role}
            case Bullets():
                links = block.links or ((),) * len(block.items)
                yield {"type": "bullets", "tag": "ol" if block.ordered else "ul",
                       "items": [places.text(*item, section) for item in zip(block.items, links, strict=True)]}
            case Table():
                tables += 1
                yield _table(block, f"caption-table-{tables}", places, ladders)
            case Figure():
                figures += 1
                yield _figure(block, figures, places)
            case PageBreak():
                yield {"type": "break"}
            case Ladders() if block.ladders:
                yield {"type": "ladders", "groups": _ladder_groups(block)}


def _table(table: Table, name: str, places: Places, ladders: frozenset[str] = frozenset(),
           place: str = "") -> dict[str, Any]:
    header = layout.header_rows(table.columns)
    place = place or layout.name(table)
    bodies = list(_bodies(table, places, place))
    return {
        "type": "table", "id": name, "caption": layout.caption(table), "unit": table.unit,
        "notes": _notes(table, places, place), "wide": len(table.columns) >= WIDE_TABLE,
        "scrolls": len(table.columns) >= SCROLLING_TABLE, "wordy": layout.wordy(table),
        "short": layout.kept_together(table),
        "groups": [cell.columns for cell in header[0]] if len(header) > 1 else [],
        "header": [[{**asdict(cell), "leads_to": _leads_to(table, cell, ladders)} for cell in row] for row in header],
        "begins": layout.group_begins(table),
        "right": [layout.right_aligned(table, at) for at in range(len(table.columns))],
        "bodies": bodies, "place": _within_sentence(place),
        "steps": places.named(part for body in bodies for row in body for cell in row["cells"]
                              for part in cell["parts"]),
    }


def _within_sentence(place: str) -> str:
    """The name of a table or figure as a sentence goes on with it: `tabel 3`, but a caption as it is."""
    return place[:1].lower() + place[1:] if place[-1:].isdigit() else say(da=f"»{place}«", en=f"“{place}”")


def _notes(block: Table | Figure, places: Places, place: str) -> list[list[Part]]:
    """The lines under a table or figure; of the note, the figures lead to their ladders."""
    lines = [[Part(line)] for line in layout.notes(block)]
    if block.note and block.links:
        label = layout.notes(block)[0].removesuffix(block.note)
        lines[0] = [Part(label), *places.text(block.note, block.links, place)]
    return lines


def _leads_to(table: Table, header: HeaderCell, ladders: frozenset[str]) -> str:
    """The ladder of the year that a header names, where all figures under it are of that year and one investment."""
    under = {cell.figure for row in table.rows
             for cell in layout.cells(table, row)[header.column : header.column + header.columns] if cell.figure}
    found = {ladder_key(parts[0], parts[2]) for figure in under if len(parts := figure.split("/")) > 2}
    key = found.pop() if len(found) == 1 else ""
    return key if key in ladders and key.endswith(f"-{header.text}") else ""


def _ladder_groups(block: Ladders) -> list[dict[str, Any]]:
    """The ladders under the words they share."""
    groups: dict[str, list[Ladder]] = {}
    for ladder in block.ladders:
        groups.setdefault(ladder.group, []).append(ladder)
    return [{"title": title, "ladders": ladders} for title, ladders in groups.items()]


def _bodies(table: Table, places: Places, place: str) -> Iterator[list[dict[str, Any]]]:
    """The rows, a new group at each section row, so that the section is the header of its rows."""
    group: list[Row] = []
    for row in (*table.rows, None):
        if group and (row is None or row.kind == "section"):
            yield [{"kind": each.kind, "cells": [_cell(places.cell(cell, place)) for cell in (
                [layout.section_cell(each)] if each.kind == "section" else layout.cells(table, each))]}
                   for each in group]
            group = []
        if row is not None:
            group.append(row)


def _cell(parts: list[Part]) -> dict[str, Any]:
    """A cell's text, and whether it stays on one line: dates and figures do."""
    text = "".join(part.text for part in parts)
    return {"text": text, "parts": parts, "whole": not any(letter.isalpha() for letter in text)}


def _figure(figure: Figure, at: int, places: Places) -> dict[str, Any]:
    data, place = layout.data_table(figure), layout.name(figure)
    kind = say(da="figur", en="figure")
    return {
        "type": "figure", "id": f"caption-figure-{at}", "caption": layout.caption(figure),
        "alt": figure.alt or figure.caption, "notes": _notes(figure, places, place),
        "name": f"{kind} {figure.number}" if figure.number else figure.caption,
        "svg": drawing.inline_svg(figure.spec, f"f{at}"),
        "data": None if data is None else _table(data, f"caption-data-{at}", places, place=place),
    }
