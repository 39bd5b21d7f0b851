"""What is needed to run an edition again: sealed into `edition.json` when it is made, found again from it later.

Local and national parameters lie in the edition's folder as they were. Record and snapshot lie in the workspace and
are named with their checksums: what is no longer there, or no longer the same, is named.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from gevinst.checksums import sha256_of
from gevinst.editions.basis import PRICES, Basis
from gevinst.errors import GevinstError
from gevinst.follow_up.disclosure.disclose import disclose
from gevinst.follow_up.disclosure.placements import of_placements, placements_shown
from gevinst.follow_up.disclosure.released import FILE as COUNTS
from gevinst.follow_up.disclosure.released import Released, from_json
from gevinst.follow_up.disclosure.rules import Rules, rules_of
from gevinst.follow_up.edition import Correction
from gevinst.follow_up.exposure import PARTIAL_OPEN
from gevinst.follow_up.status_rules import StatusRules
from gevinst.language import LANGUAGES, Language, say
from gevinst.parameters import local as local_parameters
from gevinst.parameters import national as national_parameters
from gevinst.parameters.local import open_book
from gevinst.publish import EDITION
from gevinst.register.business_case import Portfolio
from gevinst.register.ledger_rules import LedgerTerms
from gevinst.register.protocol import ProtocolRecord, protocol_records
from gevinst.register.snapshots import snapshots
from gevinst.register.store import Store, Version, open_store
from gevinst.run_options import RunOptions
from gevinst.settings import Settings
from gevinst.sources.manifest import read_manifest
from gevinst.sources.online.published import FetchedCurves, fetched_curves

FORMAT = 1
LOCAL, NATIONAL = "parameters/local", "parameters/national"
SETTINGS = ("reporting_lag_weeks", "small_cell_threshold", "small_cell_rules", "small_cell_rounding",
            "minimum_participants", "replicates", "seed", "synthetic", "municipality_code")
"""The settings that figures and notes depend on."""
NATIONAL_FILES = ("benefits.yaml", "refund_ladder.yaml", "rates.yaml", "indices.yaml", "definition_breaks.yaml")


@dataclass(frozen=True)
class Recipe:
    """A sealed recipe as it was read, with the whole of `edition.json` it stands in and the folder it is of."""

    folder: Path
    sealed: Mapping[str, Any]

    @property
    def said(self) -> Mapping[str, Any]:
        """The recipe itself."""
        found: Mapping[str, Any] = self.sealed["recipe"]
        return found

    @property
    def id(self) -> str:
        """The edition's id."""
        return str(self.sealed["id"])

    @property
    def code_version(self) -> str:
        """The program it was made by."""
        return str(self.sealed["code_version"])

    @property
    def memo_date(self) -> date:
        """The memo's date."""
        return date.fromisoformat(self.sealed["memo_date"])

    @property
    def data_horizon(self) -> date | None:
        """The last day of the last complete week of its data."""
        day = self.sealed["data_horizon"]
        return None if day is None else date.fromisoformat(day)


@dataclass(frozen=True)
class Missing:
    """Something an edition rested on that is gone or changed, in words. `stops`: without it nothing can be computed."""

    what: str
    text: str
    stops: bool = False


@dataclass(frozen=True)
class Restored:
    """The basis of an edition found again (None where that cannot be), and what is missing of it."""

    recipe: Recipe
    basis: Basis | None
    missing: tuple[Missing, ...] = ()


def parameter_files(settings: Settings) -> dict[str, bytes]:
    """The files of parameters an edition keeps, by their place in its folder."""
    kept = {f"{NATIONAL}/{name}": (national_parameters.DATA / name).read_bytes() for name in NATIONAL_FILES}
    own = (settings.parameters / name for name in local_parameters.FILES)
    return {**kept, **{f"{LOCAL}/{path.name}": path.read_bytes() for path in own if path.is_file()}}


def seal(basis: Basis, version: Version, earlier: Iterable[str], kept: Mapping[str, bytes]) -> dict[str, Any]:
    """The recipe of a basis: the record's version, the editions that were there, the parameter files it keeps."""
    options, settings = basis.options, basis.settings
    editions = settings.workspace / "editions"
    return {
        "format": FORMAT,
        "as_of": None if basis.as_of is None else basis.as_of.astimezone(UTC).isoformat(),
        "record": {"version": version.version, "saved_at": version.saved_at.isoformat(),
                   "sha256": _sha256(record_shown(basis.portfolio, options.rules))},
        "protocols": {key: record.sha256 for key, record in sorted(options.protocols.items())},
        "first_data": None if options.first_data is None else options.first_data.isoformat(),
        "snapshot": _snapshot(basis.snapshot),
        "fetched": [{"name": one.name, "sha256": one.sha256} for one in basis.fetched.results],
        "parameters": {"book_sha256": _sha256(open_book(basis.local)),
                       "files": {name: sha256_of(content) for name, content in sorted(kept.items())}},
        "settings": {name: getattr(settings, name) for name in SETTINGS},
        "ledger_terms": {name: str(value) for name, value in asdict(options.ledger_terms).items()},
        "partial_open": str(options.partial_open),
        "status_rules": asdict(options.status_rules),
        "letterhead_sha256": options.letterhead,
        "earlier": [{"edition": key, "counts_sha256": sha256_of((editions / key / COUNTS).read_bytes())}
                    for key in earlier],
        "since": options.since,
        "correction": None if options.correction is None else {
            **asdict(options.correction), "memo_date": options.correction.memo_date.isoformat()},
    }


def _snapshot(folder: Path | None) -> dict[str, Any] | None:
    if folder is None:
        return None
    manifest = read_manifest(folder)
    return {"name": folder.name, "fingerprint": manifest.fingerprint, "key_id": manifest.key_id,
            "prices": [file.sha256 for file in manifest.files if file.table == PRICES]}


def record_shown(portfolio: Portfolio, rules: Rules) -> Portfolio:
    """The portfolio as an edition holds it: without numbers of few persons placed or taking part.

    Its checksum is sealed rather than that of the whole: whoever has all the rest finds a small number by trying.
    """
    return placements_shown(portfolio, disclose({}, rules, further=[of_placements(portfolio)]).counts)


def _sha256(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()


def read_recipe(folder: Path) -> Recipe:
    """The recipe of an edition.

    Raises `edition.unknown`, `edition.unreadable`, and `edition.no-recipe` for one from before recipes were kept.
    """
    try:
        sealed = json.loads((folder / EDITION).read_text(encoding="utf-8"))
        if "recipe" not in sealed:
            raise GevinstError("edition.no-recipe", where=str(folder), edition=folder.name)
        if sealed["recipe"]["format"] > FORMAT:
            raise ValueError(FORMAT)
        return Recipe(folder, sealed)
    except FileNotFoundError:
        raise GevinstError("edition.unknown", where=str(folder.parent), edition=folder.name) from None
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise GevinstError("edition.unreadable", where=str(folder / EDITION), edition=folder.name) from fault


def restore(settings: Settings, recipe: Recipe) -> Restored:
    """Find again what an edition rested on. Raises the errors of reading store and snapshots."""
    said = recipe.said
    missing: list[Missing] = []
    settings = replace(settings, **said["settings"])
    with open_store(settings.store_url) as store:
        found = _record(store, recipe)
    if found is None:
        missing.append(Missing("record", say(
            da=f"Version {said['record']['version']} af porteføljen er ikke i arbejdsmappens database.",
            en=f"Version {said['record']['version']} of the portfolio is not in the workspace's database."),
            stops=True))
        return Restored(recipe, None, tuple(missing))
    portfolio, protocols = found
    # Recipes from before the record was held as it is shown have the checksum of the whole.
    rules = rules_of(settings.small_cell_rules, settings.small_cell_threshold, settings.small_cell_rounding)
    if said["record"]["sha256"] not in (_sha256(record_shown(portfolio, rules)), _sha256(portfolio)):
        missing.append(Missing("record", say(
            da="Porteføljen læses ikke, som den gjorde: databasen eller programmet er ændret.",
            en="The portfolio is not read as it was: the database or the program was changed.")))
    folder = _found_snapshot(settings, said["snapshot"], missing)
    as_of = None if said["as_of"] is None else datetime.fromisoformat(said["as_of"])
    fetched = FetchedCurves() if not said["fetched"] else fetched_curves(settings.workspace, as_of)
    if [{"name": one.name, "sha256": one.sha256} for one in fetched.results] != said["fetched"]:
        missing.append(Missing("fetched", say(
            da="De hentede, offentliggjorte kurver er ikke de samme som dengang.",
            en="The published curves that were fetched are not the same as then.")))
    options = _options(recipe, settings, protocols, _earlier(settings, said["earlier"], missing))
    national = recipe.folder / NATIONAL
    basis = Basis(settings, portfolio, options, folder, fetched, recipe.folder / LOCAL,
                  None if _national_is_ours(national) else national, as_of)
    return Restored(recipe, basis, tuple(missing))


def _record(store: Store, recipe: Recipe) -> tuple[Any, Mapping[str, ProtocolRecord]] | None:
    said, key = recipe.said["record"], str(recipe.sealed["portfolio"])
    version = next((one for one in store.history(key) if one.version == said["version"]), None)
    if version is None:
        return None
    return store.portfolio(key, version.saved_at), protocol_records(store, key, version.saved_at)


def _found_snapshot(settings: Settings, said: Mapping[str, str] | None, missing: list[Missing]) -> Path | None:
    """The snapshot's folder; one of the same moment with another content is named, and used."""
    if said is None:
        return None
    made = {one.folder.name: one.folder for one in snapshots(settings.workspace)}
    folder = made.get(said["name"])
    if folder is None:
        moment = said["name"].partition("-")[0]
        folder = next((path for name, path in made.items() if name.partition("-")[0] == moment), None)
    if folder is None:
        missing.append(Missing("snapshot", say(
            da=f"Udtrækket {said['name']} er slettet. Kun tal, der ikke hviler på borgernes data, kan regnes igen.",
            en=f"The snapshot {said['name']} is deleted. Only figures that do not rest on persons' data can be "
               "computed again.")))
    elif (now := read_manifest(folder)).fingerprint != said["fingerprint"]:
        missing.append(Missing("snapshot-changed", say(
            da=f"Udtrækket {said['name']} er skrevet om siden (slettede borgere eller ny nøgle); det hedder nu "
               f"{folder.name}.",
            en=f"The snapshot {said['name']} was written anew since (persons deleted, or another key); it is now "
               f"called {folder.name}.") + (_new_key() if now.key_id != said["key_id"] else "")))
    return folder


def _new_key() -> str:
    return " " + say(
        da="Nøglen er en anden: placeboens borgere trækkes efter pseudonymet og bliver andre, og andre tal kan afvige "
           "i de sidste decimaler, uden at data er ændret.",
        en="The key is another: the persons of the placebo are drawn by their pseudonyms and become others, and other "
           "figures may differ in their last decimals, though no data were changed.")


def _national_is_ours(folder: Path) -> bool:
    """Whether the national parameters kept are those of this program."""
    return all((folder / name).read_bytes() == (national_parameters.DATA / name).read_bytes()
               for name in NATIONAL_FILES if (folder / name).exists())


def _earlier(settings: Settings, said: list[Mapping[str, str]], missing: list[Missing]) -> tuple[Released, ...]:
    editions, there = settings.workspace / "editions", []
    for one in said:
        file = editions / one["edition"] / COUNTS
        if file.is_file() and sha256_of(file.read_bytes()) == one["counts_sha256"]:
            there.append(one["edition"])
            continue
        missing.append(Missing("earlier", say(
            da=f"Den tidligere udgave {one['edition']}, som diskretioneringen tog hensyn til, er væk eller ændret.",
            en=f"The earlier edition {one['edition']}, which disclosure control took into account, is gone or "
               "changed.")))
    found = list[Released]()
    for key in there:
        released = from_json(json.loads((editions / key / COUNTS).read_text(encoding="utf-8")))
        if released not in found:
            found.append(released)
    return tuple(found)


def _options(
    recipe: Recipe, settings: Settings, protocols: Mapping[str, ProtocolRecord], earlier: tuple[Released, ...]
) -> RunOptions:
    said, day = recipe.said, recipe.memo_date
    language: Language = next(one for one in LANGUAGES if one == recipe.sealed["language"])
    terms = said["ledger_terms"]
    first = said["first_data"]
    correction = said["correction"]
    return RunOptions(
        memo_date=day, created=datetime(day.year, day.month, day.day, 12, tzinfo=UTC), language=language,
        replicates=settings.replicates, seed=settings.seed, small_cell_threshold=settings.small_cell_threshold,
        small_cell_rules=settings.small_cell_rules, small_cell_rounding=settings.small_cell_rounding,
        earlier=earlier, minimum_participants=settings.minimum_participants, synthetic=settings.synthetic,
        partial_open=Decimal(said.get("partial_open", str(PARTIAL_OPEN))),
        status_rules=StatusRules(**said.get("status_rules", {})),
        letterhead=said["letterhead_sha256"], protocols=protocols,
        ledger_terms=LedgerTerms(Decimal(terms["percent"]), Decimal(terms["kroner"]), terms["budget_index"]),
        first_data=None if first is None else datetime.fromisoformat(first), since=said["since"],
        correction=None if correction is None else Correction(
            correction["corrects"], date.fromisoformat(correction["memo_date"]), correction["reason"]),
    )
