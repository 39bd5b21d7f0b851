"""How the commands of the ledger print: lines for a terminal, CSV for a spreadsheet, JSON for a program."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from gevinst.follow_up.ledger_alarms import Alarm, alarms
from gevinst.follow_up.reconciliation import CaseLedger, LedgerYear, Tally
from gevinst.language import number, say, short_date
from gevinst.ledger_workspace import LoosePosting, WorkspaceLedger
from gevinst.money import CURRENT, Amount
from gevinst.register.ledger_rules import RULES_FILE, Rule, RuleUse
from gevinst.sources.cells import without_cpr
from gevinst.sources.suppliers.chart_of_accounts import account_name
from gevinst.sources.suppliers.opus_account import Account, printable, read_account

AMOUNTS = ("adopted", "budget", "running", "refund", "other", "net", "net_less_budget", "value",
           "paid_less_delivered", "unit_price")
YEAR = ("investment", "year", "complete", "in_case", "postings", "weeks", *AMOUNTS, "adopted_level")
LOOSE = ("account", "name", "date", "investment", "amount_dkk")


def check_lines(found: WorkspaceLedger) -> list[str]:
    """The reconciliation in plain words and columns, in the language spoken now."""
    lines = [f"{found.portfolio.title} ({found.portfolio.key})", *_tallies(found)]
    told = alarms(found.check)
    for case in found.check.cases:
        if case.years:
            lines += ["", *_case_lines(case)]
            lines += [f"  {text}" for one in told if one.investment == case.number for text in _alarm_lines(one)]
    rest = [text for one in told if not one.investment for text in _alarm_lines(one)]
    rest += [f"! {text}" for text in _rule_lines(found)]
    lines += ["", *rest] if rest else []
    lines.append("")
    if not told:
        lines.append(say(da="Ingen af reglerne for afvigelser er overskredet.",
                         en="None of the rules on deviations is exceeded."))
    return [*lines, *_footnotes(found)]


def _tallies(found: WorkspaceLedger) -> Iterator[str]:
    check = found.check
    parts = ((check.ledger, say(da="i alt", en="in all")),
             (check.matched, say(da="henført til en investering", en="matched to an investment")),
             (check.ruled_out, say(da="uden for investeringerne ifølge reglerne",
                                   en="outside the investments by the rules")),
             (check.unmatched, say(da="uden en regel, der passer", en="without a rule that fits")),
             (check.unknown, say(da="til investeringer, som porteføljen ikke har",
                                 en="of investments that the portfolio does not have")))
    yield from _columns([[number(part.rows), say(da="posteringer", en="postings"), _kroner(part.amount), words]
                         for part, words in parts if part.rows or part is parts[0][0]], left=(1, 3))


def _case_lines(case: CaseLedger) -> Iterator[str]:
    title = f"{case.number}. {case.title}"
    if case.price is not None:
        price = number(case.price.in_dkk, 2)
        title = say(da=f"{title} – aftalt {price} kr. pr. deltageruge",
                    en=f"{title} – DKK {price} agreed per participant week")
    yield title
    heads = [say(da="år", en="year"), say(da="budget", en="budget"), say(da="dranst 1", en="dranst 1"),
             say(da="dranst 2", en="dranst 2"), say(da="øvrigt", en="other"), say(da="netto", en="net"),
             say(da="uger", en="weeks"), say(da="leveret", en="delivered"),
             say(da="betalt-leveret", en="paid-delivered"), say(da="pr. uge", en="per week")]
    rows = [_cells(year) for year in (*case.years, *([case.whole] if len(case.years) > 1 else []))]
    yield from _columns([heads, *rows], indent="  ")


def _cells(year: LedgerYear) -> list[str]:
    label = say(da="i alt", en="all") if year.year is None else f"{year.year}{'' if year.complete else '*'}"
    return [label, _kroner(year.budget), _kroner(year.running), _kroner(year.refund), _kroner(year.other),
            _kroner(year.net), "" if year.weeks is None else number(year.weeks), _kroner(year.value),
            _kroner(year.paid_less_delivered), _kroner(year.unit_price)]


def _kroner(amount: Amount | None) -> str:
    return "" if amount is None else number(amount.in_dkk, 2)


def _columns(rows: Sequence[Sequence[str]], *, indent: str = "", left: Sequence[int] = ()) -> Iterator[str]:
    """The rows in columns; numbers to the right."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))] if rows else []
    for row in rows:
        cells = (cell.ljust(width) if at in left else cell.rjust(width)
                 for at, (cell, width) in enumerate(zip(row, widths, strict=True)))
        yield (indent + "  ".join(cells)).rstrip()


def _alarm_lines(one: Alarm) -> list[str]:
    place = f"{one.year}: " if one.year is not None else ""
    return [f"! {place}{one.what}", f"  {one.do}"]


def _rule_lines(found: WorkspaceLedger) -> Iterator[str]:
    """Where rules overlap, decide nothing, name what is not in the portfolio, or were changed since the import."""
    if found.rules is None:
        yield say(da=f"Arbejdsmappen har ingen {RULES_FILE}.", en=f"The workspace has no {RULES_FILE}.")
        return
    for key in map(without_cpr, found.strangers):
        yield say(da=f"Reglerne nævner »{key}«, som ikke er en investering i porteføljen.",
                  en=f"The rules name “{key}”, which is no investment of the portfolio.")
    if found.use is None:
        yield say(da="Reglerne om tekst kan ikke efterprøves, for teksten er ikke gemt.",
                  en="The rules on text cannot be checked, because the text is not stored.")
        return
    yield from _use_lines(found.use)


def _use_lines(use: RuleUse) -> Iterator[str]:
    for one in use.overlaps:
        first, other = _named(one.decided), _named(one.also)
        rows, kroner = number(one.rows), _kroner(Amount(one.ore, CURRENT))
        yield say(
            da=f"Posteringer, der passer på både {first} og {other}, så den første gælder: {rows}, netto {kroner} kr.",
            en=f"Postings that fit both {first} and {other}, so that the first one holds: {rows}, net DKK {kroner}.")
    for rule in use.unused:
        yield say(da=f"Ingen posteringer afgøres af {_named(rule)}.", en=f"No posting is decided by {_named(rule)}.")
    if use.changed:
        rows = number(use.changed)
        yield say(
            da="Reglerne er ændret siden indlæsningen. Indlæs igen; posteringer, der så vil blive henført anderledes: "
               f"{rows}.",
            en=f"The rules were changed since the import. Import again; postings that will go elsewhere then: {rows}.")


def _named(rule: Rule) -> str:
    investment = without_cpr(rule.investment)
    return say(da=f"regel {rule.number} (linje {rule.line}, {investment})",
               en=f"rule {rule.number} (line {rule.line}, {investment})")


def _footnotes(found: WorkspaceLedger) -> Iterator[str]:
    years = [year for case in found.check.cases for year in case.years]
    yield say(da="Beløb i kr., løbende priser; udgift er positiv. Netto er dranst 1, dranst 2 og øvrigt; betalt er "
                 "netto uden dranst 2.",
              en="DKK, current prices; expenditure is positive. Net is dranst 1, dranst 2 and other; paid is net "
                 "without dranst 2.")
    if found.until is None:
        yield say(da="Der er ingen persondata; leveringen kendes ikke.",
                  en="There are no persons' data; the delivery is not known.")
    elif any(not year.complete for year in years):
        day = short_date(found.until)
        yield say(da=f"* Deltagerdata går til {day}; årets levering er ikke bedømt.",
                  en=f"* The participants' data go to {day}; the year's delivery is not judged.")
    without = ", ".join(case.number for case in found.check.cases if case.price is None and case.whole.weeks)
    if without:
        yield say(da=f"Leveret er tom for investering {without}: der er ingen aftalt pris pr. deltageruge i løbende "
                     "priser.",
                  en=f"Delivered is blank for investment {without}: no price per participant week is agreed in current "
                     "prices.")
    if any(year.adopted is not None and year.budget is None for year in years):
        yield say(da="Et budget i et andet prisniveau er ikke omregnet: skriv budget_index i ledger_rules.yaml.",
                  en="A budget of another price level was not converted: write budget_index in ledger_rules.yaml.")


def check_csv(found: WorkspaceLedger) -> str:
    """A row per investment and year, the whole last; decimal point, a blank is not known."""
    rows = ([case.key, *(_plain(values[name]) for name in YEAR[1:])]
            for case in found.check.cases for year in (*case.years, case.whole) for values in [_values(year)])
    return _csv(YEAR, rows)


def _values(year: LedgerYear) -> dict[str, Any]:
    level = None if year.adopted is None else year.adopted.level.key
    return {**{name: getattr(year, name) for name in YEAR[1:-1]}, "adopted_level": level}


def _plain(value: object) -> str:
    match value:
        case None:
            return ""
        case Amount():
            return f"{value.in_dkk:.2f}"
        case bool():
            return str(value).lower()
        case _:
            return str(value)


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().rstrip("\n")


def _harmless(cell: str) -> str:
    """A cell that begins like a formula would be run by the spreadsheet; a number may begin with its minus."""
    return f"'{cell}" if cell.startswith(("=", "+", "@")) or (cell[:1] == "-" and not cell[1:2].isdigit()) else cell


def check_json(found: WorkspaceLedger) -> str:
    """The reconciliation with its alarms and how the rules fare; amounts are texts, never rounded."""
    def tally(part: Tally) -> dict[str, object]:
        return {"rows": part.rows, "amount_dkk": _plain(part.amount)}

    check = found.check
    cases = [{
        "investment": case.key, "number": case.number, "title": case.title,
        "agreed_price": None if case.price is None else _plain(case.price),
        "years": [{name: _plain(value) if isinstance(value, Amount) else value
                   for name, value in _values(year).items()} for year in (*case.years, case.whole)],
    } for case in check.cases]
    return json.dumps({
        "portfolio": found.portfolio.key, "data_until": None if found.until is None else found.until.isoformat(),
        "terms": {"percent": str(check.terms.percent), "kroner": str(check.terms.kroner),
                  "budget_index": check.terms.budget_index},
        "postings": {name: tally(getattr(check, name))
                     for name in ("ledger", "matched", "ruled_out", "unmatched", "unknown")},
        "cases": cases,
        "alarms": [{"code": one.code, "investment": one.investment, "year": one.year, "what": one.what, "do": one.do}
                   for one in alarms(check)],
        "rules": None if found.rules is None else {
            "file": found.rules.name, "sha256": found.rules.sha256, "remarks": list(_rule_lines(found))},
    }, ensure_ascii=False, indent=1)


def loose_lines(found: Sequence[LoosePosting]) -> list[str]:
    """The postings of no investment by account, each account with its name and sum."""
    lines: list[str] = []
    groups: dict[tuple[str, str], list[LoosePosting]] = {}
    for one in found:
        groups.setdefault((one.account, one.investment), []).append(one)
    for (account, investment), several in groups.items():
        total = Amount(sum(one.amount.ore for one in several), several[0].amount.level)
        head = [printable(account) or say(da="uden konto", en="no account"), _name(several[-1])]
        head += [say(da=f"nævner »{investment}«", en=f"names “{investment}”")] if investment else []
        lines.append(f"{' – '.join(part for part in head if part)}: {number(len(several))} · {_kroner(total)} kr.")
        lines += _columns([[short_date(one.day), _kroner(one.amount)] for one in several], indent="  ")
    if not found:
        return [say(da="Alle posteringer er henført.", en="All postings are matched.")]
    whole = Amount(sum(one.amount.ore for one in found), found[0].amount.level)
    return [*lines, "", say(da=f"I alt {number(len(found))}, netto {_kroner(whole)} kr.",
                            en=f"In all {number(len(found))}, net DKK {_kroner(whole)}.")]


def _name(one: LoosePosting) -> str:
    return account_name(read_account(one.account) or Account(), one.day)


def loose_csv(found: Sequence[LoosePosting]) -> str:
    """A row per posting of no investment."""
    return _csv(LOOSE, ([printable(one.account), _name(one), one.day.isoformat(), one.investment, _plain(one.amount)]
                        for one in found))


def loose_json(found: Sequence[LoosePosting]) -> str:
    """The postings of no investment."""
    return json.dumps([{
        "account": printable(one.account), "name": _name(one), "date": one.day.isoformat(),
        "investment": one.investment or None, "amount_dkk": _plain(one.amount)} for one in found],
        ensure_ascii=False, indent=1)
