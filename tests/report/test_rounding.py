"""The note under a table whose printed figures do not add up."""

from __future__ import annotations

import pytest

from gevinst.language import LANGUAGES, Language, speaking
from gevinst.report.effect.destinations import points_cell, share_cell
from gevinst.report.rounding import shares_note
from gevinst.report.tree import Row, text_cell


def row(one: float | None, other: float | None, apart: float | None) -> Row:
    return Row((text_cell("26"), share_cell(one), share_cell(other), points_cell(apart), text_cell("")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_difference_that_is_not_that_of_the_printed_shares_is_explained(language: Language) -> None:
    with speaking(language):
        assert shares_note([row(0.5126, 0.7374, 0.2248)]) != "", "51,3 and 73,7 are printed, 22,5 apart"
        assert shares_note([row(0.5126, 0.7374, -0.2248)]) != ""
        assert shares_note([row(0.512, 0.737, 0.225), row(0.737, 0.512, -0.225)]) == ""
        assert shares_note([Row((text_cell("Uge 26"),), "section"), row(None, 0.5, None), row(0.5, 0.5, None)]) == ""
