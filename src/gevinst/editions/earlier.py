"""What the editions before a new one said of its portfolio, read from those that are as the record left them."""

from __future__ import annotations

import json

from gevinst.editions.states import EDITIONS, Found, damage, with_own_sums
from gevinst.errors import GevinstError
from gevinst.follow_up.disclosure.released import FILE as COUNTS
from gevinst.follow_up.disclosure.released import Released, from_json
from gevinst.register.store import open_store
from gevinst.settings import Settings


def earlier_said(settings: Settings, portfolio: str) -> tuple[list[str], tuple[Released, ...]]:
    """What the workspace's editions said of the portfolio: the names of those that did, and what, each once.

    One that is known to the record is held against it first: counts changed together with the edition's own checksums
    would else decide what the new edition shows. An edition whose folder is gone says nothing. Raises
    `edition.damaged`, `edition.log-broken` and `disclosure.earlier-unreadable`.
    """
    editions = settings.workspace / EDITIONS
    with open_store(settings.store_url) as store:
        records = {one.key: one for one in store.editions(portfolio)}
    names, found = [], list[Released]()
    for file in sorted(editions.glob(f"[!.]*/{COUNTS}")):
        key = file.parent.name
        if key in records:
            with_own_sums(Found(file.parent, records[key], damage(file.parent, records[key])), COUNTS)
        try:
            released = from_json(json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as fault:
            raise GevinstError("disclosure.earlier-unreadable", where=str(file)) from fault
        if released.portfolio == portfolio:
            names.append(key)
            if released not in found:
                found.append(released)
    return names, tuple(found)
