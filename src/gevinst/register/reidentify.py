"""From pseudonym to id, for those who must know: the ids of an extract are hashed until those asked for are met.

Nothing in the workspace can be turned back. Who looks somebody up says who they are and why, and the log has it
before they see an id.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gevinst.disk import told_plainly, write_private
from gevinst.errors import GevinstError
from gevinst.register.access_log import LookUp, enter_look_up, enter_question, look_ups
from gevinst.register.clock import now
from gevinst.register.ids import ids_in
from gevinst.register.lock import sole_use
from gevinst.register.suppliers import workspace_suppliers
from gevinst.settings import load_settings
from gevinst.sources.keys import load_key
from gevinst.sources.pseudonym import Pseudonymiser, normalise_id

MOST_PERSONS = 1_000


@dataclass(frozen=True)
class Identity:
    """A person: the pseudonym, and the id it stands for. Not for any log."""

    person: int
    id: str

    def __repr__(self) -> str:
        return f"Identity(person={self.person})"


def reidentify(
    workspace: Path, extracts: Sequence[Path], persons: Sequence[int], *, by: str, purpose: str,
    clock: Callable[[], datetime] = now,
) -> tuple[Identity, ...]:
    """The ids of the pseudonyms `persons`, as far as `extracts` hold them; sorted by pseudonym, and logged.

    Raises `protection.no-purpose` where it is not said who asks and why, `protection.no-persons`,
    `protection.too-many-persons` (more than 1,000 is an extract, not a question), and the errors of the key, of the
    log and of `ids_in`.
    """
    require_purpose(by, purpose)
    if not persons:
        raise GevinstError("protection.no-persons")
    if len(set(persons)) > MOST_PERSONS:
        raise GevinstError("protection.too-many-persons", most=MOST_PERSONS)
    settings = load_settings(workspace)
    pseudonymiser = Pseudonymiser(load_key(settings.key_file, settings.workspace))
    wanted, found = set(persons), dict[int, str]()
    for texts in ids_in(extracts, workspace_suppliers(settings)):
        pseudonyms = pseudonymiser.identify(texts).person.tolist()
        found.update((one, normalise_id(text)) for one, text in zip(pseudonyms, texts, strict=True) if one in wanted)
    with sole_use(settings):
        enter_look_up(settings, clock(), by=by, purpose=purpose, persons=sorted(wanted), found=sorted(found))
    return tuple(Identity(one, found[one]) for one in sorted(found))


def look_ups_of(
    workspace: Path, id_text: str, *, by: str, purpose: str, clock: Callable[[], datetime] = now
) -> tuple[LookUp, ...]:
    """Who has looked up the person with this id, until now: what a person may ask. The question is entered first.

    Raises `protection.no-purpose`, `protection.no-id` where the text is no id, and the errors of the key and the log.
    """
    require_purpose(by, purpose)
    settings = load_settings(workspace)
    pseudonymiser = Pseudonymiser(load_key(settings.key_file, settings.workspace))
    identified = pseudonymiser.identify([id_text])
    if identified.fault[0]:
        raise GevinstError("protection.no-id")
    person = int(identified.person[0])
    with sole_use(settings):
        before = look_ups(settings, person)
        enter_question(settings, clock(), by=by, purpose=purpose, person=person)
    return before


def require_purpose(by: str, purpose: str) -> None:
    """Raise `protection.no-purpose` where it is not said who asks, or why."""
    if not by.strip() or not purpose.strip():
        raise GevinstError("protection.no-purpose")


def persons_in(path: Path) -> tuple[int, ...]:
    """The pseudonyms in a text file, one per line, a heading aside. Raises `protection.persons-file`."""
    try:
        lines = [line.strip().strip('"') for line in path.read_text(encoding="utf-8-sig").splitlines()]
        found = [line for line in lines if line]
        return tuple(int(line) for line in (found[1:] if found and found[0].isidentifier() else found))
    except (OSError, ValueError):
        raise GevinstError("protection.persons-file", where=str(path)) from None


def refuse_place(path: Path, workspace: Path) -> None:
    """Refuse to write ids there. Raises `protection.file-in-workspace` and `protection.file-exists`."""
    if path.resolve().is_relative_to(workspace.resolve()):
        raise GevinstError("protection.file-in-workspace", where=str(path))
    if path.exists():
        raise GevinstError("protection.file-exists", where=str(path))


def write_identities(path: Path, identities: Sequence[Identity], workspace: Path) -> None:
    """Write pseudonyms and ids to a new file for its owner's eyes, outside the workspace.

    Raises the errors of `refuse_place` and of writing.
    """
    refuse_place(path, workspace)
    text = "".join(["person;person_id\n", *(f"{one.person};{one.id}\n" for one in identities)])
    with told_plainly(path):
        write_private(path, text.encode("utf-8-sig"))
