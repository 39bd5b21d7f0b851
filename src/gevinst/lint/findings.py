"""A finding in its place, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from gevinst.lint.model import Memo, Place
from gevinst.register.findings import Finding, Severity

_GRAVITY = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
_RIGHT = ("right", "computed")


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


def located(memo: Memo, finding: Finding) -> Located:
    """The finding with its place; places named in its text are written out too."""
    values = {name: str(memo.places[value]) if isinstance(value, str) and value in memo.places else value
              for name, value in finding.values.items()}
    place = memo.places.get(finding.where, Place(file=memo.path.name))
    return Located(Finding(finding.code, finding.severity, str(place), values), place)


def gravest_first(found: list[Located]) -> list[Located]:
    """Errors, then warnings, then remarks; each in the order of the file."""
    return sorted(found, key=lambda each: _GRAVITY[each.finding.severity])
