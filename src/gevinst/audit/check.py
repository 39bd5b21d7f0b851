"""An auditor's package checked: its checksums, its logs, its twin, and the memo run from the twin, bit for bit."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gevinst.audit.contents import EDITION_FOLDER, FORMAT, PACKAGE, RERUN, TWIN_MEMO
from gevinst.audit.logs import (
    ACCESS,
    EDITION_LOG,
    JOURNAL_LOG,
    edition_log_unbroken,
    heads_told,
    journal_cut,
    journal_unbroken,
    last_sums,
    same_account_told,
)
from gevinst.audit.rerun_told import rerun_told
from gevinst.audit.twin_run import LOCAL, REGISTER, run_twin
from gevinst.checksums import SUMS, differing, read_sums, sha256_of
from gevinst.curves.twin_model import keeps_its_rule
from gevinst.errors import GevinstError
from gevinst.follow_up.disclosure.released import FILE as COUNTS
from gevinst.language import number, say
from gevinst.parameters.local import open_book
from gevinst.publish import CURVES, EFFECTS, EXPLANATIONS, FIGURES
from gevinst.twin.make import COPIED, drawn_files, read_twin
from gevinst.twin.make import REGISTER as TABLES
from gevinst.version import code_version

PROGRAM = "program/program.json"
COMPARED = (FIGURES, EFFECTS, CURVES, EXPLANATIONS, COUNTS)
SHOWN = 20


@dataclass(frozen=True)
class Check:
    """One thing that was checked, in words; `faults` say what is wrong with it."""

    what: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checked:
    """A package checked: what was, and what must be known beside it."""

    edition: str
    checks: tuple[Check, ...]
    remarks: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether nothing is wrong."""
        return not any(one.faults for one in self.checks)


def check_package(files: Mapping[str, bytes], *, run: bool = True) -> Checked:
    """Check the files of a package; without `run` the memo is not run again.

    Raises `package.unreadable` where they are none and `package.newer`.
    """
    with tempfile.TemporaryDirectory(prefix="gevinst-check-") as scratch:
        package = Path(scratch) / "package"
        package.mkdir()
        lay_out(files, package)
        said = _said(package)
        checks = [_sums(package), *_logs(package)]
        checks += [_drawn(package)] if said["twin"] or (package / REGISTER).exists() else []
        checks += [_memo(package, Path(scratch) / "opened")] if run else []
        program, again = _read(package / PROGRAM), (*_left_open(package), *rerun_told(_read(package / RERUN)))
    packed_by = str(program.get("code_version", "?")) if isinstance(program, dict) else "?"
    return Checked(str(said["edition"]), tuple(checks), tuple(dict.fromkeys((*_remarks(said, packed_by), *again))))


def lay_out(files: Mapping[str, bytes], place: Path) -> None:
    """Write the files of a package below a folder that is there."""
    for name, content in files.items():
        (place / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        (place / name).write_bytes(content)


def _said(package: Path) -> Mapping[str, Any]:
    try:
        said: Mapping[str, Any] = json.loads((package / PACKAGE).read_text(encoding="utf-8"))
        if said["format"] > FORMAT:
            raise GevinstError("package.newer", where=PACKAGE)
        return {**said, "twin": bool(said["twin"])}
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise GevinstError("package.unreadable", where=PACKAGE) from fault


def _remarks(said: Mapping[str, Any], packed_by: str) -> tuple[str, ...]:
    remarks = [str(one) for one in said.get("missing", ())]
    made_by = str(said.get("made_by", packed_by))
    if made_by != packed_by:
        remarks.append(say(da=f"Udgaven er lavet med {made_by}, pakken med {packed_by}.",
                           en=f"The edition was made by {made_by}, the package by {packed_by}."))
    if packed_by != code_version():
        remarks.append(say(
            da=f"Pakken er lavet med {packed_by}, dette program er {code_version()}; versionerne af dets pakker står i "
               "program/constraints.txt.",
            en=f"The package was made by {packed_by}, this program is {code_version()}; the versions of its packages "
               "are in program/constraints.txt."))
    return tuple(remarks)


def changed_files(package: Path) -> tuple[str, ...]:
    """The files of an unpacked package, and of the edition in it, that are not as their lists of checksums say."""
    wrong: list[str] = []
    for folder in (package, package / EDITION_FOLDER):
        try:
            wrong += [(folder / name).relative_to(package).as_posix() for name in differing(folder, read_sums(folder))]
        except (OSError, ValueError):
            wrong.append((folder / SUMS).relative_to(package).as_posix())
    return tuple(dict.fromkeys(wrong))


def _sums(package: Path) -> Check:
    """Every file by its checksum."""
    return Check(say(da="filernes kontrolsummer", en="the files' checksums"), changed_files(package))


def _logs(package: Path) -> Iterator[Check]:
    states, journal = (_read(package / name) for name in (EDITION_LOG, JOURNAL_LOG))
    broken = say(da="kæden er brudt", en="the chain is broken")
    yield Check(say(da="udgavens log", en="the edition's log"), (
        *(() if _whole(edition_log_unbroken, states) else (broken,)), *_sealed(package, states)))
    yield Check(say(da="udtrækkenes journal", en="the journal of snapshots"),
                (() if _whole(journal_unbroken, journal) else (broken,)) + _cut(journal))


def _cut(journal: Any) -> tuple[str, ...]:
    try:
        return (say(da="der er fjernet linjer", en="lines were removed"),) if journal_cut(journal) else ()
    except (KeyError, TypeError, AttributeError):
        return ()


def _left_open(package: Path) -> tuple[str, ...]:
    """What the logs leave open: their heads, and who approved; one that cannot be read is told by its check."""
    try:
        return (*same_account_told(_read(package / EDITION_LOG)),
                *heads_told(_read(package / JOURNAL_LOG), _read(package / ACCESS)))
    except (LookupError, TypeError, ValueError, AttributeError):
        return ()


def _sealed(package: Path, states: Any) -> Iterator[str]:
    """The log's last entry knows the checksum of the list of the edition's files."""
    try:
        known = last_sums(states)
        there = sha256_of((package / EDITION_FOLDER / SUMS).read_bytes())
    except (OSError, KeyError, TypeError, AttributeError):
        known, there = "?", ""
    if known is not None and known != there:
        yield say(da="loggens sidste kontrolsum er ikke udgavens", en="the log's last checksum is not the edition's")


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _whole(unbroken: Any, said: Any) -> bool:
    try:
        return bool(unbroken(said))
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


def _drawn(package: Path) -> Check:
    """The twin is what its model and seed give: nothing of a person was put in beside them."""
    what = say(da="tvillingen er trukket af sin model", en="the twin is drawn from its model")
    try:
        model, seed = read_twin(package / "twin")
        again = drawn_files(model, seed, open_book(package / LOCAL))
    except GevinstError as fault:
        return Check(what, (fault.message().what,))
    except (ArithmeticError, LookupError, ValueError, TypeError):  # a model that was made by another hand
        return Check(what, (GevinstError("twin.unreadable").message().what,))
    wrong = {name for name, content in again.items() if not _same(package / "twin" / name, content)}
    there = {f"{TABLES}/{path.relative_to(package / REGISTER).as_posix()}" for path in (package / REGISTER).rglob("*")}
    small = () if keeps_its_rule(model) else (say(
        da=f"modellen rummer tal, der ikke er afrundet til {model.base}",
        en=f"the model holds numbers that are not rounded to {model.base}"),)
    return Check(what, (*small, *sorted(wrong | (there - {*again, *(f"{TABLES}/{name}.csv" for name in COPIED)}))))


def _same(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _memo(package: Path, place: Path) -> Check:
    """The memo run from the twin gives the figures that are in the package."""
    what = say(da="notatet regnet igen af tvillingen, bit for bit", en="the memo run again from the twin, bit for bit")
    try:
        folder = run_twin(package, place).folder
    except GevinstError as fault:
        return Check(what, (fault.message().what,))
    faults = [f"{name} {where}" for name in COMPARED
              for where in differences(_read(package / TWIN_MEMO / name), _read(folder / name))]
    more = len(faults) - SHOWN
    return Check(what, (*faults[:SHOWN], *([say(da=f"… og {number(more)} til", en=f"… and {number(more)} more")]
                                          if more > 0 else [])))


def differences(was: Any, now: Any, where: str = "") -> Iterator[str]:
    """The places at which two values read from JSON differ; members of a list by their `id` where they have one.

    >>> list(differences({"a": [{"id": "x", "v": 1}]}, {"a": [{"id": "x", "v": 2}]}))
    ['a/x/v: 1 → 2']
    """
    if isinstance(was, list) and isinstance(now, list):
        was, now = _by_id(was), _by_id(now)
    if isinstance(was, dict) and isinstance(now, dict):
        for key in [*was, *(key for key in now if key not in was)]:
            yield from differences(was.get(key), now.get(key), f"{where}/{key}" if where else str(key))
    elif was != now or type(was) is not type(now):
        yield f"{where}: {_short(was)} → {_short(now)}"


def _by_id(rows: list[Any]) -> dict[str, Any]:
    return {str(row["id"]) if isinstance(row, dict) and "id" in row else str(at): row for at, row in enumerate(rows)}


def _short(value: Any) -> str:
    text = "–" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"
