"""One broken file per mistake: the error's code, and the line it names. The first line of each file says both."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gevinst.errors import GevinstError
from gevinst.parameters.benefits import read_benefits
from gevinst.parameters.indices import read_indices
from gevinst.parameters.national import read_ladders, read_numbers, read_rates

FOLDER = Path(__file__).parent / "bad_files"
READERS: dict[str, Callable[[Path], Any]] = {
    "series": read_numbers, "ladders": read_ladders, "rates": read_rates, "indices": read_indices,
    "benefits": read_benefits}
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.yaml"))


@pytest.mark.parametrize("name", FILES)
def test_a_mistake_is_named_by_code_and_line(name: str) -> None:
    path = FOLDER / name
    code, line = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# expect ").split(" at line ")
    with pytest.raises(GevinstError) as caught:
        READERS[path.parent.name](path)
    assert caught.value.code == code
    expected = f"{path.name}:{line}" if line != "0" else path.name
    assert caught.value.where == expected
    for language in ("da", "en"):
        assert "{" not in "".join(caught.value.message(language))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(GevinstError) as caught:
        read_numbers(tmp_path / "none.yaml")
    assert caught.value.code == "parameters.file-missing"


@pytest.mark.parametrize("content", [b"", b"# only a comment\n", "navn: sygefrav\u00e6r".encode("cp1252")])
def test_a_file_that_is_empty_or_in_another_encoding(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "values.yaml"
    path.write_bytes(content)
    with pytest.raises(GevinstError) as caught:
        read_numbers(path)
    assert caught.value.code == "parameters.unreadable"
