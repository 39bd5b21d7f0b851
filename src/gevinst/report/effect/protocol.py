"""The plan of the analysis: when it was fixed, whether that was before the data were seen, and what was changed."""

from __future__ import annotations

from dataclasses import fields

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.effect_detail import EffectDetail, ProtocolSeal
from gevinst.language import long_date, say, short_date
from gevinst.register.protocol_words import field_words, value_words
from gevinst.report.amount_tables import notes
from gevinst.report.charts.words import quoted
from gevinst.report.effect.told import method_name, summary_of
from gevinst.report.references import table_ref
from gevinst.report.tree import Block, Bullets, Column, Heading, Paragraph, Row, Table, text_cell


def protocol_blocks(detail: EffectDetail, edition: Edition) -> list[Block]:
    """The plan, its seal, and the deviations from it."""
    blocks: list[Block] = [Heading(say(da="Protokol", en="Protocol"), 3, f"protocol-{detail.investment}")]
    if detail.seal is None:
        blocks.append(Paragraph(say(da="Protokollen er ikke forseglet. Det kan derfor ikke vises, at den lå fast, før "
                                       "resultatet var kendt.",
                                    en="The protocol is not sealed. It can therefore not be shown that it was fixed "
                                       "before the result was known.")))
    else:
        blocks.append(Paragraph(seal_sentence(detail.seal)))
    blocks.append(Bullets(_plan(detail, edition)))
    if detail.seal is None:
        return blocks
    if not detail.seal.deviations:
        return [*blocks, Paragraph(say(da="Der er ingen afvigelser fra protokollen.",
                                       en="There are no deviations from the protocol."))]
    table = deviations_table(detail.investment, detail.seal, edition)
    told = say(da=f"Protokollen er siden ændret. Ændringerne står i {table_ref(table.key)}.",
               en=f"The protocol has been changed since. The changes are in {table_ref(table.key)}.")
    return [*blocks, Paragraph(told), table]


def seal_sentence(seal: ProtocolSeal) -> str:
    """The day the protocol was fixed, and whether persons' data had been loaded by then."""
    if seal.fixed_on is None:
        fixed = say(da="Det er ikke oplyst, hvornår protokollen blev lagt fast.",
                    en="It is not stated when the protocol was fixed.")
    else:
        fixed = say(da=f"Protokollen blev lagt fast den {long_date(seal.fixed_on)}.",
                    en=f"The protocol was fixed on {long_date(seal.fixed_on)}.")
    order = {
        True: say(da="Det var, før persondata blev indlæst første gang, så valgene kan ikke være truffet ud fra "
                     "resultatet.",
                  en="That was before persons' data were first loaded, so the choices cannot have been made from the "
                     "result."),
        False: say(da="Persondata var da allerede indlæst. Valgene kan derfor være påvirket af tallene.",
                   en="Persons' data had been loaded by then. The choices may therefore have been affected by the "
                      "figures."),
        None: say(da="Det vides ikke, om persondata var indlæst da.",
                  en="It is not known whether persons' data had been loaded by then."),
    }[seal.before_data]
    return notes(fixed, order)


def _plan(detail: EffectDetail, edition: Edition) -> tuple[str, ...]:
    """Every choice of the protocol in the words of the workbook, and its checksum."""
    protocol, summary = edition.portfolio.investment(detail.investment).protocol, summary_of(detail, edition)
    said = {each.name: value_words(each.name, getattr(protocol, each.name)) for each in fields(protocol)}
    if summary is not None:
        said["headline"] = quoted(method_name(summary))
    facts = [f"{field_words(name)}: {value}" for name, value in said.items()]
    checksum = say(da="Kontrolsum (sha256)", en="Checksum (sha256)")
    return tuple(facts if detail.seal is None else [*facts, f"{checksum}: {detail.seal.sha256}"])


def deviations_table(investment: str, seal: ProtocolSeal, edition: Edition) -> Table:
    """What was changed in the protocol after it was fixed, from what, to what, and when."""
    rows = [Row((text_cell(one.what), text_cell(one.was), text_cell(one.now), text_cell(short_date(one.changed_on))))
            for one in sorted(seal.deviations, key=lambda one: (one.changed_on, one.what))]
    return Table(
        f"deviations/{investment}",
        say(da=f"Investering {investment}: afvigelser fra protokollen",
            en=f"Investment {investment}: deviations from the protocol"),
        (Column(say(da="Hvad", en="What"), numeric=False), Column(say(da="Før", en="Before"), numeric=False),
         Column(say(da="Nu", en="Now"), numeric=False), Column(say(da="Ændret", en="Changed"), numeric=False)),
        tuple(rows),
        note=say(da="Datoen er den dag, ændringen blev gemt.", en="The date is the day the change was stored."),
        source=say(da=f"protokollen i udgave {edition.id}", en=f"the protocol in edition {edition.id}"))
