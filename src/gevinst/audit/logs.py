"""The logs in an auditor's package: whole enough to be held against their checksums, and about no person.

Each log is a chain: an entry holds the checksum of the one before. Other editions' events are left out, but their
checksums stay, so that the chain can be followed past them. A number of persons is left out with every checksum that
rests on it: whoever knows all the rest of a line finds a small number by trying.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from gevinst.editions.states import editions_of
from gevinst.errors import GevinstError
from gevinst.language import say
from gevinst.register.access_log import LOOKED_UP, access_log
from gevinst.register.chained_log import BEFORE
from gevinst.register.edition_log import NOTHING, EditionRecord, Event, linked
from gevinst.register.journal import journal
from gevinst.register.kept_logs import HEAD_BEHIND, HEAD_MADE, Anew, state_of
from gevinst.register.log_words import anew_lines
from gevinst.settings import Settings

EDITION_LOG, JOURNAL_LOG, ACCESS = "logs/edition.json", "logs/journal.json", "logs/access.json"
TOLD = frozenset({"at", "event", "account", "snapshot", "taken", "persons", "now", "which", "snapshots", "lines",
                  "key_id", "old_key_id", "new_key_id"})
"""What of the journal is told as it stands; numbers of persons deleted are not. Marks of keys say nothing of them."""
_CUT = "protection.log-cut"


def edition_log(settings: Settings, key: str) -> dict[str, Any]:
    """The states of the edition, and the checksums of all events of the record between them."""
    records = [one.record for one in editions_of(settings) if one.record is not None]
    by_link = {event.before: (record, event) for record in records for event in record.events}
    chain, before = [], NOTHING
    while before in by_link:
        record, event = by_link[before]
        said: dict[str, Any] = {"before": event.before, "sha256": event.sha256}
        chain.append({**said, "event": _event(event)} if record.key == key else said)
        before = event.sha256
    mine = next((record for record in records if record.key == key), None)
    return {"edition": None if mine is None else _record(mine), "chain": chain}


def _record(record: EditionRecord) -> dict[str, str]:
    return {"key": record.key, "portfolio": record.portfolio, "memo_date": record.memo_date.isoformat(),
            "author": record.author, "corrects": record.corrects, "reason": record.reason}


def _event(event: Event) -> dict[str, Any]:
    asked = {} if event.own_account is None else {"own_account": event.own_account}
    return {"at": event.at.isoformat(), "state": event.state, "by": event.by, "account": event.account,
            "comment": event.comment, "sums_sha256": event.sums_sha256, **asked}


def last_sums(said: Mapping[str, Any]) -> str | None:
    """The checksum of the edition's list of files in its last state; None where its states were not kept."""
    mine = [link["event"] for link in said["chain"] if "event" in link]
    return str(mine[-1]["sums_sha256"]) if mine else None


def same_account_told(said: Mapping[str, Any]) -> tuple[str, ...]:
    """Where the edition was approved from the account it was made from. Raises `KeyError`, `IndexError`."""
    mine = [link["event"] for link in said["chain"] if "event" in link]
    approved = [one["account"] for one in mine if one["state"] == "approved"]
    if not approved or approved[0] != mine[0]["account"]:
        return ()
    return (say(
        da="Udgaven er godkendt fra samme brugerkonto, som den er lavet fra: om der var to personer, kan ikke ses.",
        en="The edition was approved from the account it was made from: whether two persons did it cannot be seen."),)


def edition_log_unbroken(said: Mapping[str, Any]) -> bool:
    """Whether every event is what its checksum says, and follows the one before. Raises `KeyError`, `ValueError`."""
    before = NOTHING
    for link in said["chain"]:
        if link["before"] != before:
            return False
        if "event" in link:
            event = Event(**{**link["event"], "at": datetime.fromisoformat(link["event"]["at"])})
            mine = said["edition"]
            record = EditionRecord(**{**mine, "memo_date": date.fromisoformat(mine["memo_date"])})
            if linked(record, event, before).sha256 != link["sha256"]:
                return False
        before = link["sha256"]
    return True


def journal_log(settings: Settings) -> dict[str, Any]:
    """The journal of snapshots: the chain as far as nothing is left out, and after that the entries alone.

    `head` says whether the head beside the key knows how many lines there are, so that a journal that was cut shows:
    such a one is told, with its `lines` as the head has them and no entries; an auditor must know, and the package is
    not refused for it. Raises `protection.log-broken` where the chain of the journal is broken.
    """
    chain, after, before = list[dict[str, Any]](), list[dict[str, Any]](), ""
    try:
        state, entries = state_of(settings, "journal"), journal(settings).entries()
    except GevinstError as fault:
        if fault.code != _CUT:
            raise
        return {"head": True, "cut": True, "lines": fault.values["known"], "chain": [], "after": []}
    for entry in entries:
        told = {name: value for name, value in entry.items() if name in TOLD}
        if after or told != entry:
            after.append({"withheld": sorted(entry.keys() - told.keys()), "entry": told})
            continue
        line = {**entry, BEFORE: before}
        before = _sha256(line)
        chain.append({"sha256": before, "entry": line})
    return {"head": state.known is not None, "cut": False, "lines": state.lines, "chain": chain, "after": after}


def _sha256(line: Mapping[str, Any]) -> str:
    """The checksum of a line of a chained log, as the log itself makes it."""
    return hashlib.sha256(json.dumps(line, ensure_ascii=False).encode()).hexdigest()


def journal_unbroken(said: Mapping[str, Any]) -> bool:
    """Whether every entry of the chain is what its checksum says, and follows the one before. Raises `KeyError`."""
    before = ""
    for line in said["chain"]:
        if line["entry"][BEFORE] != before or _sha256(line["entry"]) != line["sha256"]:
            return False
        before = line["sha256"]
    return True


def journal_cut(said: Mapping[str, Any]) -> bool:
    """Whether lines of the journal are not there; packages of older programs do not say how many there were."""
    return bool(said.get("cut")) or said.get("lines", len(_entries(said))) != len(_entries(said))


def heads_told(journal_said: Mapping[str, Any], access_said: Mapping[str, Any]) -> tuple[str, ...]:
    """What a head that was lacking, or made anew, leaves open of the two logs. Raises `KeyError`, `ValueError`."""
    names = {"journal": say(da="Journalen over udtræk", en="The journal of snapshots"),
             "access": say(da="Loggen over opslag", en="The log of look-ups")}
    open_ones = [names[which] for which, said in (("journal", journal_said), ("access", access_said))
                 if said.get("head") is False]
    lacking = [say(da=f"{name} har intet hoved ved nøglen: det kan ikke ses, om der er fjernet linjer sidst i den.",
                   en=f"{name} has no head beside the key: it cannot be seen whether lines were removed at its end.")
               for name in open_ones]
    anew = {"journal": [one for one in _entries(journal_said) if one["event"] in (HEAD_MADE, HEAD_BEHIND)],
            "access": access_said.get("anew", [])}
    return (*lacking, *(line for which, found in anew.items() for line in anew_lines(
        [Anew(datetime.fromisoformat(one["at"]), one["event"], int(one["lines"])) for one in found], names[which])))


def _entries(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [line["entry"] for line in (*said["chain"], *said["after"])]


def access_counts(settings: Settings) -> dict[str, Any]:
    """How often persons were looked up, by year: no names, no pseudonyms, no numbers of persons.

    A log that cannot be read is told as such: an auditor must know, and the package is not refused for it.
    """
    try:
        entries, state = access_log(settings).entries(), state_of(settings, "access")
    except GevinstError as fault:
        return {"whole": False, "fault": fault.code, "look_ups": {}, "head": None, "anew": []}
    return {"whole": True, "fault": "",
            "look_ups": _by_year(entry["at"] for entry in entries if entry["event"] == LOOKED_UP),
            "head": state.known is not None,
            "anew": [{**vars(one), "at": one.at.isoformat()} for one in state.anew]}


def _by_year(moments: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for moment in moments:
        found[moment[:4]] = found.get(moment[:4], 0) + 1
    return dict(sorted(found.items()))
