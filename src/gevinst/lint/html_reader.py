"""Texts and tables of an HTML page, with spans, header cells and captions; scripts and hidden parts are left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree, html

from gevinst.errors import GevinstError
from gevinst.lint.raw import RawBlock, RawCell, RawTable, RawText, plain, spread, squared

_SKIPPED = {"script", "style", "template", "svg", "noscript", "head", "nav", "button", "select", "math"}
_BLOCKS = {"p", "li", "dt", "dd", "figcaption", "caption", "blockquote", "pre", "address", "summary"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_FRAMES = {"table", "div", "section", "main", "article", "header", "footer", "figure", "ul", "ol", "dl", "body", "html",
           "details", "aside", "form", "hr", "center"}
_MOST_SPAN = 1000


def read_html(path: Path) -> list[RawBlock]:
    """The page's blocks. Raises `lint.not-html`, and `OSError` where the file cannot be opened."""
    content = path.read_bytes()
    try:
        page = html.document_fromstring(content, parser=html.HTMLParser(encoding=_encoding(content)))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, LookupError) as fault:
        raise GevinstError("lint.not-html", where=path.name) from fault
    return list(_blocks(page))


def _encoding(content: bytes) -> str:
    """UTF-8 where the bytes are that, whatever the page says; else what Windows writes."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _blocks(element: Any) -> Iterator[RawBlock]:
    """Blocks of an element's children; loose text between blocks is a paragraph."""
    loose = [element.text or ""]
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _SKIPPED or _hidden(child):
            loose.append(child.tail or "")
        elif _is_inline(child):
            loose += [_text(child), child.tail or ""]
        else:
            yield from _paragraph("".join(loose))
            yield from _block(child)
            loose = [child.tail or ""]
    yield from _paragraph("".join(loose))


def _block(element: Any) -> Iterator[RawBlock]:
    if element.tag == "table":
        yield from _table(element)
    elif element.tag in _HEADINGS:
        yield from _paragraph(_text(element), heading=int(element.tag[1]))
    elif element.tag in _BLOCKS and not _holds_blocks(element):
        yield from _paragraph(_text(element), caption=element.tag in ("figcaption", "caption"))
    else:
        yield from _blocks(element)


def _is_inline(element: Any) -> bool:
    return element.tag not in _BLOCKS | _HEADINGS | _FRAMES and not _holds_blocks(element)


def _holds_blocks(element: Any) -> bool:
    return any(child.tag in _BLOCKS | _HEADINGS | {"table", "div", "ul", "ol", "dl", "section", "figure"}
               for child in element.iterdescendants() if isinstance(child.tag, str))


def _hidden(element: Any) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return element.get("hidden") is not None or "display:none" in style


def _paragraph(text: str, *, heading: int = 0, caption: bool = False) -> Iterator[RawText]:
    shown = plain(text)
    if shown:
        yield RawText(shown, heading=heading, caption=caption)


def _text(element: Any) -> str:
    """All text inside, without footnote marks."""
    parts = [element.text or ""] if element.tag != "sup" else []
    if element.tag == "br":
        parts.append(" ")
    for child in element:
        skipped = not isinstance(child.tag, str) or child.tag in _SKIPPED or child.tag == "sup" or _hidden(child)
        parts += [] if skipped else [_text(child), " " if child.tag in ("p", "div", "li") else ""]
        parts.append(child.tail or "")
    return "".join(parts)


def _table(element: Any) -> Iterator[RawBlock]:
    rows = []
    caption = ""
    for row in element.iter("tr", "caption"):
        if next(row.iterancestors("table")) is not element:
            continue
        if row.tag == "caption":
            caption = plain(_text(row))
        else:
            rows.append([_cell(cell) for cell in row if cell.tag in ("td", "th")])
    found = squared(spread(rows))
    if found is not None:
        yield from _captioned(element, caption)
        yield RawTable(found.rows)
        return
    for row in element.iter("td", "th"):
        yield from _blocks(row)


def _captioned(element: Any, caption: str) -> Iterator[RawBlock]:
    """A caption of several lines: its parts are paragraphs of their own, the first the caption itself."""
    parts = next((list(_blocks(node)) for node in element.iter("caption") if _holds_blocks(node)), [])
    for at, part in enumerate(parts or ([RawText(caption)] if caption else [])):
        if isinstance(part, RawText):
            yield RawText(part.text, caption=at == 0)


def _cell(cell: Any) -> tuple[RawCell, int, int]:
    text = plain(_text(cell))
    over = cell.tag == "th" and (cell.get("scope") or "").lower() not in ("row", "rowgroup")
    return RawCell(text, header=over), _span(cell, "colspan"), _span(cell, "rowspan")


def _span(cell: Any, name: str) -> int:
    text = (cell.get(name) or "1").strip()
    return min(int(text), _MOST_SPAN) if text.isdecimal() and int(text) > 0 else 1
