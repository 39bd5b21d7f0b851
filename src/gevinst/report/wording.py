"""The memo's longer fixed texts, which stand in `texts/*.yaml` in both languages beside each other."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from gevinst.language import current

TEXTS = Path(__file__).parent / "texts"


@cache
def texts() -> dict[str, list[dict[str, str]]]:
    """Every text by name: its paragraphs in order, each in every language. Reads `texts/*.yaml` once."""
    found: dict[str, list[dict[str, str]]] = {}
    for path in sorted(TEXTS.glob("*.yaml")):
        found.update(yaml.safe_load(path.read_text(encoding="utf-8")))
    return found


def wording(name: str, **values: object) -> tuple[str, ...]:
    """The paragraphs of a text in the language spoken now, with `values` for its `{...}`.

    Raises `KeyError` if there is no such text.
    """
    return tuple(" ".join(paragraph[current()].split()).format(**values) for paragraph in texts()[name])
