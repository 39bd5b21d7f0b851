"""The memo run from an unpacked package: a workspace of its own, with the twin where the persons were.

Everything that the figures depend on comes from the package, the moments of saving and importing too, so that whoever
does it gets the same figures.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from gevinst.disk import told_plainly, write_private
from gevinst.errors import GevinstError
from gevinst.follow_up.calendar_file import FILE as CALENDAR
from gevinst.follow_up.exposure import PARTIAL_OPEN
from gevinst.language import LANGUAGES, Language
from gevinst.parameters.local import FILES as PARAMETER_FILES
from gevinst.register.ledger_rules import RULES_FILE
from gevinst.register.snapshots import import_folder
from gevinst.register.store import open_store
from gevinst.register.yaml_file import read_portfolio
from gevinst.settings import KEY_VARIABLE, SNAPSHOT_KEY_VARIABLE, Settings, create_workspace, load_settings
from gevinst.workspace import Asked, Published, run_asked

PLAN = "twin/run.json"
PORTFOLIO = "record/portfolio.yaml"
LOCAL = "edition/parameters/local"
REGISTER = "twin/register"
LEDGER = ("percent", "kroner", "budget_index")
WORKSPACE, KEY = "workspace", "twin.key"
AUTHOR = "gevinst"
OF_THE_RUN = ("small_cell_threshold", "small_cell_rules", "small_cell_rounding", "minimum_participants", "replicates",
              "seed", "reporting_lag_weeks")
"""The settings that a package may make: it comes from somebody else, and names no database, no file and no address."""
TWIN_KEY = hashlib.sha256(b"gevinst: a published key, for made-up persons").digest()
"""It keeps nobody's secret: those whose pseudonyms it makes do not exist, and are the same in every hand."""


@dataclass(frozen=True)
class Plan:
    """How the memo is run from the twin; `persons` is false where the edition rests on typed results alone."""

    municipality: str
    municipality_code: str
    settings: Mapping[str, Any]
    memo_date: date
    language: Language
    saved_at: datetime
    imported_at: datetime
    persons: bool
    partial_open: Decimal
    ledger: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """For `twin/run.json`."""
        return {**vars(self), "settings": dict(self.settings), "ledger": dict(self.ledger),
                "memo_date": self.memo_date.isoformat(), "saved_at": self.saved_at.isoformat(),
                "imported_at": self.imported_at.isoformat(), "partial_open": str(self.partial_open)}

    @classmethod
    def read(cls, package: Path) -> Plan:
        """The plan of an unpacked package. Raises `package.unreadable`."""
        try:
            said = json.loads((package / PLAN).read_text(encoding="utf-8"))
            if not set(said["settings"]) <= {*OF_THE_RUN} or not set(said["ledger"]) <= {*LEDGER}:
                raise ValueError(PLAN)
            return cls(**{
                **said, "memo_date": date.fromisoformat(said["memo_date"]),
                "saved_at": datetime.fromisoformat(said["saved_at"]),
                "imported_at": datetime.fromisoformat(said["imported_at"]),
                "language": next(one for one in LANGUAGES if one == said["language"]),
                "partial_open": Decimal(said["partial_open"]),
                "ledger": {name: str(value if name == LEDGER[-1] else Decimal(value))
                           for name, value in said["ledger"].items()}})
        except (OSError, ValueError, KeyError, TypeError, ArithmeticError, StopIteration) as fault:
            raise GevinstError("package.unreadable", where=str(package / PLAN)) from fault


def open_twin(package: Path, place: Path) -> Settings:
    """A workspace in `place` with the package's record, parameters and twin. Raises the errors of each stage."""
    plan = Plan.read(package)
    key = place / KEY
    with _own_keys():
        with told_plainly(place):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(key, TWIN_KEY)
        settings = create_workspace(
            place / WORKSPACE, municipality=plan.municipality, municipality_code=plan.municipality_code,
            **{**plan.settings, "language": plan.language, "synthetic": True, "key_file": Path("..") / KEY})
        _own_files(settings, package, plan)
        with open_store(settings.store_url, clock=lambda: plan.saved_at) as store:
            store.save_portfolio(read_portfolio(package / PORTFOLIO), author=AUTHOR)
        if plan.persons:
            import_folder(settings.workspace, package / REGISTER, today=plan.imported_at.date(),
                          clock=lambda: plan.imported_at)
        return load_settings(settings.workspace)


def run_twin(package: Path, place: Path) -> Published:
    """Open the twin in `place` and run its memo. Raises the errors of every stage."""
    settings, plan = open_twin(package, place), Plan.read(package)
    return run_asked(settings, Asked(memo_date=plan.memo_date, language=plan.language,
                                     recorded_only=not plan.persons, by=AUTHOR))


def _own_files(settings: Settings, package: Path, plan: Plan) -> None:
    """The workspace's own parameters, and what its other files say of the computation."""
    with told_plainly(settings.workspace):
        kept = [package / LOCAL / name for name in PARAMETER_FILES if (package / LOCAL / name).is_file()]
        if kept:
            settings.parameters.mkdir(mode=0o700)
        for path in kept:
            write_private(settings.parameters / path.name, path.read_bytes())
        if plan.partial_open != PARTIAL_OPEN:
            write_private(settings.workspace / CALENDAR, f"partial_weeks_open: {plan.partial_open}\n".encode())
        if plan.ledger:
            limits = "\n".join([
                "rules: []", f"limits: {{percent: {plan.ledger['percent']}, kroner: {plan.ledger['kroner']}}}",
                *([f"budget_index: {json.dumps(plan.ledger['budget_index'])}"] if plan.ledger["budget_index"] else []),
                ""])
            write_private(settings.workspace / RULES_FILE, limits.encode())


@contextmanager
def _own_keys() -> Iterator[None]:
    """Leave out the keys that the user's environment names: the twin has its own, and no key of persons meets it."""
    kept = {name: os.environ.pop(name) for name in (KEY_VARIABLE, SNAPSHOT_KEY_VARIABLE) if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)
