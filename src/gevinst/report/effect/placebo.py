"""Tests whose answer must be nought, and how strong a difference that data do not show would have to be."""

from __future__ import annotations

from gevinst.effects.unknown_difference import e_value_sentence
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.effect_detail import EffectDetail, PlaceboResult
from gevinst.follow_up.figure_ids import figure_id
from gevinst.language import NO_BREAK, number, say
from gevinst.report.amount_tables import computed_source, notes
from gevinst.report.amounts import count_cell
from gevinst.report.charts import EstimatorRow, describe_estimators, estimator_chart
from gevinst.report.charts.words import listed, quoted
from gevinst.report.marks import marked, marked_numbers
from gevinst.report.references import table_ref
from gevinst.report.tree import (
    Block,
    Column,
    Figure,
    Heading,
    Paragraph,
    Row,
    Table,
    number_cell,
    text_cell,
)


def placebo_blocks(detail: EffectDetail, edition: Edition) -> list[Block]:
    """The placebo tests in words, as a table and as a figure; said so where none was made."""
    blocks: list[Block] = [Heading(say(da="Prøver, hvis svar skal være nul", en="Tests whose answer must be nought"), 3,
                                   f"placebo-{detail.investment}")]
    if not detail.placebos:
        return [*blocks, Paragraph(say(da="Der er ikke lavet prøver af denne metode.",
                                       en="No tests were made of this method."))]
    told = verdicts(detail.placebos, figure_id(detail.investment, "detail", "placebo"))
    blocks += [Paragraph(notes(_why(), told)), placebo_table(detail, edition)]
    return [*blocks, *_figure(detail, edition)]


def _why() -> str:
    return say(da="Metoden er prøvet på grupper, hvor der ikke kan være nogen virkning. Finder den alligevel en, er "
                  "den skæv. En prøve er bestået, når 95 %-intervallet omfatter nul, i uger og i kroner; ved "
                  "tilfældigheder alene dumper omkring 1 af 20.",
               en="The method is tried on groups where there can be no effect. Where it finds one nevertheless, it is "
                  "biased. A test is passed when the 95% interval includes nought, in weeks and in kroner; by chance "
                  "alone about 1 in 20 fails.")


def verdicts(placebos: tuple[PlaceboResult, ...], figure: str = "") -> str:
    """How the tests went, by name where one failed or could not be made."""
    failed = [quoted(placebo.name) for placebo in placebos if placebo.passed is False]
    unknown = [quoted(placebo.name) for placebo in placebos if placebo.passed is None]
    passed = len(placebos) - len(failed) - len(unknown)
    if passed == len(placebos) == 2:
        told = [say(da="Begge prøver er bestået.", en="Both tests are passed.")]
    elif passed == len(placebos) > 1:
        told = [marked_numbers(figure, say(da=f"Alle {passed} prøver er bestået.",
                                           en=f"All {passed} tests are passed."))]
    else:
        told = [marked_numbers(figure, say(
            da=f"{passed} af {len(placebos)} prøver er bestået.",
            en=f"{passed} of {len(placebos)} tests {'is' if passed == 1 else 'are'} passed."))]
    if failed:
        told.append(say(da=f"Ikke bestået: {listed(failed)}. Metodens svar må derfor læses med forbehold.",
                        en=f"Not passed: {listed(failed)}. The method's answer must be read with that in mind."))
    if unknown:
        told.append(say(da=f"Kunne ikke laves: {listed(unknown)}.", en=f"Could not be made: {listed(unknown)}."))
    return " ".join(told)


def verdict(placebo: PlaceboResult) -> str:
    """How one test went, in a word or two."""
    return {True: say(da="bestået", en="passed"), False: say(da="ikke bestået", en="not passed"),
            None: say(da="kunne ikke laves", en="could not be made")}[placebo.passed]


def placebo_table(detail: EffectDetail, edition: Edition) -> Table:
    """Each test: what was tried, on how many, what it found, and the verdict."""
    rows = tuple(Row((
        text_cell(placebo.name), text_cell(placebo.explanation),
        count_cell(placebo.participants, edition.small_cell_threshold,
                   figure=f"{placebo_id(detail, placebo)}/participants"),
        number_cell(None if placebo.weeks is None else placebo.weeks.estimate, 1,
                    figure=f"{placebo_id(detail, placebo)}/weeks"),
        text_cell(_weeks(placebo), figure=f"{placebo_id(detail, placebo)}/weeks"),
        text_cell(_kroner(placebo), figure=f"{placebo_id(detail, placebo)}/net"), text_cell(verdict(placebo))))
        for placebo in detail.placebos)
    interval, saved = say(da="95 %-interval", en="95% interval"), say(da="Sparede uger", en="Weeks saved")
    columns: tuple[Column, ...] = (
        Column(say(da="Prøve", en="Test"), numeric=False),
        Column(say(da="Hvad der er prøvet", en="What was tried"), numeric=False),
        Column(say(da="Antal", en="Number")), Column(say(da="Skøn", en="Estimate"), saved), Column(interval, saved),
        Column(interval, say(da="Mio. kr.", en="DKK million")),
        Column(say(da="Udfald", en="Verdict"), numeric=False))
    if all(placebo.net_dkk is None for placebo in detail.placebos):
        columns, rows = _without(5, columns, rows)
    return Table(
        f"placebo/{detail.investment}",
        say(da=f"Investering {detail.investment}: prøver, hvis svar skal være nul",
            en=f"Investment {detail.investment}: tests whose answer must be nought"), columns, rows,
        note=say(da="Antal er dem, der er behandlet som deltagere i prøven. Bestået: intervallerne omfatter nul.",
                 en="Number is those treated as participants in the test. Passed: the intervals include nought."),
        source=computed_source(edition), unit=say(da="uger pr. deltager", en="weeks per participant"))


def _without(at: int, columns: tuple[Column, ...], rows: tuple[Row, ...]) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    return (columns[:at] + columns[at + 1:],
            tuple(Row(row.cells[:at] + row.cells[at + 1:], row.kind) for row in rows))


def placebo_id(detail: EffectDetail, placebo: PlaceboResult) -> str:
    """The id of a test."""
    return figure_id(detail.investment, "detail", "placebo", placebo.kind)


def _weeks(placebo: PlaceboResult) -> str:
    weeks = placebo.weeks
    if weeks is None or weeks.low is None or weeks.high is None:
        return ""
    return _to(number(weeks.low, 1), number(weeks.high, 1))


def _kroner(placebo: PlaceboResult) -> str:
    net = placebo.net_dkk
    if net is None or net.low is None or net.high is None:
        return ""
    return _to(number(net.low / 1e6, 3), number(net.high / 1e6, 3))


def _to(low: str, high: str) -> str:
    return say(da=f"{low} til{NO_BREAK}{high}", en=f"{low} to{NO_BREAK}{high}")


def _figure(detail: EffectDetail, edition: Edition) -> list[Block]:
    rows = [EstimatorRow(f"{placebo.name}: {verdict(placebo)}", placebo.weeks.estimate, placebo.weeks.low,
                         placebo.weeks.high, False, rank)
            for rank, placebo in enumerate(detail.placebos, 1) if placebo.weeks is not None]
    if not rows:
        return []
    key, per = f"placebo/{detail.investment}", say(da="uger pr. deltager", en="weeks per participant")
    return [Figure(
        key, say(da=f"Investering {detail.investment}: prøvernes svar",
                 en=f"Investment {detail.investment}: the answers of the tests"),
        describe_estimators(rows, unit=per), estimator_chart(rows, unit=per), None,
        note=say(da=f"Tallene står i {table_ref(key)}. En linje, der krydser nul, er en bestået prøve.",
                 en=f"The figures are in {table_ref(key)}. A line that crosses nought is a test passed."),
        source=computed_source(edition))]


def hidden_blocks(detail: EffectDetail) -> list[Block]:
    """The E-value in plain words; nothing where it is not known, or too few took part."""
    if detail.e_value is None or not detail.claim:
        return []
    told = e_value_sentence(detail.e_value, detail.e_value_limit, fewer_weeks=detail.weeks_saved.estimate > 0)
    figure = figure_id(detail.investment, "detail", "e_value")
    size = marked(figure, number(detail.e_value, 2))
    value = say(da=f"E-værdien er {size}", en=f"The E-value is {size}")
    edge = "" if detail.e_value_limit is None else marked(figure, number(detail.e_value_limit, 2))
    limit = say(da=f", og {edge} for den grænse af intervallet, der er nærmest nul",
                en=f", and {edge} for the limit of the interval nearest nought") if edge else ""
    return [Heading(say(da="Forskelle, som data ikke viser", en="Differences that data do not show"), 3,
                    f"hidden-{detail.investment}"), Paragraph(f"{marked_numbers(figure, told)} {value}{limit}.")]
