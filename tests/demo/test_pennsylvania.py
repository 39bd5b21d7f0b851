"""The experiment's file, made up here in the same form: read, turned into canonical files, studied, printed."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from gevinst.cli import app
from gevinst.demo.experiment import pennsylvania_weeks_saved, study_pennsylvania
from gevinst.demo.pennsylvania import COLUMNS, KNOWN_FROM, read_claimants
from gevinst.errors import GevinstError

HEADER = " ".join(COLUMNS)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Three hundred claimants; those with offer 4 stay three weeks shorter."""
    rng = np.random.default_rng(2)
    lines = [HEADER]
    for _ in range(300):
        offer = int(rng.integers(0, 7))
        weeks = int(rng.integers(5, 30)) - (3 if offer == 4 else 0)
        start = 10404 + 7 * int(rng.integers(0, 60))  # SAS days, Sundays from 26 June 1988
        lines.append(" ".join(map(str, [start, offer, weeks, *rng.integers(0, 2, len(COLUMNS) - 3)])))
    path = tmp_path / "penn_jae.dat"
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    return path


def test_a_claim_begins_on_the_monday_after_its_sunday(file: Path) -> None:
    claimants = read_claimants(file)
    assert len(claimants) == 300
    assert min(c.start for c in claimants) == KNOWN_FROM == date(1988, 6, 27)
    assert {c.start.weekday() for c in claimants} == {0}


def test_weeks_saved_are_the_difference_of_means(file: Path) -> None:
    claimants = read_claimants(file)
    mean = {offer: np.mean([c.weeks for c in claimants if c.offer == offer]) for offer in range(7)}
    studies, errors = study_pennsylvania(file), pennsylvania_weeks_saved(file, 52)
    for offer, study in studies.items():
        effect = study.effects["rest_of_target_group"]
        assert effect.weeks_saved[0] == pytest.approx(mean[0] - mean[offer], abs=1e-9)
        assert errors[offer].estimate == pytest.approx(mean[0] - mean[offer], abs=1e-9)
        groups = [[c.weeks for c in claimants if c.offer == g] for g in (0, offer)]
        assert errors[offer].se ** 2 == pytest.approx(sum(np.var(g) / len(g) for g in groups), abs=1e-9)


def test_the_memo_is_english_and_without_kroner(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = CliRunner().invoke(app, ["demo", "pennsylvania", "--data", str(file), "--out", str(out)])
    assert result.exit_code == 0, result.exception
    (folder,) = out.iterdir()
    html = (folder / "memo.html").read_text(encoding="utf-8")
    assert 'lang="en"' in html
    assert "High bonus, long period" in html
    assert "Besparelse" not in html


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("abdt tg\n1 2\n", "demo.penn-columns"),
        (f"{HEADER}\n10404 0 x{' 0' * 10}\n", "demo.penn-row"),
        (f"{HEADER}\n10404 9 5{' 0' * 10}\n", "demo.penn-row"),
        (f"{HEADER}\n10404 0\n", "demo.penn-row"),
    ],
)
def test_a_broken_file_says_where(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "penn_jae.dat"
    path.write_text(text)
    with pytest.raises(GevinstError) as fault:
        read_claimants(path)
    assert fault.value.code == code
    assert "penn_jae.dat" in fault.value.where
