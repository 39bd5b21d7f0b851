"""The two logs in words: their lines, and how far it can be seen that they are whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gevinst.language import number, say, short_date
from gevinst.register.access_log import LookUp
from gevinst.register.clock import day_of
from gevinst.register.kept_logs import HEAD_BEHIND, Anew, LogState, Which

_PLAIN = ("at", "event", "account")


def look_up_line(one: LookUp, *, with_person: bool = True) -> str:
    """One line of the access log; without the pseudonym where the person is the one who was asked about."""
    met = say(da="fundet", en="found") if one.found else say(da="ikke fundet", en="not found")
    if one.asked:
        met = say(da="spurgt til denne log", en="asked of this log")
    person = [str(one.person)] if with_person else []
    return "\t".join([one.at.isoformat(), f"{one.by} ({one.account})", *person, met, one.purpose])


def journal_line(entry: dict[str, Any]) -> str:
    """One line of the journal: when, what, by which account, and the rest as it stands."""
    who = entry.get("account") or say(da="konto ikke noteret (ældre linje)", en="account not noted (older line)")
    rest = [f"{name}={value}" for name, value in entry.items() if name not in _PLAIN]
    return "\t".join([str(entry.get("at", "?")), str(entry.get("event", "?")), str(who), *rest])


def state_lines(state: LogState, which: Which, *, expected: bool) -> list[str]:
    """How far the log can be seen to be whole. `expected`: the workspace has had data, and so a log should have a head.

    >>> state_lines(LogState(3, 3, ()), "access", expected=True)
    ['Loggen over opslag er ubrudt: 3 linjer.']
    """
    name = {"access": say(da="Loggen over opslag", en="The log of look-ups"),
            "journal": say(da="Journalen over udtræk", en="The journal of snapshots")}[which]
    lines = say(da="linje" if state.lines == 1 else "linjer", en="line" if state.lines == 1 else "lines")
    said = [say(da=f"{name} er ubrudt: {number(state.lines)} {lines}.",
                en=f"{name} is unbroken: {number(state.lines)} {lines}.")]
    if state.known is None and (expected or state.lines):
        said = [say(
            da=f"OBS: {name} har {number(state.lines)} {lines}, men intet hoved ved nøglen (en fil, der husker, hvor "
               "mange der skal være). Om der er fjernet linjer sidst i den, kan ikke ses. Et hoved laves, når den "
               "næste linje skrives.",
            en=f"NOTE: {name} has {number(state.lines)} {lines}, but no head beside the key (a file that knows how "
               "many there are to be). Whether lines were removed at its end cannot be seen. A head is made when the "
               "next line is written.")]
    if state.beyond:
        said.append(say(
            da=f"OBS: {number(state.beyond)} af linjerne er skrevet, uden at hovedet ved nøglen fulgte med.",
            en=f"NOTE: {number(state.beyond)} of the lines were written without the head beside the key."))
    return said + anew_lines(state.anew, name)


def anew_lines(anew: Sequence[Anew], name: str) -> list[str]:
    """When the log got a head anew, and what that leaves open."""
    return [_anew(one, name) for one in anew]


def _anew(one: Anew, name: str) -> str:
    day, lines = short_date(day_of(one.at)), number(one.lines)
    if one.event == HEAD_BEHIND:
        return say(
            da=f"OBS: {name} havde den {day} linjer efter linje {lines}, som hovedet ved nøglen ikke kendte.",
            en=f"NOTE: {name} had on {day} lines after line {lines} that the head beside the key did not know.")
    return say(
        da=f"OBS: {name} fik nyt hoved den {day} efter linje {lines}; om der manglede linjer dér, kan ikke ses.",
        en=f"NOTE: {name} got a new head on {day} after line {lines}; whether lines were missing there cannot be seen.")
