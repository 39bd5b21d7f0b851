"""`gevinst lint`: reads a memo and gives all that is wrong or doubtful in it, each with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from gevinst.errors import GevinstError
from gevinst.lint import by_year, numbering
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

_READERS: dict[str, Callable[[Path], list[RawBlock]]] = {
    ".docx": read_docx, ".docm": read_docx, ".xlsx": read_xlsx, ".xlsm": read_xlsx, ".xls": read_xlsx,
    ".ods": read_xlsx, ".html": read_html, ".htm": read_html, ".pdf": read_pdf,
}


def read_memo(path: Path) -> Memo:
    """The memo in a file, by the file's ending. Raises `lint.file-kind`, `lint.file-missing` and the readers' own."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise GevinstError("lint.file-kind", where=str(path), suffix=path.suffix or path.name)
    try:
        return assemble(reader(path), path)
    except OSError as fault:
        raise GevinstError("lint.file-missing", where=str(path), reason=fault.strerror or "") from fault


def lint_memo(memo: Memo, adopted: Iterable[Portfolio] | None = None) -> list[Located]:
    """All findings in a memo, the gravest first.

    `adopted` are portfolios whose budgets the memo's tables are compared with; by default those that come along.
    """
    known: Sequence[Portfolio] = bundled.portfolios() if adopted is None else tuple(adopted)
    found: list[Finding] = [*by_year.findings(memo, known), *numbering.findings(memo)]
    return gravest_first([located(memo, finding) for finding in found])


def lint_files(paths: Iterable[Path], adopted: Iterable[Portfolio] | None = None) -> list[Linted]:
    """The findings of each file. Raises `GevinstError` where one cannot be read, before anything is shown."""
    memos = [read_memo(path) for path in paths]
    known = bundled.portfolios() if adopted is None else tuple(adopted)
    return [Linted(memo.path, tuple(lint_memo(memo, known))) for memo in memos]
