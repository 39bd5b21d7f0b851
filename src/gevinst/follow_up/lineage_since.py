"""The ladders of what changed since the latest published edition: what it was, what it is, and the parts by cause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figure_ids import figure_id
from gevinst.follow_up.lineage_words import kroner
from gevinst.follow_up.since_last import Change, SinceLast, Value, cause_name, not_stated
from gevinst.language import say, speaking
from gevinst.money import Amount, PriceLevel
from gevinst.trace import Step

SINCE = "since-last"


def since_id(change: Change) -> str:
    """The id of a change: that of the figure that changed, after `since-last`."""
    return figure_id(SINCE, change.figure)


def with_since_last(edition: Edition, since: SinceLast) -> Edition:
    """The edition with what changed since the latest published one, and a ladder for each total that did.

    These ladders are of two editions; running one of them again says nothing of them (`editions/rerun.py`).
    """
    with speaking(edition.language):
        ladders = dict(_ladders(since))
    return replace(edition, since_last=since, explanations={**edition.explanations, **ladders})


def _ladders(since: SinceLast) -> Iterator[tuple[str, Step]]:
    for change in since.changes:
        like = change.now or change.was
        if like is None or not change.figure.endswith("/total/outcome") or not change.comparable:
            continue
        yield since_id(change), Step(
            say(da=f"Ændring siden udgave {since.edition}: {change.figure}",
                en=f"Change since edition {since.edition}: {change.figure}"),
            _told(change.difference, like) if change.on_both else not_stated(),
            say(da="nu − sidst = Σ årsager", en="now − last time = Σ causes"),
            say(da="hver årsag byttes ud for sig, i fast orden, og alt regnes igen",
                en="each cause is exchanged by itself, in a fixed order, and all is computed again"),
            under=(*_ends(change, like), *_parts(change, like)), see=_now(change))


def _ends(change: Change, like: Value) -> Iterator[Step]:
    for words, value in ((say(da="sidst", en="last time"), change.was), (say(da="nu", en="now"), change.now)):
        yield Step(words, not_stated() if value is None else _told(value.number, like))


def _parts(change: Change, like: Value) -> Iterator[Step]:
    if not change.on_both:
        return
    for cause, part in change.parts.items():
        yield Step(cause_name(cause), _told(part, like))
    if change.unsplit:
        among = ", ".join(cause_name(cause) for cause in change.between)
        yield Step(say(da="kan ikke skilles ad", en="cannot be told apart"), _told(change.unsplit, like), source=among)


def _now(change: Change) -> tuple[str, ...]:
    """The figure as it is now, under the basis it has now."""
    return () if change.now is None else (f"{change.figure.removesuffix('/outcome')}/{change.now.basis}",)


def _told(value: Fraction, like: Value) -> str:
    return kroner(Amount.dkk(Decimal(value.numerator) / Decimal(value.denominator), PriceLevel.parse(like.level)))
