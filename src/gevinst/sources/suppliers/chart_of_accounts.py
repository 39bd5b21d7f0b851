"""What an account is called: names of functions and groupings, dated and with how well they are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from gevinst.language import say
from gevinst.parameters.confidence import Confidence, read_confidence
from gevinst.parameters.marked_yaml import Node, read
from gevinst.sources.suppliers.opus_account import Account

FILE = Path(__file__).parent / "data" / "chart_of_accounts.yaml"


@dataclass(frozen=True)
class Grouping:
    """The name of a grouping of a function, and the first day it is known to hold, where that is known."""

    da: str
    en: str
    first: date | None = None


@dataclass(frozen=True)
class Function:
    """A function of the chart: its name, where it was read, of which day, and how well it is known."""

    da: str
    en: str
    source: str
    read: date
    confidence: Confidence
    groupings: Mapping[str, Grouping]


@cache
def chart() -> Mapping[str, Function]:
    """The functions by number."""
    return MappingProxyType({number: _function(node) for number, node in read(FILE).mapping().items()})


def _function(node: Node) -> Function:
    given = node.mapping(("da", "en", "source", "read", "confidence"), ("groupings",))
    groupings = given["groupings"].mapping() if "groupings" in given else {}
    return Function(
        given["da"].text(), given["en"].text(), given["source"].text(), given["read"].day(),
        read_confidence(given, node, local=False), MappingProxyType(
            {number: _grouping(below.mapping(("da", "en"), ("from",))) for number, below in groupings.items()}))


def _grouping(given: Mapping[str, Node]) -> Grouping:
    return Grouping(given["da"].text(), given["en"].text(), given["from"].day() if "from" in given else None)


def account_name(account: Account, day: date | None = None) -> str:
    """What an account is called in the language spoken now, on a day; empty where it is not known.

    Groupings change from year to year: one of another year than its source speaks of is printed with the source's year.

    >>> from gevinst.language import speaking
    >>> with speaking("da"):
    ...     print(account_name(Account("5.57.73", 2, None, "008")))
    ...     print(account_name(Account("6.45.53", 1)))
    Kontant- og uddannelseshjælp, uddannelseshjælp
    Administration vedrørende jobcentre (ikke verificeret)
    """
    function = chart().get(account.function)
    if function is None:
        return ""
    name = say(da=function.da, en=function.en)
    grouping = function.groupings.get(account.grouping)
    if grouping is not None and (grouping.first is None or day is None or day >= grouping.first):
        name += f", {say(da=grouping.da, en=grouping.en)}"
        if day is not None and day.year != function.read.year:
            name += say(da=f" (navn pr. {function.read.year})", en=f" (name as of {function.read.year})")
    return name if function.confidence.verified else f"{name} ({say(da='ikke verificeret', en='not verified')})"
