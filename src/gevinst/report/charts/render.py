"""A specification becomes a picture: SVG for page and PDF, PNG for Word. Nothing is fetched from anywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

import vl_convert as vlc

from gevinst.report.lettering import FAMILY, FONTS

_VEGA_LITE = "6.4"  # the version the templates are written for; vl-convert carries it
_CACHED = 256


def svg(spec: Mapping[str, Any]) -> str:
    """The chart as SVG. The same specification is drawn once."""
    return _svg(_key(spec))


def png(spec: Mapping[str, Any], scale: float = 3.0) -> bytes:
    """The chart as PNG, `scale` times its size in pixels. The same specification and scale is drawn once."""
    return _png(_key(spec), scale)


def size(spec: Mapping[str, Any]) -> tuple[float, float]:
    """Width and height of the drawn chart in pixels at scale 1."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg(spec))
    if found is None:
        raise ValueError("the chart was drawn without a view box")
    return float(found[1]), float(found[2])


def inline_svg(spec: Mapping[str, Any], prefix: str) -> str:
    """The SVG for a page that has several: ids begin with `prefix`, and assistive technology passes it by.

    The element round it must carry `role="img"` and the text alternative.
    """
    drawn = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', _lean(svg(spec)))
    drawn = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", drawn)
    return drawn.replace("<svg ", f'<svg aria-hidden="true" focusable="false" font-family="{FAMILY}" ', 1)


_UNSEEN = re.compile(r'<path(?: [\w-]+="[^"]*")*? (?:display="none"|d="M0,0h0v0h0Z"[^>]*)/>')
_FINE = re.compile(r"(?<![\d.])-?\d*\.\d{3,}(?:e-\d+)?")
_UNUSED = re.compile(r' (?:class|role|aria-[a-z]+|pointer-events)="[^"]*"| opacity="1"'
                     rf'| font-family="{re.escape(FAMILY)}"')


def _lean(drawn: str) -> str:
    """The drawing without what a page does not use: names for scripts, paths of no size, thousandths of a pixel."""
    return re.sub(r"<[^/!][^<>]*>", lambda tag: _FINE.sub(_hundredths, _UNUSED.sub("", tag[0])),
                  _UNSEEN.sub("", drawn))


def _hundredths(found: re.Match[str]) -> str:
    return f"{float(found[0]):.2f}".rstrip("0").rstrip(".")


def _key(spec: Mapping[str, Any]) -> str:
    return json.dumps(spec, sort_keys=True, ensure_ascii=False, default=float)


@cache
def _fonts_known() -> bool:
    vlc.register_font_directory(str(FONTS))
    return True


@lru_cache(maxsize=_CACHED)
def _svg(key: str) -> str:
    _fonts_known()
    drawn: str = vlc.vegalite_to_svg(_still(json.loads(key)), vl_version=_VEGA_LITE, allowed_base_urls=[])
    return drawn


def _still(node: Any) -> Any:
    """The specification without what only a pointer finds: invisible marks and the words that pop up over them."""
    if isinstance(node, dict):
        return {name: _still(value) for name, value in node.items() if name not in ("tooltip", "datasets")} | (
            {"datasets": node["datasets"]} if "datasets" in node else {})
    if isinstance(node, list):
        return [_still(part) for part in node
                if not (isinstance(part, dict) and isinstance(part.get("mark"), dict)
                        and part["mark"].get("opacity") == 0)]
    return node


@lru_cache(maxsize=_CACHED)
def _png(key: str, scale: float) -> bytes:
    drawn: bytes = vlc.svg_to_png(_svg(key), scale=scale)
    return drawn
