"""The register of every figure a memo prints: its id, and the ladder that says how it came about.

`edition.explanations` holds a ladder for each id of `docs/figures-schema.md`, and for `<investment>/<year>`. Everything
in it is made from the edition, so nothing stands in a ladder that has not passed the publication door: a hidden count
is its sign there, too. What most figures rest on (files with fingerprints, parameters, the run) is told once and
pointed to (`Step.see`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figure_ids import nearest
from gevinst.follow_up.figures import PORTFOLIO
from gevinst.follow_up.lineage_checks import check_ladders
from gevinst.follow_up.lineage_curves import curve_ladders
from gevinst.follow_up.lineage_details import detail_ladders
from gevinst.follow_up.lineage_effects import effect_ladders
from gevinst.follow_up.lineage_recorded import recorded_ladders, with_sources
from gevinst.follow_up.lineage_words import FILES, INTERVAL, PARAMETERS, RUN, interval_ladder, whose
from gevinst.language import say, speaking
from gevinst.trace import Step


def with_lineage(edition: Edition) -> Edition:
    """The edition with a ladder for every figure it can print. A ladder that is there already is kept."""
    with speaking(edition.language):
        found = {INTERVAL: interval_ladder(edition)} if edition.replicates else dict[str, Step]()
        for key, step in chain(effect_ladders(edition), detail_ladders(edition), curve_ladders(edition),
                               recorded_ladders(edition), check_ladders(edition)):
            found.setdefault(key, step)
        found = with_sources({**found, **edition.explanations}, edition)
        return replace(edition, explanations={
            key: replace(_titled(key, step), see=_known(step, found)) for key, step in found.items()})


def _known(step: Step, ladders: Mapping[str, Step]) -> tuple[str, ...]:
    """Of what a ladder rests on, that which the edition has."""
    return tuple(one for one in step.see if one in (FILES, RUN, PARAMETERS) or nearest(one, ladders))


def _titled(key: str, step: Step) -> Step:
    """The ladder with investment and year in its title, where the words of a table's row left them out."""
    first, kind, *rest = (*key.split("/"), "", "")
    label = step.label
    if not kind or not (first.isdigit() or first == PORTFOLIO) or kind.isdigit():
        return step
    year = next((part for part in rest if len(part) == 4 and part.isdigit()), "")
    if year and year not in label:
        label = f"{label} {year}"
    who = say(da=", alle investeringer", en=", all investments") if first == PORTFOLIO else whose(first)
    named = say(da="investeringer", en="investments") in label.lower() if first == PORTFOLIO else who in label
    return replace(step, label=label if named else f"{label}{who}")
