"""Which counts of the data-quality report may be shown, and the report of them.

What is over a limit is told with its count and what it is a count of, which may be counted elsewhere too. Where so few
are behind it that it is hidden, the verdict is the mildest that any such few could have had: it does not tell how many.
Months are bound to each other by the spells that begin and end between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from gevinst.effects.study import Study
from gevinst.follow_up.disclosure.cells import Cell, Relation, System, united
from gevinst.follow_up.disclosure.counts import Counts, Hidden
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.parameters.quality_rules import QualityRule
from gevinst.register.data_quality import (
    DataQuality,
    Finding,
    LagPoint,
    Measured,
    Month,
    MonthCount,
    Outcome,
    QualityMeasures,
    Verdict,
    verdict_of,
    worst,
)
from gevinst.register.data_quality_measures import ALL, WITH_SPELLS
from gevinst.register.data_quality_report import rejects_key

FLOWS = ("starts", "ends")
SHARE_FIGURES = 3  # of the shares that were known in time
NEAR = 0.05  # a value that is made of its count, as far as that is a whole number


def of_quality(found: QualityMeasures | None, rules: Rules, *, flows: bool = False) -> System:
    """The counts of the report. `flows`: persons, spells begun and ended by month are told too, not full-time alone."""
    if found is None:
        return System()
    told = [(rule, one) for rule, measured in found.measured for one in measured
            if one.personal and _verdict(rule, one, rules) is not Verdict.OK]
    told.sort(key=lambda pair: not _few(pair[1], rules))  # what one finding prints is printed
    return united((*_populations(found), *_files(found), *(_months(found, rules) if flows else ()),
                   *(_of_finding(rule, one, rules) for rule, one in told)))


def starts_bound(found: QualityMeasures | None, studies: Mapping[str, Study]) -> System:
    """Participations in the register's time are those registered without those before and after it."""
    relations = []
    counted = {one.population: one.of for _, measured in (found.measured if found else ()) for one in measured}
    for number, study in studies.items():
        key = f"quality/participants/{study.design.investment}"
        outside = ("starts_after_horizon", "starts_before_register")
        registered = sum(study.left_out.values()) + study.participants
        if key in counted and counted[key] == registered - sum(study.left_out.get(reason, 0) for reason in outside):
            relations.append(Relation(f"{number}/registered", (
                key, *(f"{number}/left_out/{reason}" for reason in outside))))
    cells = tuple(Cell(one.parts[0], counted[one.parts[0]], printed=False) for one in relations)
    return System(cells, tuple(relations))


def quality_shown(found: QualityMeasures, counts: Counts, *, flows: bool = False) -> DataQuality:
    """The report as it may be shown."""
    rules = counts.rules
    return DataQuality(
        snapshot=found.snapshot, taken=found.taken, data_from=found.data_from, data_to=found.data_to,
        outcomes=tuple(_outcome(rule, measured, counts) for rule, measured in found.measured),
        months=tuple(_month(one, found, counts, flows=flows) for one in found.months), breaks=found.breaks,
        lag=tuple(LagPoint(weeks, round(1 - late / known, SHARE_FIGURES)) for weeks, late, known in found.late
                  if known and not rules.is_small(late) and not rules.is_small(known - late)),
        smallest=rules.threshold, names=found.names)


# What is over a limit


def _key(rule: QualityRule, one: Measured) -> str:
    return one.counted or "/".join(("quality", rule.key, *one.subject, "count"))


def _whole_key(rule: QualityRule, one: Measured) -> str:
    return one.population or "/".join(("quality", rule.key, *one.subject, "of"))


def _few(one: Measured, rules: Rules) -> bool:
    """Whether it rests on too few, is of too few, or leaves too few."""
    return one.personal and (rules.is_small(one.count) or rules.is_small(one.of)
                             or (one.part and rules.is_small(one.of - one.count)))


def _verdict(rule: QualityRule, one: Measured, rules: Rules) -> Verdict:
    """The verdict; of too few, the mildest that so few could have had."""
    if one.of < rule.at_least:
        return Verdict.OK
    if not _few(one, rules):
        return verdict_of(rule, one.value)
    value_at = one.value_at or (lambda count: count / one.of)
    few = range(0 if rules.zeros else 1, rules.threshold)
    could: Iterable[int] = few
    if not rules.is_small(one.count):
        could = [one.of - left for left in few] if one.part else [one.count]
    return verdict_of(rule, min(value_at(count) for count in could))


def _of_finding(rule: QualityRule, one: Measured, rules: Rules) -> System:
    """A finding's count and what it is of. Where it rests on few, no more than that is told of it."""
    few = _few(one, rules)
    cell = Cell(_key(rule, one), one.count, not few or rules.is_small(one.count), grows=False)
    if not one.part:
        return System((cell,))
    whole = Cell(_whole_key(rule, one), one.of, not few, grows=False)
    rest = Cell(f"{cell.key}/rest", one.of - one.count, printed=False, grows=False)
    return System((cell, whole, rest), (Relation(whole.key, (cell.key, rest.key)),))


def _populations(found: QualityMeasures) -> Iterator[System]:
    """How what is counted of is bound: running spells among all, persons with spells and with a row."""
    of = {one.population: one.of for _, measured in found.measured for one in measured if one.population}
    missing = {one.population: (_key(rule, one), one.count) for rule, measured in found.measured for one in measured
               if rule.key in ("spells-without-persons", "persons-without-spells")}

    def part(whole: str, inner: str, key: str) -> System:
        cells = (Cell(whole, of[whole], printed=False), Cell(inner, of[inner], printed=False),
                 Cell(key, of[whole] - of[inner], printed=False))
        return System(cells, (Relation(whole, (inner, key)),))

    for key in of:
        running = key.replace("/spells/", "/running/")
        if running in of and running != key:
            yield part(key, running, f"{key}/ended")
        if key.startswith("quality/persons/with/") and ALL in of:
            lacking = key.replace("/with/", "/without/")
            yield part(ALL, key, lacking)
    if {ALL, WITH_SPELLS} <= missing.keys() and of[ALL] - missing[ALL][1] == of[WITH_SPELLS] - missing[WITH_SPELLS][1]:
        both = Cell("quality/persons/both", of[ALL] - missing[ALL][1], printed=False)
        cells = [both]
        for whole in (ALL, WITH_SPELLS):
            cells += [Cell(whole, of[whole], printed=False), Cell(*missing[whole], printed=False)]
        yield System(tuple(cells), tuple(Relation(whole, (both.key, missing[whole][0]))
                                         for whole in (ALL, WITH_SPELLS)))


def _files(found: QualityMeasures) -> Iterator[System]:
    """The rows of each file that were rejected are those of all reasons together."""
    for name, _, reasons in found.files:
        cells = [Cell(rejects_key(name, code), n, printed=False, grows=False) for code, n in reasons]
        whole = Cell(f"file/{name}/rejected", sum(cell.value for cell in cells), printed=False, grows=False)
        yield System((whole, *cells), (Relation(whole.key, tuple(cell.key for cell in cells)),) if cells else ())


def _outcome(rule: QualityRule, measured: tuple[Measured, ...], counts: Counts) -> Outcome:
    enough = [one for one in measured if one.of >= rule.at_least]
    findings = []
    for one in sorted(enough, key=lambda one: (-one.value, one.subject)):
        verdict = _verdict(rule, one, counts.rules)
        if verdict is not Verdict.OK:
            findings.append(_finding(rule, one, verdict, counts))
    findings.sort(key=lambda one: one.hidden)  # not by how far those are over the limit that are of few
    verdicts = [Verdict.OK] * bool(enough) + [one.verdict for one in findings]
    return Outcome(rule, worst(verdicts), len(enough), tuple(findings))


def _finding(rule: QualityRule, one: Measured, verdict: Verdict, counts: Counts) -> Finding:
    hidden = Finding(rule.key, one.subject, None, None, None, verdict)
    if _few(one, counts.rules):
        return hidden
    if not one.personal:
        return Finding(rule.key, one.subject, one.value, one.count, one.of, verdict)
    count = counts[_key(rule, one)]
    of = counts[_whole_key(rule, one)] if one.part else counts.rules.printed(one.of)
    if isinstance(count, Hidden) or isinstance(of, Hidden):
        return hidden
    return Finding(rule.key, one.subject, _value(one, count, of), count, of, verdict)


def _value(one: Measured, count: int, of: int) -> float:
    """The value of the counts as they are told, which may be rounded."""
    if (count, of) == (one.count, one.of):
        return one.value
    if one.part:
        return count / of
    if one.value_at is not None and abs(one.value_at(one.count) - one.value) < NEAR:
        return one.value_at(count)
    return round(one.value, SHARE_FIGURES)


# Months


def _months(found: QualityMeasures, rules: Rules) -> Iterator[System]:
    """Who is there in a month, and who began in the next, are who is there then, and who ended in this one."""
    for benefit in dict.fromkeys(one.benefit for one in found.months):
        mine = [one for one in found.months if one.benefit == benefit]
        cells = [Cell(one.key("active"), one.persons, grows=False) for one in mine]
        relations = []
        if _flows_told(mine, rules):
            cells += [Cell(one.key(flow), one.count(flow), grows=False) for one in mine for flow in FLOWS]
            for before, after in pairwise(mine):
                if before.persons + after.starts == after.persons + before.ends:
                    either = Cell(f"{before.key('active')}/or-next", before.persons + after.starts, printed=False,
                                  sensitive=False)
                    cells.append(either)
                    relations += [Relation(either.key, (before.key("active"), after.key("starts"))),
                                  Relation(either.key, (after.key("active"), before.key("ends")))]
        yield System(tuple(cells), tuple(relations))


def _flows_told(months: list[Month], rules: Rules) -> bool:
    """Whether starts and ends are told: not of a benefit on which few begin or end in any month."""
    return not any(rules.is_small(one.count(flow)) for one in months for flow in FLOWS)


def _month(one: Month, found: QualityMeasures, counts: Counts, *, flows: bool) -> MonthCount:
    """A month; full-time persons where the number of persons may be told, the other counts where `flows` says so."""
    def told(measure: str) -> int | None:
        count = counts.shown.get(one.key(measure), Hidden.PROTECTS)
        return None if isinstance(count, Hidden) or not flows else count

    enough = told("active") is not None if flows else not counts.rules.is_small(one.persons)
    full_time = one.full_time if counts.rules.rounding < 2 else float(counts.rules.printed(round(one.full_time)))
    return MonthCount(one.benefit, one.month, told("active"), round(full_time, 1) if enough else None, told("starts"),
                      told("ends"), found.published.get((one.benefit, one.month)))
