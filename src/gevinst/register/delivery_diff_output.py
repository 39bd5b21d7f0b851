"""A diff of two deliveries in words, as CSV and as JSON. Hidden counts stay hidden in all three."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping

from gevinst.language import number, say, short_date
from gevinst.parameters.benefits import Benefit
from gevinst.register.delivery_diff import Change, DeliveryDiff
from gevinst.weeks import label, sunday

COLUMNS = ("measure", "subject", "detail", "lag_from_weeks", "lag_to_weeks", "count", "persons", "hidden")


def diff_lines(diff: DeliveryDiff, known: Mapping[str, Benefit]) -> list[str]:
    """The diff in plain words, in the language spoken now."""
    until, later = sunday(diff.horizon_earlier), sunday(diff.horizon_later)
    lines = [say(da=f"Fra leverancen {diff.earlier} (uger til og med {short_date(until)}) til {diff.later} "
                    f"(til og med {short_date(later)}).",
                 en=f"From the delivery {diff.earlier} (weeks up to {short_date(until)}) to {diff.later} "
                    f"(up to {short_date(later)}).")]
    if not diff.changes:
        return [*lines, say(da="Intet er ændret.", en="Nothing has changed.")]
    for measure, title in _titles().items():
        found = diff.of(measure)
        if found:
            lines += ["", f"{title}:", *(f"  {_line(one, known, diff.smallest)}" for one in found)]
    if any(one.hidden for one in diff.changes):
        lines += ["", say(da=f"Tal, der hviler på færre end {diff.smallest} personer, er ikke vist, og heller ikke "
                             "tal, de kunne regnes ud af (»skjult«).",
                          en=f"Counts that rest on fewer than {diff.smallest} persons are not shown, nor counts that "
                             "they could be worked out from (“hidden”).")]
    return lines


def _titles() -> dict[str, str]:
    return {
        "weeks-late": say(da="Personuger, der er registreret sent (uger før den første leverances sidste uge)",
                          en="Person-weeks registered late (weeks before the last week of the first delivery)"),
        "weeks-taken-back": say(da="Personuger, der er taget tilbage", en="Person-weeks taken back"),
        "weeks-moved": say(da="Af dem er flyttet til en anden ydelse", en="Of these, moved to another benefit"),
        "weeks-degree": say(da="Personuger med en anden grad", en="Person-weeks of another degree"),
        "weeks-new": say(da="Personuger efter den første leverances sidste uge",
                         en="Person-weeks after the last week of the first delivery"),
        "spells": say(da="Forløb", en="Spells"),
        "participants": say(da="Deltagelser", en="Participations"),
        "persons": say(da="Personer", en="Persons"),
        "payments": say(da="Uger med udbetaling", en="Weeks paid for"),
        "rows": say(da="Rækker i tabeller uden personer", en="Rows of tables without persons"),
    }


def _details() -> dict[str, str]:
    return {
        "new": say(da="nye", en="new"),
        "new-late": say(da="nye, men begyndt før", en="new, but begun before"),
        "gone": say(da="ikke længere med", en="no longer there"),
        "moved": say(da="med en anden første dag", en="with another first day"),
        "ended": say(da="løb før, nu afsluttet", en="running before, now ended"),
        "shortened": say(da="afkortet", en="shortened"),
        "prolonged": say(da="forlænget", en="prolonged"),
        "changed": say(da="ændret", en="changed"),
        "column-new": say(da="ny kolonne", en="new column"),
        "column-gone": say(da="kolonnen er væk", en="column gone"),
    }


def _line(one: Change, known: Mapping[str, Benefit], smallest: int) -> str:
    def named(text: str) -> str:
        return known[text].name if text in known else text

    detail = f"→ {named(one.detail)}" if one.measure == "weeks-moved" else _details().get(one.detail, one.detail)
    parts = [part for part in (named(one.subject), lag_words(one.lag), detail) if part]
    if one.detail.startswith("column-"):
        return ", ".join(parts)
    few = say(da=f"fra under {smallest} personer", en=f"of under {smallest} persons")
    hidden = few if one.few else say(da="skjult", en="hidden")
    count = hidden if one.count is None else number(one.count)
    told = persons_told(one, smallest)
    if told is not None and told != one.count:
        persons = number(told)
        count += say(da=f" ({persons} personer)", en=f" ({persons} persons)")
    return f"{', '.join(parts)}: {count}"


def persons_told(one: Change, smallest: int) -> int | None:
    """The persons behind a count, where nobody can take the one from the other and learn of a few.

    99 spells of 98 persons say that one person has two. Where they are the same nothing is told either: else a number
    that is left out would say that they differ by little.

    >>> [persons_told(Change("spells", "a-dagpenge", "new", 99, persons), 5) for persons in (99, 98, 95, 94)]
    [None, None, None, 94]
    """
    if one.persons is None or one.count is None or one.measure == "persons":
        return one.persons
    return one.persons if abs(one.count - one.persons) >= smallest else None


def lag_words(lag: tuple[int, int | None] | None) -> str:
    """`0–3 uger`, `52 uger eller mere`; empty where there is none."""
    if lag is None:
        return ""
    low, high = lag
    if high is None:
        return say(da=f"{low} uger eller mere", en=f"{low} weeks or more")
    return say(da=f"{low}–{high} uger", en=f"{low}–{high} weeks")


def diff_rows(diff: DeliveryDiff) -> list[dict[str, str | int | bool | None]]:
    """One row per count, with the columns of `COLUMNS`."""
    return [
        {"measure": one.measure, "subject": one.subject, "detail": one.detail,
         "lag_from_weeks": None if one.lag is None else one.lag[0],
         "lag_to_weeks": None if one.lag is None else one.lag[1],
         "count": one.count, "persons": persons_told(one, diff.smallest), "hidden": one.hidden} for one in diff.changes]


def diff_csv(diff: DeliveryDiff) -> str:
    """`;`-separated, with a header; an empty count is a hidden one."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, delimiter=";", lineterminator="\n")
    writer.writeheader()
    for row in diff_rows(diff):
        writer.writerow({name: "" if value is None else int(value) if isinstance(value, bool) else value
                         for name, value in row.items()})
    return text.getvalue().rstrip("\n")


def diff_json(diff: DeliveryDiff) -> str:
    """The whole diff."""
    return json.dumps({
        "earlier": diff.earlier, "later": diff.later, "horizon_earlier": label(diff.horizon_earlier),
        "horizon_later": label(diff.horizon_later), "smallest_count": diff.smallest, "changes": diff_rows(diff),
    }, ensure_ascii=False, indent=1)
