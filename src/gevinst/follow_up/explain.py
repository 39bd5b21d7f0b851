"""The ladder behind each figure, kept with the edition so that it can be read without the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gevinst.economy.saving import explain_year, parameters_of
from gevinst.effects.estimate import EffectReplicates
from gevinst.effects.ladder import ESTIMATORS
from gevinst.effects.replicates import interval
from gevinst.effects.study import Study
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.disclosure.counts import Counts
from gevinst.follow_up.disclosure.inventory import comparison_key, participants_key
from gevinst.follow_up.disclosure.magnitudes import told_together
from gevinst.follow_up.disclosure.words import told
from gevinst.follow_up.figure_ids import figure_id
from gevinst.follow_up.figures import PORTFOLIO, Figure
from gevinst.follow_up.lineage_words import COMPUTED, whose
from gevinst.follow_up.panels import weakness_of
from gevinst.follow_up.table import FollowUp
from gevinst.language import number, say
from gevinst.money import Amount
from gevinst.register.business_case import Line
from gevinst.trace import Step


def explanations(
    tables: tuple[FollowUp, ...],
    total: FollowUp,
    cases: Sequence[CaseResult],
    minimum_participants: int = 1,
    counts: Counts | None = None,
) -> dict[str, Step]:
    """Steps by figure id, and by `<investment>/<year>` for the whole of a year.

    `2/2021` holds budget and outcome of investment 2 in 2021 and, where there are persons, what each estimator of
    the ladder computes for that year. Below `minimum_participants` no point claim is made: nothing is computed then.
    `counts` are those that may be printed, of the studies in `cases`.
    """
    found: dict[str, Step] = {}
    for table in (*tables, total):
        parts = tables if table.investment == PORTFOLIO else ()
        for year in table.years:
            steps = [
                figure_step(figure, lines, [_same(part, figure) for part in parts])
                for lines in (year.budget, year.outcome)
                for figure in lines.values()
            ]
            found.update(zip((f.id for part in (year.budget, year.outcome) for f in part.values()), steps, strict=True))
            computed = _computed(table.investment, year.year, cases, minimum_participants, counts or Counts())
            found.update((key, replace(step, label=_title(key, step), see=_see(key))) for key, step in computed.items())
            label = f"{table.title} {year.year}"
            shown = [
                found[figure.id]
                for lines in (year.budget, year.outcome)
                for figure in ([lines[Line.NET]] if Line.NET in lines else lines.values())
            ]
            found[f"{table.investment}/{year.year}"] = Step(label, "", under=(*shown, *computed.values()))
    return found


def _title(key: str, step: Step) -> str:
    """A title that can stand by itself: what was computed, of which investment, by which method."""
    investment, kind, *_ = key.split("/")
    if kind == "parameters":
        return step.label
    method = step.label.partition(": ")[2]
    return f"{step.under[0].label}{whose(investment)}: {method}"


def _see(key: str) -> tuple[str, ...]:
    """What the kroner of an estimator rest on; a year's parameters rest on nothing more."""
    investment, kind, *rest = key.split("/")
    if kind == "parameters":
        return ()
    estimator, year, _ = rest
    base = figure_id(investment, kind, estimator)
    return f"{base}/participants", f"{base}/comparison", figure_id(investment, "parameters", year), *COMPUTED


def figure_step(figure: Figure, lines: dict[Line, Figure], parts: list[Figure | None]) -> Step:
    """One figure: what it is, what it was added from, and where it was stated."""
    label = f"{_line_name(figure.line)} {figure.year or ''}, {_basis_name(figure)}".strip()
    if figure.line is Line.NET:
        under = tuple(figure_step(lines[line], lines, []) for line in (Line.INVESTMENT, Line.SAVING))
        return Step(label, _kroner(figure.amount), say(da="A + B", en="A + B"), under=under)
    added = tuple(figure_step(part, {}, []) for part in parts if part is not None)
    if added:
        return Step(label, _kroner(figure.amount), say(da="Σ investeringer", en="Σ investments"), under=added)
    kind = say(da="indtastet", en="recorded") if figure.source == "recorded" else say(da="beregnet", en="computed")
    return Step(label, _kroner(figure.amount), kind, figure.cited)


def _computed(
    investment: str, year: int, cases: Sequence[CaseResult], minimum_participants: int, counts: Counts
) -> dict[str, Step]:
    """What each estimator computes for the year, and the parameters it rests on, by figure id."""
    steps = dict[str, Step]()
    for case in cases:
        if case.investment.number != investment or case.valued is None:
            continue
        shown = {}
        for key, estimator in ESTIMATORS.items():
            effect, saving = case.valued.study.effects.get(key), case.valued.savings.get(key)
            if effect is None or saving is None or not saving.shown or year not in effect.years:
                continue
            if case.assured(effect) < minimum_participants:
                continue
            shown[key] = saving
            ladder = explain_year(
                effect,
                saving,
                year,
                counted=_counted(investment, effect, counts),
                together=_together(investment, effect, year, case.valued.study, counts),
            )
            found = interval(saving.net[:, effect.years.index(year)])
            span = "" if found.low is None or found.high is None else f"[{number(found.low)}; {number(found.high)}]"
            name = say(da=f"Beregnet på borgerforløb: {estimator.name}", en=f"Computed from persons: {estimator.name}")
            main = key == case.investment.protocol.headline
            headline = say(da=" (hovedmetode)", en=" (main method)") if main else ""
            steps[figure_id(investment, "effect", key, year, "net")] = Step(
                f"{name}{headline}",
                f"{ladder.value} {span}".strip(),
                source=weakness_of(case.investment, estimator),
                under=(ladder,),
            )
        if steps:
            steps[figure_id(investment, "parameters", year)] = parameters_of(shown.values(), year)
    return steps


def _counted(investment: str, effect: EffectReplicates, counts: Counts) -> str:
    """How many the effect rests on, as it may be printed."""
    least = counts.rules.threshold
    participants = told(counts[f"{investment}/{participants_key(effect.estimator)}"], least)
    if not effect.comparison:
        return say(
            da=f"{participants} deltagere; sammenligning: offentliggjort kurve",
            en=f"{participants} participants; comparison: published curve",
        )
    beside = told(counts[f"{investment}/{comparison_key(effect.estimator)}"], least)
    return say(
        da=f"{participants} deltagere; sammenligning: {beside} forløb",
        en=f"{participants} participants; comparison: {beside} trials",
    )


def _together(investment: str, effect: EffectReplicates, year: int, study: Study, counts: Counts) -> frozenset[int]:
    """The cells whose weeks are not told one by one: of too few, or telling of them beside another estimator."""
    mine = participants_key(effect.estimator)
    if not isinstance(counts[f"{investment}/{mine}"], int):
        return frozenset(range(len(effect.cells)))
    others = [one for name, one in study.effects.items() if participants_key(name) != mine]
    beside = others[0] if effect.estimator == "matched" and others else None
    return told_together(effect, year, counts.rules, beside)


def _same(table: FollowUp, figure: Figure) -> Figure | None:
    for year in table.years:
        if year.year == figure.year:
            return (year.budget if figure.basis == "budget" else year.outcome).get(figure.line)
    return None


def _line_name(line: Line) -> str:
    return {
        Line.INVESTMENT: say(da="Investering i indsats (A)", en="Investment (A)"),
        Line.SAVING: say(da="Besparelse på forsørgelse (B)", en="Saving on benefits (B)"),
        Line.NET: say(da="I alt (A+B)", en="Net (A+B)"),
    }[line]


def _basis_name(figure: Figure) -> str:
    return {
        "budget": say(da="budget", en="budget"),
        "realised": say(da="resultat", en="result"),
        "expected": say(da="forventet", en="expected"),
    }[figure.basis]


def _kroner(amount: Amount) -> str:
    return say(da=f"{number(amount.in_dkk)} kr. ({amount.level})", en=f"DKK {number(amount.in_dkk)} ({amount.level})")
