"""What surrounds every command: files for their owner only, and no data in what a fault leaves behind.

A fault of the program prints its kind and the place, never a value: a traceback quotes messages that others wrote
with cells in them, and some libraries print local variables. Memory is not written to a core dump.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from gevinst.errors import GevinstError
from gevinst.language import say

DEBUG_VARIABLE = "GEVINST_DEBUG"
PACKAGE = Path(__file__).parent
FAULT_EXIT = 3
_BY_SIGNAL = 128  # what a shell adds to a signal's number
_MAIN = threading.main_thread()
OWNER_ONLY = 0o077


def protect_process() -> None:
    """Let no file be readable by others, no core be dumped, and no thread's fault or library's warning print a value.

    Whoever ends the program politely has it remove its temporary folders first. Windows has neither such bits nor such
    limits.
    """
    os.umask(OWNER_ONLY)
    for name in ("SIGTERM", "SIGHUP"):
        one = getattr(signal, name, None)
        if one is not None and signal.getsignal(one) is signal.SIG_DFL and threading.current_thread() is _MAIN:
            signal.signal(one, lambda number, _: sys.exit(_BY_SIGNAL + number))
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.getLogger().addHandler(logging.NullHandler())  # libraries warn in words that may quote what they read
    sys.excepthook = lambda _kind, fault, _trace: told(fault)
    threading.excepthook = lambda told_of: told(told_of.exc_value)
    sys.unraisablehook = lambda told_of: told(told_of.exc_value)


def guarded(command: Callable[[], object]) -> int:
    """Run a command; returns the exit code: its own, 2 for an error the user can mend, 3 for a fault of the program."""
    guard = _Guard()
    with guard:
        command()
    return guard.code


class _Guard:
    """Takes what a command raises, says what may be said of it, and keeps the exit code."""

    code = 0

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: type[BaseException] | None, fault: BaseException | None, _trace: object) -> bool:
        match fault:
            case None:
                pass
            case GevinstError():
                _print_error(fault)
                self.code = 2
            case SystemExit():
                self.code = fault.code if isinstance(fault.code, int) else int(fault.code is not None)
            case KeyboardInterrupt():
                print(say(da="\nAfbrudt. Intet er gemt halvt; kør kommandoen igen.",
                          en="\nInterrupted. Nothing is kept half; run the command again."), file=sys.stderr)
                self.code = 130
            case _:
                told(fault)
                self.code = FAULT_EXIT
        return True


def warned_if_open(workspace: Path) -> Path:
    """The workspace, after a warning where others than its owner and its group can go into it. Not on Windows."""
    from gevinst.register.sharing import open_to_others

    if open_to_others(workspace):
        _print_error(GevinstError("protection.workspace-open", where=str(workspace.resolve())))
    return workspace


def told(fault: BaseException | None) -> None:
    """Print what kind of fault it is and where, without its message."""
    if fault is None:
        return
    frames = _places(fault.__traceback__)
    ours = [place for place in frames if not place.startswith(("…", "guard.py:"))]
    _print_error(GevinstError("protection.fault", where=(ours or frames or ["?"])[-1], kind=type(fault).__name__))
    if os.environ.get(DEBUG_VARIABLE):
        for place in frames:
            print(f"  {place}", file=sys.stderr)


def _places(trace: TracebackType | None) -> list[str]:
    """File, line and function of each frame, the outermost first; those of others begin with an ellipsis."""
    return [_place(frame.f_code.co_filename, line, frame.f_code.co_name) for frame, line in traceback.walk_tb(trace)]


def _place(file: str, line: int, function: str) -> str:
    path = Path(file)
    name = path.relative_to(PACKAGE).as_posix() if path.is_relative_to(PACKAGE) else f"…/{path.name}"
    return f"{name}:{line} {function}"


def _print_error(error: GevinstError) -> None:
    """Print an error. Its place may be a path, and a path may hold a person's id."""
    from gevinst.sources.cells import without_cpr

    print(without_cpr(str(error)), file=sys.stderr)
