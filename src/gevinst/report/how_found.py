"""How the figures came about: the sums in one table for paper, and every ladder for a page that can fold.

The ladders are those of `gevinst explain`; the parameters they end in stand in the appendix's own table.
"""

from __future__ import annotations

from dataclasses import replace

from gevinst.follow_up.edition import Edition, EffectSummary
from gevinst.follow_up.figures import Figure
from gevinst.follow_up.table import FollowUpYear
from gevinst.language import NO_BREAK, number, say
from gevinst.register.business_case import Basis, Line
from gevinst.report.amount_tables import notes, sign_note, sources
from gevinst.report.amounts import few
from gevinst.report.charts.words import quoted
from gevinst.report.credible import headlines, too_few
from gevinst.report.effect.told import effect_id, method_name
from gevinst.report.references import table_ref
from gevinst.report.tree import (
    Block,
    Column,
    Heading,
    Ladder,
    Ladders,
    Paragraph,
    Row,
    Table,
    ladder_key,
    number_cell,
    text_cell,
)
from gevinst.report.typography import typeset
from gevinst.trace import Step

KEY = "sums"


def found_section(edition: Edition) -> list[Block]:
    """The table of sums, and the ladders of every investment and year; nothing where there is no amount."""
    table, ladders = sums_table(edition), ladders_of(edition)
    if not table.rows and not ladders:
        return []
    title = say(da="Sådan er tallene fremkommet", en="How the figures came about")
    blocks: list[Block] = [Heading(title, 3, "appendix-found")]
    if table.rows:
        more = say(da="Notatets webudgave viser alle trin, år for år.",
                   en="The memo's web edition shows every step, year by year.") if ladders else ""
        blocks += [Paragraph(notes(say(
            da=f"{table_ref(KEY)} viser i kroner, hvad de samlede tal er lagt sammen af.",
            en=f"{table_ref(KEY)} shows in kroner what the totals are added up from."), more)), table]
    return [*blocks, Ladders(ladders)] if ladders else blocks


def sums_table(edition: Edition) -> Table:
    """The portfolio's outcome year by year with its parts, and the main methods' kroner."""
    rows: list[Row] = []
    for at, year in enumerate(edition.portfolio_follow_up.years):
        if year.outcome:
            rows += _year_rows(year, [part.years[at].outcome for part in edition.follow_ups])
    rows += _computed_rows(edition)
    computed = say(da="Hovedmetodens tal er forskellen mellem deltagernes uger og de uger, de ville have haft uden "
                      "indsatsen, gange ugeprisen efter statens refusion.",
                   en="The main method's figure is the difference between the participants' weeks and those they would "
                      "have had without the effort, times the weekly price after the state's refund.")
    return Table(
        KEY, say(da="De samlede tal og deres dele", en="The totals and their parts"),
        (Column(say(da="Tal", en="Figure"), numeric=False), Column(say(da="Kroner", en="Kroner")),
         Column(say(da="Lagt sammen af (investering)", en="Added up from (investment)"), numeric=False)), tuple(rows),
        note=notes(sign_note(), computed if any(effect.by_year for effect in headlines(edition)) else ""),
        source=sources(edition.portfolio_follow_up.figures(), edition), unit=say(da="kr.", en="DKK"))


def _year_rows(year: FollowUpYear, parts: list[dict[Line, Figure]]) -> list[Row]:
    kind = say(da="resultat", en="result") if year.basis is Basis.REALISED else say(da="forventet", en="expected")
    level = next(iter(year.outcome.values())).amount.level
    rows = [Row((text_cell(f"{year.year}: {kind}, {level}"),), "section")]
    words = {Line.INVESTMENT: say(da="Investering (A)", en="Investment (A)"),
             Line.SAVING: say(da="Besparelse (B)", en="Saving (B)"),
             Line.NET: say(da="I alt (A+B)", en="Total (A+B)")}
    for line, name in words.items():
        if line in year.outcome:
            each = [part[line] for part in parts if line in part]
            added = "A + B" if line is Line.NET else " + ".join(
                f"({figure.investment}){NO_BREAK}{number(figure.amount.in_dkk)}" for figure in each)
            figure = year.outcome[line]
            rows.append(Row((text_cell(name), number_cell(figure.amount.in_dkk, 0, figure=figure.id),
                             text_cell(added, figure=figure.id))))
    return rows


def _computed_rows(edition: Edition) -> list[Row]:
    told = [(effect, year) for effect in headlines(edition) if not too_few(effect, edition) for year in effect.by_year]
    rows = [Row((text_cell(say(da="Beregnet på borgernes forløb med hovedmetoden, løbende priser",
                               en="Computed from persons' spells by the main method, current prices")),), "section")]
    for effect, year in told:
        rows.append(Row((
            text_cell(say(da=f"Investering {effect.investment}, {year.year}",
                          en=f"Investment {effect.investment}, {year.year}")),
            number_cell(year.net.estimate, 0, figure=effect_id(effect, year.year, "net")),
            text_cell(_rests_on(effect, edition), figure=effect_id(effect, year.year, "net")))))
    return rows if told else []


def _rests_on(effect: EffectSummary, edition: Edition) -> str:
    name, threshold = quoted(method_name(effect)), edition.small_cell_threshold
    took_part = few(effect.participants, threshold)
    if effect.comparison == 0:
        return say(da=f"{name}: {took_part} deltagere sammenlignet med en offentliggjort kurve",
                   en=f"{name}: {took_part} participants compared with a published curve")
    beside = few(effect.comparison, threshold)
    return say(da=f"{name}: {took_part} deltagere sammenlignet med {beside} forløb",
               en=f"{name}: {took_part} participants compared with {beside} spells")


def ladders_of(edition: Edition) -> tuple[Ladder, ...]:
    """The ladder of every year of every investment and of the portfolio, under the words that open it."""
    known = {used.name for used in edition.parameters}
    by_itself = {(*_whose(key), *_told(step)): key for key, step in edition.explanations.items()
                 if step.under and _is_single(key)}
    found = []
    for table in (edition.portfolio_follow_up, *edition.follow_ups):
        few_took_part = any(effect.investment == table.investment and too_few(effect, edition)
                            for effect in edition.effects)
        number_of = table.investment if table in edition.follow_ups else ""
        for year in table.years:
            step = edition.explanations.get(f"{table.investment}/{year.year}")
            if step is None:
                continue
            under = tuple(
                _led(plain(below, edition), by_itself.get((table.investment, str(year.year), *_told(below))))
                for below in step.under
                if not (below.under and all(last.label in known for last in below.under))
                and not (few_took_part and not _is_total(below, edition)))
            name = say(da=f"Investering {number_of}", en=f"Investment {number_of}") if number_of else say(
                da="Alle investeringer", en="All investments")
            group = typeset(f"{name}: {table.title}") if number_of else name
            if under:
                found.append(Ladder(ladder_key(table.investment, year.year), group,
                                    say(da=f"{name} i {year.year}", en=f"{name} in {year.year}"), under))
    return tuple(found)


def _is_single(key: str) -> bool:
    """Whether a ladder is of one figure, and stands by itself; not that of a whole year."""
    return key.count("/") > 1 and "parameters" not in key.split("/")


def _whose(key: str) -> tuple[str, str]:
    """Investment and year of a figure; two may have the same amounts."""
    parts = key.split("/")
    return parts[0], next((part for part in parts if len(part) == 4 and part.isdigit()), "")


def _told(step: Step) -> tuple[str, str, str, tuple[Step, ...]]:
    """What a step says but for its title."""
    return step.value, step.formula, step.source, step.under


def _led(step: Step, key: str | None) -> Step:
    """A step with a ladder of its own leads there, and is not told again."""
    return step if key is None else replace(step, under=(), see=(key,))


def _is_total(step: Step, edition: Edition) -> bool:
    """Whether the step is a figure of the follow-up, and not an estimator's answer."""
    return any(_told(one) == _told(step) for key, one in edition.explanations.items() if "effect" not in key.split("/"))


def plain(step: Step, edition: Edition) -> Step:
    """The step with the benefits by name."""
    label = step.label
    key = label.split(", ", 1)[0]
    if key in edition.benefit_names:
        label = edition.benefit_names[key] + label[len(key):]
    return replace(step, label=typeset(label), formula=typeset(step.formula), source=typeset(step.source),
                   under=tuple(plain(below, edition) for below in step.under))
