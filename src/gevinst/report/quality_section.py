"""The data-quality report as a page, and as the memo's appendix. Everything in it was measured and hidden before."""

from __future__ import annotations

from datetime import date

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figure_ids import figure_id
from gevinst.follow_up.lineage_checks import quality_month_id
from gevinst.language import current, long_date, number, percent, say, short_date
from gevinst.register.data_quality import DataQuality, MonthCount, Verdict
from gevinst.register.data_quality_words import (
    count_text,
    headline,
    limit_text,
    month_text,
    subject_text,
    value_text,
    verdict_word,
)
from gevinst.report import as_html
from gevinst.report.charts.breaks import TimeMark
from gevinst.report.charts.months import MOST_GROUPS, MonthPoint, describe_months, month_chart
from gevinst.report.marks import marked_numbers
from gevinst.report.references import numbered, table_ref
from gevinst.report.tree import Block, Cell, Column, Document, Figure, Heading, Paragraph, Row, Table, text_cell

MOST_FINDINGS = 10  # of one rule
MONTHS_IN_TABLE = 24
LAGS = (0, 1, 2, 3, 4, 6, 8, 12, 16, 26, 39, 51)


def quality_section(edition: Edition) -> list[Block]:
    """The memo's appendix on the data; nothing where no persons' data were used."""
    if edition.quality is None:
        return []
    return [Heading(say(da="Bilag: Datakvalitet", en="Appendix: Data quality"), 2, "appendix-quality"),
            *quality_blocks(edition.quality)]


def quality_page(report: DataQuality, municipality: str) -> str:
    """The report as one HTML file, in the language spoken now."""
    title = say(da="Datakvalitet", en="Data quality")
    head = ((say(da="Leverance:", en="Delivery:"), report.snapshot),
            (say(da="Indlæst:", en="Imported:"), short_date(report.taken)),
            (say(da="Data til og med:", en="Data up to:"), _day(report.data_to)))
    return as_html.render(Document(
        title=title, language=current(), author=municipality, head=tuple(line for line in head if line[1]),
        blocks=numbered([Heading(title, 1), *quality_blocks(report)]), subject=title,
        created=report.taken.isoformat(), meta={"kind": say(da="Rapport", en="Report")}))


def quality_blocks(report: DataQuality) -> list[Block]:
    """The verdicts, what is over a limit, the counts by month with the breaks drawn, and the lag."""
    first = marked_numbers("quality", headline(report))
    limits = say(
        da=f"{first} {table_ref('quality-rules')} viser hver regel med grænse og dom. Grænserne er "
           "programmets valg, hvor kommunen ikke har sat sine egne.",
        en=f"{first} {table_ref('quality-rules')} shows each rule with its limit and verdict. The limits "
           "are this program's choice where the municipality has not set its own.")
    blocks: list[Block] = [Paragraph(limits), rules_table(report)]
    if any(one.findings for one in report.outcomes):
        blocks += [findings_table(report)]
    if any(one.full_time is not None for one in report.months):
        blocks += [months_figure(report)]
    return [*blocks, *([lag_table(report)] if report.lag else [])]


def rules_table(report: DataQuality) -> Table:
    """A row per rule: what it looks at, its limits, the worst value and the verdict."""
    rows = []
    for one in report.outcomes:
        top = next(iter(one.findings), None)
        value = value_text(one.rule, top.value, report.smallest) if top else ""
        mine = say(da=" (kommunens grænse)", en=" (the municipality's limit)") if one.rule.local else ""
        rows.append(Row((text_cell(one.rule.what), text_cell(limit_text(one.rule) + mine),
                         text_cell(value or (verdict_word(Verdict.OK) if one.judged else ""),
                                   figure=figure_id("quality", one.rule.key)),
                         text_cell(verdict_word(one.verdict)))))
    return Table(
        "quality-rules", say(da="Datakvalitet, regel for regel", en="Data quality, rule by rule"),
        (Column(say(da="Regel", en="Rule"), numeric=False),
         Column(say(da="Bemærk / alvorligt", en="Note / serious"), numeric=False),
         Column(say(da="Værste værdi over grænsen", en="Worst value over the limit"), numeric=False),
         Column(say(da="Dom", en="Verdict"), numeric=False)),
        tuple(rows),
        note=say(da="»Ikke bedømt«: der er ingen data at bedømme ud fra, eller for få.",
                 en="“Not judged”: there are no data to judge by, or too few."), source=_source(report))


def findings_table(report: DataQuality) -> Table:
    """What is over a limit, the worst first, at most ten of each rule, with what to do about it."""
    rows, more = [], 0
    for one in report.outcomes:
        for finding in one.findings[:MOST_FINDINGS]:
            value = value_text(one.rule, finding.value, report.smallest)
            rows.append(Row((text_cell(one.rule.what), text_cell(subject_text(finding, report.names or {})),
                             text_cell("; ".join(part for part in (value, count_text(finding)) if part),
                                       figure=figure_id("quality", one.rule.key)),
                             text_cell(one.rule.advice))))
        more += max(0, len(one.findings) - MOST_FINDINGS)
    left = say(da=f" {number(more)} flere er ikke vist.", en=f" {number(more)} more are not shown.") if more else ""
    return Table(
        "quality-findings", say(da="Det, der er over en grænse", en="What is over a limit"),
        (Column(say(da="Regel", en="Rule"), numeric=False), Column(say(da="Hvor", en="Where"), numeric=False),
         Column(say(da="Målt", en="Measured"), numeric=False),
         Column(say(da="Hvad der kan gøres", en="What can be done"), numeric=False)),
        tuple(rows),
        note=say(da=f"Tal, der hviler på færre end {report.smallest} personer, er ikke vist.",
                 en=f"Counts that rest on fewer than {report.smallest} persons are not shown.") + left,
        source=_source(report))


def months_figure(report: DataQuality) -> Figure:
    """Full-time persons by month, the largest benefits, published counts beside them, breaks drawn."""
    shown = _largest(report)
    names = report.names or {}
    points = [MonthPoint(names.get(one.benefit, one.benefit), one.month, one.full_time, one.published)
              for one in report.months if one.benefit in shown]
    told = [mark for mark in report.breaks if not mark.benefits or set(mark.benefits) & set(shown)]
    marks = [TimeMark(mark.day, mark.label) for mark in told]
    published = any(one.published is not None for one in points)
    rings = say(da="Ringe er offentliggjorte tal. ", en="Rings are published counts. ") if published else ""
    breaks = "".join(say(da=f" Brud {mark.text}", en=f" Break {mark.text}") for mark in told)
    return Figure(
        "quality-months", say(da="Fuldtidspersoner i registret måned for måned",
                              en="Full-time persons in the register month by month"),
        describe_months(points, marks), month_chart(points, marks), _months_table(report, shown),
        note=rings + say(da=f"Måneder med under {report.smallest} personer er ikke vist.",
                         en=f"Months with under {report.smallest} persons are not shown.") + breaks,
        source=_source(report))


def _largest(report: DataQuality) -> list[str]:
    total: dict[str, float] = {}
    for one in report.months:
        total[one.benefit] = total.get(one.benefit, 0.0) + (one.full_time or 0.0)
    return sorted(sorted(total), key=lambda benefit: -total[benefit])[:MOST_GROUPS]


def _months_table(report: DataQuality, shown: list[str]) -> Table:
    """The last two years behind the figure."""
    names = report.names or {}
    found: dict[tuple[str, date], MonthCount] = {(one.benefit, one.month): one for one in report.months}
    beside = {benefit for benefit in shown
              if any(one.benefit == benefit and one.published is not None for one in report.months)}
    columns = [Column(say(da="Måned", en="Month"), numeric=False)]
    for benefit in shown:
        name = names.get(benefit, benefit)
        columns.append(Column(say(da="Registret", en="Register"), group=name))
        columns += [Column(say(da="Offentliggjort", en="Published"), group=name)] if benefit in beside else []
    rows = []
    for month in sorted({one.month for one in report.months})[-MONTHS_IN_TABLE:]:
        cells = [text_cell(month_text(month.isoformat()[:7]))]
        for benefit in shown:
            one = found.get((benefit, month))
            figure = figure_id(quality_month_id(benefit), month.isoformat()[:7])
            cells.append(_count(None if one is None else one.full_time, figure))
            cells += [_count(None if one is None else one.published, figure)] if benefit in beside else []
        rows.append(Row(tuple(cells)))
    return Table("quality-months", say(da="Fuldtidspersoner, de seneste to år",
                                       en="Full-time persons, the latest two years"), tuple(columns), tuple(rows),
                 source=_source(report), unit=say(da="fuldtidspersoner", en="full-time persons"))


def _count(value: float | None, figure: str) -> Cell:
    return Cell("–" if value is None else number(value, 1), value, "number", 1, figure)


def lag_table(report: DataQuality) -> Table:
    """How much of a week was known so many weeks after it, from the delivery before to this one."""
    known = {one.weeks: one.known for one in report.lag}
    weeks = [week for week in LAGS if week in known]
    return Table(
        "quality-lag", say(da="Så meget af ugen var kendt i leverancen før",
                           en="How much of the week was known in the delivery before"),
        (Column(say(da="Uger efter ugen", en="Weeks after the week"), numeric=False),
         *(Column(str(week)) for week in weeks)),
        (Row((text_cell(say(da="Andel kendt", en="Share known")),
              *(Cell(percent(known[week]), known[week], "percent", 1, figure_id("quality", "lag", week))
                for week in weeks))),),
        note=say(da="Personuger, der er kendt nu; resten blev registreret sent.",
                 en="Person-weeks known now; the rest were registered late."), source=_source(report))


def _source(report: DataQuality) -> str:
    return say(da=f"Leverancen af {long_date(report.taken)}", en=f"The delivery of {long_date(report.taken)}")


def _day(day: date | None) -> str:
    return "" if day is None else short_date(day)
