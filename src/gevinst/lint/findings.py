"""A finding in its place, ready to be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gevinst.lint.model import Memo, Place
from gevinst.register.findings import Finding, Severity

_GRAVITY = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
_RIGHT = ("turned", "right", "computed")


@dataclass(frozen=True)
class Located:
    """What was found and where. The finding's own `where` is a key within the memo."""

    finding: Finding
    place: Place

    @property
    def grave(self) -> bool:
        """An error or a warning: not a remark only."""
        return self.finding.severity is not Severity.NOTE

    @property
    def should_be(self) -> Decimal | None:
        """The figure that the others give, where the finding is of a figure."""
        return next((value for name in _RIGHT if isinstance(value := self.finding.values.get(name), Decimal)), None)

    @property
    def slack(self) -> Decimal | None:
        """How far from `should_be` rounding may lead."""
        value = self.finding.values.get("slack")
        return value if isinstance(value, Decimal) else None


def located(memo: Memo, finding: Finding, memos: Sequence[Memo] = ()) -> Located:
    """The finding with its place; places named in its text are written out too, in other memos with their file."""
    values = {name: _written(memo, value, memos) if isinstance(value, str) else value
              for name, value in finding.values.items()}
    place = memo.places.get(finding.where, Place(file=memo.path.name))
    return Located(Finding(finding.code, finding.severity, str(place), values), place)


def _written(memo: Memo, value: str, memos: Sequence[Memo]) -> str:
    if value in memo.places:
        return str(memo.places[value])
    other = next((each.places[value] for each in memos if value in each.places), None)
    return value if other is None else f"{other.file}, {other}"


def gravest_first(found: list[Located]) -> list[Located]:
    """Errors, then warnings, then remarks; each in the order of the file."""
    return sorted(found, key=lambda each: _GRAVITY[each.finding.severity])
