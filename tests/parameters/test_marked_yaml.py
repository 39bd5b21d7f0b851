"""YAML that remembers its lines, and reads numbers exactly."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from gevinst.errors import GevinstError
from gevinst.parameters.marked_yaml import Node, read


@pytest.fixture
def node(tmp_path: Path) -> Node:
    path = tmp_path / "file.yaml"
    path.write_text("number: 0.1\nday: 2021-12-31\nyes: true\ntext: >-\n  two\n  lines\nlist:\n  - 1\n  - 2\nnone:\n",
                    encoding="utf-8")
    return read(path)


def test_values_are_read_as_what_they_are(node: Node) -> None:
    given = node.mapping()
    assert given["number"].number() == Decimal("0.1")  # not the float next to it
    assert given["day"].day() == date(2021, 12, 31)
    assert given["yes"].boolean() is True
    assert given["text"].text() == "two lines"
    assert [one.integer() for one in given["list"].items()] == [1, 2]
    assert given["none"].empty


def test_each_value_knows_its_line(node: Node) -> None:
    given = node.mapping()
    assert (given["number"].where, given["text"].where) == ("file.yaml:1", "file.yaml:4")
    assert [one.line for one in given["list"].items()] == [8, 9]


@pytest.mark.parametrize(("key", "kind"), [
    ("day", "number"), ("number", "day"), ("number", "boolean"), ("list", "text"), ("none", "text"), ("text", "items"),
    ("number", "integer"), ("list", "mapping")])
def test_the_wrong_kind_is_an_error_at_its_line(node: Node, key: str, kind: str) -> None:
    value = node.mapping()[key]
    with pytest.raises(GevinstError) as caught:
        getattr(value, kind)()
    assert caught.value.code == "parameters.wrong-kind"
    assert caught.value.where == value.where


@pytest.mark.parametrize("text", [
    "a: &a [*a, *a]",
    "a: &a {b: *a}",
    "a: &a [1, 1]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1 or chr(0)}'.replace(chr(0), '')] * 9)}]\n"
                               for n in range(1, 12)),
    "a: " + "[" * 50_000 + "]" * 50_000,
], ids=["holds itself", "holds itself in a mapping", "grows without end", "brackets without end"])
def test_what_has_no_end_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "endless.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GevinstError) as fault:
        read(path)
    assert fault.value.code == "parameters.unreadable"


def test_a_word_may_be_said_once_and_meant_twice(tmp_path: Path) -> None:
    path = tmp_path / "alias.yaml"
    path.write_text("a: &source Finansloven\nb: *source\n", encoding="utf-8")
    assert read(path).mapping()["b"].text() == "Finansloven"
