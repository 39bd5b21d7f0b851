"""A count that stands alone, as it may pass the publication door.

Counts that are bound to others pass through `disclosure/`.
"""

from __future__ import annotations


def publishable_count(count: int, threshold: int) -> int | None:
    """The count, or None where it is above zero and below the threshold.

    >>> [publishable_count(n, 5) for n in (0, 1, 4, 5)]
    [0, None, None, 5]
    """
    return None if 0 < count < threshold else count
