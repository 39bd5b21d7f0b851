"""Every error a user can meet has a text in both languages, and every code that is raised exists."""

import re
from pathlib import Path

import pytest

from gevinst.errors import catalogue
from gevinst.language import LANGUAGES

SOURCE = Path(__file__).parents[1] / "src" / "gevinst"
RAISED = re.compile(r'(?:GevinstError|\.fault|note)\(\s*"([a-z]+\.[a-z0-9-]+)"')


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_a_message_is_whole_in_both_languages(code: str) -> None:
    names = {}
    for language in LANGUAGES:
        what, do = catalogue()[code][language]
        assert do.strip().endswith((".", "?", "}")), do
        if ".row-" not in code:  # the reason of a reject is a phrase in a list
            assert what.strip().endswith((".", "}")), what
        # A value may be worded per language: `rows_da` in Danish is `rows_en` in English.
        names[language] = {re.sub(rf"(^|_){language}$", "", name) for name in re.findall(r"{(\w+)", what + do)}
    assert names["da"] == names["en"]


def test_every_raised_code_has_a_message() -> None:
    raised = {code for path in SOURCE.rglob("*.py") for code in RAISED.findall(path.read_text(encoding="utf-8"))}
    assert raised
    assert raised <= set(catalogue())
