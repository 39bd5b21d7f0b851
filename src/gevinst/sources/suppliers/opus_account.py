"""The municipal account string: function, dranst, ownership, grouping, art, and the PSP element beside it.

    hovedkonto.hovedfunktion.funktion - dranst - ejerforhold - gruppering - art      5.57.73-1-1-007-5.2

The national chart of accounts orders it so (Budget- og regnskabssystem for kommuner). Systems print it with dots,
hyphens, spaces or no sign at all, with or without the leading nought, and leave out what they do not use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from gevinst.sources.cells import holds_cpr, shown

CPR_FIGURES = 10
RUNNING, REFUND = 1, 2  # dranst 1 is running costs (drift), dranst 2 the state's refund (statsrefusion)

_SIGNS = re.compile(r"[\s\-./_\N{NON-BREAKING HYPHEN}\N{EN DASH}]+")
_FUNCTION = r"0?(?P<account>\d)\.(?P<main>\d{2})\.(?P<function>\d{2})"
_OWNERSHIP = r"(?P<ownership>\d)(?=$|\.\d{3}(?:\.|$)|\.\d{2}$|\.\d{4,10}$|\.\d\.\d$)"
_STRING = re.compile(
    rf"{_FUNCTION}(?:\.(?P<dranst>\d))?(?:(?<=\.\d)\.{_OWNERSHIP})?(?:\.(?P<grouping>\d{{3}}))?"
    r"(?:(?(dranst)|(?(grouping)|(?!)))\.(?P<art>\d\.\d|\d{2}|\d{4,10}|\d))?", re.ASCII)
_COMPACT = re.compile(
    r"(?P<account>\d)(?P<main>\d{2})(?P<function>\d{2})"
    r"(?:(?P<dranst>\d)(?:(?P<ownership>\d)?(?P<grouping>\d{3})(?P<art>\d{2})?)?)?", re.ASCII)
_COMPACT_WITH_NOUGHT = (6, 7, 10, 11, 13)  # figures of a string that begins 05…
_PSP = re.compile(
    r"(?:\bpsp(?:[-\s]?element)?[:.\s]+(?P<labelled>\S+))|(?-i:(?P<bare>\b[A-ZÆØÅ]{2}-\S*\d\S*))", re.IGNORECASE)
_LABELLED = re.compile(
    r"\b(?P<label>dranst|dr|ejerforhold|ejer|gruppering|grp|gr|artskonto|art|funktion)\b[.:\s]*(?P<value>\d[\d.]*)",
    re.IGNORECASE)
_LABELS = {"dranst": "dranst", "dr": "dranst", "ejerforhold": "ownership", "ejer": "ownership",
           "gruppering": "grouping", "grp": "grouping", "gr": "grouping", "artskonto": "art", "art": "art",
           "funktion": "function"}
_BEFORE = re.compile(r"^\s*konto(?:streng|nummer|nr)?\b[.:\s]*", re.IGNORECASE)
_NAME = re.compile(r"[\s\-:,;\N{EN DASH}]*[^\W\d_].*$", re.DOTALL)
_DRANST_WORDS = {"drift": RUNNING, "statsrefusion": REFUND, "refusion": REFUND, "anlæg": 3}


@dataclass(frozen=True)
class Account:
    """An account as far as it is known; an empty text or None is a part that is not stated.

    `function` is written `5.57.73`, `grouping` with three figures. `art` is an art of the national chart (`5.2`) or the
    ledger's own artskonto (four figures or more). `str` of it can be read by `read_account`.
    """

    function: str = ""
    dranst: int | None = None
    ownership: int | None = None
    grouping: str = ""
    art: str = ""
    psp: str = ""

    def __str__(self) -> str:
        parts, labelled = [self.function] if self.function else [], list[str]()
        _place(parts, labelled, "dranst", self.dranst, fits=bool(self.function))
        _place(parts, labelled, "ejerforhold", self.ownership, fits=bool(self.function) and self.dranst is not None)
        _place(parts, labelled, "gruppering", self.grouping, fits=bool(self.function))
        _place(parts, labelled, "art", self.art, fits=bool(self.function and self.grouping))
        _place(parts, labelled, "PSP", self.psp, fits=False)
        return " ".join([*(["-".join(parts)] if parts else []), *labelled])


def _place(parts: list[str], labelled: list[str], label: str, value: str | int | None, *, fits: bool) -> None:
    """Put a part in its place in the string, or behind it with its name where what stands before it is not known."""
    if value is not None and value != "":
        if fits:
            parts.append(str(value))
        else:
            labelled.append(f"{label} {value}")


@lru_cache(maxsize=1 << 16)
def read_account(text: str) -> Account | None:
    """The account in `text`; None where nothing of it can be read.

    What is behind the string in words (the account's name) is passed over. Without signs the figures must be as many
    as a whole number of parts: function (5), dranst (1), gruppering (3) or ejerforhold and gruppering (4), art (2);
    six, seven, ten, eleven or thirteen figures that begin with a nought begin with a hovedkonto of two.

    >>> read_account("05.57.73 1 1 007 52") == read_account("5.57.73-1-1-007-5.2") == read_account("557731100752")
    True
    >>> read_account("5.57.73 dranst 2 grp. 008")
    Account(function='5.57.73', dranst=2, ownership=None, grouping='008', art='', psp='')
    >>> read_account("5.68.90-1-001 XG-0000000707-00012").psp, read_account("Kassebilag")
    ('XG-0000000707-00012', None)
    """
    account = Account()
    if found := _PSP.search(text):
        account = replace(account, psp=found["labelled"] or found["bare"])
        text = f"{text[:found.start()]} {text[found.end():]}"
    for label in _LABELLED.finditer(text):
        said = _said(_LABELS[label["label"].casefold()], label["value"].rstrip("."), account)
        if said is None:
            return None
        account = said
    text = _NAME.sub("", _BEFORE.sub("", _LABELLED.sub(" ", text)))
    string = _SIGNS.sub(".", text).strip(".,;:")
    if string:
        placed = _from_string(string)
        if placed is None:
            return None
        account = _both(placed, account)
    return account if account != Account() else None


def printable(text: str) -> str:
    """An account as it may be shown to a reader: whole where it is one, else short and without long numbers.

    >>> printable("5.57.73-1-1-007"), printable("Bilag 12345678 til kontoen")
    ('5.57.73-1-1-007', 'Bilag […] til kontoen')
    """
    return text if str(read_account(text)) == text else shown(text)


def _from_string(string: str) -> Account | None:
    """The parts that stand in their places."""
    if string.isdigit() and holds_cpr(string.zfill(CPR_FIGURES)):
        return None  # an id that was put in the wrong column must not come out as an account
    compact = string[1:] if string.startswith("0") and len(string) in _COMPACT_WITH_NOUGHT else string
    found = _COMPACT.fullmatch(compact) if string.isascii() and string.isdigit() else _STRING.fullmatch(string)
    if found is None:
        return None
    return Account(
        f"{found['account']}.{found['main']}.{found['function']}", _figure(found["dranst"]),
        _figure(found["ownership"]), found["grouping"] or "", art_of(found["art"] or ""))


def _both(placed: Account, said: Account) -> Account:
    """Two readings of one account; what was said by name goes before what stands in its place."""
    return Account(
        said.function or placed.function, placed.dranst if said.dranst is None else said.dranst,
        placed.ownership if said.ownership is None else said.ownership, said.grouping or placed.grouping,
        said.art or placed.art, said.psp or placed.psp)


def _said(part: str, value: str, account: Account) -> Account | None:
    """The account with a part that was said by name; None where it cannot be one."""
    match part:
        case "dranst":
            return replace(account, dranst=int(value)) if len(value) == 1 else None
        case "ownership":
            return replace(account, ownership=int(value)) if len(value) == 1 else None
        case "grouping":
            grouping = grouping_of(value)
            return None if grouping is None else replace(account, grouping=grouping)
        case "function":
            function = function_of(value)
            return None if function is None else replace(account, function=function)
        case _:
            return replace(account, art=art_of(value))


def _figure(text: str | None) -> int | None:
    return None if text is None else int(text)


def function_of(text: str) -> str | None:
    """The function in a cell of its own, with or without its name; None where there is none.

    >>> function_of("05.57.73 Kontanthjælp"), function_of("55773"), function_of("5"), function_of("")
    ('5.57.73', '5.57.73', None, None)
    """
    string = _SIGNS.sub(".", _NAME.sub("", text)).strip(".")
    placed = _from_string(string) if string else None
    return placed.function if placed is not None and placed == Account(placed.function) else None


def dranst_of(text: str) -> int | None:
    """The dranst in a cell of its own: a figure, or `drift`, `statsrefusion`, `anlæg`; None where it is neither.

    >>> dranst_of("1"), dranst_of("02 Statsrefusion"), dranst_of("Statsrefusion"), dranst_of("12")
    (1, 2, 2, None)
    """
    figures = re.fullmatch(r"\s*0?(\d)(?:[\s\-:.].*)?", text, re.ASCII | re.DOTALL)
    return int(figures[1]) if figures else _DRANST_WORDS.get(text.strip().casefold())


def ownership_of(text: str) -> int | None:
    """The ejerforhold in a cell of its own.

    >>> ownership_of("1 Egen kommune"), ownership_of("x")
    (1, None)
    """
    figures = re.fullmatch(r"\s*0?(\d)(?:[\s\-:.].*)?", text, re.ASCII | re.DOTALL)
    return int(figures[1]) if figures else None


def grouping_of(text: str) -> str | None:
    """The gruppering in a cell of its own, with the noughts a spreadsheet took.

    >>> grouping_of("7"), grouping_of("007 Kontanthjælp"), grouping_of("1007")
    ('007', '007', None)
    """
    figures = re.fullmatch(r"\s*(\d{1,3})(?:[\s\-:.].*)?", text, re.ASCII | re.DOTALL)
    return figures[1].zfill(3) if figures else None


def art_of(text: str) -> str:
    """An art as it is compared: `5.2`; an artskonto of four figures or more stays as it is, without its name.

    >>> art_of("52"), art_of("5.2"), art_of("40001000 Tjenesteydelser"), art_of("4")
    ('5.2', '5.2', '40001000', '4')
    """
    figures = _NAME.sub("", text).strip()
    return f"{figures[0]}.{figures[1]}" if len(figures) == 2 and figures.isdigit() else figures
