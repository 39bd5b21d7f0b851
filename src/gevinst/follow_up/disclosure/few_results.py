"""Results that rest on too few persons to be told at all: no figure of one to four persons' time on benefit is given.

An interval of few is as good as the figure: beside the printed curve of those they are compared with, the weeks of a
single person can be worked out from it. So it is taken away with everything that rests on it, before any of the
edition is built.
"""

from __future__ import annotations

from dataclasses import replace

from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.disclosure.counts import Counts, maybe_few
from gevinst.follow_up.disclosure.inventory import participants_key
from gevinst.language import say


def without_results_of_few(case: CaseResult, counts: Counts) -> CaseResult:
    """The case without the answers that rest on too few participants, and a note where the main method's is one.

    `counts` are those that may be printed.
    """
    if case.valued is None:
        return case
    valued, number = case.valued, case.investment.number
    few = {one for one in valued.study.effects if maybe_few(counts[f"{number}/{participants_key(one)}"])}
    if not few:
        return case
    study = replace(
        valued.study,
        effects={key: effect for key, effect in valued.study.effects.items() if key not in few},
        matched=None if "matched" in few else valued.study.matched,
    )
    savings = {key: saving for key, saving in valued.savings.items() if key not in few}
    kept = replace(valued, study=study, savings=savings, placebo=None if "matched" in few else valued.placebo)
    main = case.investment.protocol.headline in few
    return replace(case, valued=kept, few=main, notes=(*case.notes, _note(number, counts)) if main else case.notes)


def _note(number: str, counts: Counts) -> str:
    least = counts.rules.threshold
    return say(
        da=f"Investering {number}: resultatet er ikke vist. Det hviler på færre end {least} deltagere, eller på et "
           "skjult antal, der kan være det, og ville fortælle om de enkelte.",
        en=f"Investment {number}: the result is not shown. It rests on fewer than {least} participants, or on a hidden "
           "number that may be, and would tell of each of them.")
