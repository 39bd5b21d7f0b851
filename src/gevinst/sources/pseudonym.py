"""Persons' ids to pseudonyms: a keyed hash, before anything is written.

HMAC-SHA256 (RFC 2104) of the normalised id under the installation's key. The first 8 bytes, as a signed
big-endian integer, are the person; the next 8 decide the replicate group (modulo 200) and are kept beside the
person during the import, so that two ids with one pseudonym are noticed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress, repeat

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gevinst.sources.cells import Fault, born_on_a_day

REPLICATE_GROUPS = 200
KEY_BYTES = 32
IN_MEMORY_KEY = hashlib.sha256(b"gevinst: a published key, for data that are not kept").digest()
"""Used only where nothing is kept: an analyst's folder, read into a private temporary directory and removed."""

REMEMBERED = 1_000_000  # ids; about 200 MB
_RECORD = np.dtype([("person", np.int64), ("check", np.int64), ("replicate", np.int16), ("restored", np.bool_),
                    ("doubtful", np.bool_), ("fault", np.uint8)])
_BLOCK = 64  # bytes, of SHA-256
_WEIGHTS = np.array([4, 3, 2, 7, 6, 5, 4, 3, 2, 1], dtype=np.int64)
_DASHES = "-\u2010\u2011\u2012\u2013\u2212"
_WRITTEN = re.compile(  # parts of a CPR number, or of a substitute one (erstatnings-CPR), whose serial has letters
    rf"(\d?\d)([-./\s]?)(\d\d)\2(\d\d)\s?[{_DASHES}/\s]?\s?(\d{{4}}|(?=\d*[A-Za-z])[A-Za-z0-9]{{4}})")
_HYPHEN_OUT, _TEN_FIGURES = (r"^(\d{6})-(\d{4})$", r"\1\2"), r"^\d{10}$"
_SPREADSHEET_TEXT = re.compile(r"""='?"(.*)"|'(.*)""")  # how spreadsheets mark that a number is text
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d{1,2}")  # as spreadsheets write long numbers


@dataclass(frozen=True)
class Identified:
    """What became of ids, in the order given.

    `person` (int64), `check` (int64, for finding collisions only) and `replicate` (int16, 0-199) are the
    pseudonym; `restored` marks where a spreadsheet's lost leading zero was put back, `doubtful` CPR numbers
    that fail modulus 11 (many valid ones issued since 2007 do), `fault` ids that cannot be used.
    """

    person: npt.NDArray[np.int64]
    check: npt.NDArray[np.int64]
    replicate: npt.NDArray[np.int16]
    restored: npt.NDArray[np.bool_]
    doubtful: npt.NDArray[np.bool_]
    fault: npt.NDArray[np.uint8]


def key_id(key: bytes) -> str:
    """A short name for a key, kept in each manifest, by which a wrong key is noticed. It says nothing of the key."""
    return hmac.digest(key, b"gevinst key id", "sha256").hex()[:16]


def salt_of(key: bytes) -> str:
    """What goes into the checksums that are told of an import: kept in each manifest. It says nothing of the key."""
    return hmac.digest(key, b"gevinst checksum salt", "sha256").hex()


def normalise_id(text: str) -> str:
    """An id as it is hashed: CPR numbers as ten signs, others as they stand.

    >>> normalise_id(" 010190-1234 "), normalise_id("101901234"), normalise_id("0101901234.0"), normalise_id("P07")
    ('0101901234', '0101901234', '0101901234', 'P07')
    >>> normalise_id("01.01.90-1234"), normalise_id("010190-ab12"), normalise_id("'0101901234")
    ('0101901234', '010190AB12', '0101901234')
    """
    text = text.strip()
    if text[:1] in ("=", "'") and (marked := _SPREADSHEET_TEXT.fullmatch(text)):
        text = (marked.group(1) or marked.group(2) or "").strip()
    text = text.removesuffix(".0")
    if len(text) in (10, 11) and (text[-5] in _DASHES or text[-5].isspace()) and (text[:-5] + text[-4:]).isdecimal():
        text = text[:-5] + text[-4:]
        if len(text) == 10:
            return text
    if written := _WRITTEN.fullmatch(text):
        day, _, month, year, serial = written.groups()
        plain = day.zfill(2) + month + year + serial.upper()
        return plain if born_on_a_day(plain) else text
    return text


def _fail_modulus_11(ids: list[bytes], shaped: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which of the ids that are `shaped` like CPR numbers, ten figures, have a weighted sum not divisible by 11."""
    figures = np.frombuffer(b"".join(compress(ids, shaped.tolist())), np.uint8).reshape(-1, 10).astype(np.int64)
    figures -= ord("0")
    day, month = figures[:, 0] * 10 + figures[:, 1], figures[:, 2] * 10 + figures[:, 3]
    born = ((day >= 1) & (day <= 31) | (day >= 61) & (day <= 91)) & (month >= 1) & (month <= 12)
    failing = np.zeros(len(ids), np.bool_)
    failing[shaped] = born & (figures @ _WEIGHTS % 11 != 0)
    return failing


class Pseudonymiser:
    """Reads and hashes ids under one key. The ids met last are remembered, in memory and nowhere else.

    >>> one = Pseudonymiser(IN_MEMORY_KEY).identify(["010190-1234"])
    >>> digest = hmac.digest(IN_MEMORY_KEY, b"0101901234", "sha256")
    >>> int(one.person[0]) == int.from_bytes(digest[:8], "big", signed=True)
    True
    """

    def __init__(self, key: bytes, remember: int = REMEMBERED) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("a key has 32 bytes")
        padded = key.ljust(_BLOCK, b"\0")
        # The two halves of HMAC with the key already taken in: a copy costs half of a call to `hmac.digest`.
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))
        self._remember = remember
        self._place: dict[str, int] = {}
        self._known = np.empty(0, _RECORD)

    def digest(self, one: bytes) -> bytes:
        """HMAC-SHA256 of one normalised id, 32 bytes."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(one)
        outer.update(inner.digest())
        return outer.digest()

    def identify(self, texts: Sequence[str]) -> Identified:
        """The pseudonym of each id, which depends on nothing but the id and the key."""
        if len(self._place) > self._remember:
            self._place, self._known = {}, np.empty(0, _RECORD)
        places = np.fromiter(map(self._place.get, texts, repeat(-1)), np.int64, len(texts))
        new = np.flatnonzero(places < 0)
        if len(new):
            places[new] = self._take_in([texts[row] for row in new.tolist()])
        found = self._known[places]
        return Identified(found["person"], found["check"], found["replicate"], found["restored"], found["doubtful"],
                          found["fault"])

    def _take_in(self, texts: list[str]) -> list[int]:
        """Read ids that are not known; the place of each."""
        fresh = list(dict.fromkeys(texts))
        self._place.update(zip(fresh, range(len(self._place), len(self._place) + len(fresh)), strict=True))
        self._known = np.concatenate([self._known, self._read(fresh)])
        return [self._place[text] for text in texts]

    def _read(self, texts: list[str]) -> npt.NDArray[np.void]:
        """Ids as records. Those written as nearly all are, ten figures with or without a hyphen, are read at once."""
        read = np.zeros(len(texts), _RECORD)
        plain = pc.replace_substring_regex(pa.array(texts, pa.string()), *_HYPHEN_OUT)
        shaped = pc.match_substring_regex(plain, _TEN_FIGURES).to_numpy(zero_copy_only=False).astype(np.bool_)
        ids: list[bytes] = plain.cast(pa.binary()).to_pylist()
        for row in np.flatnonzero(~shaped).tolist():
            text, one = texts[row], normalise_id(texts[row])
            read["restored"][row] = one[:1] == "0" and text.strip()[:1] != "0" and len(one) == 10
            if not one:
                read["fault"][row] = Fault.MISSING_CELL
            elif _ROUNDED.fullmatch(one):
                read["fault"][row] = Fault.ROUNDED_ID
            ids[row] = one.encode()
            shaped[row] = len(ids[row]) == 10 and ids[row].isdigit()
        if ids:
            words = np.frombuffer(b"".join([self.digest(one) for one in ids]), ">u8").reshape(-1, 4).astype(np.uint64)
            read["person"], read["check"] = words[:, 0].view(np.int64), words[:, 1].view(np.int64)
            read["replicate"] = words[:, 1] % np.uint64(REPLICATE_GROUPS)
            read["doubtful"] = _fail_modulus_11(ids, shaped)
        return read
