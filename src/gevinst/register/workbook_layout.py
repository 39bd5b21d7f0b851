"""The sheets and columns of a portfolio workbook, read from `workbook_columns.yaml`.

The writer and the reader both follow them; neither knows a column by its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from gevinst.language import LANGUAGES, Language, current

FILE = Path(__file__).parent / "workbook_columns.yaml"
STAR = "*"  # after the name of a column that must be filled in
_WIDTH = 14
Texts = dict[Language, str]


def spoken(texts: Texts) -> str:
    """The text in the language spoken now."""
    return texts[current()]


def _named(texts: Texts, words: str) -> bool:
    """The words are this name, in either language."""
    return words.strip().casefold() in (texts[language].casefold() for language in LANGUAGES)


@dataclass(frozen=True)
class Column:
    """A column, or a line of the portfolio sheet.

    `field` is the path in the record (`target_group.benefit`); `kind` is what a cell holds, as the file
    explains. `choices` maps what the record holds to the words a user chooses between.
    """

    field: str
    kind: str
    name: Texts
    note: Texts
    required: bool
    width: int
    choices: dict[str, Texts]
    former: Texts | None = None  # what the column was called before, where that has changed

    @property
    def header(self) -> str:
        """What is written over the column."""
        return spoken(self.name) + (f" {STAR}" if self.required else "")

    def is_called(self, header: str) -> bool:
        """A header cell names this column, in either language, with or without its star."""
        words = header.strip().removesuffix(STAR)
        return _named(self.name, words) or (self.former is not None and _named(self.former, words))

    def chosen(self, words: str) -> str | None:
        """What the record holds for the words in a cell, which may be the record's own; `None` if they fit none."""
        said = words.strip()
        return next((value for value, texts in self.choices.items() if said == value or _named(texts, said)), None)


@dataclass(frozen=True)
class Sheet:
    """A sheet whose rows are records: its name, and its columns."""

    key: str
    name: Texts
    columns: tuple[Column, ...]

    def is_called(self, name: str) -> bool:
        """A sheet of a workbook is this one, in either language."""
        return _named(self.name, name)

    def column(self, field: str) -> Column:
        """The column that holds a field; `KeyError` if there is none."""
        return {column.field: column for column in self.columns}[field]

    def index(self, field: str) -> int:
        """The place of the column that holds a field, counted from nought."""
        return self.columns.index(self.column(field))


@cache
def sheets() -> dict[str, Sheet]:
    """All sheets by key, in the order of the workbook."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {key: Sheet(key, sheet["name"], tuple(_column(name, column, data["choices"])
                                                 for name, column in sheet["columns"].items()))
            for key, sheet in data["sheets"].items()}


@cache
def _choice_texts() -> dict[str, Texts]:
    """What a user calls every choice, by what the record holds."""
    layout = sheets().values()
    return {value: texts for sheet in layout for column in sheet.columns for value, texts in column.choices.items()}


def choice_words(value: str) -> str:
    """What a user calls a choice, in the language spoken now; the word itself where no list offers it.

    >>> choice_words("full_time")
    'fuldtidspersoner'
    """
    texts = _choice_texts().get(value)
    return str(value) if texts is None else spoken(texts)


def _column(name: str, data: dict[str, Any], choices: dict[str, dict[str, Texts]]) -> Column:
    kind = data["kind"]
    return Column(
        field=name, kind="choice" if kind in choices else kind, required=data.get("required", False),
        name={language: data[language][0] for language in LANGUAGES}, width=data.get("width", _WIDTH),
        note={language: data[language][1] for language in LANGUAGES}, choices=choices.get(kind, {}),
        former=data.get("former"),
    )
