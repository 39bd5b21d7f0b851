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
