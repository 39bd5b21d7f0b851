"""From an edition to files: the memo four times, one-page answers, figures with their ladders, a list of checksums.

The memo is kept as a tree too, so that it can be written again when the edition comes into another state
(`report/state_mark.py`): its words on the state change, the files of figures never do.

All files are written to a folder beside the target and put in place by one rename, so that a reader never meets half
an edition.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from gevinst.checksums import SUMS, as_sums, sha256_of
from gevinst.disk import reason_of
from gevinst.errors import GevinstError
from gevinst.follow_up.annual_cycle import Entry
from gevinst.follow_up.disclosure.released import FILE as COUNTS
from gevinst.follow_up.disclosure.released import as_json as counts_json
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figures import as_json as figures_json
from gevinst.follow_up.full_precision import curves_json, effects_json
from gevinst.report import as_excel, as_html, as_pdf, as_word
from gevinst.report.memo import build_memo
from gevinst.report.one_page import all_pages
from gevinst.report.one_page_files import TREES, kept, page_files
from gevinst.report.state_mark import StateMark, with_state
from gevinst.report.tree import Document
from gevinst.report.tree_file import as_json as tree_json
from gevinst.trace import as_json as step_json

MEMO_FILES = ("memo.docx", "memo.pdf", "memo.html", "memo.xlsx")
MEMO_TREE, FIGURES, EFFECTS, CURVES = "memo.json", "figures.json", "effects.json", "curves.json"
EXPLANATIONS, EDITION, LETTERHEAD = "explanations.json", "edition.json", "letterhead.docx"


def publish(
    edition: Edition,
    editions: Path,
    *,
    letterhead: bytes | None = None,
    mark: StateMark | None = None,
    recipe: Mapping[str, object] | None = None,
    beside: Mapping[str, bytes] | None = None,
    coming: Sequence[Entry] = (),
) -> Path:
    """Write the edition's files into `editions/<id>` and return that folder.

    `mark` is the state the memo says it is in, `recipe` what is needed to run it again, `beside` the files that belong
    to that, and `coming` the dates that the pages for a politician tell. An edition that is already there is left as it
    is: the same id means the same inputs. Raises `publish.cannot-write`.
    """
    target = editions / edition.id
    if target.exists():
        return target
    document, pages = build_memo(edition), all_pages(edition, coming)
    files = {
        **memo_files(document, letterhead, mark),
        **page_files(pages, mark),
        TREES: kept(pages),
        **figure_files(edition),
        MEMO_TREE: json.dumps(tree_json(document), ensure_ascii=False, separators=(",", ":")).encode(),
        EDITION: as_file({**sealed(edition), **({} if recipe is None else {"recipe": recipe})}),
        **({} if letterhead is None else {LETTERHEAD: letterhead}),
        **(beside or {}),
    }
    files[SUMS] = as_sums({name: sha256_of(content) for name, content in files.items()})
    try:
        editions.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".writing-", dir=editions))
        try:
            for name, content in files.items():
                (staging / name).parent.mkdir(parents=True, exist_ok=True)
                (staging / name).write_bytes(content)
            staging.replace(target)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as fault:
        raise GevinstError("publish.cannot-write", where=str(editions), reason=reason_of(fault)) from fault
    return target


def memo_files(document: Document, letterhead: bytes | None, mark: StateMark | None) -> dict[str, bytes]:
    """The memo in its four forms, marked with the state it is in."""
    shown = document if mark is None else with_state(document, mark)
    return {
        "memo.docx": as_word.render(shown, letterhead),
        "memo.pdf": as_pdf.render(shown),
        "memo.html": as_html.render(shown).encode(),
        "memo.xlsx": as_excel.render(shown),
    }


def figure_files(edition: Edition) -> dict[str, bytes]:
    """The files of figures: what is the same, byte by byte, whenever the edition is run again."""
    return {
        FIGURES: as_file(figures_json(edition.figures)),
        EFFECTS: as_file(effects_json(edition)),
        CURVES: as_file(curves_json(edition)),
        EXPLANATIONS: as_file({key: step_json(step) for key, step in sorted(edition.explanations.items())}),
        COUNTS: as_file(counts_json(edition.released)),
    }


def sealed(edition: Edition) -> dict[str, object]:
    """What the edition rests on: inputs with hashes, parameters, seed, code version."""
    return {
        "id": edition.id,
        "memo_date": edition.memo_date.isoformat(),
        "language": edition.language,
        "portfolio": edition.portfolio.key,
        "data_horizon": None if edition.data_horizon is None else edition.data_horizon.isoformat(),
        "synthetic": edition.synthetic,
        "correction": None if edition.correction is None else {
            "corrects": edition.correction.corrects, "reason": edition.correction.reason},
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


def latest(editions: Path) -> Path:
    """The edition published last; raises `publish.none`."""
    found = [folder for folder in editions.glob("*") if (folder / "edition.json").exists()]
    if not found:
        raise GevinstError("publish.none", where=str(editions))
    return max(found, key=lambda folder: (folder / "edition.json").stat().st_mtime_ns)


def as_file(value: object) -> bytes:
    """A value as the text of a JSON file."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=False) + "\n").encode()
