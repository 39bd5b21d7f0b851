"""Every count of persons that an edition shows, by name, and how the counts are bound to each other.

The names are the only way to a count: a builder that asks for one that is not here gets a `KeyError`. What each is, and
where it is printed, stands in `docs/method/disclosure.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from gevinst.curves.curve import Curve
from gevinst.effects.matched_study import MatchedFindings
from gevinst.effects.study import Study
from gevinst.follow_up.disclosure.cells import Cell, Relation, System, united
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.reasons import LEFT_OUT

ELSEWHERE = "credited_elsewhere"
SAME_COUNT = {"target_group": "target_group", "rest_of_target_group": "rest"}
"""Estimators whose comparison is a group that is counted anyway."""
IN_CURVES = 3.0  # a count that a whole curve rests on is dearer to hide: the curve would go with it


GROUPS = ("participants", "rest")
"""Whose curves are shown, in the order of `Study.curves`."""


def comparison_key(estimator: str) -> str:
    """The name of the count that an estimator's comparison rests on, without its investment."""
    return SAME_COUNT.get(estimator, f"comparison/{estimator}")


def participants_key(estimator: str) -> str:
    """The name of the count of participants that an estimator's answer rests on, without its investment."""
    return "in_effect" if estimator == "matched" else "participants"


def inventory(
    studies: Mapping[str, Study],
    rules: Rules,
    counted_once: Sequence[str] = (),
    files: Iterable[tuple[str, int, int]] = (),
) -> System:
    """All counts: those of each study by its investment's number, of them together, and of the files' rows.

    `counted_once` are the investments whose participants the portfolio's effect is of; `files` are (name, rows,
    rejected) of those that hold persons.
    """
    return united((
        *(of_study(number, study, rules) for number, study in studies.items()),
        _across(studies),
        _portfolio(studies, counted_once),
        *(_of_file(*file) for file in files),
    ))


def of_study(number: str, study: Study, rules: Rules) -> System:
    """The counts of one investment."""
    n = f"{number}/"
    lost = [Cell(f"{n}left_out/{reason}", study.left_out.get(reason, 0)) for reason in LEFT_OUT]
    registered = sum(cell.value for cell in lost) + study.participants
    cells = [
        Cell(f"{n}registered", registered, loss=1.0),
        *lost,
        Cell(f"{n}participants", study.participants, loss=IN_CURVES * study.participants),
        Cell(f"{n}target_group", study.target_group),
    ]
    relations = [Relation(f"{n}registered", (*(cell.key for cell in lost), f"{n}participants"))]
    for name, effect in study.effects.items():
        if name not in SAME_COUNT and effect.comparison:
            cells.append(Cell(f"{n}{comparison_key(name)}", effect.comparison))
    rest = _size(number, study, "rest")
    if rest is not None:
        cells.append(Cell(f"{n}rest", rest, loss=IN_CURVES * rest))
        cells.append(Cell(f"{n}target_group/took_part", study.target_group - rest, printed=False))
        relations.append(Relation(f"{n}target_group", (f"{n}rest", f"{n}target_group/took_part")))
    adjusted = tuple(f"{n}{key}" for key in ("comparison/cycle_adjusted", "comparison/baseline", "rest"))
    if {*adjusted} <= {cell.key for cell in cells}:
        relations.append(Relation(adjusted[0], adjusted[1:]))
    own = System(tuple(cells), tuple(relations))
    return own if study.matched is None else united((own, _of_matched(n, study.participants, study.matched, rules)))


def step_groups(findings: MatchedFindings, rules: Rules) -> list[tuple[str, tuple[str, ...], int]]:
    """The steps of the matching as they are counted: the name of the count, the steps, and how many were matched.

    A step at which too few were matched is counted with the next one, or with the one before.
    """
    counted: dict[str, int] = {}
    for step, count in zip(findings.steps, findings.by_step, strict=True):
        counted[step] = counted.get(step, 0) + count
    groups: list[tuple[tuple[str, ...], int]] = []
    for step, count in counted.items():
        if count and groups and rules.is_small(groups[-1][1]):
            groups[-1] = (*groups[-1][0], step), groups[-1][1] + count
        elif count:
            groups.append(((step,), count))
    if len(groups) > 1 and rules.is_small(groups[-1][1]):
        (last, more), (before, count) = groups.pop(), groups.pop()
        groups.append(((*before, *last), count + more))
    return [("step/" + "+".join(steps), steps, count) for steps, count in groups]


def _of_matched(n: str, participants: int, findings: MatchedFindings, rules: Rules) -> System:
    """The counts of the matched comparison: participants left out of it, its steps, its checks, its comparators."""
    used, persons, trials = findings.effect.participants, findings.weights.persons, findings.weights.trials
    kept = [Cell(f"{n}in_effect", used), Cell(f"{n}outside_support", findings.unmatched)]
    cells, relations = list(kept), list[Relation]()
    rest = participants - used - findings.unmatched
    if rest >= 0:  # where there is no such group the flow shows none, and nobody thinks of one
        other = [Cell(f"{n}not_compared", rest, printed=False)] if rest else []
        cells += other
        relations.append(Relation(f"{n}participants", tuple(cell.key for cell in (*kept, *other))))
    steps = [(f"{n}{name}", count) for name, _, count in step_groups(findings, rules)]
    cells += [Cell(*step) for step in steps]
    if steps and sum(count for _, count in steps) == used:
        relations.append(Relation(f"{n}in_effect", tuple(name for name, _ in steps)))
    cells += [
        Cell(f"{n}candidates", findings.candidates, loss=1.0),
        Cell(f"{n}compared", persons),
        Cell(f"{n}unlike", findings.candidates - persons, loss=2.0),
        Cell(f"{n}comparison/matched", trials),
        Cell(f"{n}repeated", trials - persons, printed=False, sensitive=False),  # comparisons, not persons
    ]
    relations += [
        Relation(f"{n}candidates", (f"{n}compared", f"{n}unlike")),
        Relation(f"{n}comparison/matched", (f"{n}compared", f"{n}repeated")),
    ]
    drawn = 0 if findings.placebo is None else findings.placebo.participants
    before = findings.pre_period_participants
    for kind, count, told in (("pseudo_participants", drawn, False), ("pre_period", before, True)):
        cells.append(Cell(f"{n}placebo/{kind}", count))
        if 0 < count <= used:  # who has no stand-in tells of nobody; who was not there three years before does
            cells.append(Cell(f"{n}placebo/{kind}/without", used - count, printed=False, sensitive=told))
            relations.append(Relation(f"{n}in_effect", (f"{n}placebo/{kind}", f"{n}placebo/{kind}/without")))
    chosen = tuple(replace(cell, grows=False) for cell in cells)  # a model chooses them anew in each edition
    return System(chosen, tuple(relations))


def named_curves(number: str, study: Study) -> dict[str, Curve]:
    """The study's curves by investment, outcome and group; the same benefit before any support."""
    found: dict[str, Curve] = {}
    for outcome in ("same", "any"):
        group = [curve for curve in study.curves if curve.outcome == outcome]
        found |= {f"{number}/{outcome}/{name}": curve for name, curve in zip(GROUPS, group, strict=False)}
    return found


def _across(studies: Mapping[str, Study]) -> System:
    """Target groups of one benefit lie within each other where their periods do."""
    cells: list[Cell] = []
    relations: list[Relation] = []
    for pair in combinations(studies, 2):
        for outer, inner in (pair, pair[::-1]):
            for part in _within(studies[outer], studies[inner]):
                more = (_size(outer, studies[outer], part) or 0) - (_size(inner, studies[inner], part) or 0)
                between = Cell(f"{outer}/{part}/beyond/{inner}", more, printed=False)
                if between.value >= 0:
                    cells.append(between)
                    relations.append(Relation(f"{outer}/{part}", (f"{inner}/{part}", between.key)))
    return System(tuple(cells), tuple(relations))


def _within(outer: Study, inner: Study) -> Iterator[str]:
    """The groups of `inner` that are part of the same group of `outer`."""
    wide, narrow = outer.design, inner.design
    if (wide.benefit, wide.new_after) != (narrow.benefit, narrow.new_after):
        return
    if wide.first_day <= narrow.first_day and narrow.last_day <= wide.last_day:
        yield "target_group"
        if None not in (_size("", outer, "rest"), _size("", inner, "rest")):
            yield "rest"


def _size(number: str, study: Study, part: str) -> int | None:
    """The number of the target group, or of its rest where that is counted."""
    if part == "target_group":
        return study.target_group
    if "rest_of_target_group" in study.effects:
        return study.effects["rest_of_target_group"].comparison
    curve = named_curves(number, study).get(f"{number}/same/rest")
    return None if curve is None else curve.trials


def _portfolio(studies: Mapping[str, Study], counted_once: Sequence[str]) -> System:
    """Those who took part in a second investment, over the investments together."""
    parts = [number for number in counted_once if number in studies]
    if not parts:
        return System()
    elsewhere = sum(studies[number].left_out.get(ELSEWHERE, 0) for number in parts)
    whole = Cell("portfolio/counted_once", elsewhere, loss=1.0)
    return System((whole,), (Relation(whole.key, tuple(f"{number}/left_out/{ELSEWHERE}" for number in parts)),))


def _of_file(name: str, rows: int, rejected: int) -> System:
    """The rows of a file of persons: a row is taken to be of one."""
    n = f"file/{name}/"
    counted = {"rows": rows, "accepted": rows - rejected, "rejected": rejected}
    cells = tuple(Cell(f"{n}{name}", count, grows=False) for name, count in counted.items())  # files are replaced whole
    return System(cells, (Relation(f"{n}rows", (f"{n}accepted", f"{n}rejected")),))
