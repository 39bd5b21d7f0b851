"""The seal of a protocol as the memo prints it: its checksum, when it was fixed, and what was changed since."""

from __future__ import annotations

from datetime import datetime

from gevinst.follow_up.effect_detail import Deviation, ProtocolSeal
from gevinst.register.protocol import ProtocolRecord, fixed_before_data


def seal_of(record: ProtocolRecord | None, first_data: datetime | None) -> ProtocolSeal | None:
    """The seal in the language spoken; `first_data` is when persons' data were first loaded (None: never).

    None where there is no record, as in a run without a store.
    """
    if record is None:
        return None
    changes = (Deviation(one.what, one.was_words, one.now_words, one.changed_on) for one in record.changes)
    return ProtocolSeal(record.sha256, record.fixed_on, fixed_before_data(record, first_data), tuple(changes))
