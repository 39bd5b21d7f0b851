from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gevinst.errors import catalogue
from gevinst.language import speaking
from gevinst.sources.cells import Fault
from gevinst.sources.report import FileReport, ImportReport, Reject, note, report_lines

REPORT = ImportReport(
    files=(FileReport("spells.csv", "spells", "ab", rows=1200, accepted=1190, rejected=10, duplicates=3, merged=2,
                      stored=1185, notes=(note("intake.zero-restored", rows=1100),)),),
    rejects=tuple(Reject("spells.csv", line, "end_date", "intake.row-swapped-dates") for line in range(2, 12)),
    notes=(note("intake.files-ignored", files="a.xlsx"),),
    data_from=date(2017, 1, 2), data_to=date(2021, 11, 30), key_id="k", folder=Path("ud"))


def test_the_report_in_danish() -> None:
    with speaking("da"):
        assert report_lines(REPORT) == [
            "spells.csv: 1.200 rækker, 10 afvist (0,8\N{NO-BREAK SPACE}%), 3 gentaget, "
            "2 lagt sammen med en overlappende, 1.185 gemt",
            "  – 1.100 CPR-numre havde mistet nullet foran (typisk i et regneark); det er sat på igen.",
            "    → Gem helst kolonnen som tekst.",
            "Disse filer er ikke læst: a.xlsx. Skal et udtræk læses, så lav en mapping til det med gevinst map.",
            "→ Navne og kolonner, der kendes uden mapping, står i vejledningen om kanoniske filer.",
            "Data fra 02-01-2017 til og med 30-11-2021.",
            "Rækker, der ikke kom med:",
            "  spells.csv, linje 2, 3, 4, 5, 6 …: start ligger efter slut (kolonnen end_date)",
            f"Alle 10 står i {Path('ud') / 'rejects.csv'}."]


def test_the_report_in_english() -> None:
    with speaking("en"):
        lines = report_lines(replace(REPORT, rejects=(), repeated=True))
    assert lines[0].startswith("spells.csv: 1,200 rows, 10 rejected (0.8%)")
    assert lines[-1] == "The files are the same as last time; nothing new was stored."


def test_a_note_without_anything_to_do_and_one_row_and_a_day() -> None:
    file = replace(REPORT.files[0], rows=1, rejected=0, duplicates=0, merged=0, stored=1, notes=(
        note("dream.covariates", columns="kon", day="2020-06-01"), note("ledger.total-agrees", amount="1,00")))
    with speaking("da"):
        lines = report_lines(replace(REPORT, files=(file,), rejects=(), notes=()))
        assert lines[0] == "spells.csv: 1 række, 1 gemt"
        assert "opgjort pr. 01-06-2020" in lines[1]
        assert lines[2].startswith("    → Skal de bruges til at sammenligne borgere, så sæt dream_covariates_on")
        assert "→" not in "".join(lines[3:])
    with speaking("en"):
        assert report_lines(replace(REPORT, files=(file,)))[0] == "spells.csv: 1 row, 1 stored"


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault])
def test_every_fault_has_a_text_in_both_languages(fault: Fault) -> None:
    reject = Reject("f.csv", 2, "kolonne", fault.code, "værdi")
    assert reject.reason("da") != reject.reason("en")
    assert "{" not in reject.reason("da")


def test_no_text_of_the_intake_is_without_a_user() -> None:
    """Each code in the two message files is raised or noted somewhere in the code."""
    folder = Path(__file__).parents[2] / "src" / "gevinst"
    code = "".join(path.read_text() for path in folder.rglob("*.py"))
    known = {fault.code for fault in Fault}
    mine = [name for name in catalogue() if name.startswith(("intake.", "workspace."))]
    assert [name for name in mine if name not in known and f'"{name}"' not in code] == []
