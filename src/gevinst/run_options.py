"""What one run is told beside the record and the data, and the name its edition gets from all it rests on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from gevinst.follow_up.disclosure.released import Released
from gevinst.follow_up.disclosure.rules import Rules, rules_of
from gevinst.follow_up.edition import Correction, Edition, InputFile
from gevinst.follow_up.exposure import PARTIAL_OPEN
from gevinst.follow_up.status_rules import StatusRules
from gevinst.forecasts import Terms
from gevinst.language import Language
from gevinst.parameters.book import ParameterBook
from gevinst.register.data_quality import QualityMeasures
from gevinst.register.ledger_rules import LedgerTerms
from gevinst.register.protocol import ProtocolRecord
from gevinst.settings import SmallCellRules


@dataclass(frozen=True)
class RunOptions:
    """What one run is told beside the record and the data."""

    memo_date: date
    created: datetime
    language: Language = "da"
    replicates: int = 1000
    seed: int = 20200101
    small_cell_threshold: int = 5
    small_cell_rules: SmallCellRules = "standard"
    small_cell_rounding: int = 0
    minimum_participants: int = 20
    synthetic: bool = False
    forecast: Terms = field(default_factory=Terms)  # how an effect not yet seen goes on, and who is yet to start
    status_rules: StatusRules = field(default_factory=StatusRules)  # the limits of green, yellow and red
    partial_open: Decimal = PARTIAL_OPEN  # how far a partly closed week is taken as open
    secondary_suppression: bool = True  # False only to show what an attacker then finds
    earlier: tuple[Released, ...] = ()  # what earlier editions of the portfolio said
    inputs: tuple[InputFile, ...] = ()
    key_id: str = ""  # of the pseudonyms' key: it decides the replicate groups
    letterhead: str = ""  # checksum of the letterhead, "" for our own paper
    protocols: Mapping[str, ProtocolRecord] = field(default_factory=dict)  # by investment key, where there is a store
    quality: QualityMeasures | None = None  # what was measured of the snapshot's quality
    ledger_terms: LedgerTerms = field(default_factory=LedgerTerms)  # what the ledger is held against
    first_data: datetime | None = None  # when persons' data were first loaded; None: never, or not known
    fetched_curves: tuple[Mapping[str, Any], ...] = ()  # rows of published curves fetched, beside the imported ones
    correction: Correction | None = None  # where a published edition is corrected
    since: str = ""  # the published edition that this one is compared with

    @property
    def rules(self) -> Rules:
        """What counts of persons may be printed."""
        return rules_of(self.small_cell_rules, self.small_cell_threshold, self.small_cell_rounding)

    @property
    def enough_participants(self) -> int:
        """The fewest a figure may rest on: never fewer than may be counted."""
        return max(self.minimum_participants, self.rules.threshold)

    @property
    def forecast_terms(self) -> Terms:
        """What is assumed in forecasts, by the limits of this run."""
        return replace(self.forecast, minimum_participants=self.enough_participants, seed=self.seed,
                       threshold=self.rules.threshold, partial_open=self.partial_open)  # fmt: skip


def edition_id(edition: Edition, options: RunOptions, book: ParameterBook) -> str:
    """A name for the edition made of what it rests on, so that the same inputs give the same name."""
    inputs = {
        "portfolio": repr(edition.portfolio),
        "inputs": [[file.name, file.sha256] for file in edition.inputs],
        "parameters": [repr(parameter) for parameter in edition.parameters],
        "seed": edition.seed,
        "replicates": edition.replicates,
        "code": edition.code_version,
        "date": edition.memo_date.isoformat(),
        "language": edition.language,
        "horizon": str(edition.data_horizon),
        "thresholds": [edition.small_cell_threshold, edition.minimum_participants],
        "released": repr(edition.released),
        "synthetic": edition.synthetic,
        "partial_open": str(options.partial_open),
        "status_rules": repr(options.status_rules),
        "key": options.key_id,
        "book": repr(book),
        "letterhead": options.letterhead,
        "ledger": hashlib.sha256(repr(edition.ledger).encode()).hexdigest(),
        "quality": hashlib.sha256(repr(edition.quality).encode()).hexdigest(),
        "seals": [repr(detail.seal) for detail in edition.details],
        "correction": repr(options.correction),
        "since": options.since,
    }
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:12]
