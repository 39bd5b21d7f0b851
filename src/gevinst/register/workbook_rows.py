"""A portfolio as the rows of the workbook's sheets, and back again.

A row maps a column's field to a plain value: text, number, date, `Amount`, `PriceLevel`, or nothing. Between
a row and a cell stand `workbook` (out) and `workbook_reader` (in).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from gevinst.errors import GevinstError
from gevinst.money import PriceLevel
from gevinst.register.business_case import (
    Basis,
    BudgetYear,
    Decision,
    FollowedBy,
    HeadCount,
    Investment,
    Line,
    Narrative,
    ParticipantCount,
    Portfolio,
    Protocol,
    Prudence,
    RecordedFigure,
    Status,
    Stop,
    StopMeasure,
    StopRule,
    Supplier,
    Suspension,
    TargetGroup,
)
from gevinst.register.consistency import Path

Values = dict[str, Any]


def rows_of(portfolio: Portfolio) -> dict[str, list[Values]]:
    """The rows of every sheet; the sheet `portfolio` has one row."""
    found: dict[str, list[Values]] = {"portfolio": [_portfolio_row(portfolio)], "investments": [], "budget": [],
                                      "recorded": [], "decisions": [], "suspensions": [], "head_counts": [],
                                      "participants": [], "returned": [], "stop_rules": [], "laid_in": []}
    own = portfolio.price_level
    found["decisions"] += [{"investment": "", **_fields(decision)} for decision in portfolio.decisions]
    found["suspensions"] += [_fields(suspension) for suspension in portfolio.suspensions]
    if portfolio.prudence:
        found["laid_in"] += [{"year": year, "amount": amount, "level": _other(amount.level, own)}
                             for year, amount in portfolio.prudence.laid_in]
    for investment in portfolio.investments:
        name = {"investment": investment.number}
        found["investments"].append(_investment_row(investment, own))
        found["budget"] += [{**name, "year": b.year, "investment_amount": b.investment, "saving_amount": b.saving,
                             "net": b.net, "level": _other(b.investment.level, own)} for b in investment.budget]
        found["recorded"] += [{**name, **_fields(f), "level": _other(f.amount.level, own)} for f in investment.recorded]
        found["decisions"] += [{**name, **_fields(decision)} for decision in investment.decisions]
        found["head_counts"] += [{**name, **_fields(count)} for count in investment.head_counts]
        found["participants"] += [{**name, **_fields(count)} for count in investment.participant_counts]
        found["stop_rules"] += [{**name, **_fields(rule), "level": None if rule.at_most is None else _other(
            rule.at_most.level, own)} for rule in investment.stop_rules]
        if investment.stop:
            found["returned"] += [{**name, "year": year, "amount": amount, "level": _other(amount.level, own)}
                                  for year, amount in investment.stop.returned]
    return found


def _fields(record: Any, prefix: str = "") -> Values:
    return {prefix + item.name: getattr(record, item.name) for item in fields(record)}


def _other(level: PriceLevel, own: PriceLevel) -> PriceLevel | None:
    return None if level == own else level


def _portfolio_row(portfolio: Portfolio) -> Values:
    row = _fields(portfolio)
    if portfolio.prudence:
        row |= _fields(portfolio.prudence, "prudence.")
    return row


def _investment_row(investment: Investment, own: PriceLevel) -> Values:
    row = _fields(investment)
    for name in ("target_group", "narrative", "protocol", "supplier", "stop"):
        part = getattr(investment, name)
        if part is not None:
            row |= _fields(part, f"{name}.")
    rate = investment.dkk_per_participant_week
    row["rate_level"] = None if rate is None else _other(rate.level, own)
    return row


@dataclass(frozen=True)
class Row:
    """A row that was read: its values (only those that are filled in), and where each cell is."""

    values: Mapping[str, Any]
    places: Mapping[str, str]


@dataclass
class Assembled:
    """A portfolio made of rows, the place of each of its values, and what did not fit."""

    portfolio: Portfolio
    places: dict[Path, str]
    faults: list[GevinstError]


def assemble(head: Row, rows: Mapping[str, list[Row]]) -> Assembled:
    """The portfolio of these rows. Every required value must be there; the reader has seen to that."""
    faults: list[GevinstError] = []
    places: dict[Path, str] = {(): head.places["key"]}
    numbers = {name: at for at, row in reversed(list(enumerate(rows["investments"])))
               for name in (row.values["number"], row.values["key"])}
    grouped = {sheet: _by_investment(rows[sheet], numbers, sheet, faults)
               for sheet in ("budget", "recorded", "decisions", "head_counts", "participants", "returned",
                             "stop_rules")}
    for field, place in head.places.items():
        places[tuple(field.split("."))] = place
    investments = tuple(_investment(at, row, {sheet: parts.get(at, []) for sheet, parts in grouped.items()}, places,
                                    faults) for at, row in enumerate(rows["investments"]))
    suspensions = tuple(Suspension(**row.values) for row in rows["suspensions"])
    _note(places, ("suspensions",), rows["suspensions"])
    decisions = grouped["decisions"].get(None, [])
    _note(places, ("decisions",), decisions)
    own = {field: value for field, value in head.values.items() if "." not in field and field != "unit"}
    portfolio = Portfolio(
        **own, investments=investments, suspensions=suspensions, decisions=_made(Decision, decisions),
        prudence=_prudence(head, rows["laid_in"], faults),
    )
    for row in rows["laid_in"]:
        places["prudence", "laid_in", row.values["year"]] = row.places["year"]
    return Assembled(portfolio, places, faults)


def _by_investment(
    rows: Iterable[Row], numbers: Mapping[str, int], sheet: str, faults: list[GevinstError]
) -> dict[int | None, list[Row]]:
    """The rows of each investment by its place; under `None` those of the whole portfolio."""
    found: dict[int | None, list[Row]] = {}
    for row in rows:
        name = row.values.get("investment", "")
        if name in numbers:
            found.setdefault(numbers[name], []).append(row)
        elif not name and sheet == "decisions":
            found.setdefault(None, []).append(row)
        else:
            code = "register.unknown-investment-or-all" if sheet == "decisions" else "register.unknown-investment"
            faults.append(GevinstError(code, where=row.places["investment"], text=name))
    return found


def _note(places: dict[Path, str], path: Path, rows: Iterable[Row]) -> None:
    for at, row in enumerate(rows):
        for field, place in row.places.items():
            places[(*path, at, field)] = place


def _made(cls: Any, rows: Iterable[Row]) -> tuple[Any, ...]:
    names = {item.name for item in fields(cls)}
    return tuple(cls(**{name: value for name, value in row.values.items() if name in names}) for row in rows)


def _part(row: Row, prefix: str) -> Values:
    return {field.removeprefix(prefix): value for field, value in row.values.items() if field.startswith(prefix)}


def _investment(
    at: int, row: Row, parts: Mapping[str, list[Row]], places: dict[Path, str], faults: list[GevinstError]
) -> Investment:
    path: Path = ("investments", at)
    for field, place in row.places.items():
        places[(*path, *field.split("."))] = place
    for sheet, name in (("budget", "budget"), ("recorded", "recorded"), ("decisions", "decisions"),
                        ("head_counts", "head_counts"), ("participants", "participant_counts"),
                        ("stop_rules", "stop_rules")):
        _note(places, (*path, name), parts[sheet])
    for number, budget_row in enumerate(parts["budget"]):
        for field, name in (("investment_amount", "investment"), ("saving_amount", "saving"), ("net", "net")):
            places[(*path, "budget", number, name)] = budget_row.places[field]
    values = {field: value for field, value in row.values.items() if "." not in field and field != "rate_level"}
    for field, choice in (("status", Status), ("followed_by", FollowedBy)):
        if field in values:
            values[field] = choice(values[field])
    return Investment(
        **values, target_group=TargetGroup(**_part(row, "target_group.")), supplier=_supplier(row),
        narrative=Narrative(**_part(row, "narrative.")), protocol=Protocol(**_part(row, "protocol.")),
        stop=_stop(row, parts["returned"], path, places, faults),
        budget=tuple(BudgetYear(b.values["year"], b.values["investment_amount"], b.values["saving_amount"])
                     for b in parts["budget"]),
        recorded=tuple(_recorded(r) for r in parts["recorded"]), decisions=_made(Decision, parts["decisions"]),
        head_counts=_made(HeadCount, parts["head_counts"]),
        participant_counts=tuple(_participants(r) for r in parts["participants"]),
        stop_rules=tuple(_stop_rule(r) for r in parts["stop_rules"]),
    )


def _recorded(row: Row) -> RecordedFigure:
    v = row.values
    return RecordedFigure(v["year"], Line(v["line"]), Basis(v["basis"]), v["amount"], v["source"], v["as_of"])


def _participants(row: Row) -> ParticipantCount:
    v = row.values
    return ParticipantCount(v["year"], v.get("planned"), v.get("actual"), v.get("expected"), v.get("source", ""))


def _stop_rule(row: Row) -> StopRule:
    v = row.values
    return StopRule(v["date"], StopMeasure(v["measure"]), v.get("at_least"), v.get("at_most"), v.get("text", ""),
                    v.get("source", ""))


def _supplier(row: Row) -> Supplier | None:
    part = _part(row, "supplier.")
    return Supplier(**{"name": "", **part}) if part else None


def _stop(
    row: Row, returned: list[Row], path: Path, places: dict[Path, str], faults: list[GevinstError]
) -> Stop | None:
    part = _part(row, "stop.")
    if "date" not in part:
        for cell in [r.places["amount"] for r in returned] + [row.places["stop.date"]] * bool(part):
            faults.append(GevinstError("register.stop-without-date", where=cell))
        return None
    for each in returned:
        places[(*path, "stop", "returned", each.values["year"])] = each.places["year"]
    return Stop(part["date"], part.get("text", ""), tuple((r.values["year"], r.values["amount"]) for r in returned))


def _prudence(head: Row, laid_in: list[Row], faults: list[GevinstError]) -> Prudence | None:
    part = _part(head, "prudence.")
    if "factor" not in part:
        if part or laid_in:
            faults.append(GevinstError("register.missing-cell", where=head.places["prudence.factor"],
                                       name="prudence.factor"))
        return None
    return Prudence(part["factor"], part.get("decided"), part.get("source", ""),
                    tuple((row.values["year"], row.values["amount"]) for row in laid_in))
