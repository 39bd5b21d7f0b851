"""One broken file per mistake: each names its code, and the line and column of the fault."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES
from gevinst.register.check import check_portfolio_file
from gevinst.register.yaml_file import read_portfolio
from gevinst.register.yaml_reader import read_file

FOLDER = Path(__file__).parent / "bad_files"
CASES = sorted(FOLDER.glob("*.yaml"))


def expected(path: Path) -> list[tuple[str, str]]:
    """The first line of a bad file says what is wrong with it: `# code line:column, code line:column`."""
    head = path.read_text(encoding="utf-8").splitlines()[0]
    pairs = [part.split() for part in head.removeprefix("#").split(",")]
    return [(code, f"{path}:{place}") for code, place in pairs]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_mistake_is_found_in_its_place_and_nothing_else(path: Path) -> None:
    findings = check_portfolio_file(path)
    assert [(f.code, f.where) for f in findings] == expected(path)
    for finding in findings:
        for language in LANGUAGES:
            what, do = finding.message(language)
            assert what
            assert do


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_reading_stops_at_the_first_fault_that_cannot_be_kept(path: Path) -> None:
    code, where = expected(path)[0]
    if path.stem.startswith("doubtful"):
        assert read_portfolio(path).key == "prove"  # readable; only the check has something to say
        return
    with pytest.raises(GevinstError) as caught:
        read_portfolio(path)
    assert (caught.value.code, caught.value.where) == (code, where)


def test_a_clean_file_has_no_findings(tmp_path: Path, small_yaml: str) -> None:
    path = tmp_path / "clean.yaml"
    path.write_text(small_yaml, encoding="utf-8")
    assert check_portfolio_file(path) == []


def test_all_faults_of_a_file_are_found_in_one_reading(tmp_path: Path, small_yaml: str) -> None:
    path = tmp_path / "many.yaml"
    path.write_text(small_yaml.replace("title: Prøve", "titel: Prøve").replace("-2.703", "x").replace("2021]", "20x1]"),
                    encoding="utf-8")
    codes = [fault.code for fault in read_file(path).faults]
    assert codes == ["register.missing-key", "register.unknown-key", "register.not-a-whole-number",
                     "register.not-a-number"]


def test_every_message_of_the_record_and_its_checks_is_asked_for_somewhere() -> None:
    source = Path(__file__).parents[2] / "src" / "gevinst"
    program = "\n".join(path.read_text(encoding="utf-8") for path in source.rglob("*.py"))
    for area in ("register", "footing"):
        codes = yaml.safe_load((source / "messages" / f"{area}.yaml").read_text(encoding="utf-8"))
        assert [code for code in codes if f'"{code}"' not in program] == []


def test_files_that_are_no_files(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("title: Prøve".encode("cp1252"))
    for path, code in ((tmp_path / "none.yaml", "register.file-missing"), (latin, "register.not-utf8"),
                       (tmp_path, "register.file-kind"), (tmp_path / "p.txt", "register.file-kind"),
                       (tmp_path / "none.xlsx", "register.file-missing")):
        assert [(f.code, f.where) for f in check_portfolio_file(path)] == [(code, str(path))]
    folder = tmp_path / "folder.yaml"
    folder.mkdir()
    assert [f.code for f in check_portfolio_file(folder)] == ["register.file-unreadable"]


def test_names_with_commas_between_are_advised_one_by_one() -> None:
    (found,) = check_portfolio_file(FOLDER / "match-on-with-commas.yaml")
    assert "Skriv sex, age_at_entry:" in found.message("da").do
