"""Danish is spoken in these tests, and a detail is at hand to change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.effect_detail import EffectDetail
from gevinst.language import speaking


@pytest.fixture(autouse=True)
def danish() -> Iterator[None]:
    with speaking("da"):
        yield


@pytest.fixture(scope="session")
def detail(detailed_edition: Edition) -> EffectDetail:
    """The sound one: 230 participants by the matched comparison."""
    return next(each for each in detailed_edition.details if each.investment == "4")
