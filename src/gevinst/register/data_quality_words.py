"""The data-quality report in words: verdicts, subjects and values, for a terminal and for reports alike."""

from __future__ import annotations

import json
from collections.abc import Mapping

from gevinst.language import MONTHS_DA, MONTHS_EN, number, percent, say, short_date
from gevinst.parameters.quality_rules import QualityRule
from gevinst.register.data_quality import DataQuality, Finding, Outcome, Verdict
from gevinst.sources.report import reason_of

MOST_SHOWN = 5


def verdict_word(verdict: Verdict) -> str:
    """The verdict in one or two words."""
    return {
        Verdict.OK: say(da="i orden", en="in order"),
        Verdict.NOT_JUDGED: say(da="ikke bedømt", en="not judged"),
        Verdict.WARNING: say(da="bemærk", en="note"),
        Verdict.SERIOUS: say(da="alvorligt", en="serious"),
    }[verdict]


def value_text(rule: QualityRule, value: float | None, smallest: int) -> str:
    """A value in its rule's unit; hidden where it rests on too few."""
    if value is None:
        return say(da=f"hviler på under {smallest}", en=f"rests on under {smallest}")
    if rule.unit == "share":
        return percent(value)
    shown = number(value)
    units = {"weeks": say(da="uger", en="weeks"), "days": say(da="dage", en="days")}
    return f"{shown} {units[rule.unit]}"


def limit_text(rule: QualityRule) -> str:
    """`over 5,0 % / over 15,0 %`: from where on it is a warning, and serious."""
    over = say(da="over", en="above")
    return " / ".join(f"{over} {value_text(rule, limit, 0)}" for limit in (rule.warning, rule.serious))


def month_text(month: str) -> str:
    """`2025-07` in words.

    >>> from gevinst.language import speaking
    >>> with speaking("da"):
    ...     month_text("2025-07")
    'juli 2025'
    """
    year, at = month.split("-")
    return f"{say(da=MONTHS_DA[int(at) - 1], en=MONTHS_EN[int(at) - 1])} {year}"


def subject_text(finding: Finding, names: Mapping[str, str]) -> str:
    """What a finding is about: benefits by name, months in words, reasons of rejects as the intake gives them."""
    if finding.subject and finding.subject[0] in ("lag-diff", "lag-fall-off"):
        return _lag_text(finding.subject)
    return ", ".join(_part(part, names) for part in finding.subject)


def _part(part: str, names: Mapping[str, str]) -> str:
    words = {
        "active": say(da="personer på ydelsen", en="persons on the benefit"),
        "starts": say(da="forløb begyndt", en="spells begun"),
        "ends": say(da="forløb afsluttet", en="spells ended"),
    }
    if part in words:
        return words[part]
    if part.startswith("intake.row-"):
        return reason_of(part)
    if len(part) == 7 and part[4] == "-" and part.replace("-", "").isdigit():
        return month_text(part)
    return names.get(part, part)


def _lag_text(subject: tuple[str, ...]) -> str:
    how, found, set_up = subject
    if how == "lag-diff":
        return say(da=f"{found} uger blev først hele med den næste leverance; {set_up} er sat op",
                   en=f"{found} weeks became whole only with the next delivery; {set_up} are set up")
    return say(da=f"{found} uger til sidst med langt færre nye forløb end ellers; {set_up} er sat op",
               en=f"{found} weeks at the end with far fewer new spells than usual; {set_up} are set up")


def count_text(finding: Finding) -> str:
    """`40 af 1.200`; empty where it is hidden, or where the value has said it already."""
    if finding.count is None or finding.of is None or finding.rule in ("reporting-lag", "age-of-data"):
        return ""
    if finding.rule == "overlaps":
        return say(da=f"{number(finding.count)} personer", en=f"{number(finding.count)} persons")
    count, of = number(finding.count), number(finding.of)
    if finding.rule == "thin-months":
        return say(da=f"{count} mod {of} i månederne omkring", en=f"{count} against {of} in the months around")
    if finding.rule == "published-counts":
        return say(da=f"{count} mod {of} offentliggjort", en=f"{count} against {of} published")
    return say(da=f"{count} af {of}", en=f"{count} of {of}")


def headline(report: DataQuality) -> str:
    """How many rules are in order, in one sentence."""
    n = {verdict: sum(one.verdict is verdict for one in report.outcomes) for verdict in Verdict}
    return say(
        da=f"Regler i orden: {n[Verdict.OK]}. Værd at bemærke: {n[Verdict.WARNING]}. Alvorlige: {n[Verdict.SERIOUS]}. "
           f"Ikke bedømt, fordi der ikke er data til det: {n[Verdict.NOT_JUDGED]}.",
        en=f"Rules in order: {n[Verdict.OK]}. Worth a note: {n[Verdict.WARNING]}. Serious: {n[Verdict.SERIOUS]}. "
           f"Not judged for lack of data: {n[Verdict.NOT_JUDGED]}.")


def quality_lines(report: DataQuality) -> list[str]:
    """The report for a terminal: each rule with its verdict, and the worst of what is over a limit."""
    period = "" if not (report.data_from and report.data_to) else say(
        da=f", data fra {short_date(report.data_from)} til og med {short_date(report.data_to)}",
        en=f", data from {short_date(report.data_from)} to {short_date(report.data_to)}")
    lines = [say(da=f"Datakvalitet af {report.snapshot}{period}", en=f"Data quality of {report.snapshot}{period}"),
             headline(report), ""]
    for one in report.outcomes:
        lines += _outcome_lines(one, report)
    for mark in report.breaks:
        lines.append(say(da=f"Brud i definitionerne: {mark.text}", en=f"Break in the definitions: {mark.text}"))
    return lines


def _outcome_lines(one: Outcome, report: DataQuality) -> list[str]:
    lines = [f"{verdict_word(one.verdict).upper():12}{one.rule.what} ({limit_text(one.rule)})"]
    for finding in one.findings[:MOST_SHOWN]:
        parts = [value_text(one.rule, finding.value, report.smallest), count_text(finding),
                 subject_text(finding, report.names or {})]
        lines.append(" " * 12 + "– " + "; ".join(part for part in parts if part))
    if len(one.findings) > MOST_SHOWN:
        more = number(len(one.findings) - MOST_SHOWN)
        lines.append(" " * 12 + say(da=f"– og {more} til", en=f"– and {more} more"))
    if one.findings:
        lines.append(" " * 12 + one.rule.advice)
    return lines


def quality_json(report: DataQuality) -> str:
    """The whole report; what is hidden is null."""
    return json.dumps({
        "snapshot": report.snapshot, "taken": report.taken.isoformat(),
        "data_from": report.data_from and report.data_from.isoformat(),
        "data_to": report.data_to and report.data_to.isoformat(),
        "verdict": report.verdict, "smallest_count": report.smallest,
        "rules": [{
            "rule": one.rule.key, "what": one.rule.what, "verdict": one.verdict, "unit": one.rule.unit,
            "warning": one.rule.warning, "serious": one.rule.serious, "at_least": one.rule.at_least,
            "local": one.rule.local, "judged": one.judged,
            "findings": [{"subject": list(found.subject), "value": found.value, "count": found.count, "of": found.of,
                          "verdict": found.verdict} for found in one.findings],
        } for one in report.outcomes],
        "months": [{"benefit": one.benefit, "month": one.month.isoformat()[:7], "persons": one.persons,
                    "full_time_persons": one.full_time, "starts": one.starts, "ends": one.ends,
                    "published_full_time_persons": one.published} for one in report.months],
        "breaks": [{"day": one.day.isoformat(), "benefits": list(one.benefits), "text": one.text}
                   for one in report.breaks],
        "known_after_weeks": [{"weeks": one.weeks, "share": round(one.known, 6)} for one in report.lag],
    }, ensure_ascii=False, indent=1)
