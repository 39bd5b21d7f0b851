"""What a check found: a fault, a doubt or a remark, with its place and the figures it rests on.

A `Finding` speaks like a `GevinstError` (same message files, same codes in `docs/errors.md`), but does not
stop anything: a check returns all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from gevinst.errors import GevinstError, Message, catalogue
from gevinst.language import Language, current, number, say, short_date, speaking
from gevinst.register.units import Unit
from gevinst.sources.cpr import without_cpr


class Severity(StrEnum):
    """How grave a finding is."""

    ERROR = "error"  # a figure, label or file is wrong
    WARNING = "warning"  # probably wrong: a person must look
    NOTE = "note"  # right, but a reader may wonder

    @property
    def label(self) -> str:
        """The word in the language spoken now."""
        return {
            Severity.ERROR: say(da="fejl", en="error"),
            Severity.WARNING: say(da="advarsel", en="warning"),
            Severity.NOTE: say(da="bemærkning", en="note"),
        }[self]


@dataclass(frozen=True)
class Finding:
    """One finding. `where` is `Sheet!C7`, or `file:line:column`; `values` fill in the message.

    A file's own words may stand among its values, and a person's id among those; it is taken out of what is said.
    Values are texts as printed, whole numbers, price levels, units, days, changes of a protocol, or `Decimal`; a
    `Decimal` is printed with its own decimals, and all are said in the language of the message.
    """

    code: str
    severity: Severity
    where: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def message(self, language: Language | None = None) -> Message:
        """What was found and what to do, in `language` or the one spoken now, without what may be a CPR number."""
        with speaking(language or current()):
            text = catalogue()[self.code][current()]
            values = {name: _printed(value) for name, value in self.values.items()}
            return Message(without_cpr(text.what.format(**values)), without_cpr(text.do.format(**values)))

    def __str__(self) -> str:
        what, do = self.message()
        return f"{without_cpr(self.where)}: {self.severity.label} [{self.code}] {what} {do}"

    def as_error(self) -> GevinstError:
        """The finding as an error that stops a reader, with its figures printed."""
        return GevinstError(self.code, where=self.where, **{name: _printed(v) for name, v in self.values.items()})

    @classmethod
    def of_error(cls, error: GevinstError) -> Finding:
        """A fault that stopped a reader, as a finding."""
        return cls(error.code, Severity.ERROR, error.where, dict(error.values))


def _printed(value: Any) -> str:
    if isinstance(value, Decimal):
        return number(value, max(0, -int(value.as_tuple().exponent)))
    if isinstance(value, date):
        return short_date(value)
    return value.label if isinstance(value, Unit) else str(value)
