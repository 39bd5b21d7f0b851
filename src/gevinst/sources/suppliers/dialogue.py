"""The guided making of a mapping: what is missing is asked for, every line may be changed, and the rows are looked at
before anything is saved. Works with a person at a terminal and with answers from a pipe alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol, TypeVar

from gevinst.errors import GevinstError
from gevinst.language import number, say
from gevinst.sources.cells import shown
from gevinst.sources.columns import DEFINITIONS
from gevinst.sources.suppliers.choices import (
    NOTHING,
    chosen_rule,
    filter_choice,
    format_choice,
    policy,
    with_code,
    with_kept,
    with_rule,
)
from gevinst.sources.suppliers.mapping import ColumnRule, FileMapping, word
from gevinst.sources.suppliers.preview import Preview
from gevinst.sources.suppliers.profile import FileProfile
from gevinst.sources.suppliers.propose import Known, missing_columns, suggestion
from gevinst.sources.suppliers.told import column_order, mapping_lines, preview_lines
from gevinst.tables import CONTRACTS, Column

CODED = ("benefit", "investment", "target_benefit", "definition")  # canonical columns that hold keys
T = TypeVar("T")
Values = tuple[tuple[str, int], ...]


class Terminal(Protocol):
    """Somebody who is told things and answers questions. Asking raises `mapping.input-ended` where no answer comes."""

    def tell(self, text: str) -> None:
        """Say something."""

    def ask(self, question: str, default: str = "") -> str:
        """Ask; an empty answer is the default."""


class Dialogue:
    """One mapping being made. `try_out` reads the file by a mapping and says what becomes of it; `values_of` says what
    stands in the columns of a rule, with rows (None: too much to be codes)."""

    def __init__(self, mapping: FileMapping, profile: FileProfile, known: Known, terminal: Terminal,
                 try_out: Callable[[FileMapping], Preview],
                 values_of: Callable[[ColumnRule], Values | None]) -> None:
        self.mapping = mapping
        self.profile = profile
        self.known = known
        self.terminal = terminal
        self.try_out = try_out
        self.values_of = values_of

    def run(self) -> FileMapping | None:
        """The mapping as it was agreed on; None where it is not to be saved."""
        for name in missing_columns(self.mapping):
            self.terminal.tell(say(da=f"{name} skal med, men blev ikke fundet.",
                                   en=f"{name} is needed, but was not found."))
            self._column(name)
        for name in CODED:
            if name in dict(self.mapping.columns):
                self._codes(name, only_open=True)
        while True:
            self._edit()
            if missing := missing_columns(self.mapping):
                names = ", ".join(missing)
                self.terminal.tell(say(da=f"Der mangler endnu: {names}.", en=f"Still missing: {names}."))
                continue
            try:
                self._tell(preview_lines(self.try_out(self.mapping)))
            except GevinstError as fault:
                self.terminal.tell(str(fault))
            match self._ask(da="Gem (g), ret (r) eller stop uden at gemme (s)?",
                            en="Save (g), change (r), or stop without saving (s)?", default="g").lower():
                case "g" | "j" | "y":
                    return self.mapping
                case "s" | "n":
                    return None

    def _edit(self) -> None:
        """Change lines until nothing more is asked for."""
        while True:
            self._tell(mapping_lines(self.mapping))
            answer = self._ask(
                da="Linjens nummer for at ændre den, f = filtre, b = behold flere kolonner, o = navn og filer, "
                   "d = decimaltegn, Enter = vis rækkerne",
                en="A line's number to change it, f = filters, b = keep further columns, o = name and files, "
                   "d = decimal sign, Enter = show the rows")
            steps = {"f": self._filters, "b": self._keep, "o": self._names, "d": self._decimal}
            order = column_order(self.mapping)
            if not answer:
                return
            if answer.isdecimal() and 1 <= int(answer) <= len(order):
                self._column(order[int(answer) - 1])
            elif answer.lower() in steps:
                steps[answer.lower()]()
            else:
                self.terminal.tell(say(da="Det svar kendes ikke.", en="That answer is not known."))

    def _column(self, name: str) -> None:
        """Ask where a column comes from, and what its cells need."""
        column = next((one for one in CONTRACTS[self.mapping.table].columns if one.name == name), None)
        if column is not None:
            self.terminal.tell(f"{name}: {say(da=column.da, en=column.en)}")
        now = dict(self.mapping.columns).get(name)
        rule = self._tried(
            lambda answer: chosen_rule(answer, name, self.mapping, self.profile, self.known),
            da=f"Kolonne til {name} (nummer eller navn; 3 + 5 = den første, der er udfyldt; 3 & 4 = begge; "
               "=tekst = altid det samme; - = ingen)",
            en=f"Column for {name} (number or name; 3 + 5 = the first that is filled; 3 & 4 = both; "
               "=text = always the same; - = none)", default=_as_choice(now))
        if rule is not None and now is not None and rule.sources == now.sources and rule.joined == now.joined:
            rule = now
        if rule is not None and rule.sources and column is not None and column.type in ("date", "last_day"):
            rule = self._dates(rule, column)
        self.mapping = with_rule(self.mapping, name, rule)
        if name in CODED and rule is not None and rule.sources:
            self._codes(name, only_open=False)

    def _dates(self, rule: ColumnRule, column: Column) -> ColumnRule:
        form = self._tried(lambda text: format_choice(text) if text else "",
                           da="Datoformat, fx dd-mm-yyyy", en="Format of the dates, such as dd-mm-yyyy",
                           default=rule.date)
        rule = replace(rule, date=form)
        if column.type == "last_day":
            included = self._ask(da="Er den sidste dag med i perioden (j/n)?",
                                 en="Is the last day within the period (y/n)?",
                                 default=say(da="n", en="n") if rule.shift_days else say(da="j", en="y"))
            rule = replace(rule, shift_days=-1 if included.lower() == "n" else 0)
        return rule

    def _codes(self, name: str, *, only_open: bool) -> None:
        """Ask what each value of a column means; with `only_open` those that have no meaning yet."""
        rule = dict(self.mapping.columns)[name]
        values = self.values_of(rule) if rule.sources else ()
        if values is None:
            self.terminal.tell(say(da=f"{name} har for mange forskellige værdier til at være koder.",
                                   en=f"{name} has too many different values to be codes."))
            return
        meanings = {word(code): meaning for code, meaning in rule.codes}
        open_ = [one for one in values if word(one[0]) not in meanings and not self._is_key(name, one[0])]
        if only_open and not open_:
            return
        self.terminal.tell(say(
            da=f"{name}: hvad betyder værdierne? Enter = forslaget, - = udelad rækkerne, ? = uden oversættelse",
            en=f"{name}: what do the values mean? Enter = as proposed, - = leave the rows out, ? = no translation"))
        for text, rows in open_ if only_open else values:
            rule = self._meaning(rule, name, text, rows)
        if rule.codes:
            rule = replace(rule, unlisted=self._tried(
                policy, da="Andre værdier: afvis (a), udelad (u) eller behold (b)?",
                en="Other values: refuse (a), leave out (u) or keep (b)?",
                default={"refuse": "a", "leave_out": "u", "keep": "b"}[rule.unlisted]))
        self.mapping = with_rule(self.mapping, name, rule)

    def _meaning(self, rule: ColumnRule, name: str, text: str, rows: int) -> ColumnRule:
        """Ask what one value means."""
        meanings = {word(code): meaning for code, meaning in rule.codes}
        suggest = suggestion(self._type(name), name, self.known)
        guess = suggest(text) if suggest is not None else None
        proposed = meanings.get(word(text), guess or (text if self._is_key(name, text) else "?"))
        while True:
            answer = self._ask(da=f"  »{shown(text)}« ({number(rows)} rækker)",
                               en=f"  “{shown(text)}” ({number(rows)} rows)", default=proposed or NOTHING)
            if answer == "?":
                return rule
            if answer == NOTHING or self._is_key(name, answer):
                return with_code(rule, text, None if answer == NOTHING else answer)
            self.terminal.tell(say(da=f"»{shown(answer)}« er ikke en nøgle til {name}.",
                                   en=f"“{shown(answer)}” is not a key of {name}."))

    def _is_key(self, name: str, text: str) -> bool:
        """Whether a text is a key already; any is, where the keys are not known."""
        if self._type(name) == "benefit":
            return self.known.benefit_of(text) is not None
        if name == "investment" and self.known.investments:
            return text in self.known.investments
        return name != "definition" or text in DEFINITIONS

    def _type(self, name: str) -> str:
        return next((one.type for one in CONTRACTS[self.mapping.table].columns if one.name == name), "text")

    def _filters(self) -> None:
        answer = self._ask(
            da="Nyt filter (fx »udelad Status i Annulleret, Fejl«, »behold Start fra 2020-01-01«, »udelad CPR tom«), "
               "eller et nummer for at fjerne filteret",
            en="A new filter (such as “drop Status in Annulleret, Fejl”, “keep Start from 2020-01-01”, “drop CPR "
               "empty”), or a number to remove that filter")
        filters = self.mapping.filters
        if answer.isdecimal() and 1 <= int(answer) <= len(filters):
            self.mapping = replace(self.mapping, filters=filters[:int(answer) - 1] + filters[int(answer):])
        elif answer:
            self._guarded(lambda: replace(
                self.mapping, filters=(*filters, filter_choice(answer, self.mapping, self.profile))))

    def _keep(self) -> None:
        known = {column.name for column in CONTRACTS[self.mapping.table].columns}
        now = ", ".join(rule.sources[0] for name, rule in self.mapping.columns if name not in known and rule.sources)
        answer = self._ask(da="Kolonner, der også skal med (numre eller navne, komma imellem; - = ingen)",
                           en="Columns to keep as well (numbers or names, commas between; - = none)", default=now)
        names = [] if answer == NOTHING else [name.strip() for name in answer.split(",") if name.strip()]
        self._guarded(lambda: with_kept(self.mapping, names, self.profile))

    def _names(self) -> None:
        mapping = self.mapping
        supplier = self._ask(da="Leverandør eller system", en="Supplier or system", default=mapping.supplier)
        files = self._ask(da="Filernes navne (* for det, der skifter; komma imellem)",
                          en="The files' names (* for what changes; commas between)", default=", ".join(mapping.files))
        patterns = tuple(one.strip() for one in files.split(",") if one.strip())
        self.mapping = replace(mapping, supplier=supplier, files=patterns or mapping.files)

    def _decimal(self) -> None:
        answer = self._ask(da="Decimaltegn i filens tal: , eller . (- = ved ikke)",
                           en="The decimal sign of the file's numbers: , or . (- = unknown)",
                           default=self.mapping.decimal or NOTHING)
        self.mapping = replace(self.mapping, decimal=answer if answer in (",", ".") else "")

    def _guarded(self, change: Callable[[], FileMapping]) -> None:
        try:
            self.mapping = change()
        except GevinstError as fault:
            self.terminal.tell(str(fault))

    def _tried(self, read: Callable[[str], T], *, da: str, en: str, default: str = "") -> T:
        """Ask until the answer can be read."""
        while True:
            try:
                return read(self._ask(da=da, en=en, default=default))
            except GevinstError as fault:
                if fault.code == "mapping.input-ended":
                    raise
                self.terminal.tell(str(fault))

    def _ask(self, *, da: str, en: str, default: str = "") -> str:
        return self.terminal.ask(say(da=da, en=en), default).strip()

    def _tell(self, lines: list[str]) -> None:
        self.terminal.tell("\n".join(lines))


def _as_choice(rule: ColumnRule | None) -> str:
    """A rule as it would be typed.

    >>> _as_choice(ColumnRule(("A", "B"))), _as_choice(ColumnRule(constant="2")), _as_choice(None)
    ('A + B', '=2', '-')
    """
    if rule is None:
        return NOTHING
    if rule.constant is not None:
        return f"={rule.constant}"
    return (" & " if rule.joined else " + ").join(rule.sources)
