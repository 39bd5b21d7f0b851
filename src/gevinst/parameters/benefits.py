"""The benefits: their keys and names, whether they are public support, and what they do to the refund clock.

The national list is `data/benefits.yaml`. A workspace may add benefits of its own, or change one, with a file
of the same form (`local.py`); what it says is then passed on as `known`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from gevinst.errors import GevinstError
from gevinst.language import say
from gevinst.parameters.confidence import Confidence, read_confidence
from gevinst.parameters.marked_yaml import Node, read

Clock = Literal["counts", "neutral", "ignored"]
CLOCKS: tuple[Clock, ...] = ("counts", "neutral", "ignored")
Destination = Literal["education", "pension", ""]
DESTINATIONS: tuple[Destination, ...] = ("education", "pension")
FILE = Path(__file__).parent / "data" / "benefits.yaml"
_REQUIRED = ("da", "en", "public_support", "clock", "source")
_OPTIONAL = (
    "ladder", "municipal_share", "valid_from", "valid_to", "aliases", "note", "confidence", "verified", "destination",
    "co_financed"
)  # fmt: skip
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


@dataclass(frozen=True)
class Benefit:
    """A benefit.

    `public_support` says that a week on it counts in the outcome "any public support"; `clock` what the week
    does to the refund clock: `counts`, `neutral` (neither counts nor is self-support) or `ignored` (the week is
    self-support). `ladder` is its key in `refund_ladder.yaml`. A benefit without a ladder may have a fixed
    `municipal_share` (0 where the state pays, 1 where the municipality bears all); with neither, its net cost is
    not known and is refused. `valid_from` and `valid_to` are the first and last day it could be paid, where
    known. `destination` says that one who moves to it has gone into education or on pension. `co_financed` says that
    others pay it (an unemployment fund, Udbetaling Danmark) and the municipality pays its share to the state; else the
    municipality pays it and is refunded by the state.
    """

    key: str
    da: str
    en: str
    public_support: bool
    clock: Clock
    ladder: str | None
    municipal_share: Decimal | None
    valid_from: date | None
    valid_to: date | None
    source: str
    confidence: Confidence
    aliases: tuple[str, ...] = ()
    note: str = ""
    local: bool = False
    destination: Destination = ""
    co_financed: bool = False

    @property
    def verified(self) -> bool:
        """Whether all of the row was read in a public source (or given locally as such)."""
        return self.confidence.verified

    @property
    def name(self) -> str:
        """The name in the language spoken now."""
        return say(da=self.da, en=self.en)


def plain(text: str) -> str:
    """The text as a key is written: small letters, `-` between words, æ/ø/å as ae/oe/aa.

    >>> plain("Kontanthjælp"), plain("A_DAGPENGE"), plain(" a  dagpenge ")
    ('kontanthjaelp', 'a-dagpenge', 'a-dagpenge')
    """
    small = unicodedata.normalize("NFC", text).casefold().translate(_LETTERS)
    return re.sub(r"[^a-z0-9]+", "-", small).strip("-")


def read_benefits(path: Path, *, local: bool = False) -> dict[str, Benefit]:
    """The benefits of one file, in its order.

    Raises the file errors of `marked_yaml`, and `parameters.benefit-key`, `parameters.benefit-clock`,
    `parameters.benefit-share`, `parameters.empty-period` and `parameters.alias-twice`.
    """
    found = {key: _benefit(key, node, local=local) for key, node in read(path).mapping().items()}
    check_words(found, path.name)
    return found


def _benefit(key: str, node: Node, *, local: bool) -> Benefit:
    if key != plain(key) or not key:
        raise node.fault("parameters.benefit-key", key=key, proposal=plain(key))
    given = {name: value for name, value in node.mapping(_REQUIRED, _OPTIONAL).items() if not value.empty}
    clock = given["clock"].text()
    ladder = given["ladder"].text() if "ladder" in given else None
    if clock not in CLOCKS or (ladder is not None and clock != "counts"):
        raise given["clock"].fault("parameters.benefit-clock", key=key, clock=clock, allowed=", ".join(CLOCKS))
    share = given["municipal_share"].number() if "municipal_share" in given else None
    if share is not None and (ladder is not None or not 0 <= share <= 1):
        raise given["municipal_share"].fault("parameters.benefit-share", key=key)
    destination = given["destination"].text() if "destination" in given else ""
    if destination not in ("", *DESTINATIONS):
        allowed = ", ".join(DESTINATIONS)
        raise given["destination"].fault(
            "parameters.benefit-destination", key=key, destination=destination, allowed=allowed
        )
    valid_from = given["valid_from"].day() if "valid_from" in given else None
    valid_to = given["valid_to"].day() if "valid_to" in given else None
    if valid_from and valid_to and valid_to < valid_from:
        raise given["valid_to"].fault("parameters.empty-period", key=key, start=valid_from, end=valid_to)
    return Benefit(
        key=key, da=given["da"].text(), en=given["en"].text(), public_support=given["public_support"].boolean(),
        clock=clock, ladder=ladder, municipal_share=share, valid_from=valid_from, valid_to=valid_to,
        source=given["source"].text(), confidence=read_confidence(given, node, local=local),
        aliases=tuple(alias.text() for alias in given["aliases"].items()) if "aliases" in given else (),
        note=given["note"].text() if "note" in given else "", local=local, destination=destination,
        co_financed="co_financed" in given and given["co_financed"].boolean())


def check_words(known: Mapping[str, Benefit], where: str) -> dict[str, str]:
    """Every word that a benefit is known by, with its key. Raises `parameters.alias-twice`."""
    words = {key: key for key in known}
    for key, one in known.items():
        for word in (one.da, one.en, *one.aliases):
            if words.setdefault(plain(word), key) != key:
                raise GevinstError("parameters.alias-twice", where=where, alias=word, one=words[plain(word)], other=key)
    return words


@cache
def _national() -> Mapping[str, Benefit]:
    return MappingProxyType(read_benefits(FILE))


@cache
def _national_words() -> Mapping[str, str]:
    return MappingProxyType(check_words(_national(), FILE.name))


def benefits() -> dict[str, Benefit]:
    """The national benefits by key, in the file's order.

    >>> benefits()["su"].clock, benefits()["a-dagpenge"].ladder
    ('neutral', 'a-dagpenge')
    """
    return dict(_national())


def normalise_benefit(text: str, known: Mapping[str, Benefit] | None = None) -> str | None:
    """The key of the benefit that `text` names, or `None`.

    Capitals, spaces, `_` for `-`, Danish letters, the names in both languages and the aliases are accepted.
    `known` is the workspace's benefits; the national ones when it is not given.

    >>> normalise_benefit("Kontanthjælp"), normalise_benefit("A_DAGPENGE"), normalise_benefit("fleksjob")
    ('kontanthjaelp', 'a-dagpenge', 'fleksloentilskud')
    >>> normalise_benefit("folkekøkken") is None
    True
    """
    words = _national_words() if known is None else check_words(known, "")
    return words.get(plain(text))


def benefit(key: str, known: Mapping[str, Benefit] | None = None) -> Benefit:
    """The benefit with this key (or name). Raises `parameters.unknown-benefit`.

    The text is shown in the error, so never pass a cell that may hold a person's data: use
    `normalise_benefit` and reject the row instead.
    """
    among = _national() if known is None else known
    found = key if key in among else normalise_benefit(key, known)
    if found is None:
        raise GevinstError("parameters.unknown-benefit", benefit=key)
    return among[found]
