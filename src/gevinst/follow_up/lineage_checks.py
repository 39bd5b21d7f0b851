"""The ladders of what the figures are held against: payments, postings, the data's quality, files and remarks."""

from __future__ import annotations

from collections.abc import Iterator

from gevinst.follow_up.disclosure.counts import Hidden
from gevinst.follow_up.disclosure.words import sign
from gevinst.follow_up.edition import Edition, InputFile
from gevinst.follow_up.figure_ids import figure_id, slug
from gevinst.follow_up.ledger_alarms import alarms
from gevinst.follow_up.lineage_words import COMPUTED, FILES, PARAMETERS, kroner, whose
from gevinst.follow_up.payment_check import PaymentCheck, PaymentRow
from gevinst.follow_up.reconciliation import CaseLedger, LedgerCheck, LedgerYear, Tally
from gevinst.language import number, say, short_date
from gevinst.register.data_quality import DataQuality
from gevinst.register.data_quality_words import (
    count_text,
    headline,
    limit_text,
    month_text,
    subject_text,
    value_text,
    verdict_word,
)
from gevinst.trace import Step

Ladders = Iterator[tuple[str, Step]]
SHORT_HASH = 12


def check_ladders(edition: Edition) -> Ladders:
    """Of payments, ledger, data quality, files read and remarks; nothing of what the edition does not have."""
    if edition.payment_check is not None:
        yield from _of_payments(edition.payment_check, edition)
    if edition.ledger is not None:
        yield from _of_ledger(edition.ledger)
    if edition.quality is not None:
        yield from _of_quality(edition.quality)
    if edition.inputs:
        yield _of_files(edition)
    for at, note in enumerate(edition.notes):
        yield figure_id("notes", at), Step(
            note, "", say(da="talt i data, som de er læst", en="counted in the data as they were read"), see=COMPUTED)


def payment_id(row: PaymentRow) -> str:
    """The id of a row of payments: benefit, step of the ladder, year."""
    return figure_id("payments", row.benefit, "none" if row.step is None else row.step, row.year)


def _of_payments(check: PaymentCheck, edition: Edition) -> Ladders:
    for row in check.rows:
        step = say(da="uden trappe", en="no ladder") if row.step is None else say(
            da=f"trin {row.step + 1} på refusionstrappen", en=f"step {row.step + 1} of the refund ladder")
        name = edition.benefit_names.get(row.benefit, row.benefit)
        amounts = ((say(da="brutto, sats", en="gross, rate"), row.ladder_gross),
                   (say(da="brutto, udbetalt", en="gross, paid"), row.actual_gross),
                   (say(da="netto, sats × kommunens andel", en="net, rate × municipal share"), row.ladder_net),
                   (say(da="netto, udbetalt − refusion", en="net, paid − refund"), row.actual_net),
                   (say(da="forskel: faktisk − trappe", en="difference: actual − ladder"), row.difference))
        weeks = ((say(da="uger i alt", en="weeks in all"), row.weeks),
                 (say(da="uger med en anden refusion", en="weeks with another refund"), row.other_rate),
                 (say(da="uger uden udbetaling", en="weeks without a payment"), row.unpaid))
        used = say(da="den faktiske er ugeprisen", en="the actual one is the weekly price") if row.used else say(
            da="trappens tal er ugeprisen", en="the ladder's figure is the weekly price")
        yield payment_id(row), Step(
            say(da=f"Ugepris: {name}, {step}, {row.year}", en=f"Weekly price: {name}, {step}, {row.year}"), used,
            say(da="Σ udbetalt ÷ Σ uger på fuld tid", en="Σ paid ÷ Σ full-time weeks"), ", ".join(check.files[:2]),
            under=(*(Step(words, say(da=f"{number(dkk)} kr.", en=f"DKK {number(dkk)}")) for words, dkk in amounts
                     if dkk is not None),
                   *(Step(words, number(count)) for words, count in weeks if count is not None)),
            see=(FILES, PARAMETERS))
    counts = ((say(da="uger med udbetaling", en="weeks with a payment"), check.paid_weeks),
              (say(da="uger uden udbetaling", en="weeks without a payment"), check.unpaid_weeks),
              (say(da="udbetalte uger uden en uge i forløbene", en="paid weeks with no week among the spells"),
               check.unplaced_weeks),
              (say(da="uger uden for filernes tid", en="weeks outside the time of the files"), check.uncovered_weeks),
              (say(da="rækker, der ikke er vist", en="rows not shown"), check.hidden))
    yield figure_id("payments", "reach"), Step(
        say(da="Hvor langt udbetalingerne rækker", en="How far the payments reach"), "",
        say(da="personuger på ydelsen holdt op mod udbetalinger i samme uge",
            en="person-weeks on the benefit beside payments in the same week"),
        under=tuple(Step(words, number(count)) for words, count in counts if count is not None), see=(FILES,))


def _of_ledger(check: LedgerCheck) -> Ladders:
    for case in check.cases:
        for year in (*case.years, case.whole):
            yield figure_id(case.number, "ledger", year.year), _of_ledger_year(case, year)
    parts = ((say(da="henført til en investering", en="matched to an investment"), check.matched),
             (say(da="uden for investeringerne ifølge reglerne", en="outside by the rules"), check.ruled_out),
             (say(da="uden en regel, der passer", en="without a rule that fits"), check.unmatched),
             (say(da="til ukendte investeringer", en="of unknown investments"), check.unknown))
    yield figure_id("ledger", "postings"), Step(
        say(da="Indlæste posteringer", en="Postings imported"), _tally(check.ledger),
        say(da="Σ af de fire slags", en="Σ of the four kinds"),
        under=tuple(Step(words, _tally(part)) for words, part in parts), see=(FILES,))
    for at, one in enumerate(check.loose):
        yield figure_id("ledger", "loose", at), Step(
            say(da=f"Konto {one.account}", en=f"Account {one.account}"), _tally(one.tally),
            say(da="Σ posteringer uden investering", en="Σ postings of no investment"), one.name, see=(FILES,))
    whole = [one for one in alarms(check) if not one.investment]
    if whole:
        yield figure_id("ledger", "alarms"), Step(
            say(da="Afvigelser i hele økonomisystemet", en="Deviations of the ledger as a whole"), "",
            under=tuple(Step(one.what, "") for one in whole), see=(figure_id("ledger", "postings"), FILES))


def _tally(tally: Tally) -> str:
    return say(da=f"{number(tally.rows)} posteringer, {kroner(tally.amount)}",
               en=f"{number(tally.rows)} postings, {kroner(tally.amount)}")


def _of_ledger_year(case: CaseLedger, year: LedgerYear) -> Step:
    told = ((say(da="budget", en="budget"), year.budget,
             say(da="vedtaget, i årets priser", en="adopted, at the year's prices")),
            (say(da="drift", en="running"), year.paid, say(da="dranst 1 og uden dranst", en="dranst 1 and none")),
            (say(da="refusion", en="refund"), year.refund, "dranst 2"),
            (say(da="netto", en="net"), year.net, say(da="drift + refusion", en="running + refund")),
            (say(da="værdi af det leverede", en="value delivered"), year.value,
             say(da="leverede uger × aftalt pris", en="delivered weeks × agreed price")),
            (say(da="betalt minus leveret", en="paid less delivered"), year.paid_less_delivered, ""),
            (say(da="betalt pr. uge", en="paid per week"), year.unit_price,
             say(da="drift ÷ uger", en="running ÷ weeks")))
    under = [Step(words, kroner(amount), how) for words, amount, how in told if amount is not None]
    if case.price is not None:
        under.append(Step(say(da="aftalt pris pr. deltageruge", en="agreed price per participant week"),
                          kroner(case.price)))
    if year.weeks is not None:
        under.append(Step(say(da="leverede deltageruger", en="participant weeks delivered"), number(year.weeks)))
    elif year.few:
        under.append(Step(say(da="leverede deltageruger", en="participant weeks delivered"),
                          say(da="skjult: få deltagere", en="hidden: few participants")))
    when = say(da="i alt", en="in total") if year.year is None else str(year.year)
    return Step(say(da=f"Bogført og leveret {when}", en=f"Posted and delivered {when}") + whose(case.number), "",
                say(da="Σ posteringer, som reglerne henfører til investeringen",
                    en="Σ postings that the rules match to the investment"), under=tuple(under), see=(FILES,))


def quality_month_id(benefit: str) -> str:
    """The id of a benefit's full-time persons by month."""
    return figure_id("quality", "months", benefit)


def _of_quality(report: DataQuality) -> Ladders:
    names = report.names or {}
    source = say(da=f"leverancen af {short_date(report.taken)}", en=f"the delivery of {short_date(report.taken)}")
    yield "quality", Step(say(da="Datakvalitet", en="Data quality"), "", headline(report), source, see=(FILES,))
    for one in report.outcomes:
        under = tuple(Step(subject_text(found, names), "; ".join(part for part in (
            value_text(one.rule, found.value, report.smallest), count_text(found)) if part)) for found in one.findings)
        yield figure_id("quality", one.rule.key), Step(
            one.rule.what, verdict_word(one.verdict),
            say(da="grænser (bemærk / alvorligt): ", en="limits (note / serious): ") + limit_text(one.rule), source,
            under=under, see=(FILES,))
    for benefit in sorted({one.benefit for one in report.months}):
        yield quality_month_id(benefit), Step(
            say(da=f"Fuldtidspersoner på {names.get(benefit, benefit)} måned for måned",
                en=f"Full-time persons on {names.get(benefit, benefit)} month by month"), "",
            say(da="Σ ydelsesdage × grad ÷ månedens dage; måneder med få personer er ikke vist",
                en="Σ benefit days × degree ÷ the month's days; months of few persons are not shown"), source,
            under=tuple(Step(month_text(one.month.isoformat()[:7]), _month(one.full_time, one.published))
                        for one in report.months if one.benefit == benefit and one.full_time is not None)[-24:],
            see=(FILES,))
    if report.lag:
        yield figure_id("quality", "lag"), Step(
            say(da="Hvor meget af en uge der var kendt i leverancen før",
                en="How much of a week was known in the delivery before"), "",
            say(da="personuger kendt da ÷ personuger kendt nu", en="person-weeks known then ÷ person-weeks known now"),
            source, see=(FILES,))


def _month(full_time: float | None, published: float | None) -> str:
    told = "" if full_time is None else number(full_time, 1)
    if published is None:
        return told
    return told + say(da=f" (offentliggjort {number(published, 1)})", en=f" (published {number(published, 1)})")


def file_id(name: str) -> str:
    """The id of a file among the inputs."""
    return figure_id("files", slug(name))


def _of_files(edition: Edition) -> tuple[str, Step]:
    def rows(file: InputFile) -> str:
        least = edition.small_cell_threshold if file.persons else 0
        all_, good, bad = (sign(Hidden.FEW if isinstance(count, int) and 0 < count < least else count, least)
                           for count in (file.rows, file.accepted, file.rejected))
        return say(da=f"{all_} rækker, {good} godkendt, {bad} afvist",
                   en=f"{all_} rows, {good} accepted, {bad} rejected")

    files = tuple(Step(file.name, rows(file), source=f"sha256 {file.sha256[:SHORT_HASH]}") for file in edition.inputs)
    return "files", Step(
        say(da="Filer, som opgørelsen bygger på", en="Files the follow-up rests on"), "",
        say(da="rækker = godkendt + afvist", en="rows = accepted + rejected"), under=files, see=(FILES,))
