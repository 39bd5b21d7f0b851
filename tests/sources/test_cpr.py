from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gevinst.sources import cpr
from gevinst.sources.cpr import MAY_HOLD_CPR, holds_cpr, without_cpr, without_written_cpr

# In every way that a person, a system or a file name writes one.
WRITTEN = [
    "0101901234", "010190-1234", "010190 1234", "010190 - 1234", "010190\N{NO-BREAK SPACE}1234", "010190/1234",
    "010190\N{EN DASH}1234", "010190\N{EM DASH}1234", "010190\N{NON-BREAKING HYPHEN}1234", "010190_1234",
    "010190.1234", "010190:1234", "010190\N{SOFT HYPHEN}1234", "010190\N{ZERO WIDTH SPACE}1234", "010190 / 1234",
    "01.01.90-1234", "01-01-90-1234", "01/01/90-1234", "01 01 90 1234", "01_01_90_1234", "01.01.90.1234",
    "01:01:90:1234", "01-01-90_1234", "01_01_90-1234", "01 01 90-1234", "01-01-90/1234", "01 - 01 - 90 - 1234",
    "01 01 90 12 34", "01-01-90-12-34", "01_01_90_12_34", "01.01.90.12.34",
    "010119901234", "01011990-1234", "01011990 1234", "01011990_1234", "01-01-1990-1234", "01.01.1990-1234",
    "01-01-1990-2012",
    "01_01_1990_1234", "01 01 1990 1234", "01/01/1990/1234", "01011990.1234",
    "199001011234", "19900101-1234", "19900101 1234", "19900101_1234", "1990-01-01-1234", "1990_01_01_1234",
    "1990.01.01-1234", "1990 01 01 1234",
    "101901234", "10190-1234", "10190_1234", "1-01-90-1234",
    "6101901234", "610190-1234", "610190_1234", "61-01-1990-1234",
    "010190AB12", "010190-ab12", "010190_ab12", "010190 AB12", "010190-TUK1", "010190-1UK2", "01.01.90-AB12",
    "01011990-AB12"]
# What other things look like; a row or a file would be refused where they were taken for a person.
OTHER = [
    "2021-12-31 1430", "20211231T1000", "20211231T101930", "20211231T101920123456Z-01234567", "2021-12-31T14:30:00",
    "20211231-1430", "20211231_1430", "202112311430", "2021-03-31 1200", "31-12-2021 14:30", "2009-12-31 1430",
    "Kursus 01-02-21 1200 kr.", "kursus 01-02-21. 1200 kr.", "01-01-2010 - 2012", "2010-01-01/2010-12-31",
    "01-01-2020 – 31-12-2022", "kl. 12.30-1430", "12:10:20.1234", "31.12.2021", "20210331", "010121 kurs",
    "tlf. 20 12 34 56", "+45 20 12 34 56", "20123456", "20 12 34 56 20 12 34 57", "0045 20123456",
    "5.57.78 gruppering 012", "5.57.73-1-1-007-5.2", "05.57.73.1.1.007", "5577310012", "0557731007", "995512345",
    "5.12.10-1234", "XG-0000000123", "XG-0000000123-00001", "EAN 5798000000000", "DK12345678", "12345678",
    "110270.1236", "-110270.1236", "1.234.567,89", "12.345.678.901", "10.190,1234", "020304050607", "uge 10190",
    "9912901234", "0113901234", "5.57.73-1-012", "2021-12-31", "faglaert", "707", "12-13-90-1234", "1990-13-01-1234",
    "123456789012345", "00101901234", "01019012345", "2021-2025", "P01234", ""]
# What may be said to be hidden where nobody loses anything by it.
DOUBTFUL = ["Kursus 01-02-21 1200 kr.", "kursus 01-02-21. 1200 kr.", "01-01-2010 - 2012", "5.12.10-1234",
            "110270.1236", "-110270.1236", "2009-12-31 1430"]


@pytest.mark.parametrize("one", WRITTEN)
@pytest.mark.parametrize("around", ["{}", "til {}.", "({})", "nr{}", "x;{};y", "{}ABC", "_{}_", "cpr:{}\n", "{}.csv",
                                    "Fasit_{}.xlsx", "2021, {}, 2022", "{} Karen", "Kursus i 2021 for {}"])
def test_an_id_in_a_text_is_seen_and_taken_out(one: str, around: str) -> None:
    if one[-4:].isdigit() or "ABC" not in around:  # with letters after it a serial of letters is another word
        text = around.format(one)
        assert holds_cpr(text)
        assert without_cpr(text) == without_written_cpr(text) == around.format("[…]")


@pytest.mark.parametrize("text", OTHER)
def test_what_is_no_id_has_nothing_refused(text: str) -> None:
    assert not holds_cpr(text)
    assert without_written_cpr(text) == text


@pytest.mark.parametrize("text", OTHER)
def test_what_is_said_hides_only_what_may_be_one(text: str) -> None:
    assert (without_cpr(text) == text) == (text not in DOUBTFUL)


@pytest.mark.parametrize("text", ["01-01-90 1234", "01-01-1990 1236", "1990-01-01 1236", "01.01.90. 1234"])
def test_a_date_with_a_time_is_hidden_but_not_refused(text: str) -> None:
    assert not holds_cpr(text)
    assert "12" not in without_cpr(text)


def test_several_and_those_that_begin_inside_a_date() -> None:
    assert without_cpr("010190-1234_020391-5678, 2021-010190-1234") == "[…]_[…], 2021-[…]"
    assert without_cpr("31-12-2021 010190-1234") == "31-12-2021 […]"


def test_whole_dates_are_read_as_dates() -> None:
    """Every day of a CPR number's range is one; no other figures are."""
    for day in range(100):
        for month in range(100):
            is_day = (1 <= day <= 31 or 61 <= day <= 91) and 1 <= month <= 12
            assert holds_cpr(f"{day:02d}{month:02d}90_1234") == is_day


def _some(drawn: np.random.Generator, signs: str, fewest: int, most: int) -> str:
    return "".join(drawn.choice([*signs], drawn.integers(fewest, most)))


def test_what_is_found_first_for_a_column_is_no_narrower() -> None:
    """Arrow finds the texts to look at with another engine; it must find every one that is an id, amid anything."""
    drawn = np.random.default_rng(20211121)
    signs = "abcAB 0123456789-_./: \N{NO-BREAK SPACE}\N{EN DASH}\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE},;"
    texts = [around + one + around[::-1] for one in WRITTEN
             for around in ("", *(_some(drawn, signs, 1, 6) for _ in range(40)))]
    texts += [_some(drawn, "01239-_./: A", 9, 18) for _ in range(20_000)]
    looked_at = pc.match_substring_regex(pa.array(texts), MAY_HOLD_CPR).to_pylist()
    missed = [text for text, found in zip(texts, looked_at, strict=True) if holds_cpr(text) and not found]
    assert missed == []
    assert sum(map(holds_cpr, texts)) > 1_000


def test_what_is_written_down_holds_none() -> None:
    """Nothing that is left after taking out may be taken for one again by the stricter reading."""
    drawn = np.random.default_rng(20211122)
    for _ in range(20_000):
        text = _some(drawn, "0011223699-_./: AB", 9, 24)
        assert not holds_cpr(without_cpr(text))
        assert not re.search(r"(?<!\d)(?:0[1-9]|1\d)(?:0[1-9]|1[012])\d\d-\d{4}(?![\d./-])", without_cpr(text))


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(
    ["01", "1", "90", "1990", "12", "1234", "34", "AB12", "\u0661",
     "-", "_", " ", ".", ":", "\u00ad", ","]), max_size=11))
def test_the_quick_look_passes_over_none(parts: list[str]) -> None:
    text = "".join(parts)
    careful = [found.span for form in cpr._FORMS for found in cpr._in_shape(form, text) if found.may_be]
    assert [found.span for found in cpr._shaped(text) if found.may_be] == careful
