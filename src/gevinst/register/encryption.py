"""Snapshots encrypted at rest: Parquet's own encryption (AES-256-GCM, footer and all), a key per file.

A snapshot's `encryption.json` holds the mark of the key and a random salt; each file's key is the HMAC-SHA256 of salt
and file name under the key of the snapshots, which lies beside that of the pseudonyms, outside the workspace. So no
key is used for two files, and a copied workspace cannot be opened. Only the tables are encrypted: the manifest and
the list of rejects hold no rows of persons, and beside encrypted tables the list has no cell of theirs in it.
"""

from __future__ import annotations

import hmac
import json
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path

from gevinst.backend import Backend, is_sealed
from gevinst.errors import GevinstError
from gevinst.settings import Settings, load_settings
from gevinst.sources.keys import create_key, load_key

SEAL_FILE = "encryption.json"
ALGORITHM = "Parquet AES_GCM_V1, 256 bits"
FORMAT = 1
SALT_BYTES = 16


@dataclass(frozen=True)
class Seal:
    """The keys of one snapshot's files."""

    key_id: str
    salt: bytes
    key: bytes = field(repr=False)

    def file_key(self, path: Path) -> bytes:
        """The key of a file, 32 bytes; only its name matters.

        >>> one = Seal("", bytes(16), bytes(32))
        >>> one.file_key(Path("a/spells.parquet")) == one.file_key(Path("b/spells.parquet"))
        True
        >>> one.file_key(Path("spells.parquet")) == one.file_key(Path("persons.parquet"))
        False
        """
        return hmac.digest(self.key, b"gevinst file key\0" + self.salt + path.name.encode(), "sha256")

    def as_json(self) -> bytes:
        """What `encryption.json` says: nothing of the key but its mark."""
        said = {"format": FORMAT, "algorithm": ALGORITHM, "key_id": self.key_id, "salt": self.salt.hex()}
        return f"{json.dumps(said, indent=1)}\n".encode()


def snapshot_key_id(key: bytes) -> str:
    """A short name for a key of snapshots, by which a wrong one is noticed. It says nothing of the key."""
    return hmac.digest(key, b"gevinst snapshot key id", "sha256").hex()[:16]


def new_seal(settings: Settings) -> Seal | None:
    """The seal of a snapshot to be written; None where the workspace does not encrypt.

    The first one makes the key. Raises `protection.snapshot-key-missing` where there are encrypted snapshots and no
    key, `protection.snapshot-key-wrong` where they were encrypted under another, and the errors of `load_key`.
    """
    if not settings.encrypt_snapshots:
        return None
    marks = {found[0] for one in settings.snapshots.glob(f"[0-9]*/{SEAL_FILE}") if (found := _read(one))}
    if marks or settings.snapshot_key_file.exists():
        key = _key(settings)
    else:
        key = create_key(settings.snapshot_key_file, settings.workspace)
    mark = snapshot_key_id(key)
    if marks - {mark}:
        raise _wrong(settings, min(marks - {mark}), mark)
    return Seal(mark, secrets.token_bytes(SALT_BYTES), key)


def seal_of(folder: Path) -> Seal | None:
    """The seal of a stored snapshot; None where it is not encrypted.

    Raises `protection.damaged`, `protection.snapshot-key-missing`, `protection.snapshot-key-wrong` and the errors of
    `load_settings` and `load_key`.
    """
    if not (folder / SEAL_FILE).exists():
        return None
    expected, salt = _read(folder / SEAL_FILE)
    settings = load_settings(folder.resolve().parent.parent)
    key = _key(settings)
    if snapshot_key_id(key) != expected:
        raise _wrong(settings, expected, snapshot_key_id(key))
    return Seal(expected, salt, key)


def unlocking(backend: Backend) -> Backend:
    """The same backend, able to read the encrypted tables of a workspace whose key is at hand."""
    return replace(backend, file_key=_file_key)


def columns_of(path: Path) -> tuple[str, ...]:
    """The columns of a stored table, encrypted or not. Raises the errors of `seal_of`."""
    from pyarrow.parquet import ParquetFile
    from pyarrow.parquet.encryption import create_decryption_properties

    properties = create_decryption_properties(_file_key(path)) if is_sealed(path) else None
    try:
        with ParquetFile(path, decryption_properties=properties) as file:
            return tuple(file.schema_arrow.names)
    except (OSError, ValueError) as fault:
        raise GevinstError("protection.damaged", where=str(path)) from fault


def _file_key(path: Path) -> bytes:
    seal = seal_of(path.parent)
    if seal is None:
        raise GevinstError("protection.damaged", where=str(path))
    return seal.file_key(path)


def _key(settings: Settings) -> bytes:
    return load_key(settings.snapshot_key_file, settings.workspace, missing="protection.snapshot-key-missing")


def _wrong(settings: Settings, expected: str, found: str) -> GevinstError:
    return GevinstError(
        "protection.snapshot-key-wrong", where=str(settings.snapshot_key_file), expected=expected, found=found)


def _read(path: Path) -> tuple[str, bytes]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if said["format"] > FORMAT:
            raise GevinstError("intake.manifest-newer", where=str(path))
        return str(said["key_id"]), bytes.fromhex(said["salt"])
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise GevinstError("protection.damaged", where=str(path)) from fault
