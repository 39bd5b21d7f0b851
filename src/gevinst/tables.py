"""The canonical tables: what `gevinst` takes when there is no supplier format, and what it stores.

A contract says, per column, its type, whether it must be there, and what it means. Reading and checking
against the contract is `sources/ingest.py`; `docs/guide/canonical-files.md` is made from this.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["person", "text", "date", "last_day", "integer", "decimal", "benefit", "definition"]


@dataclass(frozen=True)
class Column:
    """A column of a canonical file.

    `last_day` is a date that is included in the period; it is stored as the day after, so that every stored
    period is `[start, end)`. `low` and `high` bound numbers (inclusive unless `above_low`).
    """

    name: str
    type: ColumnType
    da: str
    en: str
    required: bool = True  # the column must be in the file
    empty: bool = False  # a cell may be empty
    low: float | None = None
    high: float | None = None
    above_low: bool = False


@dataclass(frozen=True)
class Contract:
    """A canonical file. `key` are the columns that may not repeat; `open` files keep further columns."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    open: bool = False
    personal: bool = False

    def column(self, name: str) -> Column:
        """The column with this name; `KeyError` if the contract has none."""
        found = {column.name: column for column in self.columns}
        return found[name]


_PERSON = Column(
    "person_id",
    "person",
    "Borgerens id (gerne CPR); erstattes af en nøglet hash før noget skrives",
    "The person's id (may be a CPR number); replaced by a keyed hash before anything is written",
)

SPELLS = Contract(
    "spells",
    personal=True,
    columns=(
        _PERSON,
        Column("benefit", "benefit", "Ydelsens navn", "The benefit's key"),
        Column("start_date", "date", "Første dag på ydelsen", "First day on the benefit"),
        Column(
            "end_date",
            "last_day",
            "Sidste dag på ydelsen; tom = løber endnu",
            "Last day on the benefit; empty = still running",
            empty=True,
        ),
        Column(
            "degree",
            "decimal",
            "Andel af fuld tid, over 0 og højst 1",
            "Share of full time, above 0, at most 1",
            required=False,
            empty=True,
            low=0,
            high=1,
            above_low=True,
        ),
        Column(
            "amount_dkk", "decimal", "Udbetalt i perioden, kr.", "Paid in the period, DKK", required=False, empty=True
        ),
        Column("municipality", "text", "Kommunenummer", "Municipality code", required=False, empty=True),
    ),
)
PARTICIPANTS = Contract(
    "participants",
    personal=True,
    key=("person_id", "investment", "start_date"),
    columns=(
        _PERSON,
        Column("investment", "text", "Investeringens nøgle", "The investment's key"),
        Column("start_date", "date", "Første dag i indsatsen", "First day in the intervention"),
        Column(
            "end_date",
            "last_day",
            "Sidste dag i indsatsen; tom = løber endnu",
            "Last day in the intervention; empty = still running",
            empty=True,
        ),
    ),
)
PERSONS = Contract(
    "persons",
    personal=True,
    open=True,
    key=("person_id",),
    columns=(
        _PERSON,
        Column(
            "left_register_date",
            "date",
            "Dag for død eller fraflytning",
            "Day of death or of moving away",
            required=False,
            empty=True,
        ),
    ),
)
POSTINGS = Contract(
    "postings",
    columns=(
        Column("date", "date", "Bogføringsdag", "Posting date"),
        Column(
            "investment",
            "text",
            "Investeringens nøgle; tom = ikke henført til nogen, - = vedrører ingen",
            "The investment's key; empty = not matched to any, - = concerns none",
            empty=True,
        ),
        Column("amount_dkk", "decimal", "Kr.; positiv = udgift", "DKK; positive = expenditure"),
        Column("account", "text", "Kontostreng", "Account string", empty=True),
        Column("text", "text", "Posteringstekst", "Posting text", empty=True),
    ),
)
INVESTMENTS = Contract(
    "investments",
    key=("investment",),
    columns=(
        Column("investment", "text", "Investeringens nøgle", "The investment's key"),
        Column("target_benefit", "benefit", "Målgruppens ydelse", "The target group's benefit"),
        Column(
            "min_spell_weeks",
            "integer",
            "Uger på ydelsen før visitation",
            "Weeks on the benefit before referral",
            low=0,
        ),
        Column("referrals_from", "date", "Første dag med visitation", "First day of referrals"),
        Column("referrals_to", "date", "Sidste dag med visitation", "Last day of referrals"),
        Column(
            "planned_weeks",
            "integer",
            "Planlagte uger pr. deltager",
            "Planned weeks per participant",
            empty=True,
            low=1,
        ),
        Column(
            "dkk_per_participant_week", "decimal", "Kr. pr. deltageruge", "DKK per participant week", empty=True, low=0
        ),
    ),
)
SUSPENSIONS = Contract(
    "suspensions",
    columns=(
        Column("from_date", "date", "Første dag", "First day"),
        Column("to_date", "last_day", "Sidste dag", "Last day"),
        Column(
            "investment",
            "text",
            "Investeringens nøgle; tom = alle",
            "The investment's key; empty = all",
            required=False,
            empty=True,
        ),
    ),
)
PRICES = Contract(
    "prices",
    key=("benefit", "year"),
    columns=(
        Column("benefit", "benefit", "Ydelsens navn", "The benefit's key"),
        Column("year", "integer", "År", "Year", low=1990, high=2100),
        Column("dkk_per_week", "decimal", "Brutto kr. pr. uge på fuld tid", "Gross DKK per full-time week", low=0),
    ),
)
PUBLISHED_CURVES = Contract(
    "published_curves",
    key=("benefit", "definition", "cohort", "week"),
    columns=(
        Column("benefit", "benefit", "Ydelsens navn", "The benefit's key"),
        Column("definition", "definition", "with_relapse eller without_relapse", "with_relapse or without_relapse"),
        Column("cohort", "text", "Hvem kurven gælder, fx 2017-2019", "Whose curve it is, such as 2017-2019"),
        Column("week", "integer", "Uger efter start", "Weeks after the start", low=0),
        Column("share_pct", "decimal", "Andel på ydelsen, pct.", "Share on the benefit, per cent", low=0, high=100),
        Column("source", "text", "Kilde", "Source"),
    ),
)
PAYMENTS = Contract(
    "payments",
    personal=True,
    columns=(
        _PERSON,
        Column("benefit", "benefit", "Ydelsens navn", "The benefit's key"),
        Column("week", "date", "Mandag i den uge, ydelsen gælder", "Monday of the week that the benefit is for"),
        Column(
            "gross_dkk",
            "decimal",
            "Udbetalt for ugen før refusion, kr.; en rettelse kan være negativ",
            "Paid for the week before refund, DKK; a correction may be negative",
        ),
        Column("refund_dkk", "decimal", "Statens refusion til kommunen, kr.", "The state's refund, DKK", empty=True),
        Column(
            "cofinancing_dkk",
            "decimal",
            "Kommunens medfinansiering til staten, kr.",
            "The municipality's co-financing, DKK",
            empty=True,
        ),
        Column(
            "refund_rate_pct",
            "decimal",
            "Statens refusion, pct.",
            "The state's refund, per cent",
            required=False,
            empty=True,
            low=0,
            high=100,
        ),
        Column(
            "cofinancing_rate_pct",
            "decimal",
            "Kommunens medfinansiering, pct.",
            "The municipality's co-financing, per cent",
            required=False,
            empty=True,
            low=0,
            high=100,
        ),
        Column(
            "municipality",
            "text",
            "Kommunen, der finansierer ugen",
            "The municipality that finances the week",
            required=False,
            empty=True,
        ),
    ),
)
PUBLISHED_COUNTS = Contract(
    "published_counts",
    key=("benefit", "month", "municipality"),
    columns=(
        Column("benefit", "benefit", "Ydelsens navn", "The benefit's key"),
        Column("month", "date", "En dag i måneden, fx den første", "A day of the month, such as the first"),
        Column(
            "municipality",
            "text",
            "Kommunenummer; tom = den kommune, registret gælder",
            "Municipality code; empty = the one the register is of",
            required=False,
            empty=True,
        ),
        Column("persons", "integer", "Antal personer i måneden", "Persons in the month", empty=True, low=0),
        Column(
            "full_time_persons",
            "decimal",
            "Antal fuldtidspersoner i måneden",
            "Full-time persons in the month",
            empty=True,
            low=0,
        ),
        Column("source", "text", "Kilde og hentedag", "Source and the day it was fetched"),
    ),
)

CONTRACTS: dict[str, Contract] = {
    contract.name: contract
    for contract in (
        SPELLS, PARTICIPANTS, PERSONS, POSTINGS, INVESTMENTS, SUSPENSIONS, PRICES, PUBLISHED_CURVES, PAYMENTS,
        PUBLISHED_COUNTS,
    )
}
