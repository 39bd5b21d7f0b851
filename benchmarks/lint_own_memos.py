"""Memos of many situations through the linter: each error or warning is a fault of the memo, or a false alarm.

    python benchmarks/lint_own_memos.py [--memos 300] [--from 0] [--kinds html,docx]

Memos are numbered, and a number always gives the same one. `tests/lint/test_own_memos.py` has a few of them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))


def run(first: int, memos: int, kinds: list[str]) -> int:
    """Print what is found; returns how many findings there were."""
    from gevinst.backend import open_duckdb
    from gevinst.lint.check import lint_memo, read_memo
    from gevinst.report import as_excel, as_html, as_pdf, as_word
    from gevinst.report.memo import build_memo
    from tests.lint.situations import situation

    renderers = {"docx": as_word.render, "pdf": as_pdf.render, "html": as_html.render, "xlsx": as_excel.render}
    backend, count = open_duckdb(threads=2), 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + memos):
            document = build_memo(situation(seed, backend))
            for kind in kinds:
                made, path = renderers[kind](document), Path(folder) / f"{seed}.{kind}"
                path.write_bytes(made.encode() if isinstance(made, str) else made)
                for each in lint_memo(read_memo(path)):
                    if each.grave:
                        count += 1
                        print(f"{path.name}: {each.finding}", flush=True)
                path.unlink()
    print(f"{memos} memos in {', '.join(kinds)}: {count} errors and warnings")
    return count


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--memos", type=int, default=300)
    options.add_argument("--from", type=int, default=0, dest="first")
    options.add_argument("--kinds", default="html,docx")
    asked = options.parse_args()
    sys.exit(1 if run(asked.first, asked.memos, asked.kinds.split(",")) else 0)
