"""What an edition's being run again on the real data gave when it was packed, in words: how many figures differed."""

from __future__ import annotations

from typing import Any

from gevinst.language import number, say


def rerun_told(said: Any) -> tuple[str, ...]:
    """What must be known of a package's `rerun.json`, as it was read; nothing where every figure was the same.

    >>> rerun_told({"compared": 900, "not_compared": 40, "remarks": [], "differing": []})
    ('40 tal kunne ikke regnes igen på de rigtige data.',)
    >>> rerun_told({"compared": 900, "not_compared": 0, "remarks": [], "differing": []})
    ()
    """
    try:
        compared, left = int(said["compared"]), int(said["not_compared"] or 0)
        differing, remarks = len(said["differing"]), [str(one) for one in said["remarks"]]
    except (KeyError, TypeError, ValueError):  # another hand's
        return (say(da="rerun.json siger ikke, om udgaven er regnet igen på de rigtige data.",
                    en="rerun.json does not say whether the edition was run again on the real data."),)
    told, (some, of, rest) = list[str](), (number(one) for one in (differing, compared, left))
    if not compared:
        told.append(say(da="Udgaven kunne ikke regnes igen på de rigtige data, da pakken blev lavet.",
                        en="The edition could not be run again on the real data when the package was made."))
    elif differing:
        told.append(say(
            da=f"{some} af {of} tal afveg, da kommunen lavede pakken og regnede udgaven igen på de rigtige data; "
               "rerun.json nævner dem.",
            en=f"{some} of {of} figures differed when the municipality made the package and ran the edition again on "
               "the real data; rerun.json names them."))
    if compared and left:
        told.append(say(da=f"{rest} tal kunne ikke regnes igen på de rigtige data.",
                        en=f"{rest} figures could not be computed again on the real data."))
    return (*told, *remarks)
