from __future__ import annotations

import hmac

import numpy as np
import pytest

from gevinst.sources.cells import Fault
from gevinst.sources.pseudonym import IN_MEMORY_KEY, Pseudonymiser, key_id, normalise_id

KEY = bytes(range(32))
CHI_SQUARE = 266.4  # the 99.9 per cent quantile with 199 degrees of freedom, by Wilson and Hilferty's approximation


def test_it_is_the_hmac_of_the_standard_library() -> None:
    ids = ["0101901234", "P0000007", "æøå", "x" * 200]
    found = Pseudonymiser(KEY).identify(ids)
    for row, one in enumerate(ids):
        digest = hmac.new(KEY, one.encode(), "sha256").digest()
        assert found.person[row] == int.from_bytes(digest[:8], "big", signed=True)
        assert found.replicate[row] == int.from_bytes(digest[8:16], "big") % 200
        assert found.check[row] == int.from_bytes(digest[8:16], "big", signed=True)
    assert (found.person.dtype, found.replicate.dtype) == (np.int64, np.int16)


def test_a_vector_of_rfc_4231() -> None:
    """Test case 2 ("Jefe") has a short key; our keys have 32 bytes, so it is padded as RFC 2104 pads it."""
    padded = b"Jefe".ljust(32, b"\0")
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert Pseudonymiser(padded).digest(b"what do ya want for nothing?").hex() == expected


def test_order_and_company_do_not_matter() -> None:
    ids = [f"{number:010d}" for number in range(5_000)]
    shuffled = [ids[place] for place in np.random.default_rng(1).permutation(len(ids))]
    straight = dict(zip(ids, Pseudonymiser(KEY).identify(ids).person.tolist(), strict=True))
    other = Pseudonymiser(KEY, remember=700)  # forgets again and again
    for start in range(0, len(shuffled), 300):
        part = shuffled[start : start + 300]
        assert other.identify(part).person.tolist() == [straight[one] for one in part]
    assert len(set(straight.values())) == len(ids)


def test_another_key_gives_other_pseudonyms() -> None:
    ids = ["0101901234", "0202901234"]
    one, other = (set(Pseudonymiser(key).identify(ids).person.tolist()) for key in (KEY, IN_MEMORY_KEY))
    assert not one & other
    assert key_id(KEY) != key_id(IN_MEMORY_KEY)
    assert key_id(KEY) == key_id(bytes(range(32)))
    assert KEY.hex()[:8] not in key_id(KEY)


def test_replicate_groups_are_even() -> None:
    """Chi-square over 200 groups, 100,000 fixed CPR-like ids: below the 99.9 per cent quantile."""
    ids = [f"{day:02d}{month:02d}{year:02d}{serial:04d}" for day in range(1, 29) for month in range(1, 13)
           for year in (50, 65, 80) for serial in range(100)][:100_000]
    groups = Pseudonymiser(IN_MEMORY_KEY).identify(ids).replicate
    counts = np.bincount(groups, minlength=200)
    assert len(counts) == 200
    expected = len(ids) / 200
    assert ((counts - expected) ** 2 / expected).sum() < CHI_SQUARE


@pytest.mark.parametrize("text", [
    "0101901234", "010190-1234", "010190 1234", " 0101901234 ", "101901234", "101901234.0", "0101901234.0",
    "010190\N{EN DASH}1234", "10190-1234", "10190 1234", "010190\N{NON-BREAKING HYPHEN}1234", "010190 - 1234",
    "010190\N{NO-BREAK SPACE}1234", "01.01.90-1234", "01-01-90-1234", "01 01 90 1234", "010190/1234", "'0101901234",
    '="0101901234"', "1.01.90-1234"])
def test_one_person_however_the_number_is_written(text: str) -> None:
    assert normalise_id(text) == "0101901234"


@pytest.mark.parametrize("text", [
    "P0000007", "123456789", "12345", "990190-1234x", "A010190-1234", "3e102030", "99019-1234x"])
def test_other_ids_are_left_alone(text: str) -> None:
    assert normalise_id(text) == text


def test_substitute_numbers() -> None:
    assert normalise_id("010190-ab12") == "010190AB12"
    assert normalise_id("610190-1234") == "6101901234"
    for text in ("010170AB12", "010170-AB12", "010170 ab12", " 010170-aB12 ", "01.01.70-AB12"):
        assert normalise_id(text) == "010170AB12"
    assert normalise_id("010170-1UK2") == "0101701UK2"
    assert normalise_id("719970-ab12") == "719970-ab12"  # no day


def test_no_number_is_refused_for_its_figures() -> None:
    """Modulus 11, substitute numbers, days plus 60: nothing of it is a fault."""
    ids = ["0707614285", "0101901234", "6101901234", "010170AB12", "010170-TUK1", "9912901234"]
    assert Pseudonymiser(KEY).identify(ids).fault.tolist() == [0] * 6


def test_what_is_counted() -> None:
    ids = ["101901234", "0101901234", "0707614285", "P1", "1,01E+09", "9912901234", " ", "10190-1234"]
    found = Pseudonymiser(KEY).identify(ids)
    assert found.restored.tolist() == [True, False, False, False, False, False, False, True]
    # 0101901234: 3·1 + 7·1 + 6·9 + 4·1 + 3·2 + 2·3 + 1·4 = 84 = 7·11 + 7, so it fails; 0707614285:
    # 3·7 + 7·7 + 6·6 + 5·1 + 4·4 + 3·2 + 2·8 + 1·5 = 154 = 14·11, so it holds; day 99 is no CPR number.
    assert found.doubtful.tolist() == [True, True, False, False, False, False, False, True]
    assert found.fault.tolist() == [0, 0, 0, 0, Fault.ROUNDED_ID, 0, Fault.MISSING_CELL, 0]


def test_no_ids_at_all() -> None:
    assert len(Pseudonymiser(KEY).identify([]).person) == 0


def test_a_key_of_another_length() -> None:
    with pytest.raises(ValueError, match="32"):
        Pseudonymiser(b"short")
