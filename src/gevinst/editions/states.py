"""An edition's way from draft to published: who did what, the memo written again in each state, and damage found.

The store says which state an edition is in. A change of state is entered there first, with the checksum of the list
of files it leads to; then the memo's four files are put in place, and the list last. A process that dies between the
two leaves files of the state before, and the next command on the edition finishes the work: the memo is made from a
tree that never changes, so it is the same whenever it is made.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from gevinst.checksums import SUMS, as_sums, differing, read_sums, sha256_of
from gevinst.disk import sync_folder, told_plainly
from gevinst.errors import GevinstError
from gevinst.publish import LETTERHEAD, MEMO_FILES, MEMO_TREE, memo_files
from gevinst.register.account import account
from gevinst.register.clock import day_of, now
from gevinst.register.edition_log import STATES, EditionRecord, Event, State, require_step
from gevinst.register.sharing import close_for_writing, follow_folder, share_store
from gevinst.register.store import open_store, there_is_a_store
from gevinst.report.one_page_files import TREES, is_page, page_files, read_kept
from gevinst.report.state_mark import StateMark
from gevinst.report.tree_file import from_json
from gevinst.run_options import RunOptions
from gevinst.settings import FILE, Settings, load_settings
from gevinst.sources.cells import without_cpr

EDITIONS = "editions"
COMING = ".coming"


@dataclass(frozen=True)
class Person:
    """Who does something: the name they give, and the operating system's user."""

    name: str
    account: str


@dataclass(frozen=True)
class Found:
    """An edition in a workspace: its folder, its record (None: it was made before states were kept), its damage.

    `damaged` are the files that are not as they were left, by name.
    """

    folder: Path
    record: EditionRecord | None
    damaged: tuple[str, ...] = ()


def person(by: str | None) -> Person:
    """Who is acting: by the name given, else the operating system's user. Raises `edition.no-name`."""
    name = without_cpr((account() if by is None else by).strip())
    if not name:
        raise GevinstError("edition.no-name")
    return Person(name, account())


def editions_of(settings: Settings, portfolio: str | None = None) -> tuple[Found, ...]:
    """The editions of a workspace, in the order they were made; those without a record first.

    Raises `edition.log-broken`. An edition whose folder is gone is damaged.
    """
    home = settings.workspace / EDITIONS
    with open_store(settings.store_url) as store:
        records = store.editions(portfolio)
        known = {one.key for one in (store.editions() if portfolio else records)}
    loose = [path.parent for path in sorted(home.glob("*/edition.json"))
             if path.parent.name not in known and not path.parent.name.startswith(".") and portfolio is None]
    return (*(Found(folder, None) for folder in loose),
            *(Found(home / one.key, one, damage(home / one.key, one)) for one in records))


def find(settings: Settings, key: str) -> Found:
    """The edition with this id, or the only one whose id begins so. Raises `edition.unknown`, `edition.which`."""
    there = editions_of(settings)
    met = [one for one in there if one.folder.name == key] or [
        one for one in there if key and one.folder.name.startswith(key)]
    if not met:
        raise GevinstError("edition.unknown", where=str(settings.workspace / EDITIONS), edition=key)
    if len(met) > 1:
        raise GevinstError("edition.which", edition=key, found=", ".join(one.folder.name for one in met))
    return met[0]


def published_record(settings: Settings, key: str) -> EditionRecord:
    """The record of a published edition. Raises `edition.not-published` and the errors of `find`."""
    found = find(settings, key)
    if found.record is None or found.record.state != "published":
        raise GevinstError("edition.not-published", edition=found.folder.name)
    return found.record


def latest_published(settings: Settings, portfolio: str) -> EditionRecord | None:
    """The edition of the portfolio that was published last; None where none is."""
    with open_store(settings.store_url) as store:
        published = [one for one in store.editions(portfolio) if one.state == "published"]
    return max(published, key=lambda one: (one.last.at, one.key), default=None)


def enter(settings: Settings, folder: Path, record: EditionRecord, author: Person) -> EditionRecord:
    """Enter a folder that was just written as a draft; one that is known already is left as it is.

    In a workspace that is shared with a group, the folder is the group's too.
    """
    follow_folder(folder.parent, folder)
    sums = sha256_of((folder / SUMS).read_bytes()) if (folder / SUMS).exists() else ""
    with open_store(settings.store_url) as store:
        share_store(settings)
        return store.enter_edition(record, by=author.name, account=author.account, sums_sha256=sums)


def mark_of_draft(author: Person, options: RunOptions) -> StateMark:
    """What a new memo says of its state."""
    return StateMark("draft", options.memo_date, author.name)


def damage(folder: Path, record: EditionRecord) -> tuple[str, ...]:
    """The files that are not as the edition's last state left them, after finishing a change that was cut short.

    Raises `workspace.not-readable` where this account may not read them.
    """
    try:
        found = sha256_of((folder / SUMS).read_bytes())
        sums = read_sums(folder)
        wrong = differing(folder, sums)
    except PermissionError as fault:
        raise GevinstError("workspace.not-readable", where=str(folder)) from fault
    except (OSError, ValueError):
        return (SUMS,)
    if found == record.last.sums_sha256:
        return wrong
    before = record.events[-2].sums_sha256 if len(record.events) > 1 else ""
    if found == before and all(name in MEMO_FILES or is_page(name) or name.endswith(COMING) for name in wrong):
        with suppress(GevinstError):
            _write(folder, record)
            return damage(folder, record) if sha256_of((folder / SUMS).read_bytes()) != found else (SUMS,)
    return (SUMS, *wrong)


def with_own_sums(found: Found, *files: str) -> Found:
    """The edition, where its list of checksums is the one on record: else a changed file could pass by a changed list.

    With `files`, where those are as the list says, too. Raises `edition.damaged`.
    """
    if {SUMS, *files} & {*found.damaged}:
        raise GevinstError("edition.damaged", where=str(found.folder), edition=found.folder.name,
                           files=", ".join(found.damaged))
    return found


def damage_on_record(workspace: Path, folder: Path) -> tuple[str, ...]:
    """The files of an edition's folder that are not as the workspace's record left them; none where it keeps none.

    The list of checksums in the folder says as much of a file changed by accident; who changes both has the record
    against them. Raises `edition.log-broken` and the errors of settings and store.
    """
    if not (workspace / FILE).exists():
        return ()
    settings = load_settings(workspace)
    if not there_is_a_store(settings.store_url):
        return ()
    with open_store(settings.store_url) as store:
        record = next((one for one in store.editions() if one.key == folder.name), None)
    return () if record is None else damage(folder, record)


def advance(
    settings: Settings, key: str, to: State, who: Person, comment: str = "", *, clock: Callable[[], datetime] = now
) -> EditionRecord:
    """Bring an edition into its next state.

    Raises `edition.older-form`, `edition.damaged`, `edition.same-account`, the errors of `require_step` and `find`, and
    those of writing; then nothing has changed.
    """
    found = find(settings, key)
    if found.record is None:
        raise GevinstError("edition.older-form", where=str(found.folder), edition=found.folder.name)
    require_step(found.record, to, who.name)
    author = found.record.events[0].account
    if to == "approved" and settings.own_account_to_approve and who.account == author:
        raise GevinstError("edition.same-account", where=str(found.folder), edition=found.folder.name, account=author)
    if found.damaged:
        raise GevinstError("edition.damaged", where=str(found.folder), edition=found.folder.name,
                           files=", ".join(found.damaged))
    asked = settings.own_account_to_approve if to == "approved" else None
    event = Event(clock(), to, who.name, who.account, without_cpr(comment), "", own_account=asked)
    coming = _record_with(found.record, event)
    sums = as_sums(_sums_of(found.folder, _memo(found.folder, coming)))
    with open_store(settings.store_url) as store:
        record = store.advance_edition(found.record.key, replace(event, sums_sha256=sha256_of(sums)))
    _write(found.folder, record)
    return record


def _record_with(record: EditionRecord, event: Event) -> EditionRecord:
    return EditionRecord(record.key, record.portfolio, record.memo_date, record.author, record.corrects, record.reason,
                         (*record.events, event))


def mark_of(record: EditionRecord) -> StateMark:
    """What the memo of an edition says of its state."""
    names = {state: event.by for state in STATES if (event := record.event(state)) is not None}
    day = record.memo_date if record.state == "draft" else day_of(record.last.at)
    return StateMark(record.state, day, record.author, names.get("checked", ""), names.get("approved", ""),
                     day_of(record.events[0].at), record.same_account)


def _memo(folder: Path, record: EditionRecord) -> dict[str, bytes]:
    """The memo in the edition's state, and the pages for a politician, which editions made before had not."""
    try:
        document = from_json(json.loads((folder / MEMO_TREE).read_text(encoding="utf-8")))
        paper = (folder / LETTERHEAD).read_bytes() if (folder / LETTERHEAD).exists() else None
        pages = read_kept((folder / TREES).read_bytes()) if (folder / TREES).exists() else {}
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise GevinstError("edition.unreadable", where=str(folder / MEMO_TREE), edition=folder.name) from fault
    mark = mark_of(record)
    return {**memo_files(document, paper, mark), **page_files(pages, mark)}


def _sums_of(folder: Path, memo: Mapping[str, bytes]) -> dict[str, str]:
    return {**read_sums(folder), **{name: sha256_of(content) for name, content in memo.items()}}


def _write(folder: Path, record: EditionRecord) -> None:
    """Put the memo of the edition's state in place, the list of checksums last; close the folder when published."""
    memo = _memo(folder, record)
    sums = as_sums(_sums_of(folder, memo))
    if sha256_of(sums) != record.last.sums_sha256:
        raise GevinstError("edition.damaged", where=str(folder), edition=folder.name, files=SUMS)
    with told_plainly(folder):
        for name, content in {**memo, SUMS: sums}.items():
            coming = folder / f"{name}{COMING}"
            coming.unlink(missing_ok=True)
            coming.write_bytes(content)
            follow_folder(folder, coming)
            coming.replace(folder / name)
        sync_folder_tree(folder)
        if record.state == "published":
            _close(folder)


def sync_folder_tree(folder: Path) -> None:
    """See a folder and everything below it onto the disk."""
    for inner in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        sync_folder(inner)


def _close(folder: Path) -> None:
    """Nobody writes in a published edition, its owner neither, unless the modes are changed first."""
    inner = sorted(folder.rglob("*"), key=lambda path: len(path.parts), reverse=True)
    for path in (*inner, folder):
        close_for_writing(path)
