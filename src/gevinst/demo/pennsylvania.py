"""The Pennsylvania reemployment bonus demonstration: real persons, drawn by lot, as six investments.

13,913 claimants of unemployment insurance in 1988-89 were given one of six bonus offers for finding work soon, or
none (Bilias 2000). Because lot decided, the difference to those without an offer is the effect. The file is not ours
to ship; the command says where to get it. Claims begin on a Sunday and run in weeks from it; here they begin on the
Monday after, so that a week of insurance is a week of ours.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from gevinst.errors import GevinstError
from gevinst.language import say
from gevinst.money import CURRENT
from gevinst.parameters.benefits import Benefit
from gevinst.parameters.book import ParameterBook, national_book
from gevinst.parameters.confidence import LOCAL
from gevinst.register.business_case import (
    Investment,
    Narrative,
    Portfolio,
    Protocol,
    TargetGroup,
)

BENEFIT = "unemployment-insurance"
SOURCE = "Journal of Applied Econometrics Data Archive, Bilias (2000), penn_jae.dat"
WHERE = "journaldata.zbw.eu, “Sequential testing of duration data: the case of the Pennsylvania reemployment bonus”"
SAS_EPOCH = date(1960, 1, 1)
OFFERS = {
    1: "Low bonus, short period",
    2: "Low bonus, long period",
    3: "High bonus, short period",
    4: "High bonus, long period",
    5: "Declining bonus, long period",
    6: "High bonus, long period, with workshop offer",
}
COVARIATES = ("female", "black", "hispanic", "othrace", "dep", "recall", "agelt35", "agegt54", "durable", "nondurable")
COLUMNS = ("abdt", "tg", "inuidur1", *COVARIATES)
KNOWN_FROM = date(1988, 6, 27)
"""The Monday of the first claim. Claims were few at first, but every one of the experiment's is in the file."""
KNOWN_TO = date(1990, 10, 28)
"""All spells had ended when the file was made: 52 weeks after the last claim everyone has been followed."""


@dataclass(frozen=True)
class Claimant:
    """One row of the file: who, the Monday the claim begins, weeks of insurance, offer (0 none), covariates."""

    number: int
    start: date
    weeks: int
    offer: int
    covariates: tuple[str, ...]


def read_claimants(path: Path) -> list[Claimant]:
    """The rows of `penn_jae.dat`, columns separated by blanks, named in the first line.

    Raises `demo.penn-missing`, `demo.penn-columns`, `demo.penn-row` (with line).
    """
    if not path.is_file():
        raise GevinstError("demo.penn-missing", where=str(path), source=WHERE)
    with path.open(encoding="ascii", errors="replace") as file:
        header = file.readline().split()
        missing = [name for name in COLUMNS if name not in header]
        if missing:
            raise GevinstError("demo.penn-columns", where=str(path), missing=", ".join(missing))
        place = {name: header.index(name) for name in COLUMNS}
        return [
            _claimant(line.split(), place, number, f"{path}:{number + 1}")
            for number, line in enumerate(file, start=1)
            if line.strip()
        ]


def _claimant(cells: list[str], place: dict[str, int], number: int, where: str) -> Claimant:
    try:
        begun, offer, weeks = (int(cells[place[name]]) for name in ("abdt", "tg", "inuidur1"))
        covariates = tuple(cells[place[name]] for name in COVARIATES)
    except (ValueError, IndexError):
        raise GevinstError("demo.penn-row", where=where) from None
    if weeks < 1 or offer not in (0, *OFFERS):
        raise GevinstError("demo.penn-row", where=where)
    return Claimant(number, SAS_EPOCH + timedelta(days=begun + 1), weeks, offer, covariates)


def write_canonical(claimants: list[Claimant], folder: Path) -> None:
    """The claimants as canonical files: a spell each, and a participation for those with an offer."""
    ends = {c.number: c.start + timedelta(days=7 * c.weeks - 1) for c in claimants}
    treated = [c for c in claimants if c.offer]
    _write(
        folder / "spells.csv",
        ("person_id", "benefit", "start_date", "end_date"),
        [(_id(c), BENEFIT, c.start, ends[c.number]) for c in claimants],
    )
    _write(
        folder / "participants.csv",
        ("person_id", "investment", "start_date", "end_date"),
        [(_id(c), f"offer-{c.offer}", c.start, ends[c.number]) for c in treated],
    )
    _write(folder / "persons.csv", ("person_id", *COVARIATES), [(_id(c), *c.covariates) for c in claimants])


def portfolio() -> Portfolio:
    """The six offers as investments; no budget was adopted and no kroner are known."""
    investments = tuple(
        Investment(
            str(number),
            f"offer-{number}",
            title,
            TargetGroup("New claimants of unemployment insurance", BENEFIT),
            Narrative(
                "A cash bonus to those who find work within the qualification period and keep it for 16 weeks.",
                evidence="Randomised: who was offered the bonus was decided by lot.",
            ),
            referrals_from=date(1988, 6, 1),
            referrals_to=date(1989, 12, 31),
            protocol=Protocol("rest_of_target_group", 52, COVARIATES, randomised=True),
            source=SOURCE,
        )
        for number, title in OFFERS.items()
    )
    return Portfolio(
        "pennsylvania",
        "Pennsylvania reemployment bonus demonstration",
        "Commonwealth of Pennsylvania",
        (1988, 1989),
        CURRENT,
        investments,
        source=SOURCE,
        background="Lot decided who was offered a bonus, so those without an offer show what would have happened.",
    )


def book() -> ParameterBook:
    """The national parameters with the American benefit added: no ladder and no price, hence no kroner."""
    national = national_book()
    own = Benefit(
        key=BENEFIT,
        da="Arbejdsløshedsforsikring (Pennsylvania)",
        en="Unemployment insurance (Pennsylvania)",
        public_support=True,
        clock="ignored",
        ladder=None,
        municipal_share=None,
        valid_from=None,
        valid_to=None,
        source=SOURCE,
        confidence=LOCAL,
        local=True,
    )
    return ParameterBook(**{**vars(national), "benefits": {**national.benefits, BENEFIT: own}})


def benefit_of() -> Callable[[str], str | None]:
    """How the intake reads the benefit column of this demonstration."""
    return {BENEFIT: BENEFIT}.get


def _id(claimant: Claimant) -> str:
    return f"C{claimant.number:05d}"


def _write(path: Path, header: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def ask_for_file() -> str:
    """What the command says when it is run without the file."""
    return say(
        da=f"Hent filen penn_jae.dat ({WHERE}) og kør igen med --data penn_jae.dat.",
        en=f"Get the file penn_jae.dat ({WHERE}) and run again with --data penn_jae.dat.",
    )
