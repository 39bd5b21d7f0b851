"""Breaks in the definitions: days from which a series does not mean what it meant before, as dated objects.

A break says whom it touches (benefits, sources, measures), and how what was before is read after it: each old key is
carried forward into one or more new keys, with the share that went there. Charts draw the breaks they cross; cohorts
carry the benefits forward (`cohorts/carried.py`), so that a reform that renames a benefit is no exit from it.

National breaks are `data/definition_breaks.yaml`. A workspace adds its own, or says one otherwise, with a file of the
same name and form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from gevinst.language import say, short_date
from gevinst.parameters.confidence import Confidence, read_confidence
from gevinst.parameters.marked_yaml import Node, read

FILE = Path(__file__).parent / "data" / "definition_breaks.yaml"
Measure = Literal["counts", "spells", "curves", "amounts"]
MEASURES: tuple[Measure, ...] = ("counts", "spells", "curves", "amounts")
REGISTER, JOBINDSATS = "register", "jobindsats"
KINDS = ("benefits", "target_groups")
_REQUIRED = ("label", "da", "en", "source")
_OPTIONAL = ("day", "benefits", "sources", "measures", "carry", "confidence", "verified")


@dataclass(frozen=True)
class Carried:
    """From the break on, `share` of what was `before` is `after`."""

    before: str
    after: str
    share: Decimal = Decimal(1)


@dataclass(frozen=True)
class DefinitionBreak:
    """The first day on which a series means something else than before.

    `day` is `None` where no public source gives it: the break is then listed, but neither drawn nor applied.
    `benefits`, `sources` and `measures` are what it touches; an empty one means all. `carried_benefits` and
    `carried_groups` are how old benefits and target groups are read from the day on.
    """

    key: str
    day: date | None
    benefits: tuple[str, ...]
    sources: tuple[str, ...]
    measures: tuple[str, ...]
    label_da: str
    label_en: str
    da: str
    en: str
    source: str
    confidence: Confidence
    carried_benefits: tuple[Carried, ...] = ()
    carried_groups: tuple[Carried, ...] = ()
    local: bool = False

    @property
    def label(self) -> str:
        """A few words for a chart, in the language spoken now."""
        return say(da=self.label_da, en=self.label_en)

    @property
    def text(self) -> str:
        """What changed, in the language spoken now; marked where it is not verified."""
        said = say(da=self.da, en=self.en)
        if self.confidence.verified:
            return said
        return f"{said} ({say(da='ikke verificeret', en='not verified')}: {self.confidence.text})"

    @property
    def dated_text(self) -> str:
        """The day and what changed, for a note under a chart."""
        return self.text if self.day is None else f"{short_date(self.day)}: {self.text}"

    def touches(self, *, benefit: str | None = None, source: str | None = None, measure: Measure | None = None) -> bool:
        """Whether it is about this benefit, source and measure; what is not given is not asked."""
        return ((benefit is None or not self.benefits or benefit in self.benefits)
                and (source is None or not self.sources or source in self.sources)
                and (measure is None or not self.measures or measure in self.measures))


def read_breaks(path: Path, *, local: bool = False) -> dict[str, DefinitionBreak]:
    """The breaks of one file by key, in its order.

    Raises the file errors of `marked_yaml`, `parameters.break-measure`, `parameters.break-shares` (the shares that a
    key went into are not 1 together, or one is not above 0) and `parameters.break-chain` (a key is carried into one
    that the same break carries away).
    """
    return {key: _break(key, node, local=local) for key, node in read(path).mapping().items()}


def _break(key: str, node: Node, *, local: bool) -> DefinitionBreak:
    given = {name: one for name, one in node.mapping(_REQUIRED, _OPTIONAL).items() if not one.empty}
    label = given["label"].mapping(("da", "en"), ())
    lists = {name: tuple(one.text() for one in given[name].items()) if name in given else ()
             for name in ("benefits", "sources", "measures")}
    for measure in lists["measures"]:
        if measure not in MEASURES:
            raise given["measures"].fault("parameters.break-measure", key=key, measure=measure,
                                          allowed=", ".join(MEASURES))
    carry = given["carry"].mapping((), KINDS) if "carry" in given else {}
    return DefinitionBreak(
        key=key, day=given["day"].day() if "day" in given else None, **lists,
        label_da=label["da"].text(), label_en=label["en"].text(), da=given["da"].text(), en=given["en"].text(),
        source=given["source"].text(), confidence=read_confidence(given, node, local=local),
        carried_benefits=_carried(key, carry.get("benefits")),
        carried_groups=_carried(key, carry.get("target_groups")), local=local)


def _carried(key: str, node: Node | None) -> tuple[Carried, ...]:
    if node is None:
        return ()
    found = []
    for before, below in node.mapping().items():
        into = [Carried(before, after, share.number()) for after, share in below.mapping().items()]
        if sum(one.share for one in into) != 1 or any(one.share <= 0 for one in into):
            raise below.fault("parameters.break-shares", key=key, before=before)
        found += into
    gone = {one.before for one in found}
    for one in found:
        if one.after in gone:
            raise node.fault("parameters.break-chain", key=key, before=one.before, after=one.after)
    return tuple(found)


@cache
def _national() -> tuple[DefinitionBreak, ...]:
    return in_order(read_breaks(FILE).values())


def national_breaks() -> tuple[DefinitionBreak, ...]:
    """The national breaks, in order of time; those without a day last.

    >>> [one.key for one in national_breaks() if one.day and one.day.year == 2025]
    ['kontanthjaelpsreform-2025']
    """
    return _national()


def in_order(breaks: Iterable[DefinitionBreak]) -> tuple[DefinitionBreak, ...]:
    """The breaks by day, then key; those without a day last."""
    return tuple(sorted(breaks, key=lambda one: (one.day is None, one.day or date.min, one.key)))


def breaks_within(
    breaks: Iterable[DefinitionBreak], start: date, end: date, *, benefit: str | None = None,
    source: str | None = None, measure: Measure | None = None,
) -> tuple[DefinitionBreak, ...]:
    """The breaks that split `[start, end]` (days after `start`, up to and with `end`) and touch what is named.

    >>> found = breaks_within(national_breaks(), date(2017, 1, 1), date(2019, 12, 31), benefit="a-dagpenge",
    ...                       source="jobindsats", measure="curves")
    >>> [one.key for one in found]
    ['fleur-2017', 'forloeb-a-dagpenge-2019']
    """
    return in_order(one for one in breaks if one.day is not None and start < one.day <= end
                    and one.touches(benefit=benefit, source=source, measure=measure))


def carried_forward(
    breaks: Sequence[DefinitionBreak], key: str, day: date, *, kind: Literal["benefits", "target_groups"] = "benefits"
) -> Mapping[str, Decimal]:
    """What `key` is read as on `day`: new keys with the share of the old one that each took over.

    A key that no break up to `day` carries away is itself, whole.

    >>> dict(carried_forward(national_breaks(), "uddannelseshjaelp", date(2025, 6, 30)))
    {'uddannelseshjaelp': Decimal('1')}
    >>> dict(carried_forward(national_breaks(), "uddannelseshjaelp", date(2025, 7, 1)))
    {'kontanthjaelp': Decimal('1')}
    """
    shares = {key: Decimal(1)}
    for one in in_order(breaks):
        if one.day is None or one.day > day:
            continue
        carried = one.carried_benefits if kind == "benefits" else one.carried_groups
        gone = {entry.before for entry in carried}
        after: dict[str, Decimal] = {}
        for name, share in shares.items():
            parts = [(entry.after, entry.share) for entry in carried if entry.before == name]
            for into, part in parts if name in gone else [(name, Decimal(1))]:
                after[into] = after.get(into, Decimal(0)) + share * part
        shares = after
    return shares
