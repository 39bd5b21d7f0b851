"""StatBank against a local server that computes what it is asked for."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from gevinst.settings import Settings
from gevinst.sources.online.downloads import downloads, read_download
from gevinst.sources.online.jsonstat import read_jsonstat
from gevinst.sources.online.px import is_px, read_px
from gevinst.sources.online.statbank import (
    FORMS,
    Form,
    StatBank,
    figures,
    open_statbank,
    price_units,
    read_info,
    write_figures,
)
from gevinst.sources.online.statbank_choice import TableInfo, Variable, selection
from tests.sources.online.conftest import QUICK, Clock
from tests.sources.online.servers import Server, fault, refused, serving
from tests.sources.online.statbank_server import AREAS, KINDS, TIMES, FakeStatBank, value

EVERYTHING = {"OMRÅDE": ("*",), "ydelsestype": ("*",), "Tid": ("*",)}
WHOLE = {(area, kind, time): value(area, kind, time) for area, kind, time in product(AREAS, KINDS, TIMES)}


@pytest.fixture
def bank() -> FakeStatBank:
    return FakeStatBank()


@pytest.fixture
def server(bank: FakeStatBank) -> Iterator[Server]:
    with serving(bank) as running:
        yield running


@pytest.fixture
def source(server: Server, make_workspace: Callable[..., Settings]) -> StatBank:
    return open_statbank(make_workspace(statbank_url=f"{server.url}/v1"), patience=QUICK, clock=Clock())


def cells(rows: Iterator[dict[str, Any]]) -> dict[tuple[str, str, str], float | None]:
    found = {}
    for row in rows:
        key = (row["OMRÅDE"], row["YDELSESTYPE"], row.get("Tid", row.get("TID", "")))
        assert key not in found
        found[key] = row["value"]
    return found


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_figures(source: StatBank, form: Form) -> None:
    got = source.data(source.info("auk01"), EVERYTHING, form)
    assert len(got) == 1
    assert cells(figures(got)) == WHOLE


@pytest.mark.parametrize(("form", "most"), [("JSONSTAT", 7), ("CSV", 50), ("PX", 25)])
def test_what_is_too_large_is_fetched_in_parts(source: StatBank, bank: FakeStatBank, form: Form, most: int) -> None:
    bank.most_cells = most
    asking = StatBank(source.http, source.workspace, source.clock, most)
    got = asking.data(asking.info("AUK01"), EVERYTHING, form)
    assert len(got) > 1
    assert cells(figures(got)) == WHOLE


def test_a_limit_that_was_not_known_is_met_by_halving(source: StatBank, bank: FakeStatBank) -> None:
    bank.most_cells = 40
    got = source.data(source.info("AUK01"), EVERYTHING)
    assert cells(figures(got)) == WHOLE
    bank.most_cells = 0
    with refused("online.too-many-cells"):
        source.data(source.info("AUK01"), {"Tid": ("(-n+2)",)})


def test_bulk_is_asked_for_once_and_names_every_variable(source: StatBank, bank: FakeStatBank, server: Server) -> None:
    bank.most_cells = 1
    got = source.data(source.info("AUK01"), {"Tid": ("(-n+2)",)}, "BULK")
    assert cells(figures(got)) == {("000", "TOT", time): value("000", "TOT", time) for time in TIMES[-2:]}
    asked = json.loads(server.asked[-1].body)
    assert asked["variables"][0] == {"code": "OMRÅDE", "values": ["000"]}
    assert server.asked[-1].headers["User-Agent"].startswith("gevinst/")
    assert "Authorization" not in server.asked[-1].headers


def test_the_call_can_be_named_to_the_source(source: StatBank) -> None:
    got = source.data(source.info("AUK01"), {"Tid": ("(1)",), "område": ("Norddjurs",)})
    assert got[0].request["request_id"] == "data-1"
    assert got[0].request["json"]["variables"] == [{"code": "OMRÅDE", "values": ["707"]},
                                                  {"code": "Tid", "values": ["2021K4"]}]
    assert read_download(got[0].folder) == got[0]
    assert [one.table for one in downloads(source.workspace, "statbank")] == ["AUK01-info", "AUK01"]


def test_what_can_be_summed_is_left_to_the_source(source: StatBank) -> None:
    chosen = selection(source.info("AUK01"), {}, everything=False)
    assert dict(chosen.codes) == {"Tid": tuple(TIMES)}


@pytest.mark.parametrize(("pattern", "codes"), [
    ("*", TIMES), ("2020*", TIMES[4:8]), ("*K1", TIMES[::4]), ("(1)", TIMES[-1:]), ("(3)", [TIMES[-3]]),
    ("(-n+3)", TIMES[-3:]), (">=2021K3", TIMES[-2:]), ("<=2019K2", TIMES[:2]), (">=2020K1<=2020K2", TIMES[4:6]),
    ("2020K4", ["2020K4"]), ("(99)", []), ("1999*", []), ("(0)", []), ("[a]*", []),
])
def test_patterns(source: StatBank, pattern: str, codes: list[str]) -> None:
    assert source.info("AUK01").variable("tid").expanded(pattern) == codes


@pytest.mark.parametrize("values", [{"KOMMUNE": ("*",)}, {"OMRÅDE": ("999",)}, {"Tid": ("1999*",)}])
def test_values_that_are_not_there(source: StatBank, values: dict[str, tuple[str, ...]]) -> None:
    with refused("online.unknown-value"):
        source.data(source.info("AUK01"), values)


def test_bulk_without_a_total() -> None:
    sexes = Variable("KØN", "køn", True, (("1", "Mænd"), ("2", "Kvinder")))
    with refused("online.values-needed"):
        selection(TableInfo("X", "", "", (sexes,)), {}, everything=True)


def test_two_price_units_are_warned_of() -> None:
    unit = Variable("PRISENHED", "prisenhed", False, (("LOBM", "Løbende priser"), ("INDL", "Pr. indbygger")))
    info = TableInfo("REGK31", "", "", (unit,))
    assert [one.code for one in price_units(info, {})] == ["online.price-units"]
    assert price_units(info, {"PRISENHED": ("LOBM",)}) == []


def test_a_table_that_is_not_there(source: StatBank) -> None:
    with refused("online.refused") as raised:
        source.info("NIX99")
    assert "EXTRACT-NOTFOUND: Tabel findes ikke: X" in str(raised.value)


def test_tables_and_subjects(source: StatBank) -> None:
    assert [one.id for one in source.tables()] == ["AUK01", "FOLK1A"]
    assert source.subjects()[0]["description"] == "Arbejde"


@pytest.mark.parametrize(("body", "kind", "code"), [
    (b"<html>login</html>", "text/html", "online.web-page"),
    (b" ", "text/csv", "online.empty"),
])
def test_a_streamed_answer_that_is_none(source: StatBank, server: Server, body: bytes, kind: str, code: str) -> None:
    info = source.info("AUK01")
    server.faults = [fault(200, body, kind)]
    with refused(code):
        source.data(info, {"Tid": ("*",)}, "BULK")
    assert len(downloads(source.workspace)) == 1
    assert [path.name for path in (source.workspace / "downloads" / "statbank").iterdir() if path.name[0] == "."] == []


def test_catalogues_of_another_shape(source: StatBank, server: Server) -> None:
    server.faults = [fault(200, "{}")]
    with refused("online.shape"):
        source.tables()
    payloads: list[Any] = [{}, {"id": "X", "variables": [{"id": "A"}]}, []]
    for payload in payloads:
        with refused("online.shape"):
            read_info(payload, "")


def test_rows_are_written_to_one_file(source: StatBank, bank: FakeStatBank, tmp_path: Path) -> None:
    bank.most_cells = 60
    got = source.data(source.info("AUK01"), EVERYTHING)
    out = tmp_path / "figures.csv"
    assert write_figures(got, out) == len(WHOLE)
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert {row["OMRÅDE"] for row in rows} == set(AREAS)
    assert next(row["value"] for row in rows if row["OMRÅDE"] == "707" and row["Tid"] == "2019K1") == "707,5"
    assert next(row["value"] for row in rows if row["OMRÅDE"] == "825") == ""
    with refused("online.file-exists"):
        write_figures(got, out)
    with refused("workspace.write-failed"):
        write_figures(got, tmp_path / "no" / "such.csv")


@pytest.mark.parametrize("body", [b"a;b\n1;2\n", b"OMR;INDHOLD\n1\n", b"OMR;INDHOLD\n1;2;3\n", b"\xffOMR;INDHOLD\n1;2"])
def test_csv_of_another_shape(source: StatBank, server: Server, body: bytes) -> None:
    info = source.info("AUK01")
    server.faults = [fault(200, body, "text/csv")]
    got = source.data(info, {"Tid": ("*",)}, "CSV")
    with refused("online.shape"):
        list(figures(got))


def test_a_download_that_was_changed_is_not_read(source: StatBank) -> None:
    got = source.data(source.info("AUK01"), {"Tid": ("*",)})
    path = got[0].folder / got[0].body_name
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b" ")
    with refused("online.download-changed"):
        list(figures(got))
    path.unlink()
    with refused("online.download-changed"):
        got[0].body()
    (got[0].folder / "request.json").chmod(0o600)
    (got[0].folder / "request.json").write_text("[]")
    with refused("online.download-changed"):
        downloads(source.workspace)


DIMENSION = {"id": ["A", "B"], "size": [2, 1], "A": {"category": {"index": ["x", "y"]}},
             "B": {"category": {"label": {"b": "B"}}}}


def test_jsonstat_in_its_other_forms() -> None:
    second = {"class": "dataset", "id": ["A", "B"], "dimension": DIMENSION, "value": {"1": 4}}
    assert [row["value"] for row in read_jsonstat(second, "")] == [None, 4]


@pytest.mark.parametrize("change", [
    {"value": [1]}, {"dimension": {**DIMENSION, "id": None}}, {"dimension": {**DIMENSION, "A": {}}}, {"value": "x"},
    {"dimension": []},
])
def test_jsonstat_of_another_shape(change: dict[str, Any]) -> None:
    with refused("online.shape"):
        list(read_jsonstat({"dimension": DIMENSION, "value": [1, 2], **change}, ""))


@pytest.mark.parametrize("text", [
    'MATRIX="X";STUB="a";VALUES("a")="1","2";DATA=1;', 'MATRIX="X";STUB="a";VALUES("a")="1";DATA=1 2;',
    'MATRIX="X";STUB="a";DATA=1;', 'MATRIX="X', "", 'MATRIX="X";STUB="a";VALUES("a")="1";DATA=x;',
])
def test_px_of_another_shape(text: str) -> None:
    with refused("online.shape"):
        list(read_px(text, ""))
    assert not is_px(text) or text.startswith("MATRIX")
