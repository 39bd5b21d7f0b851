"""Stored snapshots encrypted, or laid open again, as the settings now say."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from gevinst.disk import told_plainly
from gevinst.language import number, say
from gevinst.register.clock import now
from gevinst.register.encryption import SEAL_FILE
from gevinst.register.journal import enter
from gevinst.register.kept_logs import require_whole
from gevinst.register.lock import INCOMING, put_in_place, sole_use
from gevinst.register.rewrite import Anew, rewrite
from gevinst.register.snapshots import snapshots
from gevinst.settings import Settings, load_settings
from gevinst.sources.manifest import read_manifest


def in_clear(settings: Settings) -> int:
    """How many stored snapshots are not encrypted where the settings say they are to be; 0 where they do not."""
    if not settings.encrypt_snapshots:
        return 0
    return sum(not (one.folder / SEAL_FILE).exists() for one in snapshots(settings.workspace))


def told_in_clear(settings: Settings) -> tuple[str, ...]:
    """What to know and do where `encrypt_snapshots` was turned on and stored snapshots are in clear still."""
    left = in_clear(settings)
    if not left:
        return ()
    da = "1 gemt udtræk er" if left == 1 else f"{number(left)} gemte udtræk er"
    en = "1 stored snapshot is" if left == 1 else f"{number(left)} stored snapshots are"
    return (say(
        da=f"OBS: {da} ikke krypteret, skønt encrypt_snapshots er slået til. Krypter med gevinst key reseal; det "
           "gælder ikke sikkerhedskopier.",
        en=f"NOTE: {en} not encrypted although encrypt_snapshots is on. Encrypt with gevinst key reseal; that does not "
           "reach backups."),)


def reseal(workspace: Path, *, clock: Callable[[], datetime] = now) -> int:
    """Encrypt the snapshots that are not, or decrypt those that are, by `encrypt_snapshots`; returns how many.

    Each is exchanged whole. Raises `workspace.busy`, the errors of the snapshots' key and of the disk.
    """
    settings = load_settings(workspace)
    changed = 0
    with sole_use(settings):
        require_whole(settings)  # before anything is changed
        for one in snapshots(settings.workspace):
            if (one.folder / SEAL_FILE).exists() == settings.encrypt_snapshots:
                continue
            with told_plainly(settings.snapshots):
                incoming = Path(tempfile.mkdtemp(prefix=INCOMING, dir=settings.snapshots))
            try:
                rewrite(one.folder, incoming, settings, Anew(read_manifest(one.folder)))
                with told_plainly(settings.snapshots):
                    put_in_place(incoming, one.folder, one.folder)
            finally:
                shutil.rmtree(incoming, ignore_errors=True)
            changed += 1
        if changed:
            enter(settings, "encrypt" if settings.encrypt_snapshots else "decrypt", clock(), snapshots=changed)
    return changed
