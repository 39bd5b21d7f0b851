"""How far a long reading has come: a line on the terminal, and nothing where nobody is looking."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

Progress = Callable[[int, int], None]
"""Told `done` and `total`, both in bytes or both in rows."""

Bar = Callable[[str], AbstractContextManager[Progress]]
"""Given a label, shows progress for as long as the block lasts."""


@contextmanager
def silent(_label: str) -> Iterator[Progress]:
    """Show nothing.

    >>> with silent("dream.csv") as told:
    ...     told(1, 2)
    """
    yield lambda _done, _total: None


@contextmanager
def terminal(label: str) -> Iterator[Progress]:
    """A bar on standard error when that is a terminal, and nothing elsewhere: a log has no use for it."""
    if not sys.stderr.isatty():
        with silent(label) as told:
            yield told
        return
    from rich.console import Console  # here, because `gevinst --help` must not wait for it
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(label, total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)
