"""The program run as it is installed, talkative, in a place of its own: what it wrote, said, and removed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.leak_inputs import OTHERS, PERSONS
from tests.leaks import Search

Command = tuple[Sequence[str], str]
"""The arguments, and lines by which the program is broken first (none: empty)."""
PLACES = {"HOME": "home", "TMPDIR": "tmp", "XDG_CONFIG_HOME": "home/config", "XDG_CACHE_HOME": "home/cache",
          "XDG_DATA_HOME": "home/data"}
TALKATIVE = {"GEVINST_DEBUG": "1", "PYTHONFAULTHANDLER": "1", "PYTHONDEVMODE": "1", "RUST_BACKTRACE": "full",
             "PYTHONWARNINGS": "default", "PYTHONMALLOC": "pymalloc", "GEVINST_LANG": "en"}
DRIVER = r"""
import importlib, json, os, pkgutil, shutil, sys
from pathlib import Path
sandbox, commands = Path(sys.argv[1]), json.loads(sys.argv[2])
kept = sandbox / "removed"
kept.mkdir()
import duckdb, ibis, numpy, pyarrow.parquet
import gevinst, gevinst.errors, gevinst.parameters.book
for module in pkgutil.walk_packages(gevinst.__path__, "gevinst."):
    importlib.import_module(module.name)
gevinst.errors.catalogue(), gevinst.parameters.book.national_book()  # once, not by each command

busy = False
def keep_aside(event, arguments):
    # What is about to be removed or written over is copied first.
    global busy
    if busy or event not in ("os.remove", "shutil.rmtree", "os.rename", "os.truncate"):
        return
    path = arguments[1] if event == "os.rename" else arguments[0]
    if not isinstance(path, (str, os.PathLike)) or not os.path.exists(path):
        return
    busy = True
    try:
        copy = kept / f"{os.getpid()}-{len(os.listdir(kept))}"
        (shutil.copytree if os.path.isdir(path) else shutil.copyfile)(path, copy)
    except OSError as fault:
        print("not kept", fault.errno, file=sys.stderr)
    finally:
        busy = False

codes = []
for number, (arguments, break_it) in enumerate(commands):
    child = os.fork()
    if child == 0:
        out = os.open(sandbox / f"said-{number:03d}.txt", os.O_WRONLY | os.O_CREAT)
        os.dup2(out, 1)
        os.dup2(out, 2)
        sys.addaudithook(keep_aside)
        sys.argv = ["gevinst", *arguments]
        if break_it:
            exec(break_it)
        try:
            gevinst.cli.main()
        except SystemExit as leaving:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(leaving.code or 0)
        os._exit(9)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(json.dumps(codes))
"""


@dataclass(frozen=True)
class Run:
    """A run of the program: everything it could write in, its exit codes and what it said by command."""

    sandbox: Path
    codes: list[int]
    said: list[str]
    search: Search
    commands: list[list[str]]


def run_all(sandbox: Path, todo: Sequence[Command]) -> Run:
    """Run the commands one after the other, each in a process of its own."""
    for name in ("home", "tmp", "cwd", "keys"):
        (sandbox / name).mkdir()
    (sandbox / "keys" / "key").write_bytes(bytes(range(32)))  # so that a run is like another to the last figure
    (sandbox / "keys" / "key").chmod(0o600)
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ", "PYTHONPATH") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, str(sandbox), json.dumps(todo)], capture_output=True, text=True, check=False,
        cwd=sandbox / "cwd", env={**kept, **TALKATIVE, **{name: str(sandbox / at) for name, at in PLACES.items()},
                                  "GEVINST_KEY_FILE": str(sandbox / "keys" / "key")})
    assert done.returncode == 0, done.stderr
    (sandbox / "driver.txt").write_text(done.stderr)
    said = [path.read_text() for path in sorted(sandbox.glob("said-*.txt"))]
    return Run(sandbox, json.loads(done.stdout.splitlines()[-1]), said, Search([*PERSONS, *OTHERS]),
               [list(arguments) for arguments, _ in todo])
