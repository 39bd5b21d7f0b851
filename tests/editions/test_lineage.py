"""The ladders of an edition's folder: what changed since the last one is opened too, and all but that is run again."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from typer.testing import CliRunner

from gevinst.cli import app
from gevinst.editions.rerun import EQUAL, rerun
from gevinst.editions.states import find
from gevinst.language import Language
from gevinst.parameters.book import national_book
from gevinst.publish import MEMO_TREE
from gevinst.report.tree_file import from_json
from gevinst.workspace import run_workspace
from tests.editions import small_town
from tests.report.printed_figures import tables, unnamed_cells, unnamed_in_sentences

runner = CliRunner()
CHANGE = "since-last/portfolio/saving/total/outcome"


def test_what_changed_since_last_time_is_opened_by_its_id(two_editions) -> None:
    result = runner.invoke(app, ["explain", f"{CHANGE}/difference", "--edition", two_editions.second.name,
                                 "-w", str(two_editions.settings.workspace)])
    assert result.exit_code == 0, result.output
    told = result.stdout
    assert f"Ændring siden udgave {two_editions.first.name}" in told
    assert "nu − sidst = Σ årsager" in told
    kept = json.loads((two_editions.second / "explanations.json").read_text(encoding="utf-8"))
    assert [one["label"] for one in kept[CHANGE]["under"]][:2] == ["sidst", "nu"]


def test_every_number_of_that_memo_says_which_figure_it_is(two_editions) -> None:
    document = from_json(json.loads((two_editions.second / MEMO_TREE).read_text(encoding="utf-8")))
    assert unnamed_cells(document) == []
    assert unnamed_in_sentences(document, small_town.portfolio()) == []
    printed = {cell.figure for table in tables(document.blocks) for row in table.rows for cell in row.cells}
    assert f"{CHANGE}/difference" in printed


@pytest.mark.parametrize(("language", "name", "kroner"), [
    ("da", "A-dagpenge, uge 5-26 = ", " kr.  ["), ("en", "unemployment insurance benefit, weeks 5-26 = ", "DKK ")])
def test_a_ladder_names_benefits_as_a_reader_does(two_editions, language: Language, name: str, kroner: str) -> None:
    place = two_editions.settings.workspace
    made = run_workspace(place, memo_date=date(2022, 4, 2), language=language)
    told = runner.invoke(app, ["explain", "1", "2020", "--edition", made.edition.id, "-w", str(place)]).stdout
    lines = [line for line in told.splitlines() if name in line]
    assert lines
    assert all(kroner in line for line in lines)
    text = (made.folder / "explanations.json").read_text(encoding="utf-8")
    keys = [key for key, one in national_book().benefits.items() if key != one.name]
    inside_ids = re.sub(r'"see": \[[^\]]*\]|^ "[^"]*": \{', "", text, flags=re.MULTILINE)
    assert re.findall(rf"(?<![\w/-])(?:{'|'.join(map(re.escape, keys))})(?![\w/-])", inside_ids) == []


def test_run_again_the_ladders_are_the_same(two_editions) -> None:
    done = rerun(two_editions.settings, find(two_editions.settings, two_editions.second.name))
    assert done.differences == ()
    assert done.exit_code == EQUAL
    kept = json.loads((two_editions.second / "explanations.json").read_text(encoding="utf-8"))
    assert any(key.startswith("since-last/") for key in kept)
    assert done.compared > len(kept) / 2
