"""Editions in words: the list, one edition with its log, what came of running it again, and two compared."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from gevinst.editions.compare import Comparison
from gevinst.editions.recipe import read_recipe
from gevinst.editions.rerun import Difference, Rerun
from gevinst.editions.states import Found
from gevinst.errors import GevinstError
from gevinst.follow_up.since_last import CAUSES, Change, Value, cause_name, not_stated
from gevinst.language import number, say, short_date
from gevinst.register.clock import day_of
from gevinst.register.edition_log import EditionRecord, Event, state_name

SHOWN = 40
"""Differences that the terminal prints; `--format json` has them all."""


def list_lines(found: Sequence[Found]) -> list[str]:
    """A line per edition: id, memo date, state, by whom, and what is to be known."""
    corrected = corrections(found)
    return [_line(one, corrected.get(one.folder.name, "")) for one in found]


def corrections(found: Iterable[Found]) -> dict[str, str]:
    """The published corrections by what they correct."""
    return {one.record.corrects: one.record.key for one in found
            if one.record is not None and one.record.corrects and one.record.state == "published"}


def _line(one: Found, corrected_by: str) -> str:
    if one.record is None:
        older = say(da="uden status (ældre form)", en="without a state (older form)")
        return f"{one.folder.name}  {older}"
    record = one.record
    dated = say(da=f"dateret {short_date(record.memo_date)}", en=f"dated {short_date(record.memo_date)}")
    parts = [record.key, dated, record.portfolio, f"{state_name(record.state)} {_by(record)}"]
    if record.corrects:
        parts.append(say(da=f"retter {record.corrects}", en=f"corrects {record.corrects}"))
    if corrected_by:
        parts.append(say(da=f"rettet af {corrected_by}", en=f"corrected by {corrected_by}"))
    if one.damaged:
        parts.append(_damaged(one))
    return "  ".join(parts)


def _by(record: EditionRecord) -> str:
    day = short_date(day_of(record.last.at))
    return say(da=f"{day} af {record.last.by}", en=f"{day} by {record.last.by}")


def _damaged(one: Found) -> str:
    files = ", ".join(one.damaged)
    return say(da=f"BESKADIGET: {files}", en=f"DAMAGED: {files}")


def show_lines(one: Found, corrected_by: str = "") -> list[str]:
    """One edition: what it is, its states with who and when, what it rests on, and whether its files are whole."""
    lines = [_line(one, corrected_by), str(one.folder)]
    if one.record is not None:
        if one.record.corrects:
            lines.append(say(da=f"Retter {one.record.corrects}: {one.record.reason}",
                             en=f"Corrects {one.record.corrects}: {one.record.reason}"))
        lines += _log_lines(one.record)
    lines += _basis_lines(one)
    whole = say(da="Filerne er, som de blev efterladt.", en="The files are as they were left.")
    return [*lines, _damaged(one) if one.damaged else whole] if one.record is not None else lines


def _log_lines(record: EditionRecord) -> list[str]:
    lines = []
    for event in record.events:
        who = event.by if event.by == event.account else f"{event.by} ({event.account})"
        comment = f"  {event.comment}" if event.comment else ""
        moment = event.at.astimezone().strftime("%Y-%m-%d %H:%M")
        made = say(da=" (lavet)", en=" (made)") if event.state == "draft" else ""
        lines.append(f"  {moment}  {state_name(event.state)}{made}  {who}{_asked(event)}{comment}")
    return [*lines, "  " + same_account(record)] if record.same_account else lines


def _asked(event: Event) -> str:
    """Whether the workspace asked for another account than the author's when the edition was approved."""
    if event.own_account is None:
        return ""
    if event.own_account:
        return say(da="  [egen konto krævet]", en="  [own account asked for]")
    return say(da="  [egen konto ikke krævet]", en="  [own account not asked for]")


def same_account(record: EditionRecord) -> str:
    """What is to be known where author and approver are two names of one user of the operating system."""
    return say(da=f"Bemærk: forfatter og godkender brugte samme konto ({record.events[0].account}).",
               en=f"Note: author and approver used the same account ({record.events[0].account}).")


def _basis_lines(one: Found) -> list[str]:
    try:
        recipe = read_recipe(one.folder)
    except GevinstError as fault:
        return [fault.message().what]
    said = recipe.said
    snapshot = say(da="ingen borgerdata", en="no persons' data") if said["snapshot"] is None else (
        f"{said['snapshot']['name']} ({said['snapshot']['fingerprint'][:12]})")
    rows = (
        (say(da="notatets dato", en="memo date"), short_date(recipe.memo_date)),
        (say(da="udtræk", en="snapshot"), snapshot),
        (say(da="data til og med", en="data up to"), "–" if recipe.data_horizon is None
         else short_date(recipe.data_horizon)),
        (say(da="porteføljens version", en="version of the portfolio"), str(said["record"]["version"])),
        (say(da="parametre", en="parameters"), said["parameters"]["book_sha256"][:12]),
        (say(da="program", en="program"), recipe.code_version),
        (say(da="startværdi", en="seed"), str(said["settings"]["seed"])),
    )
    return [f"  {name}: {value}" for name, value in rows]


def rerun_lines(done: Rerun) -> list[str]:
    """What came of running an edition again."""
    lines = list(done.remarks)
    lines += [_difference(one) for one in done.differences[:SHOWN]]
    more = len(done.differences) - SHOWN
    if more > 0:
        lines.append(say(da=f"… og {number(more)} til.", en=f"… and {number(more)} more."))
    if done.differences:
        told = number(len(done.differences)), number(done.compared)
        lines.append(say(da=f"{told[0]} af {told[1]} tal afviger.", en=f"{told[0]} of {told[1]} figures differ."))
    elif done.compared:
        count = number(done.compared)
        lines.append(say(da=f"{count} tal er regnet igen og er ens, bit for bit.",
                         en=f"{count} figures were computed again and are the same, bit for bit."))
    if done.not_compared:
        left = number(done.not_compared)
        lines.append(say(da=f"{left} tal kunne ikke regnes igen.", en=f"{left} figures could not be computed again."))
    return lines


def _difference(one: Difference) -> str:
    def told(value: Any) -> str:
        if value is None:
            return "–"
        text = json.dumps(value.get("value", value) if isinstance(value, dict) else value, ensure_ascii=False)
        return text if len(text) <= 60 else f"{text[:57]}…"

    was, now = (told(value) for value in (one.was, one.now))
    if was == now:  # the number is the same; what is said of it is not
        return say(da=f"{one.file} {one.figure}: {was}; andet ved tallet er ændret",
                   en=f"{one.file} {one.figure}: {was}; something else said of it has changed")
    return f"{one.file} {one.figure}: {was} → {now}"


def compare_lines(found: Comparison) -> list[str]:
    """Two editions compared: a line per figure, its parts under it."""
    if not found.changes:
        return [*found.notes, say(da="Ingen tal er ændret.", en="No figure has changed.")]
    lines = [line for one in found.changes for line in _change_lines(one)]
    count = number(len(found.changes))
    return [*lines, *found.notes, say(da=f"{count} tal er ændret fra {found.was} til {found.now}.",
                                      en=f"{count} figures changed from {found.was} to {found.now}.")]


def _change_lines(one: Change) -> list[str]:
    was, now = _told(one.was), _told(one.now)
    basis = ""
    if one.was is not None and one.now is not None and one.was.basis != one.now.basis:
        basis = say(da="  (forventet → resultat)", en="  (expected → result)") if one.now.basis == "realised" else say(
            da="  (resultat → forventet)", en="  (result → expected)")
    if not one.comparable:
        return [f"{one.figure}: {was} → {now}  " + say(da="(andet prisniveau; ikke trukket fra hinanden)",
                                                      en="(another price level; not subtracted)")]
    if not one.on_both:
        return [f"{one.figure}: {was} → {now}" + _because(one)]
    like = one.now or one.was
    lines = [f"{one.figure}: {was} → {now}  ({_printed(one.difference, like, sign=True)}){basis}"]
    lines += [f"    {cause_name(cause)}: {_printed(one.parts[cause], like, sign=True)}"
              for cause in CAUSES if cause in one.parts]
    if one.unsplit:
        among = ", ".join(cause_name(cause) for cause in one.between)
        unsplit = say(da="ikke opdelt", en="not split")
        lines.append(f"    {unsplit} ({among}): {_printed(one.unsplit, like, sign=True)}")
    return lines


def _because(one: Change) -> str:
    """What made a figure come or go; it has no size, for what is not stated is not nought."""
    causes = [cause for cause in CAUSES if cause in one.parts or cause in one.between]
    return f"  ({', '.join(cause_name(cause) for cause in causes)})" if causes else ""


def _told(value: Value | None) -> str:
    return not_stated() if value is None else _printed(value.number, value)


def _printed(exact: Fraction, like: Value | None, *, sign: bool = False) -> str:
    decimals = 0 if like is not None and like.unit == "dkk" else 4
    return number(_decimal(exact), decimals, sign=sign)


def _decimal(exact: Fraction) -> Decimal:
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def comparison_json(found: Comparison) -> dict[str, Any]:
    """A comparison for a program to read; numbers as text, with all their figures."""
    return {
        "schema": 1, "was": found.was, "now": found.now, "notes": list(found.notes),
        "changes": [{
            "figure": one.figure,
            "was": None if one.was is None else str(_decimal(one.was.number)),
            "now": None if one.now is None else str(_decimal(one.now.number)),
            "unit": (one.now or one.was or Value(Fraction(0))).unit,
            "difference": str(_decimal(one.difference)) if one.comparable and one.on_both else None,
            "parts": {cause: str(_decimal(part)) if one.on_both else None for cause, part in one.parts.items()},
            "not_split": str(_decimal(one.unsplit)) if one.on_both else None, "between": list(one.between),
        } for one in found.changes],
    }


def rerun_json(done: Rerun) -> dict[str, Any]:
    """What came of a rerun, for a program to read."""
    return {"schema": 1, "edition": done.edition, "compared": done.compared, "not_compared": done.not_compared,
            "remarks": list(done.remarks),
            "differences": [{"file": one.file, "figure": one.figure, "was": one.was, "now": one.now}
                            for one in done.differences]}
