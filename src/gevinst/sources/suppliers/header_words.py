"""The words by which Danish extracts call what the canonical columns hold, the most telling first.

They are guesses for a proposal that a person looks through, not facts about any supplier's layout.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from gevinst.sources.suppliers.mapping import word
from gevinst.sources.suppliers.profile import ColumnProfile
from gevinst.tables import Column

WORDS: Mapping[str, tuple[str, ...]] = {
    "person_id": ("cpr", "cpr nr", "cprnr", "cpr nummer", "cprnummer", "personnummer", "borger id", "borgerid",
                  "borger nr", "borger", "person", "løbenr", "lobenr"),
    "benefit": ("ydelse", "ydelsestype", "ydelsesart", "ydelseskategori", "forsørgelsesgrundlag", "forsørgelse",
                "målgruppe", "kontaktgruppe", "benefit"),
    "investment": ("investering", "investment", "indsats", "indsatstype", "tilbud", "tilbudstype", "aktivitet",
                   "projekt", "forløb", "psp"),
    "start_date": ("startdato", "start dato", "start", "fra dato", "fradato", "fra", "gyldig fra", "periode fra",
                   "påbegyndt", "første dag", "begyndt", "iværksat", "bevilget fra"),
    "end_date": ("slutdato", "slut dato", "slut", "faktisk slutdato", "til dato", "tildato", "til", "gyldig til",
                 "periode til", "ophørsdato", "ophør", "afsluttet", "sidste dag", "planlagt slut", "forventet slut"),
    "degree": ("grad", "andel af fuld tid", "andel", "beskæftigelsesgrad", "ledighedsgrad"),
    "amount_dkk": ("beløb", "beløb kr", "udbetalt", "udbetaling", "bruttobeløb", "kr", "kroner", "amount"),
    "municipality": ("kommune", "kommunenr", "kommunekode", "kommune nr", "bopælskommune"),
    "left_register_date": ("fraflytningsdato", "fraflyttet", "dødsdato", "død", "afgang"),
    "date": ("bogføringsdato", "posteringsdato", "bilagsdato", "dato", "date"),
    "account": ("kontostreng", "konto", "artskonto", "kontonummer", "account"),
    "text": ("posteringstekst", "tekst", "beskrivelse", "text"),
    "target_benefit": ("målgruppens ydelse", "ydelse"), "min_spell_weeks": ("uger på ydelse", "mindst uger"),
    "referrals_from": ("visitation fra", "fra"), "referrals_to": ("visitation til", "til"),
    "planned_weeks": ("planlagte uger", "varighed uger", "uger"),
    "dkk_per_participant_week": ("pris pr uge", "ugepris"),
    "from_date": ("fra", "fra dato", "startdato", "start"), "to_date": ("til", "til dato", "slutdato", "slut"),
    "year": ("år", "årstal", "year"), "dkk_per_week": ("sats pr uge", "ugesats", "sats", "pris"),
    "definition": ("definition",), "cohort": ("kohorte", "årgang"), "week": ("uge", "uge nr", "week"),
    "share_pct": ("andel pct", "andel", "procent", "pct"), "source": ("kilde", "source"),
}  # fmt: skip
_EXACT, _WITHIN, _ALIKE, _KIND = 100, 60, 40, 50
_FITTING: Mapping[str, tuple[str, ...]] = {
    "person": ("cpr", "text", "number", "code"), "date": ("date",), "last_day": ("date", "empty"),
    "integer": ("number",), "decimal": ("number",), "benefit": ("code", "text", "number"),
    "definition": ("code", "text"), "text": ("code", "text", "number", "empty"),
}  # fmt: skip


def plain_words(name: str) -> str:
    """A header as its words, without signs.

    >>> plain_words(" CPR-nr. "), plain_words("Slut_dato")
    ('cpr nr', 'slut dato')
    """
    return " ".join(re.findall(r"[^\W_]+", word(name)))


def score(header: ColumnProfile, column: Column) -> int:
    """How well a column of the file seems to hold a canonical one: 0 is not at all."""
    if header.kind not in _FITTING[column.type]:
        return 0
    by_kind = _KIND if column.type == "person" and header.kind == "cpr" else 0
    name, known = plain_words(header.name), (plain_words(column.name), *WORDS.get(column.name, ()))
    for rank, one in enumerate(known):
        if name == one:
            return _EXACT + by_kind - rank
    for rank, one in enumerate(known):
        if len(one) > 2 and re.search(rf"\b{re.escape(one)}\b", name):
            return _WITHIN + by_kind - rank
    alike = [rank for rank, one in enumerate(known) if difflib.SequenceMatcher(None, name, one).ratio() >= 0.85]
    if alike:
        return _ALIKE + by_kind - alike[0]
    return by_kind
