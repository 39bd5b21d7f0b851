"""Numbers of tables and figures: each once, in order, and none referred to that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gevinst.lint.model import Caption, Memo
from gevinst.register.findings import Finding, Severity

_REFERENCE = re.compile(r"(?:^|[.:;]\s+)(?P<kind>Tabel|Figur|Table|Figure)\s+(?P<number>\d+[a-z]?)\s+[a-zæøå]")
_DIGITS = re.compile(r"\d+")


def findings(memo: Memo) -> Iterator[Finding]:
    """Numbers used twice, out of order, or referred to without a table or figure of that number."""
    for kind in ("table", "figure"):
        captions = _once([caption for caption in memo.captions if caption.kind == kind])
        yield from _repeated(captions, kind)
        yield from _disordered(captions, kind)
        if captions:
            yield from _missing(memo, kind, {caption.number for caption in captions})


def _once(captions: Sequence[Caption]) -> list[Caption]:
    """The captions without those of a list of contents: there the same words stand a second time, before the table."""
    kept = []
    for at, caption in enumerate(captions):
        again = any(_same(caption, later) for later in captions[at + 1:])
        if not again:
            kept.append(caption)
    return kept


def _same(one: Caption, other: Caption) -> bool:
    return one.number == other.number and other.text.startswith(one.text.rstrip(" .0123456789")[:60])


def _repeated(captions: Sequence[Caption], kind: str) -> Iterator[Finding]:
    seen: dict[str, Caption] = {}
    for caption in captions:
        first = seen.setdefault(caption.number, caption)
        if first is not caption:
            code = "footing.duplicate-table-number" if kind == "table" else "lint.duplicate-figure-number"
            yield Finding(code, Severity.ERROR, caption.where,
                          {"number": caption.number, "first": first.text, "table": caption.text})


def _disordered(captions: Sequence[Caption], kind: str) -> Iterator[Finding]:
    """A number lower than one before it; a number used twice is said as that."""
    highest, seen = 0, set()
    for caption in captions:
        number = int(_DIGITS.findall(caption.number)[0])
        if number < highest and caption.number not in seen:
            code = "lint.table-order" if kind == "table" else "lint.figure-order"
            yield Finding(code, Severity.WARNING, caption.where, {"number": caption.number, "before": str(highest)})
        highest = max(highest, number)
        seen.add(caption.number)


def _missing(memo: Memo, kind: str, numbers: set[str]) -> Iterator[Finding]:
    """Sentences that begin with "Tabel 9 viser" where there is no table 9. So one speaks of one's own tables only."""
    said: set[str] = set()
    for text in memo.texts:
        for found in _REFERENCE.finditer(text.text):
            same = found["kind"].lower().startswith("tab") == (kind == "table")
            if same and found["number"] not in numbers | said:
                said.add(found["number"])
                yield Finding("lint.no-such-table", Severity.WARNING, text.where,
                              {"name": f"{found['kind'].lower()} {found['number']}"})
