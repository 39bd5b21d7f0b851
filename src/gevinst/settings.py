"""What one installation must say: `gevinst.toml` in the workspace.

A workspace is a folder: the settings, the local parameters, the snapshots of person tables, and by default
the register of business cases. The key of the pseudonyms is never in it.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import string
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import platformdirs

from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES, Language

FILE = "gevinst.toml"
SNAPSHOTS = "snapshots"
LOCK = ".lock"  # in the folder of snapshots; held while importing
ID_FILE = "workspace-id"  # names the heads of the logs, which lie beside the key
PARAMETERS = "parameters"
IGNORED = ".gitignore"
_NOT_IN_GIT = "# Borgeres data; intet her skal i git. / Persons' data; nothing here goes into git.\n*\n"
KEY_VARIABLE = "GEVINST_KEY_FILE"
SNAPSHOT_KEY_VARIABLE = "GEVINST_SNAPSHOT_KEY_FILE"
SmallCellRules = Literal["standard", "acro", "opensafely"]
SMALL_CELL_RULES: tuple[SmallCellRules, ...] = ("standard", "acro", "opensafely")
SEED = 20200101  # any number does, as long as it stays


@dataclass(frozen=True)
class Settings:
    """One installation's settings.

    `small_cell_threshold` is the smallest number of persons that is printed, by the rules `small_cell_rules` and
    rounded to `small_cell_rounding` (0: not; `docs/method/disclosure.md`); `minimum_participants` the number
    below which no point claim is made; `replicates` how many times the bootstrap is drawn, from `seed`;
    `max_rejected_share` the share of rejected rows above which a file is taken to be the wrong one; `synthetic` that
    the persons are made up, which every memo then says; `reporting_lag_weeks` how many of the last weeks of an extract
    are not yet whole, because registrations come late.
    `encrypt_snapshots` keeps the tables of snapshots encrypted under the key in `snapshot_key_file`.
    `keep_snapshots_months`, `keep_editions` and `keep_persons_years` are the rules of deletion
    (`register/retention.py`); `None` is no rule.
    `dream_covariates_on` is the day that DREAM's covariates are taken for: one before anybody took part.
    `person_columns` are columns of persons to store beside those that a case's protocol matches on.
    `own_account_to_approve`: an edition is approved by another user of the machine than made it, not only another name.
    `shared_group` is the group of the operating system that may check, approve and publish (`register/sharing.py`).
    The settings `status_…` are the limits of green, yellow and red (`follow_up/status_rules.py`).
    `engine_memory` (such as `"3GB"`) and `engine_threads` bound the engine; `None` leaves it to the engine.
    `jobindsats_url` and `statbank_url` are asked by `gevinst fetch` and by nothing else.
    """

    workspace: Path
    municipality: str
    municipality_code: str
    store_url: str
    key_file: Path
    snapshot_key_file: Path
    language: Language = "da"
    small_cell_threshold: int = 5
    small_cell_rules: SmallCellRules = "standard"
    small_cell_rounding: int = 0
    minimum_participants: int = 20
    replicates: int = 1_000
    seed: int = SEED
    max_rejected_share: float = 0.10
    synthetic: bool = False
    reporting_lag_weeks: int = 0
    encrypt_snapshots: bool = False
    keep_snapshots_months: int | None = None
    keep_editions: int = 4
    keep_persons_years: int | None = None
    dream_covariates_on: date | None = None
    person_columns: tuple[str, ...] = ()
    own_account_to_approve: bool = False
    shared_group: str | None = None
    status_outcome_yellow: float = 0.90
    status_outcome_red: float = 0.50
    status_budget_yellow: float = 0.50
    status_budget_red: float = 0.10
    status_investment_yellow: float = 0.80
    status_investment_red: float = 0.20
    status_participants_yellow: float = 0.90
    status_participants_red: float = 0.60
    status_open_yellow: float = 0.75
    status_maturity_yellow: float = 0.50
    status_data_months: int = 6
    status_wrong_decision: float = 0.10
    engine_memory: str | None = None
    engine_threads: int | None = None
    jobindsats_url: str = "https://api.jobindsats.dk/v3"
    statbank_url: str = "https://api.statbank.dk/v1"

    @property
    def snapshots(self) -> Path:
        """The folder of snapshots."""
        return self.workspace / SNAPSHOTS

    @property
    def parameters(self) -> Path:
        """The folder of local parameters; it need not exist."""
        return self.workspace / PARAMETERS


@dataclass(frozen=True)
class _Setting:
    """One line of the file: how to test it, and what it may be, in words."""

    fits: Callable[[Any], bool]
    da: str
    en: str
    required: bool = False


def _whole(low: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= low


def _text(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


_ADDRESS = r"https://\S+|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(/\S*)?"  # unencrypted to this machine alone

_STATUS: Mapping[str, tuple[str, str]] = {
    "outcome": ("besparelsen i forhold til budgettets", "the saving beside the budget's"),
    "budget": ("sandsynligheden for, at budgettet er nået", "the probability that the budget is reached"),
    "investment": ("sandsynligheden for, at investeringen er dækket", "the probability that it covers the investment"),
    "participants": ("deltagere i forhold til planen", "participants beside the plan"),
    "open": ("den del af tiden, der var åben", "the share of the time that was open"),
    "maturity": ("den del af horisonten, deltagerne er fulgt", "the share of the horizon they are followed"),
}
"""What the limits of green, yellow and red are of; a limit of 0 takes it out."""
_LIMITS: Mapping[str, tuple[str, str]] = {
    f"status_{name}_{light}": (f"{da}: {word} under denne grænse; 0 slår den fra", f"{en}: {light} below; 0 is off")
    for name, (da, en) in _STATUS.items()
    for light, word in (("yellow", "gul"), ("red", "rød"))
    if (name, light) not in (("open", "red"), ("maturity", "red"))
} | {"status_wrong_decision": (
    "under denne sandsynlighed for at tage fejl er det sikkert nok at stoppe eller fortsætte",
    "below this probability of being wrong it is safe to stop or go on")}

_KNOWN: Mapping[str, _Setting] = {
    "municipality": _Setting(_text(r".*\S.*"), "kommunens navn", "the municipality's name", required=True),
    "municipality_code": _Setting(_text(r"\d{3}"), "tre cifre i citationstegn, fx \"707\"",
                                  "three figures in quotes, such as \"707\"", required=True),
    "language": _Setting(lambda value: value in LANGUAGES, "\"da\" eller \"en\"", "\"da\" or \"en\""),
    "store_url": _Setting(_text(r"\w[\w+]*://.*"), "en databaseadresse, fx \"postgresql+psycopg://server/gevinst\"",
                          "a database address, such as \"postgresql+psycopg://server/gevinst\""),
    "key_file": _Setting(_text(r".*\S.*"), "en sti uden for arbejdsmappen", "a path outside the workspace"),
    "small_cell_threshold": _Setting(_whole(1), "et helt tal, mindst 1", "a whole number, at least 1"),
    "small_cell_rules": _Setting(lambda value: value in SMALL_CELL_RULES, '"standard", "acro" eller "opensafely"',
                                 '"standard", "acro" or "opensafely"'),
    "small_cell_rounding": _Setting(_whole(0), "et helt tal, mindst 0", "a whole number, at least 0"),
    "minimum_participants": _Setting(_whole(1), "et helt tal, mindst 1", "a whole number, at least 1"),
    "replicates": _Setting(_whole(1), "et helt tal, mindst 1", "a whole number, at least 1"),
    "seed": _Setting(_whole(0), "et helt tal, mindst 0", "a whole number, at least 0"),
    "max_rejected_share": _Setting(_share, "et tal fra 0 til 1", "a number from 0 to 1"),
    "synthetic": _Setting(lambda value: isinstance(value, bool), "true eller false", "true or false"),
    "reporting_lag_weeks": _Setting(_whole(0), "et helt tal, mindst 0", "a whole number, at least 0"),
    "encrypt_snapshots": _Setting(lambda value: isinstance(value, bool), "true eller false", "true or false"),
    "snapshot_key_file": _Setting(_text(r".*\S.*"), "en sti uden for arbejdsmappen", "a path outside the workspace"),
    "keep_snapshots_months": _Setting(_whole(1), "et helt tal, mindst 1", "a whole number, at least 1"),
    "keep_editions": _Setting(_whole(0), "et helt tal, mindst 0", "a whole number, at least 0"),
    "keep_persons_years": _Setting(_whole(1), "et helt tal, mindst 1", "a whole number, at least 1"),
    "dream_covariates_on": _Setting(lambda value: isinstance(value, date) and not isinstance(value, datetime),
                                    "en dag, fx 2019-12-31 (uden citationstegn)", "a day, as 2019-12-31 (no quotes)"),
    "person_columns": _Setting(
        lambda value: isinstance(value, list) and all(isinstance(name, str) and name.strip() for name in value),
        "en liste af navne, fx [\"uddannelse\", \"herkomst\"]", "a list of names, such as [\"education\", \"origin\"]"),
    "own_account_to_approve": _Setting(lambda value: isinstance(value, bool), "true eller false", "true or false"),
    "shared_group": _Setting(_text(r"[\w.][\w. -]*\$?"), "navnet på en brugergruppe på maskinen",
                             "the name of a group of users on the machine"),
    **{name: _Setting(_share, "et tal fra 0 til 1", "a number from 0 to 1") for name in _LIMITS},
    "status_data_months": _Setting(_whole(0), "et helt tal, mindst 0", "a whole number, at least 0"),
    "engine_memory": _Setting(_text(r"\d+(\.\d+)? ?[KMGT]i?B"), "en størrelse, fx \"3GB\"", "a size, such as \"3GB\""),
    "engine_threads": _Setting(_whole(1), "et helt tal, mindst 1", "a whole number, at least 1"),
    "jobindsats_url": _Setting(_text(_ADDRESS), "en adresse, der begynder med https://",
                               "an address that begins with https://"),
    "statbank_url": _Setting(_text(_ADDRESS), "en adresse, der begynder med https://",
                             "an address that begins with https://"),
}

_PURPOSE: Mapping[str, tuple[str, str]] = {
    "language": ("notatets sprog", "the memo's language"),
    "store_url": ("hvor porteføljen gemmes; ellers i arbejdsmappen",
                  "where the portfolio is kept; else in the workspace"),
    "key_file": ("filen med nøglen til pseudonymerne", "the file with the key of the pseudonyms"),
    "small_cell_threshold": ("færrest personer, et tal må hvile på for at blive vist",
                             "the fewest persons a figure may rest on to be shown"),
    "small_cell_rules": ("reglerne for, hvad der så skjules", "the rules for what is then hidden"),
    "small_cell_rounding": ("antal personer afrundes til dette; 0 er slet ikke",
                            "numbers of persons are rounded to this; 0 is not at all"),
    "minimum_participants": ("færrest deltagere, et resultat må hvile på", "the fewest participants of a result"),
    "replicates": ("gentagne stikprøver bag hvert interval", "repeated samples behind each interval"),
    "seed": ("stikprøvernes startværdi; den samme giver de samme tal", "the samples' seed; the same gives the same"),
    "max_rejected_share": ("er flere af en fils rækker forkerte, indlæses intet",
                           "with more of a file's rows wrong nothing is imported"),
    "synthetic": ("borgerne er opdigtede, og hvert notat siger det", "the persons are made up, and memos say so"),
    "reporting_lag_weeks": ("uger sidst i et udtræk, der endnu ikke er hele", "last weeks that are not yet whole"),
    "encrypt_snapshots": ("krypter det, der gemmes om borgerne", "encrypt what is kept of persons"),
    "snapshot_key_file": ("filen med nøglen til det krypterede", "the file with the key of what is encrypted"),
    "keep_snapshots_months": ("ældre udtræk slettes; uden værdi beholdes de", "older snapshots go; else they stay"),
    "keep_editions": ("så mange af de senest udgivne notater holder deres udtræk fri for sletning",
                      "so many of the memos published last keep their snapshots from deletion"),
    "keep_persons_years": ("borgere, der ikke er set i så mange år, slettes", "persons not seen for so long go"),
    "dream_covariates_on": ("dagen, som alder, a-kasse og kommune i DREAM tages for; ellers den nyeste uge",
                            "the day that age, fund and municipality in DREAM are taken for; else the newest week"),
    "person_columns": ("kolonner i persons, der gemmes, ud over dem, sagernes protokoller sammenligner på",
                       "columns of persons that are stored, beside those that the cases' protocols match on"),
    "own_account_to_approve": ("en udgave godkendes fra en anden brugerkonto end forfatterens",
                               "an edition is approved from another user's account than its author's"),
    "shared_group": ("gruppen, der må kontrollere, godkende og udgive; ikke læse borgernes data (gevinst share)",
                     "the group that may check, approve and publish; not read persons' data (gevinst share)"),
    **_LIMITS,
    "status_data_months": ("gul, når data er flere måneder gamle; 0 slår den fra",
                           "yellow when data are more months old; 0 is off"),
    "engine_memory": ("så meget hukommelse må bruges", "memory that may be used"),
    "engine_threads": ("så mange kerner må bruges", "processors that may be used"),
    "jobindsats_url": ("kun til gevinst fetch", "for gevinst fetch only"),
    "statbank_url": ("kun til gevinst fetch", "for gevinst fetch only"),
}


def default_key_file() -> Path:
    """Where the key lies when nothing else is said: in the user's configuration folder."""
    return platformdirs.user_config_path("gevinst") / "pseudonym.key"


def load_settings(path: Path) -> Settings:
    """The settings of the workspace `path`.

    `GEVINST_KEY_FILE` and `GEVINST_SNAPSHOT_KEY_FILE`, where set, say where the keys are. The key of the snapshots
    lies beside that of the pseudonyms when nothing else is said.

    Raises `workspace.not-found`, `workspace.not-readable`, `workspace.settings-unreadable`,
    `workspace.unknown-setting`, `workspace.setting-missing` and `workspace.setting-wrong`.
    """
    file = path / FILE
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        raise GevinstError("workspace.not-found", where=str(path)) from None
    except PermissionError as fault:
        raise GevinstError("workspace.not-readable", where=str(file)) from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as fault:
        place = re.search(r"line \d+", str(fault))
        where = f"{file}, {place.group(0)}" if place else str(file)
        raise GevinstError("workspace.settings-unreadable", where=where) from fault
    return _settings(path.resolve(), said, str(file))


def _settings(workspace: Path, said: Mapping[str, Any], where: str) -> Settings:
    unknown = sorted(said.keys() - _KNOWN.keys())
    if unknown:
        raise GevinstError("workspace.unknown-setting", where=where, names=", ".join(unknown), known=", ".join(_KNOWN))
    for name, setting in _KNOWN.items():
        if name not in said:
            if setting.required:
                raise GevinstError("workspace.setting-missing", where=where, name=name, da=setting.da, en=setting.en)
        elif not setting.fits(said[name]):
            raise GevinstError("workspace.setting-wrong", where=where, name=name, da=setting.da, en=setting.en)
    # A relative path is relative to the workspace.
    key_file = workspace / Path(os.environ.get(KEY_VARIABLE) or said.get("key_file") or default_key_file()).expanduser()
    beside = key_file.with_name(f"{key_file.name}.snapshots")
    snapshot_key = os.environ.get(SNAPSHOT_KEY_VARIABLE) or said.get("snapshot_key_file") or beside
    return Settings(**{
        **said,
        "person_columns": tuple(said.get("person_columns", ())),
        "workspace": workspace,
        "store_url": said.get("store_url") or f"sqlite:///{(workspace / 'gevinst.db').as_posix()}",
        "key_file": key_file,
        "snapshot_key_file": workspace / Path(snapshot_key).expanduser(),
    })


def create_workspace(path: Path, *, municipality: str, municipality_code: str, **further: Any) -> Settings:
    """Make a workspace: the folder, `gevinst.toml`, its id, and an empty folder of snapshots. Returns its settings.

    A `.gitignore` keeps all of it out of a git tree that it may lie in.

    `further` are other settings by name. Raises `workspace.exists`, `workspace.not-writable`,
    `workspace.disk-full`, `workspace.write-failed` and the errors of `load_settings`; then nothing is made.
    """
    from gevinst.disk import told_plainly, write_private  # here, because it loads the engine

    said = {"municipality": municipality, "municipality_code": municipality_code, **further}
    said = {name: str(value) if isinstance(value, Path) else value for name, value in said.items() if value is not None}
    _settings(path.resolve(), said, str(path / FILE))
    if (path / FILE).exists():
        raise GevinstError("workspace.exists", where=str(path))
    with told_plainly(path):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        (path / SNAPSHOTS).mkdir(mode=0o700, exist_ok=True)
        (path / SNAPSHOTS / LOCK).touch(mode=0o600)
        if not (path / ID_FILE).exists():
            write_private(path / ID_FILE, new_workspace_id().encode())
        if not (path / IGNORED).exists():
            write_private(path / IGNORED, _NOT_IN_GIT.encode())
        write_private(path / FILE, _as_toml(said).encode())
    return load_settings(path)


def new_workspace_id() -> str:
    """An id for a workspace: sixteen letters by chance, so that it looks like nobody's number.

    >>> len(new_workspace_id()), new_workspace_id().isalpha()
    (16, True)
    """
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(16))


def _as_toml(said: Mapping[str, Any]) -> str:
    """The file's text: what is said, and what else could be, with what it is for and usually is, as comments."""
    lines = ["# Opsætning af gevinst / settings of gevinst", ""]
    usual = {one.name: one.default for one in fields(Settings) if one.default is not MISSING}
    for name, setting in _KNOWN.items():
        da, en = _PURPOSE.get(name, ("", ""))
        lines.append(f"# {da}: {setting.da} / {en}: {setting.en}" if da else f"# {setting.da} / {setting.en}")
        # A JSON string or number is also a TOML one, but for the escape of DEL, which nobody types.
        value = said.get(name, usual.get(name))
        value = value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
        lines.append(f"{name} = {value}" if name in said else f"# {name} = {'' if value == 'null' else value}".rstrip())
    return "\n".join([*lines, ""])
