"""One small document per mistake in printed tables; the clean one gives nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from gevinst.language import LANGUAGES
from gevinst.register.check import check_portfolio_file

FOLDER = Path(__file__).parent / "bad_tables"


def expected(path: Path) -> list[tuple[str, str]]:
    """The first line of a bad file: `# code line:column, code line:column`, or `# nothing`."""
    head = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("#").strip()
    pairs = [] if head == "nothing" else [part.split() for part in head.split(",")]
    return sorted((code, f"{path}:{place}") for code, place in pairs)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_exactly_the_mistake_is_found(path: Path) -> None:
    findings = check_portfolio_file(path, adopted=())
    assert sorted((f.code, f.where) for f in findings) == expected(path)
    for finding in findings:
        for language in LANGUAGES:
            assert "{" not in "".join(finding.message(language))


@pytest.mark.parametrize(("text", "code", "place"), [
    ("tables: []\n", "footing.no-tables", ""),
    ("tables:\n- above: x\n", "register.missing-key", ":2:3"),
    ("tables:\n- {rader: []}\n", "register.unknown-key", ":2:4"),
    ("tables: []\ntitel: x\n", "register.unknown-key", ":2:1"),
    ("tables:\n- rows: [[a, {b: c}]]\n", "register.not-text", ":2:14"),
    ("tables:\n- rows: 5\n", "register.not-a-list", ":2:9"),
    ("tables: [x]\n", "register.not-a-mapping", ":1:10"),
])
def test_tables_that_are_typed_in_another_form(text: str, code: str, place: str, tmp_path: Path) -> None:
    path = tmp_path / "tables.yaml"
    path.write_text(text, encoding="utf-8")
    assert [(f.code, f.where) for f in check_portfolio_file(path)] == [(code, f"{path}{place}")]
