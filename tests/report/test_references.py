"""Numbers on tables and figures, and what refers to them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gevinst.language import speaking
from gevinst.report.references import figure_ref, numbered, table_ref
from gevinst.report.tree import Bullets, Figure, Paragraph, Table


@pytest.fixture(autouse=True)
def danish() -> Iterator[None]:
    with speaking("da"):
        yield


def table(key: str, note: str = "") -> Table:
    return Table(key, "Beløb", (), (), note)


def figure(key: str) -> Figure:
    return Figure(key, "Kurve", "alt", {})


def test_tables_and_figures_are_counted_apart() -> None:
    blocks = numbered([table("a"), figure("a"), table("b"), figure("b")])
    assert [block.number for block in blocks if isinstance(block, Table | Figure)] == [1, 1, 2, 2]


def test_a_text_may_refer_forwards() -> None:
    told, points, *_ = numbered([
        Paragraph(f"{table_ref('b')} og {figure_ref('a')}. {table_ref('a')} følger."),
        Bullets((f"Se {table_ref('b')}.",)), table("a"), table("b", note=f"Som {table_ref('a')}."), figure("a")])
    assert isinstance(told, Paragraph)
    assert told.text == "Tabel\xa02 og figur\xa01. Tabel\xa01 følger."
    assert isinstance(points, Bullets)
    assert points.items == ("Se tabel\xa02.",)


def test_english_writes_table_with_a_capital() -> None:
    with speaking("en"):
        told, _ = numbered([Paragraph(f"See {table_ref('a')}."), table("a")])
    assert isinstance(told, Paragraph)
    assert told.text == "See Table\xa01."


def test_a_reference_to_nothing_is_a_fault_of_the_memo() -> None:
    with pytest.raises(ValueError, match="not in it"):
        numbered([Paragraph(table_ref("x")), table("a")])


def test_a_key_may_not_stand_twice() -> None:
    with pytest.raises(ValueError, match="the key 'a'"):
        numbered([table("a"), table("a")])
