"""No false alarm: memos of our own, of many situations, give no error and no warning; sums stand in them as said."""

from __future__ import annotations

from pathlib import Path

import pytest

from gevinst.backend import Backend
from gevinst.language import LANGUAGES
from gevinst.lint.check import lint_memo, read_memo
from gevinst.register.business_case import Line
from gevinst.report import as_excel, as_html, as_pdf, as_word
from gevinst.report.memo import build_memo
from tests.lint.situations import from_signs, situation

RENDERERS = {"docx": as_word.render, "pdf": as_pdf.render, "html": as_html.render, "xlsx": as_excel.render}
SEEDS = (1, 4, 25, 28, 33, 36, 39, 51)  # each had a false alarm once
WAYS = [(last, whole) for last in (-1, 1) for whole in (-1, 1)]


def grave(made: bytes | str, path: Path) -> list[str]:
    path.write_bytes(made.encode() if isinstance(made, str) else made)
    return [f"{path.suffix}: {each.finding}" for each in lint_memo(read_memo(path)) if each.grave]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_false_alarm(seed: int, duckdb_backend: Backend, tmp_path: Path) -> None:
    document = build_memo(situation(seed, duckdb_backend))
    assert [found for kind in ("html", "docx") for found in grave(RENDERERS[kind](document), tmp_path / f"a.{kind}")
            ] == []


@pytest.mark.parametrize("kind", sorted(RENDERERS))
@pytest.mark.parametrize(("last", "whole"), WAYS)
def test_a_surplus_in_the_last_year_and_a_deficit_in_all_is_no_error(
    last: int, whole: int, kind: str, tmp_path: Path
) -> None:
    """The sentence names both; the amount is of the word nearest before it."""
    for language in LANGUAGES:
        edition = from_signs(last=last, whole=whole, language=language)
        assert (edition.follow_ups[0].outcome_total[Line.NET].amount.ore > 0) == (whole > 0)
        assert grave(RENDERERS[kind](build_memo(edition)), tmp_path / f"a.{kind}") == []


def test_the_sentence_with_the_wrong_word_is_found(tmp_path: Path) -> None:
    page = as_html.render(build_memo(from_signs(last=-1, whole=1, language="da")))
    assert "men samlet blev der et underskud på" in page.replace("\N{NO-BREAK SPACE}", " ")
    wrong = page.replace("samlet blev der et underskud på", "samlet blev der et overskud på")
    assert wrong != page
    (found,) = grave(wrong, tmp_path / "a.html")
    assert "footing.text-sum" in found
