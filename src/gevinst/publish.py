"""From an edition to files: the memo four times, the figures, and the ladders behind them.

All files are written to a folder beside the target and put in place by one rename, so that a reader never meets half
an edition.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from gevinst.errors import GevinstError
from gevinst.follow_up.disclosure.released import FILE as COUNTS
from gevinst.follow_up.disclosure.released import as_json as counts_json
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figures import as_json as figures_json
from gevinst.report import as_excel, as_html, as_pdf, as_word
from gevinst.report.memo import build_memo
from gevinst.trace import Step, from_json
from gevinst.trace import as_json as step_json

MEMO_FILES = ("memo.docx", "memo.pdf", "memo.html", "memo.xlsx")


def publish(edition: Edition, editions: Path, *, letterhead: bytes | None = None) -> Path:
    """Write the edition's files into `editions/<id>` and return that folder.

    An edition that is already there is left as it is: the same id means the same inputs. Raises
    `publish.cannot-write`.
    """
    target = editions / edition.id
    if target.exists():
        return target
    document = build_memo(edition)
    files: dict[str, bytes] = {
        "memo.docx": as_word.render(document, letterhead),
        "memo.pdf": as_pdf.render(document),
        "memo.html": as_html.render(document).encode(),
        "memo.xlsx": as_excel.render(document),
        "figures.json": _json(figures_json(edition.figures)),
        "explanations.json": _json({key: step_json(step) for key, step in sorted(edition.explanations.items())}),
        "edition.json": _json(sealed(edition)),
        COUNTS: _json(counts_json(edition.released)),
    }
    try:
        editions.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".writing-", dir=editions))
        try:
            for name, content in files.items():
                (staging / name).write_bytes(content)
            staging.replace(target)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as fault:
        raise GevinstError("publish.cannot-write", where=str(editions), reason=fault.strerror or "") from fault
    return target


def sealed(edition: Edition) -> dict[str, object]:
    """What the edition rests on: inputs with hashes, parameters, seed, code version."""
    return {
        "id": edition.id,
        "created": edition.created.isoformat(),
        "memo_date": edition.memo_date.isoformat(),
        "language": edition.language,
        "portfolio": edition.portfolio.key,
        "data_horizon": None if edition.data_horizon is None else edition.data_horizon.isoformat(),
        "synthetic": edition.synthetic,
        "code_version": edition.code_version,
        "seed": edition.seed,
        "replicates": edition.replicates,
        "small_cell_threshold": edition.small_cell_threshold,
        "inputs": [
            {"name": f.name, "sha256": f.sha256, "rows": f.rows if isinstance(f.rows, int) else None}
            for f in edition.inputs
        ],
        "parameters": [
            {"name": p.name, "value": p.value, "valid": p.valid, "source": p.source, "verified": p.verified}
            for p in edition.parameters
        ],
    }


def explanation(folder: Path, investment: str, year: int) -> Step:
    """The ladder behind one investment's year in a published edition; raises `publish.no-explanation`."""
    if not (folder / "explanations.json").is_file():
        raise GevinstError("publish.no-edition", where=str(folder.parent), edition=folder.name)
    kept = json.loads((folder / "explanations.json").read_text(encoding="utf-8"))
    key = f"{investment}/{year}"
    if key not in kept:
        known = ", ".join(sorted(name for name in kept if name.count("/") == 1))
        raise GevinstError("publish.no-explanation", where=str(folder), asked=key, known=known)
    return from_json(kept[key])


def latest(editions: Path) -> Path:
    """The edition published last; raises `publish.none`."""
    found = [folder for folder in editions.glob("*") if (folder / "edition.json").exists()]
    if not found:
        raise GevinstError("publish.none", where=str(editions))
    return max(found, key=lambda folder: (folder / "edition.json").stat().st_mtime_ns)


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=False) + "\n").encode()
