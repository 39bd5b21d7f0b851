"""The memo linter finds nothing wrong in our own memos, in any of the four formats, in either language."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gevinst.follow_up.edition import Edition
from gevinst.language import LANGUAGES, Language
from gevinst.lint.check import lint_memo, read_memo
from gevinst.report import as_excel, as_html, as_pdf, as_word
from gevinst.report.memo import build_memo

RENDERERS = {"docx": as_word.render, "pdf": as_pdf.render, "html": as_html.render, "xlsx": as_excel.render}


@pytest.mark.parametrize("kind", sorted(RENDERERS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_wrong_in_our_memo(
    language: Language, kind: str, detailed_edition: Edition, tmp_path: Path
) -> None:
    document = build_memo(replace(detailed_edition, language=language))
    made = RENDERERS[kind](document)
    path = tmp_path / f"memo.{kind}"
    path.write_bytes(made.encode() if isinstance(made, str) else made)
    memo = read_memo(path)
    assert memo.language == language or kind == "xlsx"  # a workbook's figures have no decimal sign
    assert len(memo.tables) > 10
    assert [f"{each.finding}" for each in lint_memo(memo) if each.grave] == []
