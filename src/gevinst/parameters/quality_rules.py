"""The rules of the data-quality report, as data: what each looks at, and where a warning begins.

`data/quality_rules.yaml` has this program's choice; in a workspace's `quality_rules.yaml` a rule takes the place of
the one here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from gevinst.errors import GevinstError
from gevinst.language import say
from gevinst.parameters.confidence import Confidence, read_confidence
from gevinst.parameters.marked_yaml import Node, read

FILE = Path(__file__).parent / "data" / "quality_rules.yaml"
Unit = Literal["share", "weeks", "days"]
UNITS: tuple[Unit, ...] = ("share", "weeks", "days")
_REQUIRED = ("da", "en", "do_da", "do_en", "unit", "warning", "serious", "at_least", "source")
_OPTIONAL = ("settings", "confidence", "verified")


@dataclass(frozen=True)
class QualityRule:
    """A rule: a value above `warning` is a warning, above `serious` serious.

    What is measured on fewer than `at_least` is not judged. `numbers` and `lists` are what the measure itself uses.
    """

    key: str
    da: str
    en: str
    do_da: str
    do_en: str
    unit: Unit
    warning: float
    serious: float
    at_least: int
    numbers: Mapping[str, float]
    lists: Mapping[str, tuple[tuple[str, ...], ...]]
    source: str
    confidence: Confidence
    local: bool = False

    @property
    def what(self) -> str:
        """What it looks at, in the language spoken now."""
        return say(da=self.da, en=self.en)

    @property
    def advice(self) -> str:
        """What to do about it, in the language spoken now."""
        return say(da=self.do_da, en=self.do_en)

    def words(self, name: str) -> tuple[str, ...]:
        """The single words of a list; empty where the rule has none of that name."""
        return tuple(one[0] for one in self.lists.get(name, ()))


def read_rules(path: Path, *, local: bool = False) -> dict[str, QualityRule]:
    """The rules of one file by key. Raises the file errors of `marked_yaml`, `quality.unit`, `quality.limits`."""
    return {key: _rule(key, node, local=local) for key, node in read(path).mapping().items()}


def _rule(key: str, node: Node, *, local: bool) -> QualityRule:
    given = {name: one for name, one in node.mapping(_REQUIRED, _OPTIONAL).items() if not one.empty}
    unit = next((one for one in UNITS if one == given["unit"].text()), None)
    if unit is None:
        raise given["unit"].fault("quality.unit", key=key, unit=given["unit"].text(), allowed=", ".join(UNITS))
    warning, serious = given["warning"].number(), given["serious"].number()
    if not Decimal(0) <= warning <= serious:
        raise given["serious"].fault("quality.limits", key=key)
    settings = given["settings"].mapping() if "settings" in given else {}
    listed = {name: one for name, one in settings.items() if isinstance(one.content, list)}
    return QualityRule(
        key=key, da=given["da"].text(), en=given["en"].text(), do_da=given["do_da"].text(), do_en=given["do_en"].text(),
        unit=unit, warning=float(warning), serious=float(serious), at_least=given["at_least"].integer(),
        numbers=MappingProxyType({name: float(one.number()) for name, one in settings.items() if name not in listed}),
        lists=MappingProxyType({name: tuple(map(_words, one.items())) for name, one in listed.items()}),
        source=given["source"].text(), confidence=read_confidence(given, node, local=local), local=local)


def _words(node: Node) -> tuple[str, ...]:
    return tuple(one.text() for one in node.items()) if isinstance(node.content, list) else (node.text(),)


@cache
def national_rules() -> Mapping[str, QualityRule]:
    """The program's own rules by key, in the order they are printed.

    >>> national_rules()["short-gaps"].warning
    0.1
    """
    return MappingProxyType(read_rules(FILE))


def open_rules(folder: Path | None = None) -> Mapping[str, QualityRule]:
    """The rules with what the workspace's `quality_rules.yaml` says instead.

    Raises the errors of `read_rules`, and `quality.unknown-rule` (there is no measure of that name).
    """
    rules = national_rules()
    path = None if folder is None else folder / "quality_rules.yaml"
    if path is None or not path.exists():
        return rules
    own = read_rules(path, local=True)
    for key in own:
        if key not in rules:
            raise GevinstError("quality.unknown-rule", where=str(path), key=key, known=", ".join(rules))
    merged = {key: own.get(key, rule) for key, rule in rules.items()}
    # What the measure needs and the local rule leaves out is as it was.
    return MappingProxyType({key: _filled(rule, rules[key]) for key, rule in merged.items()})


def _filled(rule: QualityRule, standard: QualityRule) -> QualityRule:
    return replace(rule, numbers=MappingProxyType({**standard.numbers, **rule.numbers}),
                   lists=MappingProxyType({**standard.lists, **rule.lists}))
