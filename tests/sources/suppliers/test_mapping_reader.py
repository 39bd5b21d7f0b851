"""Mapping files: one broken file per mistake, and every mapping back as it was written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst.errors import GevinstError
from gevinst.sources.suppliers.date_formats import FORMATS
from gevinst.sources.suppliers.mapping import ENCODINGS, SEPARATORS, ColumnRule, FileMapping, Filter, Reading
from gevinst.sources.suppliers.mapping_reader import read_mapping
from gevinst.sources.suppliers.mapping_writer import mapping_text
from tests.sources.suppliers.mapping_cases import HEAD, mapping, write_mapping

COLUMNS = "columns: {person_id: Nr, investment: Indsats, start_date: Start, end_date: Slut}\n"
FIRST = 6  # the line after the usual head


def fault_of(path: Path) -> tuple[str, int, str]:
    """The code, the line, and the whole text; which must read well in both languages."""
    with pytest.raises(GevinstError) as caught:
        read_mapping(path)
    english = caught.value.message("en")
    assert english.what
    assert "{" not in english.what
    line = caught.value.where.rpartition(":")[2]
    return caught.value.code.removeprefix("mapping."), int(line) if line.isdigit() else 0, str(caught.value)


@pytest.mark.parametrize(("text", "code", "line", "says"), [
    ("colums: {person_id: Nr}\n", "unknown-key", 6, "≈ columns?"),
    ("note: x\n", "missing-key", 1, "columns"),
    ("columns: [Nr]\n", "wrong-kind", 6, "tabel"),
    (COLUMNS + "sheet: [a]\n", "wrong-kind", 7, "tekst"),
    (COLUMNS + "note: ''\n", "wrong-kind", 7, "tekst"),
    (COLUMNS + "header_row: fire\n", "wrong-kind", 7, "helt tal"),
    (COLUMNS + "header_row: 0\n", "wrong-kind", 7, "linjenummer"),
    (COLUMNS + "unverified: måske\n", "wrong-kind", 7, "true eller false"),
    (COLUMNS + "filters: {drop: Status}\n", "wrong-kind", 7, "liste"),
    (COLUMNS + "filters:\n- {drop: Status, in: []}\n", "wrong-kind", 8, "mindst én tekst"),
    (COLUMNS + "filters:\n- {drop: Start, from: 1. maj}\n", "wrong-kind", 8, "2021-12-31"),
    (COLUMNS + "filters:\n- {drop: Start, from: 2021-13-01}\n", "wrong-kind", 8, "2021-12-31"),
    (COLUMNS + "encoding: ebcdic\n", "choice", 7, "cp1252"),
    (COLUMNS + "decimal: komma\n", "choice", 7, "»,«"),
    (COLUMNS + "separator: tabulator\n", "choice", 7, "≈ tab?"),
    (COLUMNS + "key: udtraek\n", "duplicate-key", 7, "»key«"),
    (COLUMNS + "note: rettet for 010190-1234\n", "holds-cpr", 7, "CPR"),
    (COLUMNS + "# spurgt om 010190_1234\n", "holds-cpr", 7, "CPR"),
    (COLUMNS + "decimal: ','  # som hos 01-01-1990-1234\n", "holds-cpr", 7, "CPR"),
    (COLUMNS + "filters:\n- drop: Nr\n  in: ['0101901234']\n", "holds-cpr", 9, "CPR"),
    (COLUMNS.replace("Indsats", "{from: Indsats, codes: {0101901234: '2'}}"), "holds-cpr", 6, "CPR"),
    (COLUMNS.replace("start_date", "startdate"), "unknown-column", 6, "≈ start_date?"),
    (COLUMNS.replace("investment: Indsats, ", ""), "columns-missing", 6, "investment"),
    (COLUMNS.replace("Indsats", "{from: A, constant: '2'}"), "one-source", 6, "investment"),
    (COLUMNS.replace("Indsats", "{codes: {a: b}}"), "one-source", 6, "investment"),
    (COLUMNS.replace("Indsats", "{from: A, cpr: true}"), "not-for-column", 6, "»cpr«"),
    (COLUMNS.replace("Start,", "{from: Start, number: true},"), "not-for-column", 6, "»number«"),
    (COLUMNS.replace("Nr", "{from: Nr, date: dd-mm-yyyy}"), "not-for-column", 6, "»date«"),
    (COLUMNS.replace("Indsats", "{from: A, shift_days: -1}"), "not-for-column", 6, "»shift_days«"),
    (COLUMNS.replace("Indsats", "{from: A, unlisted: keep}"), "unlisted-without-codes", 6, "investment"),
    (COLUMNS.replace("Indsats", "{from: A, codes: {}}"), "wrong-kind", 6, "mindst én kode"),
    (COLUMNS.replace("Indsats", "{from: A, codes: {a: b}, unlisted: drop}"), "choice", 6, "leave_out"),
    (COLUMNS.replace("Start,", "{from: Start, date: d/m/y},"), "date-format", 6, "d/m/y"),
    (COLUMNS + "filters:\n- {in: [a]}\n", "filter-verb", 8, "keep og drop"),
    (COLUMNS + "filters:\n- {keep: A, drop: B, in: [a]}\n", "filter-verb", 8, "keep og drop"),
    (COLUMNS + "filters:\n- {keep: A}\n", "filter-test", 8, "betingelse"),
    (COLUMNS + "filters:\n- {keep: A, in: [a], empty: true}\n", "filter-test", 8, "betingelse"),
    (COLUMNS + "filters:\n- {keep: A, in: [a], date: excel}\n", "filter-test", 8, "betingelse"),
    (COLUMNS + "filters:\n- {keep: A, from: 2021-02-01, to: 2021-01-01}\n", "filter-period", 8, "Byt om"),
    (COLUMNS + "keep: [Alder]\n", "unknown-column", 7, "persons"),
])  # fmt: skip
def test_a_mistake_is_named_by_its_line(tmp_path: Path, text: str, code: str, line: int, says: str) -> None:
    found = fault_of(write_mapping(tmp_path, text, table="participants"))
    assert found[:2] == (code, line)
    assert says in found[2]
    assert "0190" not in found[2]


@pytest.mark.parametrize(("head", "code", "line"), [
    (HEAD.format(key="andet", table="spells"), "key", 1),
    (HEAD.format(key="Udtræk", table="spells"), "key", 1),
    (HEAD.format(key="udtraek", table="borgere"), "choice", 4),
    (HEAD.format(key="udtraek", table="spells").replace("2024-02-01", "i går"), "wrong-kind", 3),
    (HEAD.format(key="udtraek", table="spells").replace("['udtræk*']", "[]"), "wrong-kind", 5),
])
def test_a_mistake_in_the_head(tmp_path: Path, head: str, code: str, line: int) -> None:
    path = tmp_path / "udtraek.yaml"
    path.write_text(head + COLUMNS.replace("investment", "benefit"), encoding="utf-8")
    assert fault_of(path)[:2] == (code, line)


def test_what_is_no_mapping_file(tmp_path: Path) -> None:
    assert fault_of(tmp_path / "none.yaml")[0] == "file-missing"
    (tmp_path / "a.yaml").mkdir()
    assert fault_of(tmp_path / "a.yaml")[0] == "file-unreadable"
    broken = tmp_path / "b.yaml"
    broken.write_text("key: b\nfiles: [a\n", encoding="utf-8")
    assert fault_of(broken)[:2] == ("file-unreadable", 3)
    broken.write_bytes("key: æ".encode("cp1252"))
    assert fault_of(broken)[0] == "file-unreadable"
    for text in ("key: a\0b\n", "[" * 5000):
        broken.write_text(text, encoding="utf-8")
        assert fault_of(broken)[0] == "file-unreadable"
    broken.write_text("", encoding="utf-8")
    assert fault_of(broken)[0] == "file-unreadable"


def test_persons_may_keep_further_columns(tmp_path: Path) -> None:
    one = mapping(tmp_path, "columns: {person_id: Nr, alder: {from: A, number: true}}\nkeep: [Køn, Bopæl by]\n",
                  table="persons")
    assert dict(one.columns) == {"person_id": ColumnRule(("Nr",)), "alder": ColumnRule(("A",), number=True),
                                 "køn": ColumnRule(("Køn",)), "bopæl_by": ColumnRule(("Bopæl by",))}
    for text, code in (("keep: [Line]\n", "further-name"), ("keep: [Alder, alder]\n", "duplicate-key"),
                       ("keep: [Person id]\n", "duplicate-key")):
        found = fault_of(write_mapping(tmp_path, "columns: {person_id: Nr}\n" + text, table="persons"))
        assert found[:2] == (code, 7)
    found = fault_of(write_mapping(tmp_path, "columns: {person_id: Nr, Alder: A}\n", table="persons"))
    assert found[0] == "further-name"
    assert "alder" in found[2]


def test_a_filter_of_days_reads_them_as_the_column_does(tmp_path: Path) -> None:
    one = mapping(tmp_path, "columns: {person_id: Nr, benefit: Y, start_date: {from: Start, date: dd.mm.yy}, "
                            "end_date: Slut}\nfilters: [{keep: Start, from: 2020-01-01}, {drop: Slut, to: 2019-12-31, "
                            "date: excel}, {drop: Nr, empty: false}, {keep: Nr, empty: false}]\n")
    assert [(each.date, each.keep, each.test) for each in one.filters] == [
        ("dd.mm.yy", True, "between"), ("excel", False, "between"), ("", True, "empty"), ("", False, "empty")]


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp", "Nd")), max_size=12).map(
    lambda text: " ".join(text.split()))
NAMES = WORDS.filter(bool)
SOURCES = st.lists(NAMES, min_size=1, max_size=3, unique=True).map(tuple)
CODES = st.dictionaries(WORDS, st.none() | NAMES, min_size=1, max_size=4).map(lambda codes: tuple(codes.items()))
DAYS = st.dates(date(1990, 1, 1), date(2030, 1, 1))


@st.composite
def rules(draw: st.DrawFn, column: str) -> ColumnRule:
    if draw(st.integers(0, 5)) == 0:
        return ColumnRule(constant=draw(WORDS))
    sources = draw(SOURCES)
    codes = draw(st.just(()) | CODES)
    is_date = column.endswith("date")
    return ColumnRule(
        sources, joined=len(sources) > 1 and draw(st.booleans()), date=draw(st.sampled_from(("", *FORMATS)) if is_date
                                                                          else st.just("")),
        shift_days=draw(st.integers(-3, 3)) if is_date else 0,
        blank=tuple(draw(st.lists(WORDS, max_size=2, unique=True))), codes=codes,
        unlisted=draw(st.sampled_from(("refuse", "leave_out", "keep"))) if codes else "refuse",
        cpr=column == "person_id" and draw(st.booleans()), number=column == "alder" and draw(st.booleans()))


@st.composite
def filters(draw: st.DrawFn) -> Filter:
    keep, column = draw(st.booleans()), draw(NAMES)
    test = draw(st.sampled_from(("in", "not_in", "begins_with", "empty", "between")))
    if test == "between":
        days = sorted(draw(st.lists(DAYS, min_size=2, max_size=2)))
        return Filter(keep, column, test, (), days[0], days[1], draw(st.sampled_from(FORMATS)))
    values = () if test == "empty" else tuple(draw(st.lists(WORDS, min_size=1, max_size=3, unique=True)))
    return Filter(keep, column, test, values)


@st.composite
def mappings(draw: st.DrawFn) -> FileMapping:
    columns = tuple((name, draw(rules(name))) for name in ("person_id", "left_register_date", "alder"))
    return FileMapping(
        "udtraek", draw(NAMES), draw(DAYS), "persons", draw(SOURCES), columns,
        tuple(draw(st.lists(filters(), max_size=3))),
        Reading(draw(WORDS), draw(st.none() | st.integers(1, 99)), draw(st.sampled_from(("", *ENCODINGS))),
                draw(st.sampled_from(("", *SEPARATORS)))),
        draw(st.sampled_from(("", ",", "."))), draw(WORDS), draw(st.booleans()))


@given(mappings())
def test_a_mapping_comes_back_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, one: FileMapping) -> None:
    path = tmp_path_factory.mktemp("mapping") / "udtraek.yaml"
    path.write_text(mapping_text(one), encoding="utf-8")
    assert read_mapping(path) == one


def test_the_guide_s_example_is_read(tmp_path: Path) -> None:
    """But for `keep`, which the guide says belongs to persons."""
    guide = (Path(__file__).parents[3] / "docs" / "guide" / "mapping-files.md").read_text(encoding="utf-8")
    text = guide.partition("```yaml\n")[2].partition("```")[0]
    path = tmp_path / "fasit-indsats.yaml"
    path.write_text(text, encoding="utf-8")
    assert fault_of(path)[0] == "unknown-column"
    path.write_text("".join(line for line in text.splitlines(keepends=True) if not line.startswith("keep:")),
                    encoding="utf-8")
    one = read_mapping(path)
    assert one.unverified
    assert len(one.filters) == 3
    assert one.filters[1].date == "dd.mm.yy"
