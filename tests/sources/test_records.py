from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from gevinst.sources.cells import Fault
from gevinst.sources.header import Layout
from gevinst.sources.records import read_records
from gevinst.sources.text import Piece

THREE = Layout(3, ((0, "a"), (1, "b"), (2, "c")))
Read = tuple[list[tuple[int, tuple[str | None, ...]]], list[tuple[int, str, int]]]


def read(text: str, size: int = 1 << 20, first_line: int = 2) -> Read:
    """Records and unread lines of a text, given in pieces of about `size` bytes."""
    lines = [f"{line}\n" for line in text.split("\n")[:-1]]
    cuts = [0]
    for place in range(1, len(lines) + 1):
        if sum(map(len, lines[cuts[-1]:place])) >= size or place == len(lines):
            cuts.append(place)
    pieces = [Piece("".join(lines[a:b]).encode(), first_line + a) for a, b in pairwise(cuts)]
    records, unread = [], []
    for rows in read_records(pieces, THREE, ";"):
        cells = rows.cells.to_pylist()
        records += [(int(line), tuple(row.values())) for line, row in zip(rows.lines, cells, strict=True)]
        unread += [(one.line, one.fault.name, one.fields) for one in rows.unread]
    return records, unread


def test_plain_lines() -> None:
    assert read("1;x;y\n2;;z\n") == ([(2, ("1", "x", "y")), (3, ("2", None, "z"))], [])


def test_blank_lines_are_passed_over_but_counted() -> None:
    assert read("1;x;y\n\n  \n2;x;z\n\n") == ([(2, ("1", "x", "y")), (5, ("2", "x", "z"))], [])


def test_too_few_and_too_many_fields() -> None:
    records, unread = read("1;x;y\n2;x\n3;x;y;z\n4;x;y\n")
    assert [line for line, _ in records] == [2, 5]
    assert unread == [(3, "RAGGED", 2), (4, "RAGGED", 4)]


def test_quotes_hold_separators_quotes_and_line_breaks() -> None:
    records, unread = read('1;"a;b";"say ""hi"""\n2;"two\n\nlines";y\n3;x;y\n')
    assert records == [(2, ("1", "a;b", 'say "hi"')), (3, ("2", "two\n\nlines", "y")), (6, ("3", "x", "y"))]
    assert unread == []


def test_a_quote_that_is_never_closed_costs_its_own_line_only() -> None:
    records, unread = read('1;x;y\n2;"x;y\n3;x;y\n4;x;y\n')
    assert [line for line, _ in records] == [2, 4, 5]
    assert unread == [(3, "UNCLOSED_QUOTE", 0)]


def test_two_unclosed_quotes_do_not_swallow_what_stands_between() -> None:
    records, unread = read('1;"x;y\n2;x;y\n3;x;"y\n4;x;y\n')
    assert [line for line, _ in records] == [3, 5]
    assert [line for line, *_ in unread] == [2, 4]


def test_an_inch_mark_is_a_letter_like_others() -> None:
    records, unread = read('1;5" rør;6" rør\n2;5" rør;y\n3;"x\ny";5" rør\n')
    assert records == [(2, ("1", '5" rør', '6" rør')), (3, ("2", '5" rør', "y")), (4, ("3", "x\ny", '5" rør'))]
    assert unread == []


def test_an_open_quote_beside_an_inch_mark_is_found_too() -> None:
    records, unread = read('1;x;y\n2;5";"x\n3;x;y\n4;x;y\n')
    assert [line for line, _ in records] == [2, 4, 5]
    assert unread == [(3, "UNCLOSED_QUOTE", 0)]


def test_a_record_over_hundreds_of_lines_is_an_open_quote() -> None:
    many = "\n".join(f"{row};x;y" for row in range(300))
    records, unread = read(f'1;"x;y\n{many}\n2;x";y\n')
    assert len(records) == 301  # the mark in the last line stands inside its cell
    assert unread == [(2, "UNCLOSED_QUOTE", 0)]


_CELL = st.text("ab ,.æ", min_size=1, max_size=4).map(str.strip).filter(bool)
_QUOTED = st.text('ab;\n"', max_size=6)


def _good(cells: list[str], quoted: str | None) -> tuple[str, tuple[str | None, ...]]:
    if quoted is None:
        return ";".join(cells), tuple(cells)
    escaped = quoted.replace('"', '""')
    return ";".join([cells[0], f'"{escaped}"', cells[2]]), (cells[0], quoted or None, cells[2])


_LINE = st.one_of(
    st.builds(_good, st.lists(_CELL, min_size=3, max_size=3), st.none() | _QUOTED),
    st.sampled_from([("", None), ("  ", None), ("a;b", 2), ("a", 1), ("a;b;c;d;e", 5)]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_LINE, min_size=1, max_size=12), st.integers(1, 40))
def test_the_line_numbers_are_those_of_the_file(lines: list[tuple[str, object]], size: int) -> None:
    """Truth: the line each part was put on when the text was made."""
    line, records, ragged = 2, [], []
    for text, meaning in lines:
        if isinstance(meaning, tuple):
            records.append((line, meaning))
        elif isinstance(meaning, int):
            ragged.append((line, Fault.RAGGED.name, meaning))
        line += text.count("\n") + 1
    text = "".join(f"{text}\n" for text, _ in lines)
    assert read(text, size) == (records, ragged)


@settings(max_examples=200, deadline=None)
@given(st.text('a;"\n', max_size=40), st.integers(1, 20))
def test_no_line_is_lost_whatever_the_quotes(text: str, size: int) -> None:
    """Each line that says anything is a record's first line, inside a quoted cell, or listed as unread."""
    text += "\n"
    records, unread = read(text, size)
    first_lines = [line for line, _ in records] + [line for line, *_ in unread]
    assert len(set(first_lines)) == len(first_lines)
    inside = {line + k for line, cells in records for k in range(1, sum((c or "").count("\n") for c in cells) + 1)}
    said = {2 + place for place, line in enumerate(text.split("\n")) if line.strip()}
    assert said <= set(first_lines) | inside
