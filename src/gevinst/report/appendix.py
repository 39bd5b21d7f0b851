"""The appendix for the auditor: where each figure comes from, every parameter, every file, and the run itself."""

from __future__ import annotations

import re

from gevinst.follow_up.disclosure.counts import Shown
from gevinst.follow_up.disclosure.words import hidden_note
from gevinst.follow_up.edition import Edition, InputFile, ParameterUsed
from gevinst.follow_up.figures import Figure
from gevinst.follow_up.lineage_checks import file_id
from gevinst.follow_up.table import FollowUp
from gevinst.language import number, say, short_date
from gevinst.register.business_case import Investment, Line
from gevinst.report.amount_tables import notes, sources
from gevinst.report.amounts import count_cell, stretches
from gevinst.report.charts.words import listed
from gevinst.report.how_found import found_section
from gevinst.report.ladder_table import KEY, flags, refund_rates
from gevinst.report.ledger_section import ledger_section
from gevinst.report.payments_section import payments_section
from gevinst.report.references import table_ref
from gevinst.report.tree import Block, Bullets, Column, Heading, Paragraph, Row, Table, text_cell

SHORT_HASH = 12


def appendix_section(edition: Edition) -> list[Block]:
    """Registration of figures, parameters, inputs and run."""
    blocks: list[Block] = [Heading(say(da="Bilag: Grundlag og sporbarhed", en="Appendix: Basis and audit trail"), 2,
                                   "appendix")]
    if edition.figures:
        blocks += [
            Heading(say(da="Beregnede og indberettede tal", en="Computed and recorded figures"), 3,
                    "appendix-figures"),
            Paragraph(say(
                da=f"{table_ref('registration')} viser for hver investering, om tallene er beregnet i dette notat "
                   "eller indberettet, hvor de kommer fra, og hvornår de er opgjort.",
                en=f"{table_ref('registration')} shows for each investment whether its figures are computed in this "
                   "memo or recorded, where they come from, and when they were stated.")),
            registration_table(edition), *found_section(edition)]
    if edition.parameters:
        blocks += [Heading(say(da="Parametre", en="Parameters"), 3, "appendix-parameters"), _flags(edition)]
        blocks += [parameters_table(edition)] if other_parameters(edition) else []
    blocks += payments_section(edition)
    blocks += ledger_section(edition)
    if edition.inputs:
        blocks += [Heading(say(da="Data", en="Data"), 3, "appendix-inputs"), inputs_table(edition)]
    return [*blocks, Heading(say(da="Kørsel", en="Run"), 3, "appendix-run"), run_facts(edition)]


def registration_table(edition: Edition) -> Table:
    """One row per investment: what is computed and what recorded, from where, stated when."""
    rows = []
    for part in edition.follow_ups:
        case = edition.portfolio.investment(part.investment)
        outcomes = [figure for year in part.years for line, figure in year.outcome.items() if line is not Line.NET]
        rows.append(Row((
            text_cell(f"{part.investment}. {part.title}"), text_cell(_how(part, Line.INVESTMENT)),
            text_cell(_how(part, Line.SAVING)), text_cell(sources(outcomes, edition)),
            text_cell(_stated(case, outcomes, edition)))))
    return Table(
        "registration", say(da="Hvor tallene kommer fra", en="Where the figures come from"),
        (Column(say(da="Investering", en="Investment"), numeric=False),
         Column(say(da="Investering i indsats", en="Investment in the effort"), numeric=False),
         Column(say(da="Besparelse på forsørgelse", en="Saving on benefits"), numeric=False),
         Column(say(da="Kilde", en="Source"), numeric=False), Column(say(da="Opgjort", en="Stated"), numeric=False)),
        tuple(rows),
        note=say(da="Resultat og forventning; budgettet er altid indberettet.",
                 en="Result and expectation; the budget is always recorded."),
        source=say(da=f"Registreringen af tal i udgave {edition.id}",
                   en=f"The registration of figures, edition {edition.id}"))


def _how(part: FollowUp, line: Line) -> str:
    """`beregnet (2020); indberettet (2021–2023)`, in the order of years."""
    kinds: dict[str, list[int]] = {}
    for year in part.years:
        figure = year.outcome.get(line)
        if figure is not None:
            kinds.setdefault(figure.source, []).append(year.year)
    words = {"computed": say(da="beregnet", en="computed"), "recorded": say(da="indberettet", en="recorded")}
    if not kinds:
        return say(da="ingen tal", en="no figures")
    return "; ".join(f"{words[kind]} ({stretches(years)})" for kind, years in kinds.items())


def _stated(case: Investment, outcomes: list[Figure], edition: Edition) -> str:
    """The days on which recorded figures were stated, and the data horizon of computed ones."""
    used = {(figure.year, figure.line, figure.amount) for figure in outcomes if figure.source == "recorded"}
    days = {entry.as_of for entry in case.recorded if (entry.year, entry.line, entry.amount) in used}
    if edition.data_horizon is not None and any(figure.source == "computed" for figure in outcomes):
        days.add(edition.data_horizon)
    return listed([short_date(day) for day in sorted(days)])


def other_parameters(edition: Edition) -> list[ParameterUsed]:
    """The parameters that do not stand in the refund ladder, in natural order."""
    in_ladder = {used for used, _, _ in refund_rates(edition)}
    return sorted((used for used in edition.parameters if used not in in_ladder), key=lambda used: natural(used.name))


def _flags(edition: Edition) -> Block:
    parameters = edition.parameters
    unsure, local = sum(not used.verified for used in parameters), sum(used.local for used in parameters)
    others = table_ref("parameters") if other_parameters(edition) else ""
    rates = table_ref(KEY) if refund_rates(edition) else ""
    where = say(da=" og ", en=" and ").join(ref for ref in (rates, others) if ref)
    return Paragraph(say(
        da=f"{where} viser alle værdier, som beregningen bruger. {unsure} af {len(parameters)} er ikke bekræftet i en "
           f"offentlig kilde, og {local} er fastsat lokalt.",
        en=f"{where} show{'' if rates and others else 's'} every value that the computation uses. {unsure} of "
           f"{len(parameters)} are not confirmed in a public source, and {local} are set locally."))


def parameters_table(edition: Edition) -> Table:
    """Every parameter used but the refund rates: value, unit, period, source and legal reference, with its flags."""
    rows = []
    for used in other_parameters(edition):
        basis = "; ".join(part for part in (used.source, used.legal_reference) if part)
        name = f"{used.name} ({flags(used)})" if flags(used) else used.name
        rows.append(Row((text_cell(name), text_cell(" ".join(part for part in (used.value, used.unit) if part)),
                         text_cell(used.valid), text_cell(basis))))
    return Table(
        "parameters", say(da="Parametre, der er brugt", en="Parameters used"),
        (Column(say(da="Parameter", en="Parameter"), numeric=False), Column(say(da="Værdi", en="Value"), numeric=False),
         Column(say(da="Gælder", en="Valid"), numeric=False),
         Column(say(da="Kilde og lovhenvisning", en="Source and legal reference"), numeric=False)),
        tuple(rows),
        note=say(da="»Ikke bekræftet«: værdien er ikke fundet i en offentlig kilde. »Lokal«: fastsat af kommunen.",
                 en="“Not confirmed”: not found in a public source. “Local”: set by the municipality."),
        source=say(da="Programmets parametre og kommunens egne",
                   en="The program's parameters and the municipality's own"))


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """A sort key that puts week 5 before week 27.

    >>> sorted(["fra uge 27", "fra uge 5"], key=natural)
    ['fra uge 5', 'fra uge 27']
    """
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name) if part)


def inputs_table(edition: Edition) -> Table:
    """Every file, what became of its rows, and the beginning of its fingerprint."""
    least, shown = edition.small_cell_threshold, [count for file in edition.inputs for count in _rows_of(file)]
    rows = [Row((text_cell(file.name), *(count_cell(count, least if file.persons else 0, figure=file_id(file.name))
                                         for count in _rows_of(file)),
                 text_cell(file.sha256[:SHORT_HASH]), text_cell(" ".join(file.notes)))) for file in edition.inputs]
    return Table(
        "inputs", say(da="Filer, som opgørelsen bygger på", en="Files the follow-up rests on"),
        (Column(say(da="Fil", en="File"), numeric=False), Column(say(da="Rækker", en="Rows")),
         Column(say(da="Godkendt", en="Accepted")), Column(say(da="Afvist", en="Rejected")),
         Column("sha256", numeric=False), Column(say(da="Bemærkning", en="Remark"), numeric=False)),
        tuple(rows),
        note=notes(say(da=f"sha256 er filens fingeraftryk; de første {SHORT_HASH} tegn.",
                       en=f"sha256 is the file's fingerprint; its first {SHORT_HASH} characters."),
                   _marked_note(edition),
                   hidden_note(shown, least)),
        source=say(da="Indlæsningen", en="The intake"), unit=say(da="antal rækker", en="rows"))


def _marked_note(edition: Edition) -> str:
    return say(da="For filer med få borgere er det dannet med arbejdsmappens nøgle.",
               en="Of files on few persons it is made with the workspace's key.") if any(
                   file.marked for file in edition.inputs) else ""


def _rows_of(file: InputFile) -> tuple[Shown, Shown, Shown]:
    return file.rows, file.accepted, file.rejected


def run_facts(edition: Edition) -> Block:
    """What is needed to make the same memo again."""
    facts = [(say(da="Udgave", en="Edition"), edition.id),
             (say(da="Notatets dato", en="Memo date"), short_date(edition.memo_date) + say(
                 da=" (valgt; udgavens log siger, hvornår den er lavet)",
                 en=" (chosen; the edition's log says when it was made)")),
             (say(da="Data til og med", en="Data up to"),
              "" if edition.data_horizon is None else short_date(edition.data_horizon)),
             (say(da="Programversion", en="Program version"), edition.code_version),
             (say(da="Startværdi for tilfældige tal", en="Seed of random numbers"),
              str(edition.seed) if edition.replicates else ""),
             (say(da="Gentagne stikprøver bag intervallerne", en="Replicates behind the intervals"),
              number(edition.replicates) if edition.replicates else ""),
             (say(da="Mindste antal personer, der vises", en="Smallest count of persons shown"),
              number(edition.small_cell_threshold))]
    return Bullets(tuple(f"{label}: {value}" for label, value in facts if value))
