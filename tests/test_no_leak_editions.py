"""No person's id in what follows an edition: its states, what it is compared with, what is foreseen and handed out.

Ids stand in every column of the register and in all that can be typed: names, comments, reasons, memos of others.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.leak_inputs import OTHERS, full_of_ids, written
from tests.leak_run import Command, Run, run_all

NEWEST = """
from pathlib import Path
made = sorted(Path({0!r}).glob("[!.]*/edition.json"), key=lambda one: one.stat().st_mtime_ns)
sys.argv = [one.replace("@1", made[0].parent.name).replace("@2", made[-1].parent.name) for one in sys.argv]
"""
SOMEBODY = f"Bo {written(OTHERS[10], 1)}"
TYPED = f"om {written(OTHERS[11], 0)} og {written(OTHERS[12], 1)}"
MEMO = f"""<!doctype html><html lang="da"><head><title>Notat {OTHERS[13]}</title></head><body>
<h1>Opfølgning for {written(OTHERS[13], 1)}</h1>
<p>Borger {OTHERS[14]} har sparet kommunen 5,2 mio. kr. i 2021, jf. tabel 7, i alt 6,1 mio. kr.</p>
<table><caption>Tabel 1. {written(OTHERS[15], 1)} (mio. kr.)</caption>
<tr><th>Post {OTHERS[15]}</th><th>2020</th><th>2021</th><th>I alt</th></tr>
<tr><td>Investering {written(OTHERS[16], 1)}</td><td>1,0</td><td>2,0</td><td>4,0</td></tr>
<tr><td>Besparelse {OTHERS[16]}</td><td>3,0</td><td>1,0</td><td>4,0</td></tr>
<tr><td>I alt</td><td>5,0</td><td>9,0</td><td>1,0</td></tr></table>
<table><caption>Tabel 1. Igen {OTHERS[17]}</caption><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>
</body></html>"""


def commands(place: Path, good: Path) -> list[Command]:
    """One workspace, two editions, and every verb that speaks of them."""
    work, lint = place / "workspace", good.parent / f"notat {OTHERS[18]}.html"
    lint.write_text(MEMO, encoding="utf-8")
    at, portfolio = ["-w", str(work)], str(place / "portfolio.xlsx")
    named = [*at, "--as", SOMEBODY, "--comment", TYPED]
    here = NEWEST.format(str(work / "editions"))
    first: list[Sequence[str]] = [
        ["new", str(work), "--municipality", "Prøveby", "--code", "999"],
        ["portfolio", "export", "aarhus-2021-2024", portfolio, "--bundled"],
        ["portfolio", "import", portfolio, *at, "--author", "controller"],
        ["import", str(good), *at, "--try"],
        ["import", str(good), *at],
        ["run", *at, "--date", "2024-03-01", "--as", f"Anna {OTHERS[19]}"],
    ]
    after: list[Sequence[str]] = [
        ["edition", "check", "@1", *named], ["edition", "approve", "@1", *named], ["edition", "publish", "@1", *named],
        ["edition", "correct", "@1", *at, "--reason", TYPED, "--as", SOMEBODY, "--date", "2024-03-02"],
        ["edition", "list", *at], ["edition", "show", "@1", *at], ["edition", "show", OTHERS[20], *at],
        ["edition", "check", written(OTHERS[20], 1), *at],
        ["compare", "@1", "@2", *at], ["compare", "@1", "@2", *at, "--format", "json"],
        ["compare", "@1", OTHERS[21], *at],
        ["rerun", "@2", *at], ["rerun", OTHERS[21], *at],
        ["explain", "1", "2021", *at], ["explain", "--list", *at], ["explain", OTHERS[22], *at],
        ["forecast", *at], ["forecast", *at, "--format", "json"], ["forecast", *at, "--portfolio", OTHERS[22]],
        ["score-card", *at, "--drafts"], ["realisation", *at, "--format", "json"],
        ["calendar", *at, "--ics", str(place / "hjul.ics")], ["due", *at, "--format", "json"],
        ["status", *at], ["status", *at, "--format", "json"],
        ["one-page", *at, "--out", str(place / "pages")], ["one-page", *at, "--investment", OTHERS[23]],
        ["twin", "@2", "--out", str(place / "twin"), *at],
        ["audit", "package", "@2", "--out", str(place / "package.zip"), *at],
        ["lint", str(lint)], ["lint", str(lint), "--format", "json"], ["lint", str(lint), "--format", "csv"],
        ["lint", str(good.parent / f"væk {OTHERS[24]}.docx")],
    ]
    return [*((list(one), "") for one in first), *((list(one), here) for one in after)]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Run:
    sandbox, inputs = tmp_path_factory.mktemp("sandbox"), tmp_path_factory.mktemp("inputs")
    return run_all(sandbox, commands(sandbox, full_of_ids(inputs / "good")))


REFUSED = {("edition", "show", OTHERS[20]), ("edition", "check", written(OTHERS[20], 1)), ("rerun", OTHERS[21]),
           ("compare", "@1", OTHERS[21]), ("explain", OTHERS[22]), ("lint",)}


def test_the_run_did_what_it_should(ran: Run) -> None:
    for command, code, said in zip(ran.commands, ran.codes, ran.said, strict=True):
        meant = any(other in " ".join(command) for other in OTHERS[20:25]) or any(
            written(other, 1) in command for other in OTHERS[20:25])
        if command[0] == "lint" and not meant:
            assert code == 1, (command, said)
        else:
            assert code == (2 if meant else 0), (command, said)
    editions = [path for path in (ran.sandbox / "workspace" / "editions").iterdir() if not path.name.startswith(".")]
    assert len(editions) == 2


def test_no_id_stands_in_any_byte(ran: Run) -> None:
    assert ran.search.folder(ran.sandbox) == []


def test_files_are_for_their_owner_only(ran: Run) -> None:
    made = [ran.sandbox / "workspace", *(ran.sandbox / "workspace").rglob("*"), ran.sandbox / "hjul.ics",
            *(ran.sandbox / "pages").rglob("*"), *(ran.sandbox / "twin").rglob("*"), ran.sandbox / "package.zip"]
    assert [path for path in made if path.stat().st_mode & 0o077] == []
    assert list((ran.sandbox / "tmp").iterdir()) == []
    assert list((ran.sandbox / "cwd").iterdir()) == []
