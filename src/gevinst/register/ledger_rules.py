"""Which posting belongs to which investment: ordered rules in the workspace's `ledger_rules.yaml`.

The first rule that fits decides. A posting that several rules fit is told of, one that none fits is listed; neither is
ever guessed. `investment: "-"` says that the postings concern no investment, so that they need not be listed again.

    rules:
      - investment: jobnet
        psp: XG-0000000707-*
        from: 2020-01-01
      - investment: "-"
        function: [5.57.*, 5.58.*]
    limits: {percent: 10, kroner: 1000}
    budget_index: kl-pl
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fnmatch import translate

from gevinst.sources.suppliers.opus_account import REFUND, RUNNING, Account, art_of, function_of, grouping_of
from gevinst.sources.suppliers.opus_rows import NOT_OURS

RULES_FILE = "ledger_rules.yaml"  # in the workspace
NET = frozenset({RUNNING, REFUND})  # an investment's net is its running costs and the state's refund of them
Patterns = tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class LedgerTerms:
    """What the reconciliation goes by: a deviation is told when it is above `percent` and above `kroner`.

    `budget_index` is the index that turns a budget of another price level into current prices; empty: none is known,
    and such a budget is shown and not held against the ledger.
    """

    percent: Decimal = Decimal(10)
    kroner: Decimal = Decimal(1000)
    budget_index: str = ""


@dataclass(frozen=True)
class Rule:
    """One rule: every condition that it states must hold, and of a condition's patterns one.

    `dranst` None is any. A rule of an investment that does not speak of dranst takes 1, 2 and accounts without one:
    building costs, interest and balances (3–7) are no part of an investment's net unless a rule says so. `number`
    counts from 1; `line` is where the rule stands in its file.
    """

    number: int
    line: int
    investment: str
    accounts: Mapping[str, Patterns] = field(default_factory=dict)  # by part: function, grouping, art, psp
    dranst: frozenset[int] | None = NET
    texts: Patterns = ()
    first: date | None = None
    last: date | None = None
    note: str = ""

    def fits_account(self, account: Account) -> bool:
        """Whether an account is one of the rule's."""
        if self.dranst is not None and account.dranst is not None and account.dranst not in self.dranst:
            return False
        return all(_any_fits(patterns, str(getattr(account, part))) for part, patterns in self.accounts.items())

    @property
    def asks_text(self) -> bool:
        """Whether it says anything of the text."""
        return bool(self.texts)

    @property
    def asks_day(self) -> bool:
        """Whether it is of a period."""
        return self.first is not None or self.last is not None

    def fits_text(self, text: str) -> bool:
        """Whether the text is the rule's."""
        return not self.texts or _any_fits(self.texts, " ".join(text.split()))

    def fits_day(self, day: date | None) -> bool:
        """Whether the day is in the rule's period; a posting without a day fits no period."""
        if not self.asks_day:
            return True
        return day is not None and (self.first or day) <= day <= (self.last or day)


def _any_fits(patterns: Patterns, text: str) -> bool:
    return any(pattern.fullmatch(text) for pattern in patterns)


@dataclass(frozen=True)
class LedgerRules:
    """The rules of one file, in its order; `sha256` is the file's."""

    name: str
    sha256: str
    rules: tuple[Rule, ...]
    terms: LedgerTerms = LedgerTerms()
    _by_account: dict[Account, tuple[Rule, ...]] = field(default_factory=dict, compare=False, repr=False)

    def fitting(self, account: Account, text: str, day: date | None) -> tuple[Rule, ...]:
        """All the rules that fit a posting, in order.

        >>> rules = LedgerRules("r", "", (Rule(1, 1, "jobnet", {"function": patterns(["5.68.*"], "function")}),))
        >>> [rule.investment for rule in rules.fitting(Account("5.68.90", 1), "", None)]
        ['jobnet']
        """
        if account not in self._by_account:
            self._by_account[account] = tuple(rule for rule in self.rules if rule.fits_account(account))
        return tuple(rule for rule in self._by_account[account] if rule.fits_day(day) and rule.fits_text(text))

    def investments(self, account: Account, text: str, day: date | None) -> tuple[str, ...]:
        """The investments of all the rules that fit, the deciding one first; empty where none does."""
        return tuple(rule.investment for rule in self.fitting(account, text, day))

    def named(self) -> tuple[str, ...]:
        """The investments the rules speak of, each once."""
        return tuple(dict.fromkeys(rule.investment for rule in self.rules if rule.investment != NOT_OURS))


def patterns(words: Sequence[str], part: str) -> Patterns:
    """What is written in a rule as patterns: `*` for anything, `?` for one sign; capitals are not compared.

    Figures are read as in an account: function `05.57.73` or `55773`, grouping `7`, art `52`. A text without `*` and
    `?` may stand anywhere in the posting's text.

    >>> seven, course = patterns(["7"], "grouping")[0], patterns(["kursus"], "text")[0]
    >>> bool(seven.fullmatch("007")), bool(course.fullmatch("Et Kursus"))
    (True, True)
    """
    written = (_as_written(word, part).replace("[", "[[]") for word in words)
    return tuple(re.compile(translate(one), re.IGNORECASE) for one in written)


def _as_written(word: str, part: str) -> str:
    if part == "text":
        spaced = " ".join(word.split())
        return spaced if re.search(r"[*?]", word) else f"*{spaced}*"
    if re.search(r"[*?]", word):
        return word
    match part:
        case "function":
            return function_of(word) or word
        case "grouping":
            return grouping_of(word) or word
        case "art":
            return art_of(word)
        case _:
            return word


@dataclass
class Overlap:
    """Postings that a rule decided although a later one, of another investment, fits too."""

    decided: Rule
    also: Rule
    rows: int = 0
    ore: int = 0


@dataclass(frozen=True)
class RuleUse:
    """How the rules fare on a ledger: where they overlap, which fit nothing, and how many postings they would now
    match otherwise than they were matched when they were imported."""

    overlaps: tuple[Overlap, ...]
    unused: tuple[Rule, ...]
    changed: int


def rule_use(rules: LedgerRules, postings: Sequence[tuple[Account, str, date, int, str | None]]) -> RuleUse:
    """Hold the rules against postings: account, text, day, øre, and the investment each was matched to.

    A rule is unused where it decides over no posting, because none fits it or because earlier rules take all that do.
    """
    overlaps: dict[tuple[int, int], Overlap] = {}
    decided: set[int] = set()
    changed = 0
    for account, text, day, amount, stored in postings:
        fitting = rules.fitting(account, text, day)
        changed += (fitting[0].investment if fitting else None) != stored
        for rule in fitting[:1]:
            decided.add(rule.number)
        for also in fitting[1:]:
            if also.investment != fitting[0].investment:
                pair = overlaps.setdefault((fitting[0].number, also.number), Overlap(fitting[0], also))
                pair.rows += 1
                pair.ore += amount
    return RuleUse(tuple(overlaps[key] for key in sorted(overlaps)),
                   tuple(rule for rule in rules.rules if rule.number not in decided), changed)
