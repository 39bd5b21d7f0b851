from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from gevinst.errors import GevinstError
from gevinst.parameters.benefits import benefits
from gevinst.sources.suppliers.dream_codes import FILE, code_list
from gevinst.sources.suppliers.dream_runs import ABROAD, DEAD, NO_BENEFIT, UNKNOWN

HEAD = "code;name_da;benefit;source\n"


def code_of(path: Path) -> tuple[str, str]:
    with pytest.raises(GevinstError) as fault:
        code_list(path)
    return fault.value.code, fault.value.where


def test_every_shipped_code_has_a_benefit_that_is_known_and_a_source() -> None:
    codes = code_list().codes
    assert len(codes) == 131
    for one in codes.values():
        assert one.source
        assert one.name_da
        assert one.benefit in benefits() or one.benefit in ("none", "abroad", "dead"), one.code


@pytest.mark.parametrize(("code", "benefit"), [
    (111, "a-dagpenge"), (124, "a-dagpenge"), (121, "feriedagpenge-beskaeftigelse"), (218, "a-dagpenge"),
    (130, "kontanthjaelp"), (139, "kontanthjaelp"), (149, "uddannelseshjaelp"), (723, "uddannelseshjaelp"),
    (731, "kontanthjaelp"), (741, "ledighedsydelse"), (700, "sho"), (719, "kontanthjaelp"),
    (753, "forrevalidering"), (768, "revalidering"), (771, "fleksloentilskud"), (774, "sygedagpenge"),
    (783, "foertidspension"), (785, "jobafklaring"), (813, "ressourceforloeb"), (881, "barsel"), (899, "sygedagpenge"),
    (151, "saerlig-uddannelsesydelse"), (152, "midlertidig-arbejdsmarkedsydelse"), (621, "efterloen"), (652, "su"),
    (998, "folkepension"), (997, "abroad"), (999, "dead"), (0, "none"), (100, "none"),
])
def test_the_benefit_of_a_code(code: int, benefit: str) -> None:
    assert code_list().codes[code].benefit == benefit


def test_a_family_of_codes_is_one_benefit() -> None:
    """Base and activity digit: 73x is kontanthjælp whatever the activity."""
    for family in (13, 14, 21, 70, 71, 72, 73, 74, 75, 76, 81, 89):
        found = {one.benefit for one in code_list().codes.values() if one.code // 10 == family}
        assert len(found) == 1, family


def test_what_counts_or_resets_agrees_with_the_clock_of_the_benefit() -> None:
    """The public code's own flags, against the refund clock of the benefit that each code is read as.

    The exceptions are seen: the program counts førtidspension, and has no counting leave or service jobs.
    """
    differ = set()
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["benefit"]:
                clock = benefits()[row["benefit"]].clock
                public = "counts" if row["counts_to_duration"] == "1" else (
                    "ignored" if row["resets_duration"] == "1" else "neutral")
                differ |= {(int(row["code"]), public, clock)} if public != clock else set()
    assert sorted(differ) == [
        (412, "counts", "neutral"), (413, "counts", "neutral"), (511, "counts", "neutral"),
        (781, "neutral", "counts"), (783, "neutral", "counts")]


def test_wage_subsidies_and_what_the_name_does_not_say_are_choices() -> None:
    codes = code_list().codes
    assert not any(codes[code].verified for code in (114, 135, 216, 710, 652, 781))
    assert all(codes[code].verified for code in (111, 130, 213, 733, 783, 785, 890))


def test_the_meaning_of_each_code_as_a_number() -> None:
    codes = code_list()
    meanings = codes.meanings()
    assert meanings[733] == codes.benefits.index("kontanthjaelp")
    assert meanings[[0, 100, 997, 999, 431]].tolist() == [NO_BENEFIT, NO_BENEFIT, ABROAD, DEAD, UNKNOWN]
    assert int((meanings != UNKNOWN).sum()) == 131
    assert meanings.dtype == np.int16


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_local_codes_take_the_place_of_the_shipped_ones(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "dream_codes.csv"
    path.write_bytes((HEAD + "431;Seniorpension på prøve;seniorpension;DREAM-manual\n\n"
                      "114;Ledighed uden dagpenge;none;DREAM-manual\n").encode(encoding))
    codes = code_list(path)
    assert (codes.codes[431].benefit, codes.codes[431].name_da) == ("seniorpension", "Seniorpension på prøve")
    assert codes.codes[114].benefit == "none"
    assert codes.codes[431].local
    assert codes.codes[114].verified
    assert len(codes.codes) == 132


def test_local_benefits_and_commas(tmp_path: Path) -> None:
    path = tmp_path / "dream_codes.csv"
    path.write_text('Source,Benefit,Name DA,Code\n"manual, s. 4",egen,Egen ydelse,500\n', encoding="utf-8")
    assert code_list(path, lambda word: "egen-ydelse" if word == "egen" else None).codes[500].benefit == "egen-ydelse"


def test_no_local_file(tmp_path: Path) -> None:
    assert code_list(tmp_path / "dream_codes.csv") == code_list()


@pytest.mark.parametrize(("text", "code", "line"), [
    ("code;name_da;benefit\n431;x;su\n", "dream.codes-columns", None),
    ("", "dream.codes-columns", None),
    (HEAD + "4x1;x;su;manual\n", "dream.code-number", 2),
    (HEAD + "40000;x;su;manual\n", "dream.code-number", 2),
    (HEAD + "0;x;su;manual\n", "dream.code-number", 2),
    (HEAD + "431;x;su;manual\n\n431;x;su;manual\n", "dream.code-twice", 4),
    (HEAD + "431;x;folkekøkken;manual\n", "dream.code-benefit", 2),
    (HEAD + "431;x;;manual\n", "dream.code-benefit", 2),
    (HEAD + "431;x;su;\n", "dream.code-source", 2),
    (HEAD + "431\n", "dream.code-benefit", 2),
    (HEAD + '431;"x" y;su;manual\n', "dream.codes-unreadable", None),
])
def test_one_mistake_in_the_local_list(tmp_path: Path, text: str, code: str, line: int | None) -> None:
    path = tmp_path / "dream_codes.csv"
    path.write_text(text, encoding="utf-8")
    assert code_of(path) == (code, f"dream_codes.csv:{line}" if line else str(path))


def test_a_local_list_that_is_a_folder(tmp_path: Path) -> None:
    assert code_of(tmp_path) == ("dream.codes-unreadable", str(tmp_path))
