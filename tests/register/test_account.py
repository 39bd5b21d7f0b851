from __future__ import annotations

import os
import pwd
import subprocess
import sys

import pytest

from gevinst.register.account import account


@pytest.mark.parametrize("name", ["LOGNAME", "USER", "LNAME", "USERNAME"])
def test_what_the_environment_says_is_not_believed(name: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", "from gevinst.register.account import account; print(account())"],
        env={**os.environ, name: "boholm"}, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == pwd.getpwuid(os.getuid()).pw_name == account()


def test_a_user_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000_001)
    assert account() == "uid 4000000001"
