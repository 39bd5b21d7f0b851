"""The page for a politician in an edition of a workspace: what it answers, and where its files lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gevinst.disk import reason_of
from gevinst.editions.states import EDITIONS, Found, find, with_own_sums
from gevinst.errors import GevinstError
from gevinst.publish import latest
from gevinst.report.one_page_files import TREES, read_kept, stems
from gevinst.report.tree import Document, Paragraph
from gevinst.settings import Settings


@dataclass(frozen=True)
class Page:
    """A page: its question, its answer in a sentence, and its files, the PDF first."""

    question: str
    answer: str
    files: tuple[Path, ...]


def page_of(settings: Settings, edition: str | None, investment: str | None) -> Page:
    """The page of an edition (None: the newest), of all its investments (None) or of one.

    Raises `onepage.none`, `onepage.investment`, `publish.none`, `edition.unknown`, `edition.which` and
    `edition.damaged`.
    """
    found = with_own_sums(
        find(settings, edition if edition is not None else latest(settings.workspace / EDITIONS).name))
    if not (found.folder / TREES).exists():
        raise GevinstError("onepage.none", where=str(found.folder), edition=found.folder.name)
    pages = _read(found)
    number = "" if investment is None else investment.strip()
    if number not in pages or investment == "":
        raise GevinstError("onepage.investment", where=str(found.folder), edition=found.folder.name,
                           investment=investment or "", known=", ".join(one for one in pages if one))
    stem = stems(pages)[number]
    files = tuple(found.folder / f"{stem}.{kind}" for kind in ("pdf", "html"))
    damaged = [path.name for path in (found.folder / TREES, *files) if path.name in found.damaged or not path.exists()]
    if damaged:
        raise GevinstError("edition.damaged", where=str(found.folder), edition=found.folder.name,
                           files=", ".join(damaged))
    page = pages[number]
    lead = next((block.text for block in page.blocks if isinstance(block, Paragraph) and block.role == "lead"), "")
    return Page(page.title, lead, files)


def _read(found: Found) -> Mapping[str, Document]:
    try:
        return read_kept((found.folder / TREES).read_bytes())
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise GevinstError("edition.damaged", where=str(found.folder), edition=found.folder.name,
                           files=TREES) from fault


def copied(page: Page, folder: Path) -> tuple[Path, ...]:
    """Put copies of the page's files in a folder, each whole or not at all. Raises `onepage.cannot-write`."""
    copies = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in page.files:
            coming = folder / f".{path.name}.coming"
            try:
                coming.write_bytes(path.read_bytes())
                coming.replace(folder / path.name)
            finally:
                coming.unlink(missing_ok=True)
            copies.append(folder / path.name)
    except OSError as fault:
        raise GevinstError("onepage.cannot-write", where=str(folder), reason=reason_of(fault)) from fault
    return tuple(copies)
