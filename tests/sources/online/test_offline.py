"""Files saved by hand give the same rows as a fetch of the same figures."""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from gevinst.settings import Settings
from gevinst.sources.online.downloads import downloads
from gevinst.sources.online.offline import Saved, import_saved
from gevinst.sources.online.published import fetched_curves, published_counts
from tests.sources.online.servers import FakeJobindsats, columns, refused
from tests.sources.online.statbank_server import FakeStatBank

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SAID = Saved("", "Norddjurs Kommune", "Norddjurs Kommune", date(2026, 11, 5), own_code="707")


@pytest.fixture
def workspace(make_workspace: Callable[..., Settings]) -> Path:
    return make_workspace().workspace


def table(fake: FakeJobindsats, *places: str) -> list[list[Any]]:
    rows = [fake.survival_row(str(year), place) for place in places or ("Norddjurs",) for year in (2018, 2019, 2020)]
    return [["Periode", "Område", *columns()], *rows]


def saved(path: Path, cells: list[list[Any]], fake: FakeJobindsats) -> Path:
    """The same table as each kind of file a page or an interface gives."""
    match path.suffix:
        case ".json":
            path.write_text(json.dumps({"columns": cells[0], "rows": cells[1:]}), encoding="utf-8-sig")
        case ".csv":
            text = io.StringIO()
            csv.writer(text, delimiter=";").writerows([["Overlevelseskurver"], [], *cells])
            path.write_bytes(text.getvalue().encode("utf-8-sig" if "utf8" in path.stem else "cp1252"))
        case _:
            with xlsxwriter.Workbook(str(path)) as book:
                book.add_worksheet("Om")
                sheet = book.add_worksheet("Tabel")
                sheet.write(0, 0, "A-dagpenge")
                over = [name.split(":")[0] if ":" in name else "" for name in cells[0]]
                under = [name.split(":")[1].strip() if ":" in name else name for name in cells[0]]
                for at, row in enumerate([[one if one != over[k - 1] else "" for k, one in enumerate(over)], under,
                                          *cells[1:], [], ["Kilde: jobindsats.dk"]]):
                    for place, cell in enumerate(row):
                        if cell is not None:
                            number = place == 0 and str(cell).isdigit()
                            sheet.write(at + 2, place, int(cell) if number else cell)
    return path


@pytest.mark.parametrize("name", ["y01b01.json", "Y01B01_utf8.csv", "y01b01 ansi.csv", "tabel-y01b01.xlsx"])
def test_the_same_curves_from_every_kind_of_file(workspace: Path, tmp_path: Path, fake: FakeJobindsats,
                                                 name: str) -> None:
    got = import_saved(workspace, saved(tmp_path / name, table(fake), fake), SAID, now=NOW)
    assert got.result is not None
    curves = {(one.cohort, one.definition): dict(one.points) for one in got.result.curves}
    assert len(curves) == 6
    assert {week: float(share) for week, share in curves["2020", "with_relapse"].items()} == {
        0: 100.0, 4: 91.7, 13: 80.9, 26: 65.3, 39: 49.7}
    (kept,) = downloads(workspace)
    assert kept.body() == (tmp_path / name).read_bytes()
    assert kept.request == {"saved_by_hand": name, "saved": "2026-11-05"}
    row = fetched_curves(workspace).rows[0]
    assert row["benefit"] == "a-dagpenge"
    assert row["source"].startswith("Jobindsats.dk, y01b01, Norddjurs Kommune, hentet 05-11-2026 (sha256 ")


def test_a_file_of_version_2(workspace: Path, tmp_path: Path, fake: FakeJobindsats) -> None:
    cells = table(fake)
    path = tmp_path / "gammel.json"
    path.write_text(json.dumps([{"Variables": [{"Label": name} for name in cells[0]], "Data": cells[1:]}]))
    got = import_saved(workspace, path, Saved("A-dagpenge", "Norddjurs", "Norddjurs Kommune"), now=NOW)
    assert got.result is not None
    assert {one.benefit for one in got.result.curves} == {"A-dagpenge"}  # the command line has already normalised it


def test_one_area_of_several(workspace: Path, tmp_path: Path, fake: FakeJobindsats) -> None:
    path = saved(tmp_path / "y01b01.json", table(fake, "Norddjurs", "Ærø", "Hele landet"), fake)
    said = Saved("", "Ærø", "Norddjurs", None, (2018, 2019))
    got = import_saved(workspace, path, said, now=NOW)
    assert got.result is not None
    assert {one.cohort for one in got.result.curves} == {"Ærø: 2018-2019", "Ærø: 2018", "Ærø: 2019", "Ærø: 2020"}
    with refused("online.unknown-area"):
        import_saved(workspace, path, Saved("", "Samsø", "Norddjurs"), now=NOW)


def test_the_day_of_the_file_itself(workspace: Path, tmp_path: Path, fake: FakeJobindsats) -> None:
    path = saved(tmp_path / "y01b01.json", table(fake), fake)
    noon = datetime(2026, 10, 7, 12, 0).astimezone()
    os.utime(path, (noon.timestamp(), noon.timestamp()))
    import_saved(workspace, path, Saved("", "Norddjurs", "Norddjurs"), now=NOW)
    assert "hentet 07-10-2026" in fetched_curves(workspace).rows[0]["source"]


def test_counts(workspace: Path, tmp_path: Path) -> None:
    path = tmp_path / "Y01A02.csv"
    path.write_text("Periode;Område;Antal personer;Antal fuldtidspersoner\n2021M01;Norddjurs;1.412;1.234,5\n"
                    "2021M02;Norddjurs;-;..\n", encoding="cp1252")
    got = import_saved(workspace, path, SAID, now=NOW)
    assert got.result is not None
    assert [(one.municipality, one.persons, one.full_time_persons) for one in published_counts(workspace)] == [
        ("707", 1412, Decimal("1234.5"))]


@pytest.mark.parametrize("form", ["px", "json"])
def test_statbank_files_are_kept(workspace: Path, tmp_path: Path, form: str) -> None:
    bank = FakeStatBank()
    chosen = {"OMRÅDE": ["707"], "YDELSESTYPE": ["TOT"], "Tid": ["2021K1"]}
    path = tmp_path / f"auk01.{form}"
    path.write_bytes(bank.px(chosen).encode("cp1252") if form == "px"
                     else json.dumps({"dataset": bank.jsonstat(chosen, chosen)}).encode())
    got = import_saved(workspace, path, SAID, now=NOW)
    assert got.result is None
    assert [one.source for one in downloads(workspace)] == ["statbank"]
    path.write_bytes(path.read_bytes()[:-9])
    with refused("online.shape" if form == "px" else "online.not-json"):
        import_saved(workspace, path, SAID, now=NOW)


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book, book.open("xl/worksheets/sheet1.xml", "w") as part:
        part.write(b"\0" * (2 << 20))
    return packed.getvalue()


@pytest.mark.parametrize(("name", "content", "code"), [
    ("y01b01.json", b"", "online.empty"),
    ("y01b01.json", b"<html><body>Log ind", "online.web-page"),
    ("y01b01.csv", b"<!DOCTYPE html>", "online.web-page"),
    ("y01b01.json", b"{", "online.not-json"),
    ("y01b01.json", b"{}", "online.shape"),
    ("y01b01.xlsx", b"not a workbook", "online.saved-file"),
    ("y01b01.xlsx", b"PK\x03\x04broken", "online.saved-file"),
    ("y01b01.pdf", b"%PDF", "online.saved-file"),
    ("y01b01.csv", b"Kommune;Antal\nNorddjurs;5\n", "online.no-header"),
    ("tabel.csv", b"Periode;Antal fuldtidspersoner\n2021M01;5\n", "online.saved-benefit"),
    ("y01a02.csv", b"Periode;Antal fuldtidspersoner;Antal fuldtidspersoner\n2021M01;5;6\n", "online.shape"),
    ("y01a02.csv", b"Periode;Antal fuldtidspersoner\nborger 010190-1234;5\n", "online.not-a-period"),
    ("y01a02.csv", b'Periode;Antal fuldtidspersoner\n"' + b"x" * 200_000, "online.saved-file"),
])
def test_files_that_are_something_else_leave_nothing(workspace: Path, tmp_path: Path, name: str, content: bytes,
                                                     code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with refused(code) as raised:
        import_saved(workspace, path, SAID, now=NOW)
    assert "010190" not in str(raised.value)
    assert not (workspace / "downloads").exists()


def test_a_workbook_that_unpacks_to_much(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gevinst.sources.online.saved_tables.LARGEST_UNPACKED", 1 << 20)
    path = tmp_path / "y01b01.xlsx"
    path.write_bytes(bomb())
    with refused("online.too-large"):
        import_saved(workspace, path, SAID, now=NOW)


def test_a_file_that_is_not_there_or_too_long(workspace: Path, tmp_path: Path) -> None:
    with refused("online.saved-missing"):
        import_saved(workspace, tmp_path / "no.csv", SAID, now=NOW)
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.truncate(65 << 20)
    with refused("online.too-large"):
        import_saved(workspace, path, SAID, now=NOW)


STRANGER = "070761-4285"
COUNTS = [["Periode", "Område", "Antal personer", "Antal fuldtidspersoner"], ["2021M01", "Norddjurs", "1.412", "88,5"]]
JSONSTAT = {"version": "2.0", "class": "dataset", "id": ["x"], "size": [1], "value": [707614285], "label": "Folketal",
            "dimension": {"x": {"category": {"index": {"a": 0}, "label": {"a": "Ærø"}}}}}


def a_workbook(path: Path, cell: str | int, sheet: str = "Tabel", author: str = "Kommunen") -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"author": author})
        one = book.add_worksheet(sheet)
        for at, row in enumerate(COUNTS):
            one.write_row(at, 0, row)
        book.add_worksheet("Om").write(3, 3, cell)
    return path


@pytest.mark.parametrize(("cell", "sheet", "author"), [
    (STRANGER, "Tabel", "Kommunen"), (707614285, "Tabel", "Kommunen"), ("x", f"Om {STRANGER}", "Kommunen"),
    ("x", "Tabel", f"Lavet af {STRANGER}")])
def test_a_workbook_with_somebodys_number_is_not_kept(workspace: Path, tmp_path: Path, cell: str | int, sheet: str,
                                                      author: str) -> None:
    with refused("online.holds-cpr") as raised:
        import_saved(workspace, a_workbook(tmp_path / "y01a02.xlsx", cell, sheet, author), SAID, now=NOW)
    assert STRANGER not in str(raised.value)
    assert not downloads(workspace)
    assert import_saved(workspace, a_workbook(tmp_path / "y01a02.xlsx", 12345), SAID, now=NOW).result is not None


@pytest.mark.parametrize(("name", "text"), [
    ("y01a02.csv", f"Gemt for {STRANGER}\n" + "\n".join(";".join(row) for row in COUNTS)),
    ("y01a02.json", json.dumps({"columns": COUNTS[0], "rows": COUNTS[1:], "note": [{"x": 707614285}]})),
    ("folk1a.json", json.dumps(JSONSTAT | {"label": f"Folketal {STRANGER}"})),
    ("folk1a.px", f'MATRIX="X";TITLE="{STRANGER}";STUB="a";VALUES("a")="Ærø";DATA=5;')])
def test_a_text_with_somebodys_number_is_not_kept(workspace: Path, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with refused("online.holds-cpr"):
        import_saved(workspace, tmp_path / name, SAID, now=NOW)
    assert not downloads(workspace)


def test_a_long_amount_of_statbank_is_no_persons_number(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "folk1a.json").write_text(json.dumps(JSONSTAT), encoding="utf-8")
    (tmp_path / "folk1a.px").write_text('MATRIX="X";STUB="a";VALUES("a")="Ærø";DATA=\n707614285;', encoding="utf-8")
    for name in ("folk1a.json", "folk1a.px"):
        import_saved(workspace, tmp_path / name, SAID, now=NOW)
    assert len(downloads(workspace)) == 2
