"""`manifest.json`: what a folder of stored tables was made from, when, under which key, and how the rows fared."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from gevinst.disk import write_private
from gevinst.errors import GevinstError
from gevinst.sources.report import FilePart, FileReport, Note

MANIFEST_FILE = "manifest.json"
FORMAT = 1
NO_MARK = "–"


@dataclass(frozen=True)
class Manifest:
    """The record of one import. `created` is UTC; `rejects_sha256` the checksum of `rejects.csv`.

    `salt` is known to who has the manifest, and goes into every checksum that is told outside the workspace: whoever
    has the rest finds a small number of rows by trying. It is the same under the same key; older manifests have none.
    """

    created: datetime
    program: str
    key_id: str
    data_from: date | None
    data_to: date | None
    files: tuple[FileReport, ...]
    notes: tuple[Note, ...]
    rejects_sha256: str
    salt: str = ""

    def mark(self, sha256: str) -> str:
        """What may be told of the checksum of a file that is small enough to be guessed; nothing without a salt.

        >>> Manifest(datetime(2024, 1, 1), "", "", None, None, (), (), "").mark("ab")
        '–'
        """
        return hashlib.sha256(f"{self.salt}/{sha256}".encode()).hexdigest() if self.salt else NO_MARK

    @property
    def fingerprint(self) -> str:
        """A checksum of everything but the time: equal for two imports of the same files with the same result."""
        content = _as_json(self)
        del content["created"]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it. Raises `OSError`."""
    text = json.dumps(_as_json(manifest), ensure_ascii=False, indent=1)
    write_private(folder / MANIFEST_FILE, f"{text}\n".encode())


def read_manifest(folder: Path) -> Manifest:
    """Read it. Raises `intake.no-manifest`, `intake.manifest-damaged` and `intake.manifest-newer`."""
    path = folder / MANIFEST_FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] > FORMAT:
            raise GevinstError("intake.manifest-newer", where=str(path))
        return _from_json(content)
    except FileNotFoundError:
        raise GevinstError("intake.no-manifest", where=str(folder)) from None
    except (ValueError, KeyError, TypeError) as fault:
        raise GevinstError("intake.manifest-damaged", where=str(path)) from fault


def _as_json(manifest: Manifest) -> dict[str, Any]:
    content = asdict(manifest)
    if not manifest.salt:
        del content["salt"]
    for file in content["files"]:
        file["notes"] = [_note_json(one) for one in file["notes"]]
        file["reasons"] = dict(file["reasons"])
    content["notes"] = [_note_json(one) for one in content["notes"]]
    for day in ("data_from", "data_to", "created"):
        content[day] = content[day] and content[day].isoformat()
    return {"format": FORMAT, **content}


def _note_json(one: dict[str, Any]) -> dict[str, Any]:
    return {"code": one["code"], "values": dict(one["values"])}


def _note(content: dict[str, Any]) -> Note:
    return Note(content["code"], tuple(content["values"].items()))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _from_json(content: dict[str, Any]) -> Manifest:
    files = tuple(
        FileReport(**{**one, "notes": tuple(map(_note, one["notes"])), "reasons": tuple(one["reasons"].items()),
                      "parts": tuple(FilePart(**part) for part in one.get("parts", ()))})
        for one in content["files"]
    )
    return Manifest(
        created=datetime.fromisoformat(content["created"]), program=content["program"], key_id=content["key_id"],
        data_from=_day(content["data_from"]), data_to=_day(content["data_to"]), files=files,
        notes=tuple(map(_note, content["notes"])), rejects_sha256=content["rejects_sha256"],
        salt=content.get("salt", ""))
