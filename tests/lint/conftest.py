"""The municipal documents as real files, made once for all tests."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from gevinst.lint.check import lint_memo, read_memo
from gevinst.lint.findings import Located
from tests.lint.making import Look, as_page, as_pdf, as_sheet, as_word, document, transcription

FORMATS = ("docx", "unruled.docx", "html", "xlsx", "ruled.pdf", "booktabs.pdf", "bare.pdf")
LOOKS = {
    "ruled.pdf": Look("ruled"),
    "booktabs.pdf": Look("booktabs", header="center", tagged=True),
    "bare.pdf": Look("bare", height="200mm", repeat=False),  # short pages: tables go on over the page
}


def make(text: str, kind: str, path: Path) -> Path:
    """A file of a kind from a transcription."""
    blocks = transcription(text)
    if kind.endswith("docx"):
        return as_word(blocks, path, ruled=not kind.startswith("unruled"))
    if kind.endswith("pdf"):
        return as_pdf(blocks, path, LOOKS[kind])
    return as_page(blocks, path) if kind == "html" else as_sheet(blocks, path)


@pytest.fixture(scope="session")
def document_file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """A municipal document by number, in one of `FORMATS`."""
    folder = tmp_path_factory.mktemp("documents")

    @cache
    def made(number: str, kind: str) -> Path:
        return make(document(number), kind, folder / f"{number}.{kind}")

    return made


@pytest.fixture
def lint_text(tmp_path: Path) -> Callable[..., list[Located]]:
    """The findings in a transcription, made into a file first."""

    def found(text: str, kind: str = "docx", name: str = "notat") -> list[Located]:
        return lint_memo(read_memo(make(text, kind, tmp_path / f"{name}.{kind}")))

    return found
