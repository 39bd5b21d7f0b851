"""A workspace's data quality and what a delivery changed, as they may be shown: what the commands print."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from gevinst.follow_up.disclosure.differences import diff_shown
from gevinst.follow_up.disclosure.quality import of_quality, quality_shown
from gevinst.follow_up.disclosure.rules import Rules, rules_of
from gevinst.follow_up.disclosure.suppression import suppress
from gevinst.register.data_quality import DataQuality, QualityMeasures
from gevinst.register.data_quality_workspace import differences, measured_quality
from gevinst.register.delivery_diff import DeliveryDiff
from gevinst.settings import Settings, load_settings


def workspace_quality(workspace: Path, *, as_of: datetime | None = None, folder: Path | None = None) -> DataQuality:
    """The data-quality report of the newest snapshot, of that known at `as_of`, or of the one in `folder`.

    Names and texts are in the language spoken now. Raises the errors of `measured_quality`.
    """
    settings = load_settings(workspace)
    return quality_alone(measured_quality(settings, as_of=as_of, folder=folder), _rules(settings))


def quality_alone(found: QualityMeasures, rules: Rules) -> DataQuality:
    """The report by itself, months with spells begun and ended."""
    return quality_shown(found, suppress(of_quality(found, rules, flows=True), rules), flows=True)


def workspace_diff(workspace: Path, *, first: date | None = None, last: date | None = None) -> DeliveryDiff:
    """What changed from the snapshot known on day `first` to that known on day `last`.

    Without `last` the newest is taken, without `first` the one before that. Raises the errors of `differences`.
    """
    return diff_shown(differences(workspace, first=first, last=last), _rules(load_settings(workspace)))


def _rules(settings: Settings) -> Rules:
    return rules_of(settings.small_cell_rules, settings.small_cell_threshold, settings.small_cell_rounding)
