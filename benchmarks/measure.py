"""Running a contender in a process of its own, and describing the machine it ran on."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Measured:
    """Seconds as the contender timed itself, processor seconds and peak memory of its whole process, its versions."""

    name: str
    seconds: float
    cpu_seconds: float
    gigabytes: float
    version: str
    result: Path


def measure(name: str, command: list[str], result: Path) -> Measured:
    """Run a contender once. It writes `result` and prints `{"seconds": ..., "version": ...}` as its last line."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE)
    assert child.stdout is not None
    lines = child.stdout.read().splitlines()
    _, status, used = os.wait4(child.pid, 0)
    if status != 0 or not lines:
        raise SystemExit(f"{name} failed: {' '.join(command)}")
    said = json.loads(lines[-1])
    return Measured(name, said["seconds"], used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6, said["version"], result)


def best(rounds: list[list[Measured]]) -> list[Measured]:
    """For each contender the fastest of its rounds, which is the one least disturbed by the rest of the machine."""
    return [min(tries, key=lambda one: one.seconds) for tries in zip(*rounds, strict=True)]


def say(seconds: float, version: str) -> None:
    """What a contender prints last."""
    print(json.dumps({"seconds": seconds, "version": version}))


def machine() -> str:
    """Cores, memory and system, in a sentence."""
    info = Path("/proc/cpuinfo")
    names = [line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")] \
        if info.exists() else [platform.processor()]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{os.cpu_count()} cores ({names[0]}), {memory:.0f} GB memory, {platform.system()}, " \
           f"Python {sys.version.split()[0]}"
