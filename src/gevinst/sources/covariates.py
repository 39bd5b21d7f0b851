"""Which further columns of `persons` are kept: those that somebody asked for, and that tell groups and not persons.

Data minimisation (article 5(1)(c) of the GDPR): a name or an address beside a pseudonym undoes it without any key. So
of a canonical file only the columns are kept that a case's protocol matches on or the settings name. What a mapping or
a supplier's format gives has been named already. Of neither is kept what identifies: columns called so, and texts with
more values than a group has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from gevinst.sources.cells import shown
from gevinst.sources.header import plain_name
from gevinst.sources.parts import CANONICAL
from gevinst.sources.report import Note, note

MOST_LEVELS = 200  # different texts; Denmark has 98 municipalities, and no covariate of the field has more groups
KEPT, NOT_ASKED = "intake.covariates-kept", "intake.covariates-not-asked"
IDENTIFY, MANY = "intake.covariates-identify", "intake.covariates-many"
# What such columns are called, alone or as one word of several; and what only the whole name tells.
_ANYWHERE = frozenset({
    "adresse", "address", "addr", "adr", "vej", "vejnavn", "gade", "gadenavn", "husnr", "street", "tlf", "telefon",
    "telefonnr", "telefonnummer", "tel", "mobil", "mobilnr", "mobilnummer", "phone", "mobile", "mail", "mails",
    "email", "epost", "cpr", "cprnr", "cprnummer", "pnr", "personnummer", "fornavn", "efternavn", "mellemnavn",
    "firstname", "lastname", "surname", "forename", "notat", "notater", "note", "notes", "bemærkning", "bemærkninger",
    "bemaerkning", "bemaerkninger", "kommentar", "kommentarer", "comment", "comments", "remark", "remarks",
    "fritekst", "sagsnr", "sagsnummer", "journalnr", "kontonr", "kontonummer", "iban"})
_WHOLE = frozenset({
    "navn", "name", "borger", "borger_navn", "borgernavn", "borgers_navn", "person_navn", "personnavn", "person_name",
    "full_name", "fulde_navn", "for_navn", "efter_navn", "first_name", "last_name", "e_mail", "e_post"})


@dataclass(frozen=True)
class Choice:
    """A file's further columns: those kept, those nobody asked for, and those that would identify, asked for or not."""

    kept: tuple[str, ...]
    not_asked: tuple[str, ...] = ()
    identifying: tuple[str, ...] = ()

    def notes(self) -> tuple[Note, ...]:
        """What whoever imports must know of the columns that are not kept."""
        told = ((NOT_ASKED, self.not_asked), (IDENTIFY, self.identifying))
        return tuple(named(code, names) for code, names in told if names)


def choose(names: Sequence[str], supplier: str, asked: Collection[str] | None) -> Choice:
    """What of a file's further columns may be kept; `asked` are those asked for, or None where nothing is stored.

    >>> choose(("adresse", "age", "navn", "sex"), CANONICAL, {"sex", "navn"})
    Choice(kept=('sex',), not_asked=('age',), identifying=('adresse', 'navn'))
    >>> choose(("adresse", "sex"), "a mapping", ())
    Choice(kept=('sex',), not_asked=(), identifying=('adresse',))
    """
    if asked is None:
        return Choice(tuple(names))
    plain = set(map(plain_name, asked))
    identifying = tuple(filter(is_identifying, names))
    others = [name for name in names if name not in identifying]
    kept = tuple(name for name in others if supplier != CANONICAL or name in plain)
    return Choice(kept, tuple(name for name in others if name not in kept), identifying)


def named(code: str, columns: Iterable[str]) -> Note:
    """A note that names columns."""
    return note(code, columns=", ".join(map(shown, columns)))


def is_identifying(name: str) -> bool:
    """Whether a column is called by what tells one person from all others.

    >>> is_identifying("hjem_adresse"), is_identifying("Navn"), is_identifying("kommune_navn"), is_identifying("sex")
    (True, True, False, False)
    """
    name = plain_name(name)
    return name in _WHOLE or not _ANYWHERE.isdisjoint(name.replace(".", "_").split("_"))
