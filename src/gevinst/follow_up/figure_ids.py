"""What every printed figure is called: names made of parts with `/` between them, the same from edition to edition.

`2/saving/2021/realised`, `2/effect/matched/weeks_saved`, `2/curve/same/with_relapse/0/26/share`. Several figures may
share one ladder: that of a curve explains its points. The ladder of an id is the one under the id itself, else under
the longest beginning of it that has one (`nearest`). `docs/figures-schema.md` lists the names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss", "\N{EN DASH}": "-"})


def figure_id(*parts: str | int | None) -> str:
    """The parts as an id; a year that is None is `total`.

    >>> figure_id(2, "effect", "matched", None, "net")
    '2/effect/matched/total/net'
    """
    return "/".join("total" if part is None else str(part) for part in parts)


def slug(name: str) -> str:
    """A name as a part of an id: small letters of ASCII, figures and hyphens, so that it can stand in an address.

    >>> slug("Køn: M"), slug("spells 2021.csv")
    ('koen-m', 'spells-2021-csv')
    """
    plain = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "x"


def nearest(figure: str, known: Container[str]) -> str:
    """The id that explains a figure: itself, else the longest beginning of it that is known; empty where none is.

    >>> nearest("2/curve/same/0/26/share", {"2/curve/same/0"}), nearest("2/x", {"3/x"})
    ('2/curve/same/0', '')
    """
    while figure and figure not in known:
        figure = figure.rpartition("/")[0]
    return figure
