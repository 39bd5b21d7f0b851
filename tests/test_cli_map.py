"""`gevinst map` as a user meets it: by options, with answers from a pipe, and at a terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from gevinst.cli import app
from gevinst.errors import GevinstError
from gevinst.language import Language, speaking
from gevinst.settings import create_workspace
from gevinst.sources.suppliers.mapped_source import MAPPINGS
from gevinst.sources.suppliers.mapping import ColumnRule, FileMapping, Filter
from gevinst.sources.suppliers.mapping_reader import read_mapping

PROGRAM = [sys.executable, "-c", "from gevinst.cli import main; main()"]
FILE = "Udtræk fra Fasit\n\nCPR-nr.;Navn;Målgruppe;Indsats;Start;Slut;Status;Køn\n" + "".join(
    f"{day:02}0190-{day:04};Borger Nummer{day};{group};{offer};0{day % 9 + 1}.02.2021;{end};{state};{sex}\n"
    for day, (group, offer, end, state, sex) in enumerate([
        ("2.2 Sygedagpenge", "Mentor", "-", "Aktiv", "K"), ("6.7 Jobafklaring", "Mentor", "31.12.2021", "Aktiv", "M"),
        ("2.2 Sygedagpenge", "CV-kursus", "30.11.2021", "Annulleret", "K"), ("9.9", "Mentor", "", "Aktiv", "M"),
        ("6.7 Jobafklaring", "CV-kursus", "01.10.2021", "Aktiv", "K"), ("9.9", "CV-kursus", "", "Aktiv", "K")] * 4,
        start=1)
) + "I alt;;;;;;24;\n"  # fmt: skip
Run = Callable[..., "Done"]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a workspace and an extract."""
    create_workspace(tmp_path / "work", municipality="Prøveby", municipality_code="999", key_file=tmp_path / "key")
    (tmp_path / "Fasit_forløb_2024-02-01.csv").write_bytes(FILE.encode("cp1252"))
    return tmp_path


@dataclass(frozen=True)
class Done:
    """What was said, all of it, and the code of the error where there was one."""

    said: str
    code: str


@pytest.fixture
def gevinst(place: Path) -> Run:
    """Run `gevinst map` on the extract; nothing that it says may hold an id or a name."""

    def run(*arguments: str, answers: str | None = None, file: str = "Fasit_forløb_2024-02-01.csv",
            language: Language = "da") -> Done:
        named = [str(place / file)] if file else []
        with speaking(language):
            done = CliRunner().invoke(app, ["map", *named, "-w", str(place / "work"), *arguments], input=answers)
            fault = done.exception
            assert fault is None or isinstance(fault, GevinstError), fault
            said = done.output + (f"\n{fault}\n{fault.message('en')}" if fault else "")
        assert not re.search(r"\d\d0190|Nummer\d", said)
        return Done(said, "" if fault is None else fault.code)

    return run


def saved(place: Path, key: str = "fasit-forloeb") -> FileMapping:
    return read_mapping(place / "work" / MAPPINGS / f"{key}.yaml")


def test_the_proposal_is_taken_as_it_is(gevinst: Run, place: Path) -> None:
    done = gevinst("--for", "spells", "--yes")
    assert "koder: 2.2 Sygedagpenge (8), 6.7 Jobafklaring (8), 9.9 (8)" in done.said
    assert "CPR-numre (vises ikke)" in done.said
    assert "svarer ikke en til en til en ydelse" in done.said
    assert "20 rækker: 12 kommer med, 8 afvises" in done.said
    assert "✗ benefit: »9.9« står ikke i mappingens koder: 8" in done.said
    assert "Filter 2 (drop Status in Annulleret) udelod 4 rækker." in done.said
    one = saved(place)
    assert (one.supplier, one.table, one.files) == ("Fasit", "spells", ("Fasit_forløb_*.csv",))
    assert dict(one.columns) == {
        "person_id": ColumnRule(("CPR-nr.",), cpr=True),
        "benefit": ColumnRule(("Målgruppe",), codes=(("2.2 Sygedagpenge", "sygedagpenge"),
                                                     ("6.7 Jobafklaring", "jobafklaring"))),
        "start_date": ColumnRule(("Start",), date="dd.mm.yyyy"),
        "end_date": ColumnRule(("Slut",), date="dd.mm.yyyy", blank=("-",))}
    assert one.filters == (Filter(False, "CPR-nr.", "begins_with", ("i alt",)),
                           Filter(False, "Status", "in", ("Annulleret",)))
    assert (place / "work" / MAPPINGS / "fasit-forloeb.yaml").stat().st_mode & 0o777 == 0o600


def test_options_change_the_proposal(gevinst: Run, place: Path) -> None:
    done = gevinst(
        "--for", "spells", "--yes", "--name", "sager", "--supplier", "Momentum", "--files", "Fasit_*.csv", "--code",
        "benefit:9.9=-", "--unlisted", "benefit=udelad", "--set", "end_date=Slut + 5", "--date", "end_date=dd.mm.åååå",
        "--shift", "end_date=-1", "--blank", "end_date=x", "--set", "municipality==999", "--no-filters", "--filter",
        "behold Start fra 2021-02-03 til 2021-02-09", "--filter", "drop 1 begins_with I alt, Total", "--filter",
        "udelad Køn tom")
    assert "rækker er udeladt, fordi koden i benefit ikke skal med." in done.said
    one = saved(place, "sager")
    rules = dict(one.columns)
    assert (one.supplier, one.files) == ("Momentum", ("Fasit_*.csv",))
    assert rules["municipality"] == ColumnRule(constant="999")
    assert rules["end_date"] == ColumnRule(("Slut", "Start"), date="dd.mm.yyyy", shift_days=-1, blank=("-", "x"))
    assert rules["benefit"].codes[-1] == ("9.9", None)
    assert rules["benefit"].unlisted == "leave_out"
    assert [str(each) for each in one.filters] == [
        "keep Start from 2021-02-03 to 2021-02-09", "drop CPR-nr. begins_with I alt, Total", "drop Køn empty"]
    assert one.filters[0].date == "dd.mm.yyyy"


def test_persons_keep_what_is_not_private(gevinst: Run, place: Path) -> None:
    gevinst("--for", "persons", "--yes")
    assert set(dict(saved(place).columns)) == {"person_id", "målgruppe", "indsats", "status", "køn"}
    gevinst("--for", "persons", "--yes", "--replace", "--keep", "Køn, 4")
    assert set(dict(saved(place).columns)) == {"person_id", "køn", "indsats"}


@pytest.mark.parametrize(("arguments", "code"), [
    (["--for", "participants", "--set", "investment=-", "--yes"], "mapping.incomplete"),
    (["--for", "borgere", "--yes"], "cli.choice"),
    (["--for", "spells", "--set", "benefit=Maalgruppe", "--yes"], "mapping.unknown-header"),
    (["--for", "spells", "--set", "benefit", "--yes"], "mapping.option"),
    (["--for", "spells", "--set", "ydelse=Målgruppe", "--yes"], "mapping.no-column"),
    (["--for", "spells", "--date", "start_date=dd-mm", "--yes"], "mapping.date-format"),
    (["--for", "spells", "--date", "degree=excel", "--yes"], "mapping.incomplete"),
    (["--for", "spells", "--shift", "end_date=en", "--yes"], "mapping.option"),
    (["--for", "spells", "--code", "benefit:9.9", "--yes"], "mapping.option"),
    (["--for", "spells", "--unlisted", "benefit=måske", "--yes"], "mapping.option"),
    (["--for", "spells", "--filter", "glem Status i A", "--yes"], "mapping.option"),
    (["--for", "spells", "--filter", "udelad Status", "--yes"], "mapping.option"),
    (["--for", "spells", "--filter", "udelad Stat i A", "--yes"], "mapping.unknown-header"),
    (["--for", "spells", "--filter", "behold Start fra 2021-02-01 til 2021-01-01", "--yes"], "mapping.filter-period"),
    (["--for", "spells", "--keep", "Køn", "--yes"], "mapping.not-open"),
    (["--for", "spells", "--name", "Ål 1", "--yes"], "mapping.key"),
    (["--for", "spells", "--filter", "drop 1 in 010190-0001", "--yes"], "mapping.holds-cpr"),
    (["--like", "findes-ikke", "--yes"], "mapping.unknown"),
    (["--like", "eksempel-borgere", "--yes"], "mapping.columns-gone"),
    (["--for", "spells", "--header-row", "99", "--yes"], "mapping.header-row"),
    (["--for", "spells"], "mapping.input-ended"),
    ([], "mapping.input-ended"),
])  # fmt: skip
def test_what_goes_wrong_saves_nothing(gevinst: Run, place: Path, arguments: list[str], code: str) -> None:
    assert gevinst(*arguments).code == code
    assert not (place / "work" / MAPPINGS).exists()


def test_a_mapping_is_not_overwritten_unasked(gevinst: Run, place: Path) -> None:
    gevinst("--for", "spells", "--yes")
    assert gevinst("--for", "participants", "--yes").code == "mapping.exists"
    assert gevinst(answers="participants\n").code == "mapping.exists", "before the questions, not after them"
    assert saved(place).table == "spells"
    gevinst("--for", "participants", "--yes", "--replace")
    assert saved(place).table == "participants"


def test_trying_saves_nothing(gevinst: Run, place: Path) -> None:
    assert "Der er ikke gemt noget." in gevinst("--for", "spells", "--yes", "--try").said
    assert not (place / "work" / MAPPINGS).exists()


def test_a_file_that_tells_nothing_of_its_table(gevinst: Run, place: Path) -> None:
    (place / "x.csv").write_text("a;b\nc;d\n", encoding="utf-8")
    assert gevinst("--yes", file="x.csv").code == "mapping.which-table"
    (place / "x.csv").write_text("0101901234;su;2021-01-01\n" * 3, encoding="utf-8")
    assert gevinst("--yes", file="x.csv").code == "mapping.header-unseen"
    openpyxl.Workbook().save(place / "x.xlsx")
    assert gevinst("--yes", file="x.xlsx").code == "mapping.header-unseen"
    assert gevinst("--yes", file="").code == "mapping.nothing-to-do"


def test_list_and_show(gevinst: Run, place: Path) -> None:
    gevinst("--for", "spells", "--yes")
    listed = gevinst("--list", file="").said.splitlines()
    assert listed[0].startswith("fasit-forloeb  Fasit  spells  ")
    assert len(listed) > 2
    assert all(line.endswith("eksempel, ikke prøvet") for line in listed[1:])
    shown = gevinst("--show", "fasit-forloeb", file="").said
    assert shown == (place / "work" / MAPPINGS / "fasit-forloeb.yaml").read_text(encoding="utf-8")
    assert "unverified: true" in gevinst("--show", "eksempel-fasit-indsatser", file="").said
    assert gevinst("--show", "x", file="").code == "mapping.unknown"


def test_another_mapping_is_a_beginning(gevinst: Run, place: Path) -> None:
    gevinst("--for", "spells", "--yes", "--name", "gammel", "--code", "benefit:9.9=ledighedsydelse")
    (place / "Ny 7.csv").write_text(FILE.replace("Udtræk fra Fasit\n\n", ""), encoding="utf-8")
    gevinst("--like", "gammel", "--yes", file="Ny 7.csv")
    new, old = saved(place, "ny"), saved(place, "gammel")
    assert (new.columns, new.filters, new.files) == (old.columns, old.filters, ("Ny *.csv",))


ANSWERS = [
    "participants",
    "2", "Indsats",  # the second line: the investment
    "inv-1", "-", "u",  # CV-kursus, Mentor, all others
    "4", "6", "", "n",  # the end: Slut, its format as proposed, the last day is not within
    "f", "udelad Målgruppe i 9.9",
    "f", "1",
    "o", "Schultz Fasit", "Fasit_forl*.csv, Fasit*.xlsx",
    "99",
    "",  # show the rows
    "r",
    "d", ",",
    "",
    "g",
]  # fmt: skip


def check_answered(place: Path) -> None:
    one = saved(place)
    assert (one.supplier, one.table, one.files) == ("Schultz Fasit", "participants", ("Fasit_forl*.csv", "Fasit*.xlsx"))
    rules = dict(one.columns)
    assert rules["investment"] == ColumnRule(("Indsats",), codes=(("CV-kursus", "inv-1"), ("Mentor", None)),
                                             unlisted="leave_out")
    assert rules["end_date"] == ColumnRule(("Slut",), date="dd.mm.yyyy", shift_days=-1, blank=("-",))
    assert [str(each) for each in one.filters] == ["drop Status in Annulleret", "drop Målgruppe in 9.9"]
    assert one.decimal == ","


def test_answers_from_a_pipe(place: Path) -> None:
    arguments = [*PROGRAM, "map", str(place / "Fasit_forløb_2024-02-01.csv"), "-w", str(place / "work")]
    environment = {**os.environ, "GEVINST_LANG": "da"}
    short = subprocess.run(arguments, input="spells\n", capture_output=True, text=True, env=environment, check=False)
    assert (short.returncode, short.stderr[:22]) == (2, "[mapping.input-ended] ")
    done = subprocess.run(arguments, input="\n".join([*ANSWERS, ""]), capture_output=True, text=True, env=environment,
                          check=True)
    assert done.stdout.count("De første") == 2
    assert "Det svar kendes ikke." in done.stdout
    check_answered(place)


def test_answers_that_run_out_or_say_stop_save_nothing(gevinst: Run, place: Path) -> None:
    assert gevinst(answers="\n".join(ANSWERS[:-1]) + "\n").code == "mapping.input-ended"
    assert "Nothing was saved." in gevinst(answers="spells\n?\na\n\ns\n", language="en").said
    assert not (place / "work" / MAPPINGS).exists()


def test_what_is_missing_is_asked_for_and_wrong_answers_are_asked_again(gevinst: Run, place: Path) -> None:
    """The benefit's column has a name that says nothing; 9.9 is no benefit that anybody knows."""
    path = place / "Fasit_forløb_2024-02-01.csv"
    path.write_bytes(FILE.replace("Målgruppe", "Kategori").encode("cp1252"))
    done = gevinst("--for", "spells", answers="\n".join([
        "Kategorien", "3", "", "", "kontanthjælpp", "ledighedsydelse", "q", "a", "3", "Start", "d/m", "dd.mm.yyyy", "",
        "g", ""]))
    assert "benefit skal med, men blev ikke fundet." in done.said
    assert "Kategorien (≈ Kategori)" in done.said
    assert "er ikke en nøgle til benefit" in done.said
    assert dict(saved(place).columns)["benefit"].codes == (
        ("2.2 Sygedagpenge", "sygedagpenge"), ("6.7 Jobafklaring", "jobafklaring"), ("9.9", "ledighedsydelse"))


def test_codes_of_two_columns_together(gevinst: Run, place: Path) -> None:
    gevinst("--for", "spells", answers="\n".join(
        ["-", "-", "-", "a", "2", "Målgruppe & Indsats", "sygedagpenge", "?", "?", "-", "-", "-", "a", "", "g", ""]))
    rule = dict(saved(place).columns)["benefit"]
    assert rule.joined
    assert rule.codes == (("2.2 Sygedagpenge | CV-kursus", "sygedagpenge"), ("6.7 Jobafklaring | Mentor", None),
                          ("9.9 | CV-kursus", None), ("9.9 | Mentor", None))


def test_a_workbook(gevinst: Run, place: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "Forløb"
    for line in FILE.splitlines():
        page.append([cell or None for cell in line.split(";")])
    book.save(place / "Fasit_forløb.xlsx")
    assert "20 rækker: 12 kommer med, 8 afvises" in gevinst("--for", "spells", "--yes", file="Fasit_forløb.xlsx").said


def test_a_person_at_a_terminal(place: Path) -> None:
    """The same questions through a pseudo-terminal, each answer given when something is asked."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, "map", str(place / "Fasit_forløb_2024-02-01.csv"), "-w", str(place / "work")],
        stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "GEVINST_LANG": "da", "TERM": "dumb"})
    os.close(theirs)
    try:
        said = "".join(_until_asked(ours) + _answer(ours, one) for one in ANSWERS) + _until_asked(ours)
        assert process.wait(timeout=30) == 0, said
    finally:
        process.kill()
        os.close(ours)
    assert "Gemt:" in said
    assert not re.search(r"\d\d0190|Nummer\d", said)
    check_answered(place)


def _answer(terminal: int, text: str) -> str:
    os.write(terminal, f"{text}\n".encode())
    return ""


def _until_asked(terminal: int) -> str:
    """What is said until the program waits for an answer, or has ended."""
    said, end = b"", time.monotonic() + 30
    while time.monotonic() < end and not said.rstrip(b" ").endswith(b":"):
        if not select.select([terminal], [], [], 0.1)[0]:
            continue
        try:
            block = os.read(terminal, 1 << 16)
        except OSError:  # the program has closed it
            break
        if not block:
            break
        said += block
    return said.decode(errors="replace")
