"""The pages for a politician as files beside the memo, and the trees they are written again from.

`one-page.pdf` and `.html` are the portfolio's, `one-page-2.pdf` and `.html` those of investment 2. `one-page.json`
keeps the trees, as `memo.json` keeps the memo's: a page is marked with the edition's state as the memo is.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pikepdf

from gevinst.report import as_html, as_pdf
from gevinst.report.one_page_chart import is_columns
from gevinst.report.state_mark import StateMark, with_state
from gevinst.report.tree import Document, Figure
from gevinst.report.tree_file import as_json, from_json

TEMPLATES = Path(__file__).parent / "templates"
TEMPLATE, STYLE = TEMPLATES / "one_page.typ", TEMPLATES / "one_page.css"
STEM = "one-page"
TREES = f"{STEM}.json"
_OURS = re.compile(rf"{STEM}(-[\w-]+)?\.(pdf|html)")
_LONGEST = 12
SIZES = (12.0, 11.5, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0)
"""Points of the running text, largest first: the page is set in the first at which it is one page."""


def is_page(name: str) -> bool:
    """Whether a file in an edition's folder is one of these pages.

    >>> [is_page(name) for name in ("one-page.pdf", "one-page-2.html", "one-page.json", "memo.pdf")]
    [True, True, False, False]
    """
    return _OURS.fullmatch(name) is not None


def stems(numbers: Iterable[str]) -> dict[str, str]:
    """What the files of each investment's page are called, without their ending; the empty number is the portfolio's.

    A number that makes no sound file name is replaced by its place.

    >>> stems(["", "1", "2 b", "2/b"])
    {'': 'one-page', '1': 'one-page-1', '2 b': 'one-page-2-b', '2/b': 'one-page-no3'}
    """
    found: dict[str, str] = {}
    for place, number in enumerate(numbers):
        plain = re.sub(r"[^a-z0-9]+", "-", number.lower()).strip("-")
        stem = STEM if not number else f"{STEM}-{plain}"
        usable = not number or (plain and len(plain) <= _LONGEST and stem not in found.values())
        found[number] = stem if usable else f"{STEM}-no{place}"
    return found


def kept(pages: Mapping[str, Document]) -> bytes:
    """The trees of the pages, by number, as a file."""
    trees = {number: as_json(page) for number, page in pages.items()}
    return json.dumps({"pages": trees}, ensure_ascii=False, separators=(",", ":")).encode()


def read_kept(data: bytes) -> dict[str, Document]:
    """What `kept` wrote; raises `KeyError`, `TypeError` or `ValueError` where it is not that."""
    return {str(number): from_json(tree) for number, tree in json.loads(data)["pages"].items()}


def page_files(pages: Mapping[str, Document], mark: StateMark | None) -> dict[str, bytes]:
    """Every page as PDF and HTML, marked with the state the edition is in."""
    names, files = stems(pages), {}
    for number, page in pages.items():
        shown = page if mark is None else with_state(page, mark)
        files[f"{names[number]}.pdf"] = as_one_page(shown)
        files[f"{names[number]}.html"] = as_html.render(shown, style=STYLE.read_text(encoding="utf-8")).encode()
    return files


def as_one_page(page: Document) -> bytes:
    """The page as PDF, in the largest type at which it is one page; without columns where no type is small enough."""
    # The picture's numbers stand in its caption; a table of them would need a second page.
    alone = replace(page, blocks=tuple(replace(block, data=None) if isinstance(block, Figure) else block
                                       for block in page.blocks))
    bare = replace(alone, blocks=tuple(block for block in alone.blocks if not is_columns(block)))
    made = b""
    for shown in (alone, bare):
        for size in SIZES:
            made = as_pdf.render(shown, template=TEMPLATE, values={"size": size})
            with pikepdf.open(io.BytesIO(made)) as pdf:
                if len(pdf.pages) == 1:
                    return made
    return made
