"""Follow a municipality's social investments from the business case to the krone that came back.

For the analyst, over a folder of canonical files and without a workspace:

    import gevinst
    gevinst.estimate_curve("folder", benefit="a-dagpenge", from_date="2017-01-01", to_date="2019-12-31")
    gevinst.estimate_effect("folder", investment="jobnet", match_on=["sex", "age_at_entry"])

Both give an Arrow table (`.to_pandas()` where pandas is wanted).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gevinst.version import __version__

__all__ = ["__version__", "estimate_curve", "estimate_effect"]

if TYPE_CHECKING:
    from gevinst.analyst import estimate_curve, estimate_effect


def __getattr__(name: str) -> Any:
    # The analyst's functions need Arrow and Ibis; `gevinst --help` must not wait for them.
    if name in {"estimate_curve", "estimate_effect"}:
        from gevinst import analyst

        return getattr(analyst, name)
    raise AttributeError(f"module 'gevinst' has no attribute {name!r}")
