"""What earlier editions foresaw and what later ones found, read from the files they wrote."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from gevinst.checksums import differing, read_sums
from gevinst.editions.states import Found, with_own_sums
from gevinst.errors import GevinstError
from gevinst.follow_up.figures import Figure
from gevinst.follow_up.forecast import LEVELS
from gevinst.follow_up.score_card import Outcome, Said, ScoreCard, score_card
from gevinst.money import Amount, PriceLevel
from gevinst.publish import EFFECTS, FIGURES
from gevinst.register.business_case import Basis, Line
from gevinst.register.edition_log import EditionRecord

Rows = Sequence[Mapping[str, Any]]


def card_of(editions: Iterable[Found], *, drafts: bool = False) -> ScoreCard:
    """The score card of a portfolio's editions, in the order they were made.

    Published ones, with `drafts` the others too; one that was corrected is left out for its correction. The outcome of
    a year is the newest edition's; an edition is not scored against itself. Raises `edition.damaged` and
    `edition.unreadable`.
    """
    taken = list(_chosen(editions, drafts=drafts))
    read = [(record, *_files(found)) for found, record in taken]
    outcomes = {(one.investment, one.year): one for record, figures, _ in read for one in outcomes_in(record, figures)}
    said = [one for record, figures, numbers in read for one in said_in(record, figures, numbers)]
    return score_card(said, outcomes.values())


def _chosen(editions: Iterable[Found], *, drafts: bool) -> Iterable[tuple[Found, EditionRecord]]:
    kept = [(one, one.record) for one in editions
            if one.record is not None and (drafts or one.record.state == "published")]
    corrected = {record.corrects for _, record in kept if record.corrects}
    return ((one, record) for one, record in kept if record.key not in corrected)


def _files(found: Found) -> tuple[Rows, Mapping[str, Any]]:
    """The figures and the numbers of an edition, as it left them: by its own list of checksums, and by the record's."""
    folder = with_own_sums(found).folder
    try:
        wrong = [name for name in differing(folder, read_sums(folder)) if name in (FIGURES, EFFECTS)]
        if wrong:
            raise GevinstError("edition.damaged", where=str(folder), edition=folder.name, files=", ".join(wrong))
        figures, effects = (json.loads((folder / name).read_text(encoding="utf-8")) for name in (FIGURES, EFFECTS))
        return figures["figures"], effects["numbers"]
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise GevinstError("edition.unreadable", where=str(folder), edition=folder.name) from fault


def said_in(record: EditionRecord, figures: Rows, numbers: Mapping[str, Any]) -> list[Said]:
    """What an edition expected of savings: recorded in its tables, and computed by its forecasts."""
    found = [
        Said(record.key, record.memo_date, one["investment"], one["year"], float(one["value"]),
             PriceLevel.parse(one["price_level"]), "recorded")
        for one in figures
        if _is_saving(one) and one["basis"] == "expected" and one["source"] == "recorded"
    ]
    current = PriceLevel(None)
    for name, number in numbers.items():
        parts = name.split("/")
        if parts[0] != "forecast" or parts[-1] != "estimate":
            continue
        _, investment, rule, year, _ = parts
        stem = name.removesuffix("/estimate")
        bounds = tuple((level, numbers[f"{stem}/low{level}"], numbers[f"{stem}/high{level}"]) for level in LEVELS
                       if numbers.get(f"{stem}/low{level}") is not None)
        found.append(Said(record.key, record.memo_date, investment, int(year), number, current, "computed", rule,
                          bounds))  # fmt: skip
    return found


def outcomes_in(record: EditionRecord, figures: Rows) -> list[Outcome]:
    """The results that an edition has of savings."""
    return [
        Outcome(record.key, one["investment"], one["year"], float(one["value"]), PriceLevel.parse(one["price_level"]),
                "computed" if one["source"] == "computed" else "recorded")
        for one in figures if _is_saving(one) and one["basis"] == "realised"
    ]  # fmt: skip


def computed_savings(found: Found) -> dict[str, list[Figure]]:
    """The savings an edition computed as results, by investment number. Raises as `card_of`."""
    figures, _ = _files(found)
    computed: dict[str, list[Figure]] = {}
    for one in figures:
        if _is_saving(one) and one["basis"] == "realised" and one["source"] == "computed":
            amount = Amount.dkk(Decimal(repr(one["value"])), PriceLevel.parse(one["price_level"]))
            computed.setdefault(one["investment"], []).append(
                Figure(one["investment"], Line.SAVING, one["year"], Basis.REALISED, amount, "computed", one["cited"]))
    return computed


def _is_saving(figure: Mapping[str, Any]) -> bool:
    """A saving of one investment in one year, as the follow-up table has it."""
    return figure["line"] == "saving" and figure["year"] is not None and not figure.get("derived") and (
        figure["investment"] != "portfolio")
