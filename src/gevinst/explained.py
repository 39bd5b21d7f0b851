"""A figure of an edition opened from its folder: formula, inputs, counts and parameters, without the data.

A ladder is found by its figure's id, and a year's by investment and year. What a ladder rests on is told beside it:
other figures in a line each, and in full the parameters, the files with their fingerprints, and the run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from gevinst.checksums import SUMS, differing, read_sums
from gevinst.errors import GevinstError
from gevinst.follow_up.figure_ids import nearest
from gevinst.follow_up.lineage_words import FILES, INTERVAL, PARAMETERS, RUN
from gevinst.language import Language, number, say, speaking
from gevinst.publish import EDITION, EXPLANATIONS, MEMO_TREE, latest
from gevinst.sources.cells import without_cpr
from gevinst.trace import Step, as_json, from_json, lines

OPENED = (EXPLANATIONS, EDITION, MEMO_TREE)
"""The files of an edition that are read to open a figure."""
SHORT_HASH = 12
SUGGESTED = 5
_PRINTED = re.compile(r'"figure":"([^"\\]+)"')


@dataclass(frozen=True)
class Explained:
    """A figure's ladder. `ladder` is the id it stands under, which several figures may share; `rests_on` other figures
    by id, `ground` what is told in full: parameters, how intervals are got, files, the run."""

    edition: str
    language: Language
    figure: str
    ladder: str
    step: Step
    rests_on: tuple[tuple[str, Step], ...] = ()
    ground: tuple[tuple[str, Step], ...] = ()


@dataclass(frozen=True)
class _Kept:
    """What an edition's folder says."""

    folder: Path
    ladders: Mapping[str, Any]
    sealed: Mapping[str, Any]


def edition_folder(editions: Path, edition: str | None) -> Path:
    """The edition with this id, or the only one whose id begins so; the newest where none is asked for.

    Raises `publish.none` and `publish.no-edition`.
    """
    if edition is None:
        return latest(editions)
    if not edition or re.search(r"[^\w-]", edition):
        raise GevinstError("publish.no-edition", where=str(editions), edition=without_cpr(edition))
    met = [editions / edition] if (editions / edition).is_dir() else sorted(editions.glob(f"{edition}*"))
    if len(met) != 1:
        raise GevinstError("publish.no-edition", where=str(editions), edition=without_cpr(edition))
    return met[0]


def explained_year(folder: Path, investment: str, year: str) -> Explained:
    """The ladder of all of an investment's year. Raises `publish.no-explanation` and as `explained`."""
    kept = _read(folder)
    key = f"{investment}/{year}"
    if key not in kept.ladders:
        known = ", ".join(sorted(name for name in kept.ladders if re.fullmatch(r"[^/]+/\d{4}", name)))
        raise GevinstError("publish.no-explanation", where=str(folder), asked=without_cpr(key), known=known)
    return _explained(kept, key, key)


def explained(folder: Path, figure: str) -> Explained:
    """The ladder of one figure.

    Raises `explain.unknown`, with the ids most like it, `edition.damaged`, `explain.unreadable` and
    `publish.no-edition`.
    """
    kept = _read(folder)
    if figure in kept.ladders:
        return _explained(kept, figure, figure)
    printed = _printed(folder)
    ladder = nearest(figure, kept.ladders) if figure in printed else ""
    if not ladder:
        raise GevinstError("explain.unknown", where=str(folder), asked=without_cpr(figure),
                           known=", ".join(_like(figure, [*kept.ladders, *printed])))
    return _explained(kept, figure, ladder)


def figures_like(folder: Path, pattern: str) -> tuple[tuple[str, str, str], ...]:
    """Every ladder's id, title and value whose id has the pattern: `*` and `?` as in file names, else a part of it.

    Raises `explain.none-like` and as `explained`.
    """
    kept = _read(folder)
    wild = any(sign in pattern for sign in "*?[")
    found = [(key, step["label"], step["value"]) for key, step in kept.ladders.items()
             if (fnmatchcase(key, pattern) if wild else pattern in key)]
    if not found:
        raise GevinstError("explain.none-like", where=str(folder), pattern=without_cpr(pattern))
    return tuple(sorted(found, key=lambda one: [_rank(part) for part in one[0].split("/")]))


def _rank(part: str) -> tuple[bool, int, str]:
    """Numbers first, by size; then words."""
    return not part.isdigit(), len(part) if part.isdigit() else 0, part


def as_text(found: Explained) -> list[str]:
    """The ladder and what it rests on, for a terminal."""
    with speaking(found.language):
        return _as_text(found)


def _as_text(found: Explained) -> list[str]:
    told = lines(found.step)
    if found.figure != found.ladder:
        told.insert(0, say(da=f"{found.figure} står i {found.ladder}:", en=f"{found.figure} is in {found.ladder}:"))
    if found.rests_on:
        told += ["", say(da="Hviler på (gevinst explain ID):", en="Rests on (gevinst explain ID):")]
        told += [f"  {key}: {step.label}{f' = {step.value}' if step.value else ''}" for key, step in found.rests_on]
    for _, step in found.ground:
        told += ["", *lines(step)]
    return told


def as_values(found: Explained) -> dict[str, Any]:
    """The same as plain values."""
    return {
        "edition": found.edition, "figure": found.figure, "ladder": found.ladder, "explanation": as_json(found.step),
        "rests_on": {key: as_json(step) for key, step in found.rests_on},
        "ground": {key: as_json(step) for key, step in found.ground},
    }


def _explained(kept: _Kept, figure: str, ladder: str) -> Explained:
    step = from_json(kept.ladders[ladder])
    seen = dict.fromkeys(_all_seen(step))
    figures, ground = list[tuple[str, Step]](), list[tuple[str, Step]]()
    for key in seen:
        known = nearest(key, kept.ladders)
        if known and ("parameters" in known.split("/") or known == INTERVAL):
            ground.append((known, from_json(kept.ladders[known])))
        elif known:
            figures.append((known, from_json(kept.ladders[known])))
    language: Language = "en" if kept.sealed["language"] == "en" else "da"
    with speaking(language):
        ground += [(key, made) for key, made in _ground(kept.sealed).items() if key in seen]
    return Explained(str(kept.sealed["id"]), language, figure, ladder, step, tuple(figures), tuple(ground))


def _all_seen(step: Step) -> list[str]:
    return [*step.see, *(one for below in step.under for one in _all_seen(below))]


def _ground(sealed: Mapping[str, Any]) -> dict[str, Step]:
    """What a computed figure rests on, from what was sealed in with the edition."""
    files = tuple(Step(one["name"], "" if one["rows"] is None else say(da=f"{number(one['rows'])} rækker",
                                                                      en=f"{number(one['rows'])} rows"),
                       source=f"sha256 {one['sha256'][:SHORT_HASH]}") for one in sealed["inputs"])
    used = tuple(Step(one["name"], one["value"], one["valid"], one["source"], not one["verified"])
                 for one in sealed["parameters"])
    run = ((say(da="udgave", en="edition"), sealed["id"]),
           (say(da="programversion", en="program version"), sealed["code_version"]),
           (say(da="data til og med", en="data up to"), sealed["data_horizon"]),
           (say(da="startværdi", en="seed"), str(sealed["seed"])),
           (say(da="gentagelser", en="replicates"), number(sealed["replicates"])),
           (say(da="mindste antal personer, der vises", en="smallest count of persons shown"),
            number(sealed["small_cell_threshold"])))
    return {
        PARAMETERS: Step(say(da="Parametre", en="Parameters"), "", under=used),
        FILES: Step(say(da="Filer", en="Files"), "", under=files),
        RUN: Step(say(da="Kørsel", en="Run"), "", under=tuple(Step(*one) for one in run if one[1])),
    }


def refuse_damaged(folder: Path, damaged: Iterable[str]) -> None:
    """Raise `edition.damaged` where a file that a figure is opened from is among them; it may lack the memo's tree."""
    wrong = [name for name in damaged if name in (*OPENED, SUMS) and not (
        name == MEMO_TREE and not (folder / name).exists())]
    if wrong:
        raise GevinstError("edition.damaged", where=str(folder), edition=folder.name, files=", ".join(wrong))


def _read(folder: Path) -> _Kept:
    if not (folder / EXPLANATIONS).is_file():
        raise GevinstError("publish.no-edition", where=str(folder.parent), edition=without_cpr(folder.name))
    try:
        refuse_damaged(folder, differing(folder, read_sums(folder)))
        ladders, sealed = (json.loads((folder / name).read_text(encoding="utf-8")) for name in (EXPLANATIONS, EDITION))
        kept = _Kept(folder, {str(key): step for key, step in ladders.items()}, sealed)
        _ground(sealed)
        for step in kept.ladders.values():
            from_json(step)
        return kept
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise GevinstError("explain.unreadable", where=str(folder), edition=folder.name) from fault


def _printed(folder: Path) -> tuple[str, ...]:
    """The ids of all figures the memo prints, also of those that share a ladder."""
    try:
        return tuple(dict.fromkeys(_PRINTED.findall((folder / MEMO_TREE).read_text(encoding="utf-8"))))
    except (OSError, UnicodeDecodeError):  # without the memo's tree only ladders of their own are known
        return ()


def _like(figure: str, known: list[str]) -> list[str]:
    """The ids most like one that is not known: those that begin as it does, and those spelt nearly so."""
    begins = sorted((one for one in known if figure and one.startswith(figure)), key=len)
    close = get_close_matches(figure, known, n=SUGGESTED, cutoff=0.4)
    return list(dict.fromkeys([*begins[:SUGGESTED], *close]))[:SUGGESTED] or sorted(known)[:SUGGESTED]
