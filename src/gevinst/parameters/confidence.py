"""How well a value is known: read in a public source, at second hand, computed, or from memory.

The national values use the words of `data/confidence.yaml`. A local value may say it in its own words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from gevinst.language import say
from gevinst.parameters.marked_yaml import Node, read

FILE = Path(__file__).parent / "data" / "confidence.yaml"


@dataclass(frozen=True)
class Confidence:
    """Whether a value was verified, and in what way. `key` is empty for a local value's own words."""

    key: str
    da: str
    en: str
    verified: bool

    @property
    def text(self) -> str:
        """In the language spoken now."""
        return say(da=self.da, en=self.en)


LOCAL = Confidence("", "lokal oplysning", "local information", verified=True)


@cache
def confidences() -> Mapping[str, Confidence]:
    """The words of `data/confidence.yaml`, by key.

    >>> confidences()["verified"].verified, confidences()["growth-fits"].verified
    (True, False)
    """
    found = {}
    for key, node in read(FILE).mapping().items():
        given = node.mapping(("da", "en", "verified"), ())
        found[key] = Confidence(key, given["da"].text(), given["en"].text(), given["verified"].boolean())
    return MappingProxyType(found)


def read_confidence(entries: Mapping[str, Node], row: Node, *, local: bool) -> Confidence:
    """The confidence of a row. A local one may be left out, or be free text beside `verified`.

    Raises `parameters.missing-key` where a national row has none, `parameters.unknown-confidence` where its
    word is not in the list.
    """
    node = entries.get("confidence")
    if not local:
        if node is None or node.empty:
            raise row.fault("parameters.missing-key", key="confidence")
        found = confidences().get(node.text())
        if found is None:
            raise node.fault("parameters.unknown-confidence", word=node.text())
        return found
    verified = entries["verified"].boolean() if "verified" in entries else True
    if node is None or node.empty:
        return Confidence("", LOCAL.da, LOCAL.en, verified)
    return Confidence("", node.text(), node.text(), verified)
