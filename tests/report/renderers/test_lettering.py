"""Which letters can be printed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gevinst.report.lettering import FONTS, cleaned, printable
from gevinst.report.tree import Bullets, Document, Figure, Paragraph, Row, Table, text_cell


@pytest.mark.parametrize(("text", "printed"), [
    ("Ærø, Ålborg og Öresund − 5,0 % ≥ 2 → €", "Ærø, Ålborg og Öresund − 5,0 % ≥ 2 → €"),
    ("e\N{COMBINING ACUTE ACCENT}t", "ét"),  # two signs for one letter
    ("\N{LATIN SMALL LIGATURE FFI}", "ffi"),
    ("Łódź", "Łódź"),
    ("中\N{GRINNING FACE}", "??"),
    ("a\N{NON-BREAKING HYPHEN}b\N{NARROW NO-BREAK SPACE}c\N{ZERO WIDTH SPACE}d", "a-b\xa0cd"),
])
def test_printable(text: str, printed: str) -> None:
    assert printable(text) == printed


def test_cleaned_reaches_every_text() -> None:
    bad = "a\x00b\ud800c\x1fd"
    table = Table("t", bad, (), (Row((text_cell(bad),)),), note=bad)
    figure = Figure("f", bad, bad, {"datasets": {"rows": [{"group": bad}]}}, data=table)
    document = cleaned(Document(bad, "da", bad, ((bad, bad),), (Paragraph(bad), Bullets((bad,)), table, figure),
                                meta={"kind": bad}))
    assert "\x00" not in repr(document)
    assert "\\x1f" not in repr(document)
    assert "\\ud800" not in repr(document)
    assert document.figures()[0].spec == {"datasets": {"rows": [{"group": "abcd"}]}}
    assert cleaned(document) == document
    assert replace(document, title="x") != document


def test_the_fonts_come_with_their_licence() -> None:
    assert "SIL Open Font License, Version 1.1" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert sorted(path.name for path in FONTS.glob("*.ttf")) == ["IBMPlexSans-Regular.ttf", "IBMPlexSans-SemiBold.ttf"]
