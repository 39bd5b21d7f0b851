"""jobindsats version 3 against a local server that answers what it is asked."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gevinst.parameters.benefits import benefit
from gevinst.settings import Settings
from gevinst.sources.online.downloads import downloads
from gevinst.sources.online.fetching import FetchedResult, Wish, fetch_counts, fetch_survival
from gevinst.sources.online.jobindsats import PERIODS_AT_ONCE, Jobindsats, choice_of
from gevinst.sources.online.known_tables import FoundTable, find_tables, known_tables
from gevinst.sources.online.published import fetched_curves, published_counts
from gevinst.sources.online.shapes import TableName, read_catalogue, read_description, read_rows
from tests.sources.online.servers import TOKEN, WEEKS, FakeJobindsats, Server, columns, fault, refused, share_of

OWN = "Norddjurs Kommune"
MINE = (OWN, "707")


def wish(key: str = "a-dagpenge", areas: tuple[str, ...] = (OWN,), **further: Any) -> Wish:
    return Wish(benefit(key), areas, **further)


def curves(got: FetchedResult) -> dict[tuple[str, str], dict[int, float]]:
    return {(one.cohort, one.definition): {week: float(share) for week, share in one.points} for one in got.curves}


def expected(period: str, kind: str, place: str = "Norddjurs", last: int = 52) -> dict[int, float]:
    points = {week: round(share_of(period, place, kind, week), 1) for week in WEEKS if week <= last}
    return {0: 100.0, **points}


def test_curves_of_the_years_asked_for(source: Jobindsats, server: Server) -> None:
    got = fetch_survival(source, wish(first=2019, last=2021), OWN)
    assert curves(got) == {
        ("2019", "without_relapse"): expected("2019", "u."),
        ("2020", "without_relapse"): expected("2020", "u.", last=39),
        ("2021", "without_relapse"): expected("2021", "u.", last=13),
        ("2019", "with_relapse"): expected("2019", "m."),
        ("2020", "with_relapse"): expected("2020", "m.", last=39),
        ("2021", "with_relapse"): expected("2021", "m.", last=13),
    }
    assert got.whole_week == 52
    asked = next(one for one in server.asked if one.path == "/v3/data/y01b01")
    assert asked.query == {"mgroup.*": "*", "period.Y": "2019,2020,2021", "hierarchy._nykom": "/7/",
                           "hierarchy._kon": "/", "format": "json"}


def test_without_years_the_newest_cohort_followed_to_the_end(source: Jobindsats) -> None:
    got = fetch_survival(source, wish(), OWN)
    assert set(curves(got)) == {("2019", "without_relapse"), ("2019", "with_relapse")}


def test_the_baseline_is_the_mean_of_its_years(source: Jobindsats) -> None:
    got = fetch_survival(source, wish(first=2020, last=2020, baseline=(2017, 2019)), OWN)
    mean = {week: (sum(expected(str(year), "m.")[week] for year in (2017, 2018, 2019)) / 3) for week in (0, *WEEKS)}
    assert curves(got)["2017-2019", "with_relapse"] == pytest.approx(mean, abs=1e-4)
    assert set(curves(got)) == {(cohort, kind) for cohort in ("2017-2019", "2020")
                                for kind in ("with_relapse", "without_relapse")}


def test_a_baseline_without_years_keeps_the_newest_whole_cohort_too(source: Jobindsats) -> None:
    got = fetch_survival(source, wish(baseline=(2017, 2018)), OWN)
    assert {cohort for cohort, _ in curves(got)} == {"2017-2018", "2019"}


def test_a_baseline_with_a_year_missing(source: Jobindsats) -> None:
    with refused("online.baseline-incomplete") as raised:
        fetch_survival(source, wish(first=2020, last=2020, baseline=(2015, 2017)), OWN)
    assert raised.value.values["missing"] == "2015, 2016"
    assert fetched_curves(source.workspace).rows == ()


def test_the_total_is_asked_for_by_itself_and_other_areas_are_named(source: Jobindsats, server: Server) -> None:
    got = fetch_survival(source, wish(areas=(OWN, "Hele landet", "ærø"), first=2019, last=2019), OWN)
    assert set(curves(got)) == {(cohort, kind) for cohort in ("2019", "Hele landet: 2019", "Ærø: 2019")
                                for kind in ("with_relapse", "without_relapse")}
    assert curves(got)["Ærø: 2019", "with_relapse"] == expected("2019", "m.", "Ærø")
    asked = [one.query["hierarchy._nykom"] for one in server.asked if one.path.startswith("/v3/data")]
    assert asked == ["/7/", "/", "/8/"]


def test_quarters_and_a_further_value(source: Jobindsats, server: Server) -> None:
    got = fetch_survival(source, wish(first=2019, last=2019, periods="q", values={"_kon": "Kvinder"}), OWN)
    assert {cohort for cohort, _ in curves(got)} == {f"{quarter}. kvartal 2019" for quarter in range(1, 5)}
    assert server.asked[-1].query["hierarchy._kon"] == "/1/"


def test_many_periods_are_asked_for_in_parts(source: Jobindsats, server: Server, fake: FakeJobindsats) -> None:
    got = fetch_counts(source, [wish()], MINE)
    assert len({one.month for one in got.counts}) == 60
    parts = [one.query["period.M"].split(",") for one in server.asked if one.path.startswith("/v3/data")]
    assert [len(part) for part in parts] == [PERIODS_AT_ONCE, 60 - PERIODS_AT_ONCE]


def test_a_part_that_is_too_large_is_halved(source: Jobindsats, server: Server, fake: FakeJobindsats) -> None:
    fake.most_periods = 20
    whole = fetch_counts(source, [wish()], MINE).counts
    assert [one.month for one in whole] == [
        date(year, month, 1) for year in fake.years for month in range(1, 13)]
    fake.most_periods = 0
    with refused("online.too-many-cells"):
        fetch_counts(source, [wish()], MINE)


def test_pages_are_followed(source: Jobindsats, server: Server, fake: FakeJobindsats) -> None:
    fake.in_pages = 2
    assert len({one.period for one in fetch_survival(source, wish(first=2017, last=2021), OWN).curves}) == 5
    assert [one.query.get("page") for one in server.asked if one.path.startswith("/v3/data")] == [None, "1", "2"]


def test_a_next_page_elsewhere_is_refused(source: Jobindsats, server: Server) -> None:
    page = {"columns": ["Periode", *columns()], "rows": [], "next": "https://evil.example/v3/data"}
    server.faults = [None, None, fault(200, json.dumps(page))]
    with refused("online.redirected"):
        fetch_survival(source, wish(first=2019, last=2019), OWN)


def test_pages_that_go_round_end(source: Jobindsats, server: Server) -> None:
    page = {"columns": ["Periode", *columns()], "rows": [], "next": f"{server.url}/v3/data/y01b01?again"}
    server.faults = [None, None, *[fault(200, json.dumps(page))] * 5]
    with refused("online.shape"):
        fetch_survival(source, wish(first=2019, last=2019), OWN)


def test_latest_with_fewer_periods_than_asked_for(source: Jobindsats, server: Server) -> None:
    choice = choice_of(source.description("y01b01"), OWN)
    got = source.latest("y01b01", "Y", 40, choice)
    assert [row["Periode"] for row in got.rows.rows] == ["2017", "2018", "2019", "2020", "2021"]
    assert [one.query["period.Y"] for one in server.asked[1:]] == ["latest:40", "latest:5"]
    server.faults = [fault(400, '{"message": "only 0 periods are available"}')]
    with refused("online.few-periods"):
        source.latest("y01b01", "Y", 3, choice)


def test_counts_by_month(source: Jobindsats, settings: Settings) -> None:
    got = fetch_counts(source, [wish(areas=(OWN, "Hele landet"), first=2021, last=2021)], MINE)
    assert len(got.counts) == 12 * 2
    stored = {(one.municipality, one.month): one for one in published_counts(settings.workspace)}
    own = stored["707", date(2021, 3, 1)]
    assert (own.benefit, own.full_time_persons, own.persons) == ("a-dagpenge", Decimal("1234.5"), 1412)
    assert own.source.startswith("Jobindsats.dk, y01a02, Norddjurs, hentet 21-11-2026 (sha256 ")
    assert stored["000", date(2021, 3, 1)].full_time_persons == Decimal("98765.4")


def test_every_answer_is_kept_and_the_token_is_in_none(source: Jobindsats, settings: Settings, server: Server) -> None:
    fetch_survival(source, wish(first=2019, last=2019), OWN)
    kept = downloads(settings.workspace)
    assert [one.table for one in kept] == ["catalogue", "y01b01-description", "y01b01"]
    assert all(one.body().startswith(b"\xef\xbb\xbf") for one in kept)  # byte for byte, the mark too
    assert kept[-1].request["url"].startswith(f"{server.url}/v3/data/y01b01?mgroup.*=*&period.Y=2019")
    written = [path for path in settings.workspace.rglob("*") if path.is_file()]
    assert len(written) > 8
    for path in written:
        assert TOKEN.encode() not in path.read_bytes()
        assert TOKEN not in path.name


def test_nothing_is_stored_of_a_fetch_that_failed(source: Jobindsats, server: Server) -> None:
    server.faults = [None, None, None, *[fault(500)] * 3]
    with refused("online.server-failed"):
        fetch_survival(source, wish(areas=(OWN, "Ærø"), first=2019, last=2019), OWN)
    assert fetched_curves(source.workspace).rows == ()
    assert len(downloads(source.workspace)) == 3


def test_periods_without_figures_are_named(source: Jobindsats, fake: FakeJobindsats) -> None:
    fake.last_week["2021"] = 0
    got = fetch_survival(source, wish(first=2020, last=2021), OWN)
    assert [one.text("en") for one in got.notes] == ["Without figures: 2021."]
    fake.last_week["2020"] = 0
    with refused("online.only-blanks"):
        fetch_survival(source, wish(first=2020, last=2021), OWN)


def test_a_table_found_by_its_name_is_said_to_be(source: Jobindsats, server: Server) -> None:
    with refused("online.not-found"):  # the catalogue names it, the fake does not have it
        fetch_survival(source, wish("sygedagpenge", first=2019, last=2019), OWN)
    assert server.asked[-1].path == "/v3/table/y07b02"
    found = find_tables(source.tables(), "survival", "sygedagpenge")
    assert [(one.id, one.by_text) for one in found] == [("y07b02", True)]


def test_several_tables_or_none(source: Jobindsats) -> None:
    with refused("online.which-table") as raised:
        fetch_survival(source, wish("kontanthjaelp", first=2019, last=2019), OWN)
    assert "y36b11 (Overlevelseskurver, jobparate); y36b12" in str(raised.value)
    with refused("online.no-table") as raised:
        fetch_survival(source, wish("foertidspension", first=2019, last=2019), OWN)
    assert "y01b01" in str(raised.value)


def test_a_table_may_be_named(source: Jobindsats, server: Server) -> None:
    got = fetch_survival(source, wish("kontanthjaelp", first=2019, last=2019, table="Y01B01"), OWN)
    assert {one.benefit for one in got.curves} == {"kontanthjaelp"}
    assert "/v3/tables" not in [one.path for one in server.asked]


def test_an_unverified_id_is_never_trusted() -> None:
    catalogue = [TableName("y07b01", "Noget helt andet", "", "Sygedagpenge")]
    with refused("online.no-table"):
        find_tables(catalogue, "survival", "sygedagpenge")
    both = [TableName("y07b01", "Overlevelseskurver", "", "Sygedagpenge"),
            TableName("y07b09", "Overlevelseskurver, delvist raske", "", "Sygedagpenge")]
    assert [one.id for one in find_tables(both, "survival", "sygedagpenge")] == ["y07b01"]


def test_a_verified_id_that_has_gone_is_searched_for() -> None:
    moved = [TableName("y99b01", "Overlevelseskurver", "Varighed", "A-dagpenge")]
    assert [(one.id, one.by_text) for one in find_tables(moved, "survival", "a-dagpenge")] == [("y99b01", True)]


@pytest.mark.parametrize("kind", ["survival", "counts"])
def test_the_known_tables_are_of_known_benefits(kind: Any) -> None:
    for key, lines in known_tables(kind).items():
        assert benefit(key).key == key
        assert lines


def test_a_reform_moves_a_benefit_to_another_table(source: Jobindsats, server: Server, fake: FakeJobindsats) -> None:
    fake.years, fake.reform = (2024, 2025, 2026), ("y36a02", "y60a02")
    got = fetch_counts(source, [wish("kontanthjaelp")], MINE)
    tables = {one.month: one.source.split(", ")[1] for one in got.counts}
    assert len(got.counts) == len(tables) == 36
    assert (tables[date(2025, 6, 1)], tables[date(2025, 7, 1)]) == ("y36a02", "y60a02")
    before = fetch_counts(source, [wish("kontanthjaelp", last=2024)], MINE)
    assert {one.source.split(", ")[1] for one in before.counts} == {"y36a02"}


def test_curves_and_baseline_over_a_reform(source: Jobindsats, server: Server, fake: FakeJobindsats) -> None:
    fake.years = (2023, 2024, 2025, 2026)
    tables = (FoundTable("y36b01", None, date(2025, 6, 1)), FoundTable("y60b01", date(2025, 7, 1)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gevinst.sources.online.fetching.find_tables", lambda *_: tables)
        got = fetch_survival(source, wish("kontanthjaelp", first=2024, last=2026, baseline=(2023, 2024)), OWN)
        assert {one.cohort for one in got.curves} == {"2023-2024", "2024", "2026"}  # 2025 lies on both sides
        lines = {row["cohort"]: row["source"].split(", ")[1] for row in fetched_curves(source.workspace).rows}
        assert lines == {"2023-2024": "y36b01", "2024": "y36b01", "2026": "y60b01"}
        fake.last_week["2026"] = 0
        young = fetch_survival(source, wish("kontanthjaelp", first=2024, last=2026), OWN)
        assert {one.cohort for one in young.curves} == {"2024"}
        assert [one.text("en") for one in young.notes] == ["Without figures: 2026."]
        fake.last_week |= {"2023": 0, "2024": 0}
        with refused("online.only-blanks"):
            fetch_survival(source, wish("kontanthjaelp", first=2023, last=2026), OWN)


def test_an_area_that_is_not_there(source: Jobindsats) -> None:
    with refused("online.unknown-area") as raised:
        fetch_survival(source, wish(areas=("Nordjurs",)), OWN)
    assert "Norddjurs, Ærø" in str(raised.value)
    with refused("online.unknown-value"):
        fetch_survival(source, wish(values={"_kon": "Andre"}), OWN)
    with refused("online.unknown-value"):
        fetch_survival(source, wish(values={"_alder": "Unge"}), OWN)


def test_years_that_are_not_there(source: Jobindsats) -> None:
    with refused("online.no-periods") as raised:
        fetch_survival(source, wish(first=1999, last=2001), OWN)
    assert "Y (2017–2021)" in str(raised.value)


@pytest.mark.parametrize(("change", "missing"), [
    (lambda d: {**d, "periods": None}, "periods"),
    (lambda d: {"table_id": "x"}, "periods, dimensions"),
    (lambda d: [], "periods, dimensions"),
    (lambda d: {**d, "periods": [{"periodtype_id": "Y", "values": [{"id": "2020"}]}]}, "periods[].values[].period_id"),
])
def test_a_description_of_another_shape(fake: FakeJobindsats, change: Callable[[Any], Any], missing: str) -> None:
    with refused("online.shape") as raised:
        read_description(change(fake.description()), "here")
    assert raised.value.values["missing"] == missing


def test_unknown_fields_are_passed_over(fake: FakeJobindsats) -> None:
    described = fake.description() | {"unknown": {"deep": [1]}}
    described["dimensions"][0]["unknown"] = 1
    described["dimensions"].append({"dimension_id": "_x", "hierarchies": "not a list"})
    read = read_description([described], "here")
    assert read.periods["Y"] == ("2017", "2018", "2019", "2020", "2021")
    assert choice_of(read, "Hele landet").values == {"_nykom": "/", "_kon": "/"}


def test_a_total_under_another_name() -> None:
    described = {"periods": [{"periodtype_id": "Y", "values": ["2020"]}], "dimensions": [
        {"dimension_id": "_omrade", "hierarchies": [{"hierarchy_id": "_nykom", "levels": []}]},
        {"dimension_id": "_a", "hierarchies": [
            {"hierarchy_id": "_a1", "levels": [{"values": [{"value_id": "9", "value_name": "Alle i alt"}]}]},
            {"hierarchy_id": "_a2", "is_required": True, "levels": []}]},
        {"dimension_id": "_b", "hierarchies": [
            {"hierarchy_id": "_b", "levels": [{"values": [{"value_id": "9", "value_name": "Alle i alt"}]}]}]},
    ]}
    choice = choice_of(read_description(described, ""), "hele landet")
    assert choice.values == {"_nykom": "/", "_a2": "/", "_b": "9"}


@pytest.mark.parametrize(("payload", "missing"), [
    ({"rows": []}, "columns"),
    ([], "columns, rows"),
    ({"columns": ["a", "a"], "rows": []}, "columns[]"),
    ({"columns": ["a"], "rows": [[1, 2]]}, "rows[][]"),
    ({"columns": ["a"], "rows": [7]}, "rows[][]"),
])
def test_rows_of_another_shape(payload: Any, missing: str) -> None:
    with refused("online.shape") as raised:
        read_rows(payload, "here")
    assert raised.value.values["missing"] == missing


def test_rows_may_be_objects_and_columns_too() -> None:
    read = read_rows({"columns": [{"name": "a"}, {"label": "b"}], "rows": [{"a": 1, "c": 2}]}, "")
    assert read.rows == ({"a": 1, "b": None},)


def test_a_catalogue_that_never_ends() -> None:
    deep: Any = {"table_id": "y1"}
    for _ in range(2000):
        deep = [deep]
    with refused("online.shape"):
        read_catalogue(deep, "here")


def test_a_catalogue_without_tables() -> None:
    with refused("online.shape"):
        read_catalogue([{"subject_name": "x"}], "here")


@pytest.mark.parametrize(("rows", "code"), [
    ([["2019", "101,0"]], "online.share-range"),
    ([["2019", "90"], ["2019", "80"]], "online.period-twice"),
    ([["i fjor", "90"]], "online.not-a-period"),
    ([[None, "90"]], "online.not-a-period"),
])
def test_curves_that_cannot_be(rows: list[list[Any]], code: str) -> None:
    from gevinst.sources.online.survival import read_curves

    with refused(code):
        read_curves(read_rows({"columns": ["Periode", columns()[0]], "rows": rows}, ""), "a-dagpenge", "x")


def test_a_table_without_curves_or_counts(source: Jobindsats) -> None:
    with refused("online.no-curves"):
        fetch_survival(source, wish(table="y01a02", first=2019, last=2019), OWN)
    with refused("online.no-counts"):
        fetch_counts(source, [wish(table="y01b01", first=2019, last=2019)], MINE)


def test_what_is_neither_figure_nor_blank_is_counted() -> None:
    from gevinst.sources.online.counts import read_counts
    from gevinst.sources.online.survival import read_curves

    rows = read_rows({"columns": ["Periode", *columns()[:2]], "rows": [["2019", "<5", "61,2"]]}, "")
    read = read_curves(rows, "a-dagpenge", "x")
    assert read.curves[0].points == ((0, Decimal(100)), (13, Decimal("61.2")))
    assert "1 cells are neither" in read.notes[0].text("en")
    table = {"columns": ["Periode", "Antal fuldtidspersoner"], "rows": [["2019M01", "skjult"], ["2019M02", 7]]}
    found, notes = read_counts(read_rows(table, ""), "a", "b", "c", "d")
    assert ([one.full_time_persons for one in found], len(notes)) == ([Decimal(7)], 1)


@pytest.mark.parametrize(("rows", "code"), [
    ([["2019Q1", 1]], "online.not-a-period"),
    ([["2019M13", 1]], "online.not-a-period"),
    ([["2019M01", -1]], "online.count-range"),
    ([["2019M01", 1], ["2019M01", 2]], "online.period-twice"),
    ([["2019M01", "-"]], "online.only-blanks"),
])
def test_counts_that_cannot_be(rows: list[list[Any]], code: str) -> None:
    from gevinst.sources.online.counts import read_counts

    with refused(code):
        read_counts(read_rows({"columns": ["Periode", "Fuldtidspersoner"], "rows": rows}, ""), "a", "b", "c", "d")


def test_shares_as_fractions_are_said() -> None:
    from gevinst.sources.online.survival import read_curves

    rows = read_rows({"columns": ["Periode", *columns()[:2]], "rows": [["2019", 0.677, 0.42]]}, "")
    read = read_curves(rows, "a-dagpenge", "x")
    assert [float(share) for _, share in read.curves[0].points] == [100.0, 67.7, 42.0]
    assert read.notes[0].code == "online.shares-as-fractions"


def test_the_stored_curves_are_a_canonical_file(source: Jobindsats, tmp_path: Path) -> None:
    from gevinst.sources.ingest import read_folder
    from gevinst.sources.pseudonym import IN_MEMORY_KEY

    got = fetch_survival(source, wish(first=2019, last=2019, baseline=(2017, 2019)), OWN)
    (tmp_path / "target").mkdir()
    report = read_folder(got.result.folder, tmp_path / "target", key=IN_MEMORY_KEY, today=date(2026, 11, 21))
    file = report.file("published_curves")
    assert file is not None
    assert (file.rows, file.rejected) == (24, 0)
    with got.result.file.open(encoding="utf-8") as text:
        row = next(csv.DictReader(text))
    assert row["source"].startswith("Jobindsats.dk, y01b01, Norddjurs, hentet 21-11-2026 (sha256 ")


def test_the_wrong_token(settings: Settings) -> None:
    from gevinst.sources.online.fetching import open_jobindsats
    from gevinst.sources.online.token import Token

    with refused("online.token-refused"):
        open_jobindsats(settings, Token("a-token-of-version-2")).tables()
    with refused("online.wrong-path"):
        open_jobindsats(replace(settings, jobindsats_url=settings.jobindsats_url[:-1] + "2"), Token(TOKEN)).tables()


def test_a_benefit_without_a_table_does_not_stop_the_others(source: Jobindsats) -> None:
    got = fetch_counts(source, [wish(first=2021, last=2021), wish("ressourceforloeb", first=2021, last=2021)], MINE)
    assert {one.benefit for one in got.counts} == {"a-dagpenge"}
    assert [one.text("en") for one in got.notes] == [
        "ressourceforloeb: no table, or no months in those years; passed over."]
    with refused("online.no-table"):
        fetch_counts(source, [wish("ressourceforloeb")], MINE)
    with refused("online.no-table"):
        fetch_counts(source, [wish("ressourceforloeb"), wish("jobafklaring")], MINE)
