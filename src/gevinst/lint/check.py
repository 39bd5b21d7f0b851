"""`gevinst lint`: reads a memo and gives all that is wrong or doubtful in it, each with its place."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from gevinst.disk import reason_of
from gevinst.errors import GevinstError
from gevinst.lint import by_year, curves, numbering, reading, statements, tables, text_figures
from gevinst.lint.assemble import assemble
from gevinst.lint.docx_reader import read_docx
from gevinst.lint.findings import Located, gravest_first, located
from gevinst.lint.html_reader import read_html
from gevinst.lint.model import Memo
from gevinst.lint.pdf_reader import read_pdf
from gevinst.lint.raw import RawBlock
from gevinst.lint.report import Linted
from gevinst.lint.xlsx_reader import read_xlsx
from gevinst.register import bundled
from gevinst.register.business_case import Portfolio
from gevinst.register.findings import Finding

_ROUNDED = re.compile(r"afrund|rounded|rounding", re.IGNORECASE)
_READERS: dict[str, Callable[[Path], list[RawBlock]]] = {
    ".docx": read_docx, ".docm": read_docx, ".xlsx": read_xlsx, ".xlsm": read_xlsx, ".xls": read_xlsx,
    ".ods": read_xlsx, ".html": read_html, ".htm": read_html, ".pdf": read_pdf,
}


def read_memo(path: Path, prefix: str = "") -> Memo:
    """The memo in a file, by the file's ending. Raises `lint.file-kind`, `lint.file-missing` and the readers' own.

    `prefix` begins the keys of its places, for memos that are held against each other.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise GevinstError("lint.file-kind", where=str(path), suffix=path.suffix or path.name)
    if not path.is_file():
        raise GevinstError("lint.file-missing", where=str(path), reason=reason_of(OSError(errno.ENOENT, "")))
    try:
        return assemble(reader(path), path, prefix)
    except OSError as fault:
        raise GevinstError("lint.file-missing", where=str(path), reason=reason_of(fault)) from fault


def lint_memo(memo: Memo, adopted: Iterable[Portfolio] | None = None) -> list[Located]:
    """All findings in a memo, the gravest first.

    `adopted` are portfolios whose budgets the memo's tables are compared with; by default those that come along.
    """
    known = bundled.portfolios() if adopted is None else tuple(adopted)
    return gravest_first([located(memo, finding) for finding in _findings(memo, known)])


def _findings(memo: Memo, adopted: Sequence[Portfolio]) -> list[Finding]:
    """What the rules give; nothing on rounding in a table whose own note says that its figures are rounded."""
    told = {cell.where for table in memo.tables if any(_ROUNDED.search(note) for note in table.notes)
            for row in table.rows for cell in row.cells}
    found = [*by_year.findings(memo, adopted), *tables.findings(memo), *curves.findings(memo),
             *numbering.findings(memo), *text_figures.findings(memo), *statements.findings(memo),
             *reading.findings(memo)]
    return [each for each in found if each.code != "footing.rounding" or each.where not in told]


def lint_files(paths: Iterable[Path], adopted: Iterable[Portfolio] | None = None) -> list[Linted]:
    """The findings of each file, with those between files at the later one.

    Raises `GevinstError` where a file cannot be read, before anything is shown.
    """
    memos = [read_memo(path, f"f{at}") for at, path in enumerate(paths)]
    known = bundled.portfolios() if adopted is None else tuple(adopted)
    between = by_year.between(memos) if len(memos) > 1 else []
    found = []
    for memo in memos:
        own = [*_findings(memo, known), *(finding for finding in between if finding.where in memo.places)]
        found.append(Linted(memo.path, tuple(gravest_first([located(memo, each, memos) for each in own])),
                            reading.reading_of(memo)))
    return found
