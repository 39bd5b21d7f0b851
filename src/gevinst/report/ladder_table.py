"""The refund ladder in one table: a row per benefit, a column per step of weeks."""

from __future__ import annotations

import re

from gevinst.follow_up.edition import Edition, ParameterUsed
from gevinst.language import say
from gevinst.report.amounts import EN_DASH
from gevinst.report.tree import Cell, Column, Row, Table, text_cell

# How the parameters' own unit and names are printed, in either language.
REFUND_UNITS = ("pct. statsrefusion", "per cent state refund")
_STEP = re.compile(r"^(?:statsrefusion, |state refund, )?(?P<benefit>.*), (?:fra uge|from week) (?P<week>\d+)$")
KEY = "refund-ladder"


def refund_rates(edition: Edition) -> tuple[tuple[ParameterUsed, str, int], ...]:
    """The refund rates among the parameters used, each with its benefit and the first week it holds from."""
    found = []
    for used in edition.parameters:
        step = _STEP.match(used.name)
        if step is not None and f"{used.value} {used.unit}".strip().endswith(REFUND_UNITS):
            found.append((used, step["benefit"], int(step["week"])))
    return tuple(found)


def ladder_table(edition: Edition) -> Table | None:
    """What the state pays of each benefit, in per cent, step by step; None where no rate was used."""
    rates = refund_rates(edition)
    if not rates:
        return None
    weeks = sorted({week for _, _, week in rates})
    rows: dict[tuple[str, str, str], dict[int, str]] = {}
    for used, benefit, week in rates:
        name = f"{benefit} ({flags(used)})" if flags(used) else benefit
        rows.setdefault((name, used.valid, used.legal_reference), {})[week] = _rate(used)
    group = say(da="Staten betaler i uge", en="The state pays in weeks")
    return Table(
        KEY,
        say(da="Statens refusion efter antal uger på ydelser", en="The state's refund by number of weeks on benefits"),
        (Column(say(da="Ydelse", en="Benefit"), numeric=False),
         *(Column(_step_words(weeks, at), group) for at in range(len(weeks))),
         Column(say(da="Gælder", en="Valid"), numeric=False),
         Column(say(da="Lovhenvisning", en="Legal reference"), numeric=False)),
        tuple(Row((text_cell(benefit), *(Cell(by_week.get(week, ""), kind="number") for week in weeks),
                   text_cell(valid), text_cell(law))) for (benefit, valid, law), by_week in sorted(rows.items())),
        note=say(da="Kommunen betaler resten. »Ikke bekræftet«: værdien er ikke fundet i en offentlig kilde.",
                 en="The municipality pays the rest. “Not confirmed”: not found in a public source.") if any(
            not used.verified for used, _, _ in rates) else say(
                da="Kommunen betaler resten.", en="The municipality pays the rest."),
        source="; ".join(dict.fromkeys(part for used, _, _ in rates for part in used.source.split("; ") if part)),
        unit=say(da="pct.", en="per cent"))


def flags(used: ParameterUsed) -> str:
    """What a reader must know of a value: that it is not confirmed, or that it is the municipality's own."""
    words = [say(da="ikke bekræftet", en="not confirmed")] if not used.verified else []
    return ", ".join([*words, say(da="lokal", en="local")] if used.local else words)


def _step_words(weeks: list[int], at: int) -> str:
    first = weeks[at]
    return f"{first}{EN_DASH}{weeks[at + 1] - 1}" if at + 1 < len(weeks) else say(da=f"fra {first}", en=f"from {first}")


def _rate(used: ParameterUsed) -> str:
    """The rate without the words of its unit, which stand over the table."""
    for unit in REFUND_UNITS:
        if used.value.endswith(unit):
            return used.value.removesuffix(unit).strip()
    return used.value
