"""Forecasts, score card and realisation library in words, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.extrapolation import RULES, rule_name, rule_words
from gevinst.follow_up.forecast import LEVELS, Forecast, YearForecast
from gevinst.follow_up.forecast_figures import starts_words
from gevinst.follow_up.realisation import FEWEST, Library, Realisation
from gevinst.follow_up.score_card import ScoreCard, Scored, few_words
from gevinst.follow_up.unpriced import no_price_words
from gevinst.language import number, percent, say, short_date
from gevinst.report.forecast_section import is_told

Row = Mapping[str, Any]


def forecast_lines(edition: Edition) -> list[str]:
    """The forecasts, an investment at a time, and why the others have none."""
    lines = []
    for one in edition.forecasts:
        lines += _forecast(one)
        if not is_told(one, edition):
            lines.append(say(
                da="  Står ikke i notatet: hovedmetoden er skæv på en kendt måde, eller dens prøver bestod ikke.",
                en="  Not in the memo: the main method is biased in a known way, or did not pass its tests."))
    for investment, reason in edition.no_forecast.items():
        why = no_price_words(edition.unpriced.get(investment)) if reason == "no-price" else reason_words(reason)
        lines.append(say(da=f"Investering {investment}: ingen forventning; {why}.",
                         en=f"Investment {investment}: no forecast; {why}."))
    return lines


def _forecast(one: Forecast) -> list[str]:
    day = short_date(one.horizon)
    lines = [say(da=f"Investering {one.investment} ({one.estimator}), data til og med {day}",
                 en=f"Investment {one.investment} ({one.estimator}), data up to {day}"), f"  {rule_words(one.how)}"]
    for at, year in enumerate(one.years):
        lines += _year(one, at, year)
    return lines


def _year(one: Forecast, at: int, year: YearForecast) -> list[str]:
    dkk = number(year.expected.estimate)
    so_far = "" if year.to_date is None else say(
        da=f" = {number(year.to_date)} til dato {number(year.coming, sign=True)} resten af året",
        en=f" = {number(year.to_date)} to date {number(year.coming, sign=True)} the rest of the year")
    lines = [f"  {year.year}: " + say(da=f"forventet {dkk} kr.{so_far}", en=f"expected DKK {dkk}{so_far}")]
    spans = [f"{percent(level / 100, 0)} [{number(edges[0])}; {number(edges[1])}]"
             for level in LEVELS if (edges := year.expected.bounds(level))]
    lines += [f"    {'  '.join(spans)}"] if spans else []
    starts, unseen = starts_words(one.plan, year.year), percent(year.extrapolated, 0)
    told = say(da=f"starter {starts} ({one.plan.source}); ikke sete uger {unseen}",
               en=f"starts {starts} ({one.plan.source}); weeks not seen {unseen}")
    carried = say(da="; satser fremskrevet", en="; rates carried forward") if year.carried else ""
    pace = say(da=f"; med hidtidigt tempo {number(one.by_pace[at])}",
               en=f"; at the pace so far {number(one.by_pace[at])}") if one.by_pace else ""
    others = "; ".join(f"{rule_name(rule)} {number(one.other_rules[rule][at])}"
                       for rule in RULES if rule != one.how.rule and rule in one.other_rules)
    by_rule = say(da=f"med en anden regel: {others}", en=f"by another rule: {others}")
    return [*lines, f"    {told}{carried}", f"    {by_rule}{pace}"]


def reason_words(reason: str) -> str:
    """Why there is no forecast, in words."""
    return {
        "no-persons": say(da="der er ingen deltagere i data", en="there are no participants in the data"),
        "no-effect": say(da="hovedmetoden gav ingen effekt i kroner", en="the main method gave no effect in kroner"),
        "too-few": say(da="for få deltog", en="too few took part"),
        "immature": say(da="for få er fulgt et kvartal efter start",
                        en="too few are followed a quarter after the start"),
        "no-price": no_price_words(None),
        "period-over": say(da="porteføljens år er gået", en="the portfolio's years are over"),
    }[reason]


def without(edition: Edition) -> dict[str, Any]:
    """Why the others have no forecast, and which benefits lack a price, for a program to read."""
    return {"without": edition.no_forecast, "unpriced": {
        number: {"benefits": one.benefits, "others": one.others, "share": one.share}
        for number, one in edition.unpriced.items()}}


def forecast_rows(edition: Edition) -> list[Row]:
    """A row per investment and year, unrounded."""
    rows = list[Row]()
    for one in edition.forecasts:
        for at, year in enumerate(one.years):
            edges = {f"{edge}{level}": None if (pair := year.expected.bounds(level)) is None else pair[end]
                     for level in LEVELS for end, edge in enumerate(("low", "high"))}
            rows.append({
                "investment": one.investment, "year": year.year, "rule": one.how.rule,
                "mature_week": one.how.mature_week, "half_life": one.how.half_life,
                "expected_dkk": year.expected.estimate, "to_date_dkk": year.to_date, "coming_dkk": year.coming, **edges,
                **{f"expected_dkk_{rule}": values[at] for rule, values in one.other_rules.items()},
                "expected_dkk_by_pace": one.by_pace[at] if one.by_pace else None,
                "starts": None if one.plan.few else round(one.plan.per_year.get(year.year, 0.0), 1),
                "starts_from": one.plan.rule, "extrapolated": year.extrapolated, "from_coming": year.from_coming,
                "rates_carried_forward": year.carried, "horizon": one.horizon.isoformat(),
                "told_in_memo": is_told(one, edition),
            })  # fmt: skip
    return rows


def score_lines(card: ScoreCard) -> list[str]:
    """The score card: each forecast, then how far off they were and what their intervals held."""
    if not card.rows:
        waiting = say(da=f" {card.waiting} venter.", en=f" {card.waiting} are waiting.") if card.waiting else ""
        return [say(da="Ingen forventning kan holdes op mod et resultat endnu.",
                    en="No forecast can be held against a result yet.") + waiting]
    lines = [_scored(row) for row in card.rows]
    mean, size = number(card.mean_error or 0, sign=True), number(card.mean_size or 0)
    lines.append(say(da=f"Gennemsnitlig afvigelse {mean} kr. (plus: der blev sparet mindre end ventet); uden fortegn "
                        f"{size} kr.",
                     en=f"Mean error DKK {mean} (plus: less was saved than foreseen); without sign DKK {size}."))
    lines += [say(da=f"  Investering {case}: {mean} kr. i {count}",
                  en=f"  Investment {case}: DKK {mean} in {count}")
              for case, count, error in card.by_case for mean in [number(error, sign=True)]]
    for one in card.coverage:
        told = f"{one.hits} / {one.count}", f"{one.likely_low}-{one.likely_high}"
        lines.append(say(da=f"{one.level} %-intervaller ramte {told[0]}; rigtige intervaller rammer {told[1]}",
                         en=f"{one.level}% intervals held {told[0]}; right intervals hold {told[1]}"))
    for count, da, en in ((card.waiting, "venter på et resultat", "wait for a result"),
                          (card.not_comparable, "er i et andet prisniveau", "are in another price level")):
        if count:
            lines.append(say(da=f"{count} {da}.", en=f"{count} {en}."))
    return [*lines, *([few_words(card)] if few_words(card) else [])]


def _scored(row: Scored) -> str:
    said = row.said
    how = next((rule_name(rule) for rule in RULES if rule == said.rule), say(da="indberettet", en="recorded"))
    held = "  ".join(f"{level} %: {say(da='ja', en='yes') if inside else say(da='nej', en='no')}"
                     for level, inside in row.held)
    came = number(row.outcome.amount), number(row.error, sign=True)
    return say(da=f"{said.investment}/{said.year}  sagt {short_date(said.said_on)} ({said.edition}, {how}): "
                  f"{number(said.estimate)}; blev {came[0]} ({came[1]})  {held}",
               en=f"{said.investment}/{said.year}  said {short_date(said.said_on)} ({said.edition}, {how}): "
                  f"{number(said.estimate)}; became {came[0]} ({came[1]})  {held}").rstrip()


def score_rows(card: ScoreCard) -> list[Row]:
    """A row per forecast scored, unrounded."""
    return [{
        "investment": row.said.investment, "year": row.said.year, "edition": row.said.edition,
        "said_on": row.said.said_on.isoformat(), "source": row.said.source, "rule": row.said.rule,
        "forecast_dkk": row.said.estimate, "outcome_dkk": row.outcome.amount, "outcome_edition": row.outcome.edition,
        "error_dkk": row.error, **{f"held{level}": dict(row.held).get(level) for level in LEVELS},
    } for row in card.rows]  # fmt: skip


def library_lines(found: Library) -> list[str]:
    """The realisation library: all, by kind, by year, and what is proposed."""
    if not found.whole.cases:
        return [say(da="Ingen sag har både et budget og et resultat.", en="No case has both a budget and a result.")]
    lines = [_ratio(found.whole), *(f"  {_ratio(one)}" for one in (*found.kinds, *found.years))]
    if found.whole.expected:
        lines.append(say(
            da="Nogle af tallene er forventninger og ikke resultater; --realised-only tager kun resultater.",
            en="Some of these are expectations, not results; --realised-only takes results alone."))
    if found.whole.mixed:
        lines.append(say(da="Budget og resultat er i hver sit prisniveau og er ikke regnet om.",
                         en="Budget and result are each in their own price level and were not converted."))
    lines += [proposal_words(one) for one in (found.whole, *found.kinds)]
    return lines


def _ratio(one: Realisation) -> str:
    ratio = "–" if one.ratio is None else percent(one.ratio, 0)
    count = say(da="sag" if one.cases == 1 else "sager", en="case" if one.cases == 1 else "cases")
    sums = number(one.realised), number(one.budgeted)
    return say(da=f"{one.name}: {ratio} ({sums[0]} af {sums[1]} kr.; {one.cases} {count})",
               en=f"{one.name}: {ratio} (DKK {sums[0]} of {sums[1]}; {one.cases} {count})")


def proposal_words(one: Realisation) -> str:
    """The prudence factor proposed for the next case, with its uncertainty; or why there is none."""
    if one.proposal is None:
        return say(da=f"{one.name}: intet forslag til forsigtighedsfaktor, for der er færre end {FEWEST} sager.",
                   en=f"{one.name}: no prudence factor is proposed, as there are fewer than {FEWEST} cases.")
    factor = number(one.proposal, 2)
    text = say(da=f"{one.name}: forslag til forsigtighedsfaktor {factor}", en=f"{one.name}: proposed prudence {factor}")
    if one.low is not None and one.high is not None:
        edges = number(one.low, 2), number(one.high, 2)
        text += say(da=f" (95 %-interval {edges[0]} til {edges[1]}", en=f" (95% interval {edges[0]} to {edges[1]}")
    else:
        text += say(da=" (intervallet er uden ende", en=" (the interval is unbounded")
    if one.least is not None and one.largest is not None:
        edges = number(one.least, 2), number(one.largest, 2)
        text += say(da=f"; de enkelte sager fra {edges[0]} til {edges[1]})",
                    en=f"; the single cases from {edges[0]} to {edges[1]})")
    else:
        text += ")"
    return f"{text}."


def library_rows(found: Library) -> list[Row]:
    """A row per group."""
    groups = [("all", found.whole), *(("kind", one) for one in found.kinds), *(("year", one) for one in found.years)]
    return [{
        "group": group, "name": one.name, "cases": one.cases, "budgeted_dkk": str(one.budgeted),
        "realised_dkk": str(one.realised), "ratio": one.ratio, "low": one.low, "high": one.high,
        "least_case": one.least, "largest_case": one.largest, "proposal": one.proposal,
        "with_expectations": one.expected, "mixed_price_levels": one.mixed,
    } for group, one in groups]  # fmt: skip


def as_json(rows: Sequence[Row], **beside: object) -> str:
    """The rows with what stands beside them, for a program to read."""
    return json.dumps({"schema": 1, **beside, "rows": list(rows)}, ensure_ascii=False, indent=1)


def as_csv(rows: Sequence[Row]) -> str:
    """The rows with semicolons and a header; figures with a decimal point."""
    made = io.StringIO()
    writer = csv.DictWriter(made, list(rows[0]) if rows else [], delimiter=";", lineterminator="\n")
    if rows:
        writer.writeheader()
        writer.writerows(rows)
    return made.getvalue()
