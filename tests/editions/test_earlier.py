"""Earlier editions are held against the record before anything is made of what they said."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gevinst.checksums import SUMS, as_sums, differing, read_sums, sha256_of
from gevinst.cli import app
from gevinst.editions.basis import compute
from gevinst.editions.earlier import earlier_said
from gevinst.errors import GevinstError
from gevinst.follow_up.disclosure.released import FILE as COUNTS
from gevinst.language import LANGUAGES, speaking
from gevinst.publish import FIGURES
from gevinst.register.business_case import StopMeasure, StopRule
from gevinst.settings import Settings
from gevinst.workspace import Asked, basis_asked, run_workspace
from tests.editions import small_town

runner = CliRunner()
RUN = ["run", "--recorded-only", "--date", "2021-07-02"]
STATUS = ["status", "--recorded-only", "--date", "2021-07-02"]


def forge(folder: Path, name: str, was: bytes, now: bytes, *, sums_too: bool = True) -> None:
    """Change a file of an edition, and the edition's own list of checksums with it."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    content = (folder / name).read_bytes().replace(was, now)
    assert content != (folder / name).read_bytes()
    (folder / name).write_bytes(content)
    if sums_too:
        (folder / SUMS).write_bytes(as_sums({**read_sums(folder), name: sha256_of(content)}))
        assert differing(folder, read_sums(folder)) == (), "by its own checksums nothing is wrong"


def refused(arguments: list[str], folder: Path) -> str:
    """The error of a command that must refuse the edition, in both languages; nothing is printed or written."""
    before = sorted(folder.parent.iterdir())
    result = runner.invoke(app, [*arguments, "-w", str(folder.parents[1])])
    fault = result.exception
    assert isinstance(fault, GevinstError)
    assert (fault.code, fault.where) == ("edition.damaged", str(folder))
    assert result.stdout == ""
    assert sorted(folder.parent.iterdir()) == before
    told = []
    for language in LANGUAGES:
        with speaking(language):
            told.append(str(fault))
        assert folder.name in told[-1]
        assert SUMS in told[-1] or COUNTS in told[-1]
    assert "Hent udgavens mappe fra en sikkerhedskopi" in told[0]
    assert "from a backup" in told[1]
    return told[0]


@pytest.mark.parametrize("arguments", [RUN, STATUS, ["score-card"]], ids=["run", "status", "score-card"])
@pytest.mark.parametrize(("name", "was", "now"), [
    (FIGURES, b"90000", b"10000"), (COUNTS, b'"threshold": 5', b'"threshold": 2')], ids=["figures", "counts"])
def test_an_edition_changed_with_its_checksums_is_refused_by_name(
    closed: Path, arguments: list[str], name: str, was: bytes, now: bytes
) -> None:
    forge(closed, name, was, now)
    refused(arguments, closed)


def test_the_realisation_library_refuses_it_too(closed: Path) -> None:
    forge(closed, FIGURES, b"90000", b"10000")
    refused(["realisation"], closed)


def test_a_correction_of_it_is_refused(closed: Path) -> None:
    forge(closed, FIGURES, b"90000", b"10000")
    refused(["edition", "correct", closed.name, "--reason", "Fejl", "--recorded-only"], closed)


@pytest.mark.parametrize("arguments", [RUN, STATUS], ids=["run", "status"])
def test_changed_counts_are_refused_in_a_draft_as_well(draft: Path, arguments: list[str]) -> None:
    forge(draft, COUNTS, b'"threshold": 5', b'"threshold": 2', sums_too=False)
    assert COUNTS in refused(arguments, draft)


def test_a_draft_that_was_written_in_with_word_stops_nobody(draft: Path) -> None:
    (draft / "memo.docx").write_bytes(b"rettet")
    for arguments in (RUN, STATUS):
        assert runner.invoke(app, [*arguments, "-w", str(draft.parents[1])]).exit_code == 0


def test_a_changed_draft_that_is_deleted_stops_nobody(draft: Path) -> None:
    forge(draft, COUNTS, b'"threshold": 5', b'"threshold": 2')
    assert "Er den et udkast, der aldrig er udleveret, kan mappen slettes." in refused(STATUS, draft)
    shutil.rmtree(draft)
    assert runner.invoke(app, [*STATUS, "-w", str(draft.parents[1])]).exit_code == 0


def test_what_is_half_written_or_gone_says_nothing(recorded: Settings, draft: Path) -> None:
    assert earlier_said(recorded, "p")[0] == [draft.name]
    assert earlier_said(recorded, "another") == ([], ())
    draft.rename(draft.with_name(".writing-x"))
    assert earlier_said(recorded, "p") == ([], ())


def test_counts_of_an_edition_without_a_record_must_be_readable(recorded: Settings, draft: Path) -> None:
    other = draft.with_name("older")
    other.mkdir()
    (other / COUNTS).write_bytes((draft / COUNTS).read_bytes())
    names, said = earlier_said(recorded, "p")
    assert (names, len(said)) == ([draft.name, "older"], 1), "what both said is said once"
    (other / COUNTS).write_text("{")
    with pytest.raises(GevinstError) as fault:
        earlier_said(recorded, "p")
    assert fault.value.code == "disclosure.earlier-unreadable"


def test_status_hides_what_the_memo_hides_after_an_earlier_edition(
    tmp_path: Path, take_all_the_way: Callable[[Settings, str], None]
) -> None:
    """Forty-odd had started when the first edition said how many; two registered late since must not be told."""
    settings = small_town.workspace(tmp_path)
    record = small_town.portfolio()
    rule = StopRule(date(2020, 12, 31), StopMeasure.STARTS, Decimal(60), source="aftale")
    cases = (replace(record.investments[0], stop_rules=(rule,)), *record.investments[1:])
    small_town.save(settings, replace(record, investments=cases))
    for folder, late, day in (("one", 0, date(2021, 4, 1)), ("two", 2, date(2021, 4, 8))):
        delivery = small_town.write_delivery(
            tmp_path / folder, small_town.FIRST, [*small_town.ON_TIME, *small_town.LATE[:late]])
        small_town.deliver(settings, delivery, day)
        if not late:
            take_all_the_way(settings, run_workspace(settings.workspace, memo_date=day, by="Anna").edition.id)
    asked = Asked(memo_date=date(2021, 4, 9))
    basis = basis_asked(settings, asked)
    desk = compute(basis, with_quality=True)
    memo = run_workspace(settings.workspace, memo_date=date(2021, 4, 9), by="Anna").edition
    assert desk.warnings == memo.warnings
    assert desk.released == memo.released
    alone = compute(replace(basis, options=replace(basis.options, earlier=())), with_quality=True)
    assert alone.warnings != memo.warnings, "without the earlier edition the desk would tell it"
    told = {json.dumps(one.released.counts.get("1/started/2020-12-31")) for one in (alone,)}
    assert told == {"42"}


@pytest.mark.parametrize(("name", "was", "now"), [
    ("edition.json", b'"language": "da"', b'"language": "en"'), ("parameters/national/rates.yaml", b"2021", b"2020")])
def test_a_recipe_changed_by_hand_is_not_compared_with(
    recorded: Settings, draft: Path, name: str, was: bytes, now: bytes
) -> None:
    """What an edition rests on decides how a difference is split, as much as its figures decide its size."""
    small_town.save(recorded, small_town.portfolio(expected=-1))
    other = run_workspace(recorded.workspace, memo_date=date(2021, 4, 3), recorded_only=True)
    forge(draft, name, was, now, sums_too=False)
    result = runner.invoke(app, ["compare", draft.name, other.edition.id, "-w", str(recorded.workspace)])
    fault = result.exception
    assert isinstance(fault, GevinstError)
    assert (fault.code, fault.where, fault.values["files"]) == ("edition.damaged", str(draft), name)
    assert result.stdout == ""
