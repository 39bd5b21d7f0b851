"""Figures as memos print them, Danish or English: signs, thousands, footnote marks, per cent."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from gevinst.language import Language
from gevinst.lint.raw import plain
from gevinst.register.printed_tables import PrintedCell, decimals_of, figure_of_text

_MARKS = re.compile(r"(?<=[\d)%.-])(?:\s*[¹²³⁰⁴-⁹*†‡]+|\s+\(?[0-9a-z]\))+$")
_AFFIXES = re.compile(
    r"^(?:kr\.?|dkk|€)\s*(?=[-−–\d(])|\s*(?:%|pct\.?|procent|per cent|kr\.?|(?:mio|mill)\.?\s*kr\.?)$", re.IGNORECASE)
_GROUPING_SPACE = re.compile(r"(?<=\d) (?=\d{3}(?:\D|$))")
_LEADING_MINUS = re.compile(r"^([-−–])\s+(?=\d)")
_OTHER_MINUS = str.maketrans({"‐": "-", "‑": "-", "﹣": "-", "－": "-"})
_SWAPPED = str.maketrans(",.", ".,")
_DANISH = re.compile(r"^-?\d+,(?:\d{1,2}|\d{4,})$|\d\.\d{3},\d|\d\.\d{3}\.\d{3}")
_ENGLISH = re.compile(r"^-?\d+\.(?:\d{1,2}|\d{4,})$|\d,\d{3}\.\d|\d,\d{3},\d{3}")
_DANISH_WORDS = {"og", "af", "ikke", "til", "er", "på", "der", "forventes", "investering", "tabel", "kr", "besparelse"}
_ENGLISH_WORDS = {"and", "of", "not", "the", "is", "on", "that", "expected", "investment", "table", "dkk", "saving"}
_MOST_DECIMALS = 9  # what is more in a workbook is noise of a computed cell


def language_of(texts: Iterable[str], figures: Iterable[str]) -> Language:
    """Which language's decimal sign a memo uses: by its figures where they tell, else by its words.

    >>> language_of(["The saving is expected"], ["3.079", "1,362"]), language_of([], ["3,07", "10,5"])
    ('en', 'da')
    """
    votes: Counter[Language] = Counter()
    for figure in figures:
        text = _normal(figure)
        votes["da"] += bool(_DANISH.search(text))
        votes["en"] += bool(_ENGLISH.search(text))
    if not votes.total():
        for text in texts:
            words = set(re.findall(r"\w+", text.casefold()))
            votes["da"] += len(words & _DANISH_WORDS)
            votes["en"] += len(words & _ENGLISH_WORDS)
    return "en" if votes["en"] > votes["da"] else "da"


def _normal(text: str) -> str:
    """A cell's text without marks, units and spaces within the figure."""
    found = plain(text).translate(_OTHER_MINUS)
    found = _AFFIXES.sub("", _MARKS.sub("", found)).strip()
    return _LEADING_MINUS.sub(r"\1", _GROUPING_SPACE.sub("", found))


def figure(text: str, language: Language) -> Decimal | None:
    """The figure a text is, or `None` for a dash or nothing. Raises `ValueError` for words.

    >>> figure("−1 629,5 1)", "da"), figure("3.079", "da"), figure("3.079", "en"), figure("67,7 %", "da")
    (Decimal('-1629.5'), Decimal('3079'), Decimal('3.079'), Decimal('67.7'))
    """
    normal = _normal(text)
    if not normal and plain(text):
        raise ValueError(text)  # a mark or a unit alone
    if " " in normal:
        raise ValueError(text)
    return figure_of_text(normal.translate(_SWAPPED) if language == "en" else normal)


def cell(text: str, where: str, language: Language) -> PrintedCell:
    """A printed cell; words are kept as they are and marked as no figure."""
    shown = plain(text)
    try:
        value = figure(shown, language)
    except ValueError:
        return PrintedCell(shown, None, 0, where, readable=False)
    if value is not None and decimals_of(value) > _MOST_DECIMALS:
        value = round(value, _MOST_DECIMALS)
    return PrintedCell(shown, value, 0 if value is None else decimals_of(value), where)


def is_figure(text: str) -> bool:
    """The text is a figure in some language, not a word and not empty.

    >>> is_figure("−0,594"), is_figure("–"), is_figure("EL"), is_figure("")
    (True, False, False, False)
    """
    try:
        return figure(text, "da") is not None
    except ValueError:
        try:
            return figure(text, "en") is not None
        except ValueError:
            return False


def is_dash(text: str) -> bool:
    """A dash, which means nought or nothing."""
    return plain(text) in {"-", "–", "—", "−"}
