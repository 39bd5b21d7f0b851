"""The rules asked of many postings at once: each rule once per account, day and text, not once per posting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
import numpy.typing as npt

from gevinst.sources.columns import Flags, Spread
from gevinst.sources.suppliers.opus_account import Account


class PostingRule(Protocol):
    """One rule: it fits a posting where account, text and day fit."""

    @property
    def investment(self) -> str:
        """The investment that the posting then belongs to."""

    @property
    def asks_text(self) -> bool:
        """Whether the rule says anything of the text."""

    @property
    def asks_day(self) -> bool:
        """Whether the rule is of a period."""

    def fits_account(self, account: Account) -> bool:
        """Whether an account is one of the rule's."""

    def fits_text(self, text: str) -> bool:
        """Whether the text is the rule's."""

    def fits_day(self, day: date | None) -> bool:
        """Whether the day is in the rule's period."""


class Matcher(Protocol):
    """The rules that match postings to investments, in the file `name`; the first that fits decides."""

    @property
    def name(self) -> str:
        """The file's name."""

    @property
    def sha256(self) -> str:
        """The file's checksum."""

    @property
    def rules(self) -> Sequence[PostingRule]:
        """The rules, in order."""


@dataclass(frozen=True)
class Postings:
    """What rules are asked about: the distinct accounts, days and texts, and which of them each posting has."""

    accounts: Sequence[Account]
    account_of: npt.NDArray[np.int64]
    days: Sequence[date | None]
    day_of: npt.NDArray[np.int64]
    texts: Spread


@dataclass(frozen=True)
class Matched:
    """By posting: the place in `investments` of the one that it belongs to, -1 where no rule fits; and whether a later
    rule that fits says another."""

    investments: Sequence[str]
    first: npt.NDArray[np.int64]
    several: Flags


class RuleBook:
    """A matcher's rules; which of them an account fits is remembered from batch to batch."""

    def __init__(self, matcher: Matcher | None) -> None:
        self._rules = () if matcher is None else tuple(matcher.rules)
        self.investments = tuple(dict.fromkeys(rule.investment for rule in self._rules))
        self._fits: dict[Account, npt.NDArray[np.bool_]] = {}

    def match(self, postings: Postings) -> Matched:
        """The investment of each posting."""
        count = len(postings.account_of)
        first, several = np.full(count, -1, np.int64), np.zeros(count, np.bool_)
        by_account = np.array([self._fitting(one) for one in postings.accounts], np.bool_)
        for number, rule in enumerate(self._rules if count else ()):
            fits = self._fits_rule(rule, by_account[:, number], postings)
            investment = self.investments.index(rule.investment)
            several |= fits & (first >= 0) & (first != investment)
            first[fits & (first < 0)] = investment
        return Matched(self.investments, first, several)

    def _fitting(self, account: Account) -> npt.NDArray[np.bool_]:
        """Which rules an account fits."""
        if account not in self._fits:
            self._fits[account] = np.array([rule.fits_account(account) for rule in self._rules], np.bool_)
        return self._fits[account]

    def _fits_rule(self, rule: PostingRule, by_account: Flags, postings: Postings) -> Flags:
        """Which postings a rule fits. Texts are the many, so a rule is only asked of those that it may still fit."""
        fits: Flags = by_account[postings.account_of]
        if rule.asks_day:
            fits &= np.array([rule.fits_day(day) for day in postings.days], np.bool_)[postings.day_of]
        if rule.asks_text and fits.any():
            asked = np.zeros(len(postings.texts.texts) + 1, np.bool_)
            asked[postings.texts.row_of[fits]] = True
            places = np.flatnonzero(asked)
            asked[places] = [rule.fits_text(text) for text in Spread(postings.texts.texts, places).by_row()]
            fits &= postings.texts.over_rows(asked)
        return fits
