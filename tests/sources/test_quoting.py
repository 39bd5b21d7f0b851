"""What of a refused cell is told: a code is, a person's name is not, on the screen, in the list or in the report."""

from __future__ import annotations

from collections.abc import Callable

from gevinst.sources.cells import is_word, shape_of
from gevinst.sources.report import report_lines
from tests.sources.conftest import Imported, Intake

NAME = "Karen Østergaard Storegade 1"
Spells = Callable[..., str]


def told(done: Imported) -> str:
    listed = (done.folder / "rejects.csv").read_text(encoding="utf-8-sig")
    return listed + "\n".join(report_lines(done.report, shown=100)) + str(done.report.rejects)


def test_a_word_is_quoted_and_a_name_is_not(intake: Intake, spells: Spells) -> None:
    done = intake({"spells.csv": spells("1;a-dagpenge;2020-01-01;", "2;kontanthjælpp;2020-01-01;",
                                        f"3;{NAME};2020-01-01;", f"4;{'x' * 31};2020-01-01;")})
    assert [(one.line, one.value, one.shape) for one in done.report.rejects] == [
        (3, "kontanthjælpp", None), (4, "", (4, 28)), (5, "", (1, 31))]
    said = told(done)
    assert "»kontanthjælpp«" in said
    assert "»… (4 ord, 28 tegn)«" in said
    assert "“… (4 words, 28 signs)”" in said
    for word in (*NAME.split()[:3], "x" * 31):
        assert word not in said


def test_what_several_persons_have_is_no_name(intake: Intake, spells: Spells) -> None:
    done = intake({"spells.csv": spells(
        *(f"{n};særlig ydelse B;2020-01-01;" for n in range(5)),
        *(f"{n};særlig ydelse C;2020-01-01;" for n in range(4)),
        *(f"7;{NAME};20{n:02d}-01-01;" for n in range(10, 20)))})
    said = told(done)
    assert "»særlig ydelse B«" in said
    assert "særlig ydelse C" not in said
    assert "Karen" not in said, "one person with ten rows is one person"


def test_without_persons_rows_are_counted(intake: Intake) -> None:
    head = "benefit;year;dkk_per_week\n"
    said = told(intake({"prices.csv": head + "".join(f"særlig ydelse;{2000 + n};100\n" for n in range(5))}))
    assert "»særlig ydelse«" in said
    said = told(intake({"prices.csv": head + "".join(f"særlig ydelse;{2000 + n};100\n" for n in range(4))}))
    assert "særlig ydelse" not in said


def test_words_and_their_shapes() -> None:
    assert [is_word(text) for text in (" a-dagpenge ", "6.7", "a b", "", "x" * 30, "x" * 31)] == [
        True, True, False, False, True, False]
    assert shape_of("  Bo   Hansen ") == (2, 9)
