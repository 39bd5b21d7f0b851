"""What a reader must know of a synthetic twin, in both languages, as the `README.md` beside it."""

from __future__ import annotations

from gevinst.curves.twin_model import TwinModel
from gevinst.language import number, percent, say, short_date, speaking
from gevinst.weeks import monday, sunday


def readme(model: TwinModel, seed: int) -> str:
    """The text; its numbers are the model's."""
    parts = []
    for language in ("da", "en"):
        with speaking(language):
            parts.append(_text(model, seed))
    return "\n\n".join(parts) + "\n"


def _text(model: TwinModel, seed: int) -> str:
    first, last = short_date(monday(model.first_week)), short_date(sunday(model.last_week))
    few, base = number(model.few), number(model.base)
    return "\n".join([
        say(da="# Syntetisk tvilling", en="# Synthetic twin"),
        "",
        say(da="**Ingen i disse filer findes.** Tallene er ikke kommunens, og de må ikke bruges til at bedømme en "
               "indsats.",
            en="**Nobody in these files exists.** The figures are not the municipality's, and no effort may be judged "
               "by them."),
        "",
        say(da=f"Personerne er trukket tilfældigt (startværdi {seed}) ud fra modellen i `model.json` og intet andet. "
               f"Modellen er talt op i registret fra {first} til {last}. Hvert tal i den hviler på mindst {few} "
               f"personer og er afrundet til {base}; hvad færre har til fælles, er slået sammen med noget "
               "andet eller udeladt.",
            en=f"The persons were drawn at random (seed {seed}) from the model in `model.json` and nothing else. The "
               f"model was counted in the register from {first} to {last}. Every number in it rests on at least {few} "
               f"persons and is rounded to {base}; what fewer share is taken together with something else or left "
               "out."),
        "",
        say(da="## God til", en="## Good for"),
        say(da="- at køre hele beregningen igen, fra udtræk til notat, uden et eneste CPR-nummer",
            en="- running the whole computation again, from extract to memo, without a single CPR number"),
        say(da="- undervisning, afprøvning og revision af metoden", en="- teaching, testing and auditing the method"),
        "",
        say(da="## Ikke god til", en="## Not good for"),
        say(da="- kommunens resultater: dem giver kun `gevinst rerun` på de rigtige data",
            en="- the municipality's results: only `gevinst rerun` on the real data gives those"),
        say(da="- sammenhænge mellem en borgers egenskaber, eller mellem dem og forløbet: de er ikke talt med",
            en="- how a person's traits go together, or with what becomes of her: that is not counted"),
        "",
        say(da="## Hvad der er med", en="## What is in it"),
        say(da="- tilgang pr. kvartal og ydelse, ugentlig afgang efter varighed og halvår, tilbagefald efter uger uden "
               "ydelse",
            en="- inflow by quarter and benefit, weekly exits by duration and half-year, relapse by weeks off"),
        say(da="- deltagernes start efter kvartal og varighed, hvor længe de deltager, og om de forlader ydelsen "
               "hurtigere end andre",
            en="- the participants' starts by quarter and duration, how long they take part, and whether they leave "
               "the benefit faster than others"),
        say(da="- hver kolonne om borgerne for sig, efter første ydelse",
            en="- each column on the persons by itself, by first benefit"),
        say(da="- prisen på en betalt uge efter ydelse, trin og år, afrundet til 10 kr.; posteringer pr. konto og "
               "måned, afrundet til 1.000 kr., uden tekst",
            en="- the price of a paid week by benefit, step and year, rounded to DKK 10; postings by account and "
               "month, rounded to DKK 1,000, without text"),
        say(da="- priser, offentliggjorte kurver og afbrydelser, som de er: de handler ikke om personer",
            en="- prices, published curves and suspensions as they are: they are about no persons"),
        "",
        say(da=f"En person har én ydelse ad gangen; {percent(model.overlap)} af ugerne lå ved siden af en anden ydelse "
               "og er udeladt. Forløb begynder mandag og slutter søndag.",
            en=f"A person has one benefit at a time; {percent(model.overlap)} of the weeks lay beside another benefit "
               "and are left out. Spells begin on Mondays and end on Sundays."),
    ])
