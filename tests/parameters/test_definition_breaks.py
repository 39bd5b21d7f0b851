"""The breaks in the definitions: the national list, what a workspace adds, and how keys are carried forward."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from gevinst.errors import GevinstError
from gevinst.language import speaking
from gevinst.parameters.benefits import benefits
from gevinst.parameters.definition_breaks import Carried, breaks_within, carried_forward, national_breaks
from gevinst.parameters.local import open_book

OWN = """maalgrupper-13-til-5:
  day: 2026-01-01
  measures: [counts]
  label: {da: Fem målgrupper, en: Five target groups}
  da: Målgrupperne blev lagt sammen hos os.
  en: The target groups were merged here.
  source: jobcentrets egen oplysning
  carry:
    target_groups:
      aktivitetsparat: {jobparat: 0.75, indsatsklar: 0.25}
"""


def test_the_breaks_between_two_days_that_touch_a_benefit() -> None:
    breaks, start, end = national_breaks(), date(2018, 1, 1), date(2025, 7, 1)

    def keys(**what: str) -> list[str]:
        return [one.key for one in breaks_within(breaks, start, end, **what)]

    assert keys(benefit="a-dagpenge") == ["forloeb-a-dagpenge-2019"]
    assert keys(benefit="kontanthjaelp") == ["kontanthjaelpsreform-2025"]
    assert keys(benefit="a-dagpenge", source="register") == []
    assert breaks_within(breaks, end, date(2026, 1, 1)) == ()
    assert [one.key for one in breaks_within(breaks, date(2015, 1, 1), end, measure="amounts")] == [
        "refusionsreform-2016", "ydelsesrefusion-2017", "kontanthjaelpsreform-2025"]


def test_what_no_source_gives_is_not_shipped_as_fact() -> None:
    by_key = {one.key: one for one in national_breaks()}
    groups = by_key["maalgrupper-13-til-5"]
    assert groups.day is None
    assert breaks_within(national_breaks(), date(1990, 1, 1), date(2100, 1, 1), measure="counts").count(groups) == 0
    with speaking("da"):
        assert "ikke verificeret" in groups.text
        assert "ikke verificeret" in by_key["forloeb-2018"].dated_text
        assert "ikke verificeret" not in by_key["kontanthjaelpsreform-2025"].dated_text
    assert dict(carried_forward(national_breaks(), "aktivitetsparat", date(2100, 1, 1), kind="target_groups")) == {
        "aktivitetsparat": Decimal(1)}


def test_every_key_of_a_national_break_is_a_benefit() -> None:
    named = {key for one in national_breaks() for key in one.benefits}
    named |= {key for one in national_breaks() for entry in one.carried_benefits for key in (entry.before, entry.after)}
    assert named <= set(benefits())


def test_a_workspace_gives_the_day_and_the_shares(tmp_path: Path) -> None:
    (tmp_path / "definition_breaks.yaml").write_text(OWN, encoding="utf-8")
    book = open_book(tmp_path)
    own = next(one for one in book.breaks if one.key == "maalgrupper-13-til-5")
    assert (own.day, own.local, own.confidence.verified) == (date(2026, 1, 1), True, True)
    assert len(book.breaks) == len(national_breaks())
    assert [(one.kind, one.key, one.replaces_national) for one in book.overrides] == [
        ("definition_breaks", "maalgrupper-13-til-5", True)]
    after = carried_forward(book.breaks, "aktivitetsparat", date(2026, 1, 1), kind="target_groups")
    assert dict(after) == {"jobparat": Decimal("0.75"), "indsatsklar": Decimal("0.25")}
    before = carried_forward(book.breaks, "aktivitetsparat", date(2025, 12, 31), kind="target_groups")
    assert dict(before) == {"aktivitetsparat": Decimal(1)}


def test_shares_multiply_through_several_breaks() -> None:
    reform = next(one for one in national_breaks() if one.carried_benefits)
    first = replace(reform, day=date(2020, 1, 1), carried_benefits=(
        Carried("a", "b", Decimal("0.5")), Carried("a", "c", Decimal("0.5"))))
    second = replace(reform, day=date(2021, 1, 1), carried_benefits=(Carried("b", "c"),))
    assert dict(carried_forward([second, first], "a", date(2020, 6, 1))) == {"b": Decimal("0.5"), "c": Decimal("0.5")}
    assert dict(carried_forward([second, first], "a", date(2021, 6, 1))) == {"c": Decimal(1)}


@pytest.mark.parametrize(("old", "new", "code"), [
    ("measures: [counts]", "measures: [weather]", "parameters.break-measure"),
    ("indsatsklar: 0.25", "indsatsklar: 0.3", "parameters.break-shares"),
    ("indsatsklar: 0.25", "indsatsklar: -0.25", "parameters.break-shares"),
    ("{jobparat: 0.75, indsatsklar: 0.25}", "{aktivitetsparat: 1}", "parameters.break-chain"),
    ("target_groups:", "groups:", "parameters.unknown-key"),
    ("day: 2026-01-01", "day: soon", "parameters.wrong-kind"),
    ("measures: [counts]", "benefits: [folkekoekken]", "parameters.unknown-benefit"),
    ("  source: jobcentrets egen oplysning\n", "", "parameters.missing-source"),
])
def test_a_broken_file_is_refused_by_name(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert old in OWN
    (tmp_path / "definition_breaks.yaml").write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(GevinstError) as fault:
        open_book(tmp_path)
    assert fault.value.code == code
    for language in ("da", "en"):
        assert fault.value.message(language).what
