"""Two editions held against each other, on deliveries of which every late registration is known."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from typer.testing import CliRunner

from gevinst.checksums import SUMS, as_sums, read_sums, sha256_of
from gevinst.cli import app
from gevinst.editions.basis import compute
from gevinst.editions.compare import Side, compare, compare_sides, in_order
from gevinst.editions.values import values_of
from gevinst.errors import GevinstError
from gevinst.follow_up.since_last import CAUSES, Value
from gevinst.workspace import run_workspace
from tests.editions import small_town

runner = CliRunner()
WEEKS_2020 = 13 * 450  # every late participation lies within 2020


@pytest.fixture(scope="module")
def sides(two_editions_made) -> tuple[Side, Side]:
    made = two_editions_made
    return Side.read(made.settings, made.first), Side.read(made.settings, made.second)


def test_late_participations_are_revised_data_and_the_others_new(two_editions_made) -> None:
    made = two_editions_made
    found = {one.figure: one for one in compare(made.settings, made.first, made.second, "da").changes}
    cost = found["1/investment/2020/outcome"]
    assert cost.was == Value(Fraction(40 * WEEKS_2020), "dkk", "current", "realised")
    assert dict(cost.parts) == {"revised_data": 10 * WEEKS_2020}
    # The first delivery had no whole 2021; the twelve who began in May are all of it.
    later = found["1/investment/2021/outcome"]
    assert later.was is None
    assert dict(later.parts) == {"new_data": 12 * WEEKS_2020}
    total = found["1/investment/total/outcome"]
    assert dict(total.parts) == {"new_data": 12 * WEEKS_2020, "revised_data": 10 * WEEKS_2020}
    assert {*found["1/saving/2020/outcome"].parts} <= {"revised_data", "new_data"}
    assert not any(figure.startswith("2/") for figure in found), "what was typed in did not change"
    for one in found.values():
        assert sum(one.parts.values(), one.unsplit) == one.difference
        assert one.unsplit == 0


def test_the_memo_tells_it(two_editions_made) -> None:
    html = (two_editions_made.second / "memo.html").read_text(encoding="utf-8").replace("\xa0", " ")
    section = html[html.index('id="since-last"') :]
    section = section[: section.index("<h2", 10)]
    assert f"siden notatet af 2. april 2021 (udgave {two_editions_made.first.name})" in section
    assert "Nye data" in section
    assert "Rettede data" in section
    row = section[section.index("Investering 1, i alt") :]
    assert "Investering i alt" in section
    assert row.count("<td") >= 5
    first = (two_editions_made.first / "memo.html").read_text(encoding="utf-8")
    assert "Siden sidst" not in first, "there was none before"


def test_few_with_revised_data_are_not_told_apart(tmp_path, take_all_the_way) -> None:
    settings = small_town.workspace(tmp_path)
    folder = small_town.write_delivery(tmp_path / "one", small_town.FIRST, small_town.ON_TIME)
    small_town.deliver(settings, folder, date(2021, 4, 1))
    first = run_workspace(settings.workspace, memo_date=date(2021, 4, 2), by="Anna")
    few = [*small_town.ON_TIME, *small_town.LATE[:3], *small_town.NEW]
    small_town.deliver(settings, small_town.write_delivery(tmp_path / "two", small_town.SECOND, few), date(2022, 4, 1))
    second = run_workspace(settings.workspace, memo_date=date(2022, 4, 2), by="Anna")
    done = compare(settings, first.folder, second.folder, "da")
    found = {one.figure: one for one in done.changes}
    for figure in ("1/investment/2020/outcome", "1/saving/2020/outcome", "portfolio/investment/total/outcome"):
        assert dict(found[figure].parts) == {}
        assert found[figure].unsplit == found[figure].difference
        assert found[figure].between == ("new_data", "revised_data")
    assert any("under 5 deltagere" in note for note in done.notes)
    turned = compare(settings, second.folder, first.folder, "da")
    assert (turned.was, turned.now) == (done.was, done.now), "the order they are named in opens nothing"
    assert turned.changes == done.changes
    assert turned.notes == (
        f"{done.was} er den ældste af de to; forskellene er regnet fra den til {done.now}.", *done.notes)
    backwards = compare_sides(Side.read(settings, second.folder), Side.read(settings, first.folder))
    assert not {"new_data", "revised_data"} & {cause for one in backwards.changes for cause in one.parts}
    assert any(one.between == ("new_data", "revised_data") for one in backwards.changes)


def test_parameters_method_and_program_are_told_apart(sides: tuple[Side, Side]) -> None:
    """The later side has another price, another typed figure, and a program that adds a krone to everything."""
    was, _ = sides
    assert was.basis is not None
    prices = {"a-dagpenge": 8000}
    basis = replace(was.basis, portfolio=small_town.portfolio(expected=-250_000))
    recipe = {**was.recipe, "record": {"version": 99}, "parameters": {"files": prices}}
    assert was.basis.snapshot is not None
    marked = replace(basis, local=was.basis.snapshot)  # stands for other parameters; the run below sees to them

    def run(one):
        twice = one.local == marked.local
        return {name: replace(value, number=value.number * (2 if twice and name.startswith("1/saving") else 1) + 1)
                for name, value in plain[one.portfolio == basis.portfolio].items()}

    plain = {changed: values_of(compute(basis if changed else was.basis)) for changed in (False, True)}
    printed = run(marked)
    later = replace(was, key="later", basis=marked, recipe=recipe, printed=printed)
    earlier = replace(was, printed=plain[False], code="another program")
    found = {one.figure: one for one in compare_sides(earlier, later, run).changes}
    saving = found["1/saving/2020/outcome"]
    assert saving.was is not None
    assert dict(saving.parts) == {"parameters": saving.was.number, "code": 1}
    typed = found["2/saving/2021/outcome"]
    assert dict(typed.parts) == {"method": -100_000, "code": 1}
    assert dict(found["2/investment/2021/outcome"].parts) == {"code": 1}


def test_without_the_earlier_snapshot_what_can_be_told_is_told(two_editions, monkeypatch) -> None:
    made = two_editions
    first = min(folder for folder in made.settings.snapshots.iterdir() if folder.is_dir())
    shutil.rmtree(first)
    done = compare(made.settings, made.first, made.second, "da")
    cost = next(one for one in done.changes if one.figure == "1/investment/2020/outcome")
    assert dict(cost.parts) == {}
    assert cost.between == ("new_data", "revised_data")
    assert cost.unsplit == cost.difference == 10 * WEEKS_2020
    assert any(first.name in note for note in done.notes)
    monkeypatch.setattr("gevinst.editions.compare.code_version", lambda: "another")
    among = compare(made.settings, made.first, made.second, "en").changes[0].between
    assert among == ("new_data", "revised_data", "code")


def test_a_state_that_cannot_be_computed_is_named(sides: tuple[Side, Side]) -> None:
    def fails(_):
        raise GevinstError("snapshot.no-spells")

    done = compare_sides(*sides, fails)
    assert any("Mellemregningen for rettede data" in note for note in done.notes)
    for one in done.changes:
        assert sum(one.parts.values(), one.unsplit) == one.difference
        assert one.between in ((), ("new_data", "revised_data"))


def test_which_is_the_earlier_is_told_by_the_data_and_else_by_the_date(sides: tuple[Side, Side]) -> None:
    was, now = sides
    assert in_order(was, now) == in_order(now, was) == (was, now)
    sooner = replace(now, memo_date=date(2021, 1, 1))
    assert in_order(sooner, was) == (was, sooner), "a memo dated back is still on later data"
    typed = replace(now, horizon=None)
    assert in_order(typed, was) == (was, typed)
    same = replace(was, key="other")
    assert in_order(same, was) == (same, was)


def test_the_command_prints_figures_and_parts(two_editions_made) -> None:
    made = two_editions_made
    turned = runner.invoke(app, ["compare", made.second.name, made.first.name, "-w", str(made.settings.workspace)])
    assert f"{made.first.name} er den ældste af de to" in turned.stdout
    assert f"fra {made.first.name} til {made.second.name}." in turned.stdout
    arguments = ["compare", made.first.name, made.second.name, "-w", str(made.settings.workspace)]
    lines = runner.invoke(app, arguments).stdout.replace("\xa0", " ").splitlines()
    at = lines.index("1/investment/2020/outcome: 234.000 → 292.500  (+58.500)")
    assert lines[at + 1] == "    rettede data: +58.500"
    said = json.loads(runner.invoke(app, [*arguments, "--format", "json"]).stdout)
    (one,) = (change for change in said["changes"] if change["figure"] == "1/investment/2020/outcome")
    assert one["parts"] == {"revised_data": "58500"}
    assert {cause for change in said["changes"] for cause in change["parts"]} <= {*CAUSES}
    assert not any("participants" in change["figure"] for change in said["changes"])


def test_what_cannot_be_compared_is_refused(recorded, draft, take_all_the_way) -> None:
    at = ["-w", str(recorded.workspace)]
    result = runner.invoke(app, ["compare", draft.name, draft.name, *at])
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == "edition.same-edition"
    small_town.save(recorded, replace(small_town.portfolio(), key="q"))
    other = run_workspace(recorded.workspace, portfolio_key="q", memo_date=date(2021, 4, 2), recorded_only=True)
    result = runner.invoke(app, ["compare", draft.name, other.edition.id, *at])
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == "edition.other-portfolio"
    (draft / "figures.json").write_text("{}")
    result = runner.invoke(app, ["compare", draft.name, other.edition.id, *at])
    small_town.save(recorded, small_town.portfolio(expected=-1))
    third = run_workspace(recorded.workspace, portfolio_key="p", memo_date=date(2021, 4, 3), recorded_only=True)
    result = runner.invoke(app, ["compare", draft.name, third.edition.id, *at])
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == "edition.damaged"


def test_figures_forged_with_their_checksums_are_not_compared(recorded, draft) -> None:
    small_town.save(recorded, small_town.portfolio(expected=-1))
    other = run_workspace(recorded.workspace, memo_date=date(2021, 4, 3), recorded_only=True)
    figures = (draft / "figures.json").read_bytes().replace(b"90000", b"10000")
    assert figures != (draft / "figures.json").read_bytes()
    (draft / "figures.json").write_bytes(figures)
    (draft / SUMS).write_bytes(as_sums({**read_sums(draft), "figures.json": sha256_of(figures)}))
    for named in ([draft.name, other.edition.id], [other.edition.id, draft.name]):
        result = runner.invoke(app, ["compare", *named, "-w", str(recorded.workspace)])
        assert isinstance(result.exception, GevinstError)
        assert result.exception.code == "edition.damaged"
        assert result.stdout == ""


def test_a_published_edition_that_cannot_be_read_is_told_in_the_memo(closed) -> None:
    for path in (closed, *closed.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    (closed / "figures.json").write_text("{")
    made = run_workspace(closed.parents[1], memo_date=date(2021, 7, 2), recorded_only=True, by="Anna")
    html = (made.folder / "memo.html").read_text(encoding="utf-8").replace("\xa0", " ")
    assert f"Notatet kan ikke holdes op mod den seneste udgave ({closed.name})" in html


def test_a_memo_is_not_held_against_one_of_a_later_date(closed) -> None:
    for day, held in ((date(2021, 4, 1), None), (date(2021, 4, 2), closed.name), (date(2021, 7, 2), closed.name)):
        made = run_workspace(closed.parents[1], memo_date=day, language="en", recorded_only=True, by="Anna")
        assert (None if made.edition.since_last is None else made.edition.since_last.edition) == held
        page = (made.folder / "memo.html").read_text(encoding="utf-8")
        assert ("Since last time" in page) is (held is not None)


def test_a_memo_dated_before_its_data_says_so(two_editions) -> None:
    at = ["-w", str(two_editions.settings.workspace)]
    result = runner.invoke(app, ["run", "--date", "2021-12-01", *at])
    assert result.exit_code == 0, result.output
    horizon = json.loads((two_editions.second / "edition.json").read_text(encoding="utf-8"))["data_horizon"]
    assert date.fromisoformat(horizon) > date(2021, 12, 1)
    note = "Notatet er dateret 1. december 2021, men bygger på data til og med "
    assert note in " ".join(result.output.replace("\xa0", " ").split())
    (page,) = (path for path in two_editions.settings.workspace.glob("editions/*/memo.html")
               if path.parent not in (two_editions.first, two_editions.second))
    assert note in page.read_text(encoding="utf-8").replace("\xa0", " ")
    assert note not in (two_editions.second / "memo.html").read_text(encoding="utf-8").replace("\xa0", " ")


def test_a_correction_dated_before_its_data_says_so(two_editions) -> None:
    result = runner.invoke(app, ["edition", "correct", two_editions.first.name, "--reason", "Forkert pris",
                                 "-w", str(two_editions.settings.workspace)])
    assert result.exit_code == 0, result.output
    assert "Notatet er dateret 2. april 2021, men bygger på data til og med" in result.output.replace("\xa0", " ")
