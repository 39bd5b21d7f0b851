"""Whose account a command runs under, as the operating system has it."""

from __future__ import annotations

import os
import sys


def account() -> str:
    """The user that the process belongs to, by the system's own list of users.

    Never what the environment says (`LOGNAME`, `USER`): anybody may set that. A user without a name, as in a
    container, is `uid 1234`; where Windows does not tell either, it is `?`.
    """
    if sys.platform == "win32":
        try:
            return os.getlogin()  # asks the system there, not the environment
        except OSError:
            return "?"
    import pwd

    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid {number}"
