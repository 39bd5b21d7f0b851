"""The rules of deletion carried out: a plan that can be read first, and the plan done."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gevinst.disk import told_plainly
from gevinst.errors import GevinstError
from gevinst.register.clock import day_of, now
from gevinst.register.journal import enter
from gevinst.register.lock import INCOMING, put_in_place, remove, sole_use
from gevinst.register.retention import Inactive, inactive, months_before, without_the_inactive
from gevinst.register.rewrite import rewrite
from gevinst.register.snapshots import Snapshot, folder_name, holds_persons, snapshots
from gevinst.register.store import open_store, there_is_a_store
from gevinst.settings import Settings, load_settings
from gevinst.sources.manifest import read_manifest

EDITIONS = "editions"


@dataclass(frozen=True)
class Kept:
    """A snapshot that is old enough to go, and does not: an edition rests on it, or it is the newest."""

    snapshot: Snapshot
    edition: str | None


@dataclass(frozen=True)
class Plan:
    """What the rules say on one day: snapshots that go, old ones that stay, and persons that go from those that stay.

    `older_than` is the moment before which a snapshot is old; None where there is no such rule.
    """

    older_than: datetime | None
    snapshots: tuple[Snapshot, ...]
    kept: tuple[Kept, ...]
    persons: tuple[Inactive, ...]
    has_rules: bool

    @property
    def empty(self) -> bool:
        """Whether nothing is to go."""
        return not self.snapshots and not self.persons


def plan_deletion(workspace: Path, *, clock: Callable[[], datetime] = now) -> Plan:
    """What would be deleted now; nothing is changed. Raises the errors of reading a snapshot."""
    settings = load_settings(workspace)
    return _plan(settings, clock())


def carry_out(workspace: Path, *, clock: Callable[[], datetime] = now) -> Plan:
    """Delete what the rules say, enter it in the journal, and return what was deleted.

    The journal is written before a snapshot goes, so that the day its data were loaded is never unknown. Raises
    `workspace.busy` and the errors of reading and writing.
    """
    settings = load_settings(workspace)
    with sole_use(settings):
        plan = _plan(settings, clock())
        for going in plan.snapshots:
            enter(settings, "delete-snapshot", clock(), snapshot=going.folder.name, taken=going.taken.isoformat(),
                  persons=holds_persons(going.folder))
            with told_plainly(settings.snapshots):
                remove(going.folder)
        for one in plan.persons:
            _without_persons(one, settings, clock())
    return plan


def _plan(settings: Settings, moment: datetime) -> Plan:
    made = snapshots(settings.workspace)
    months, years = settings.keep_snapshots_months, settings.keep_persons_years
    older_than = None if months is None else months_before(moment.astimezone(UTC), months)
    old = [one for one in made if older_than is not None and one.taken < older_than]
    resting = _rested_on(settings, made)
    kept = tuple(Kept(one, resting.get(one.folder)) for one in old if one.folder in resting or one == made[-1])
    going = tuple(one for one in old if one not in {stays.snapshot for stays in kept})
    left = [one for one in made if one not in going]
    found = (inactive(one.folder, settings, day_of(moment)) for one in left)
    persons = tuple(one for one in found if one is not None and one.persons)
    return Plan(older_than, going, kept, persons, has_rules=months is not None or years is not None)


def _rested_on(settings: Settings, made: tuple[Snapshot, ...]) -> dict[Path, str]:
    """The snapshots that protected editions rest on, each with one of these: those of the same files."""
    files = {one.folder: _checksums(one) for one in made}
    found: dict[Path, str] = {}
    for path in _protected(settings):
        try:
            inputs = {one["sha256"] for one in json.loads(path.read_text(encoding="utf-8"))["inputs"]}
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise GevinstError("protection.edition-unreadable", where=str(path)) from fault
        found |= {folder: path.parent.name for folder, sums in files.items() if inputs and inputs <= sums}
    return found


def _protected(settings: Settings) -> tuple[Path, ...]:
    """The editions whose snapshots stay: those published last, and the newest; where none is published, the newest."""
    newest = sorted(settings.workspace.glob(f"{EDITIONS}/*/edition.json"), key=lambda path: path.stat().st_mtime_ns)
    many = settings.keep_editions
    if not many or not newest:
        return ()
    moments: dict[str, datetime] = {}
    if there_is_a_store(settings.store_url):  # what is only planned leaves no new file behind
        with open_store(settings.store_url) as store:
            moments = {one.key: one.last.at for one in store.editions() if one.state == "published"}
    published = sorted((path for path in newest if path.parent.name in moments),
                       key=lambda path: moments[path.parent.name])
    return (*published[-many:], newest[-1]) if published else tuple(newest[-many:])


def _checksums(one: Snapshot) -> set[str]:
    """Those of its files and their parts, and the marks that editions tell in the place of small ones."""
    manifest = read_manifest(one.folder)
    plain = {file.sha256 for file in manifest.files} | {part.sha256 for file in manifest.files for part in file.parts}
    return plain | {manifest.mark(one) for one in plain}


def _without_persons(one: Inactive, settings: Settings, moment: datetime) -> None:
    anew = without_the_inactive(one.folder, settings, day_of(moment))
    if anew is None:
        return
    with told_plainly(settings.snapshots):
        incoming = Path(tempfile.mkdtemp(prefix=INCOMING, dir=settings.snapshots))
    try:
        rewrite(one.folder, incoming, settings, anew)
        taken = next(made.taken for made in snapshots(settings.workspace) if made.folder == one.folder)
        final = settings.snapshots / folder_name(taken, anew.manifest)
        enter(settings, "delete-persons", moment, snapshot=one.folder.name, now=final.name, count=one.persons,
              last_seen_before=one.before.isoformat())
        with told_plainly(settings.snapshots):
            put_in_place(incoming, one.folder, final)
    finally:
        shutil.rmtree(incoming, ignore_errors=True)
