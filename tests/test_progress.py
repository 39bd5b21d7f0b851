from __future__ import annotations

import io
import sys

import pytest

from gevinst.progress import silent, terminal


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_nothing_is_shown_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    for bar in (silent, terminal):
        with bar("dream.csv") as told:
            told(1, 2)
    assert capsys.readouterr() == ("", "")


def test_a_terminal_is_shown_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with terminal("dream.csv") as told:
        told(1, 4)
        told(3, 4)
    assert "dream.csv" in screen.getvalue()
    assert "75%" in screen.getvalue()


def test_a_bar_is_taken_down_when_the_reading_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with pytest.raises(ZeroDivisionError), terminal("dream.csv") as told:
        told(1 // 0, 2)
    assert "\x1b[?25h" in screen.getvalue()  # the cursor is shown again
