"""The package's `README.md`: what is in it, and how an auditor uses it, in both languages."""

from __future__ import annotations

from gevinst.audit.basis import Audited
from gevinst.language import say, short_date, speaking


def readme(one: Audited, *, persons: bool) -> str:
    """The text, Danish first."""
    parts = []
    for language in ("da", "en"):
        with speaking(language):
            parts.append("\n".join(_lines(one, persons=persons)))
    return "\n\n".join(parts) + "\n"


def _lines(one: Audited, *, persons: bool) -> list[str]:
    key, day = one.recipe.id, short_date(one.recipe.memo_date)
    opened = say(da="MAPPE", en="FOLDER")
    run = f"gevinst run -w {opened}/workspace --date {one.recipe.memo_date.isoformat()}"
    run += "" if persons else " --recorded-only"
    return [
        say(da=f"# Revisionspakke: udgave {key}, notat af {day}",
            en=f"# Auditor's package: edition {key}, memo of {day}"),
        "",
        say(da="Pakken rummer ingen borgere: hverken CPR-numre, pseudonymer eller nøgler.",
            en="There are no persons in the package: no CPR numbers, no pseudonyms, no keys."),
        "",
        say(da="Begynd med notatet: `edition/memo.pdf`, eller `edition/memo.html`, hvor hvert tal viser, hvordan det "
               "er fremkommet.",
            en="Begin with the memo: `edition/memo.pdf`, or `edition/memo.html`, where every figure shows how it came "
               "about."),
        "",
        say(da="## Hvad du kan gøre", en="## What you can do"),
        "",
        say(da="1. Kontrollér filerne: pak ud, og kør `sha256sum -c SHA256SUMS` her og i `edition/`. Windows har ikke "
               "den kommando; der gør punkt 2 det samme.",
            en="1. Check the files: unpack, and run `sha256sum -c SHA256SUMS` here and in `edition/`. Windows does not "
               "have that command; there point 2 does the same."),
        say(da="2. Kontrollér det hele på én gang: `gevinst audit check PAKKE.zip`. Det ser også på loggens kæde, "
               "trækker tvillingen igen af dens model og regner notatet igen.",
            en="2. Check everything at once: `gevinst audit check PACKAGE.zip`. That also follows the chain of the "
               "logs, draws the twin again from its model and runs the memo again."),
        say(da="3. Kør notatet selv af tvillingen, med to kommandoer:",
            en="3. Run the memo yourself from the twin, with two commands:"),
        "",
        "       gevinst audit open " + say(da=f"PAKKE.zip --out {opened}", en=f"PACKAGE.zip --out {opened}"),
        f"       {run}",
        "",
        say(da=f"4. Bed kommunen køre `gevinst rerun {key}` på de rigtige data. Kun det prøver notatets egne tal; "
               "svaret er, at de er ens, bit for bit, eller hvilke der afviger.",
            en=f"4. Ask the municipality to run `gevinst rerun {key}` on the real data. Only that tests the memo's own "
               "figures; the answer is that they are the same, bit for bit, or which differ."),
        "",
        say(da="## Hvad der er i pakken", en="## What is in the package"),
        "",
        *(f"- {_named(names)}: {text}" for names, text in _parts(persons=persons)),
    ]


def _named(names: str) -> str:
    """Each of the names as code.

    >>> _named("a/, b.toml")
    '`a/`, `b.toml`'
    """
    return ", ".join(f"`{name}`" for name in names.split(", "))


def _parts(*, persons: bool) -> list[tuple[str, str]]:
    twin = [("twin/", say(
        da="syntetisk tvilling af registret med den model, den er trukket af; `twin/memo/` er notatet, den giver. "
           "Dens tal er ikke kommunens. Læs `twin/README.md`.",
        en="a synthetic twin of the register with the model it was drawn from; `twin/memo/` is the memo it gives. Its "
           "figures are not the municipality's. Read `twin/README.md`."))] if persons else [("twin/", say(
               da="udgaven hviler ikke på borgernes data; her er det, der skal til for at køre den igen.",
               en="the edition does not rest on persons' data; here is what is needed to run it again."))]
    return [
        ("edition/", say(
            da="udgaven, som den ligger i kommunen: notatet i fire former, tal, effekter, kurver, antal, "
               "mellemregninger og de parametre, der gjaldt",
            en="the edition as it lies in the municipality: the memo in four forms, figures, effects, curves, counts, "
               "workings and the parameters in force")),
        ("inputs.csv", say(da="de indlæste filer med kontrolsum; ikke filerne",
                           en="the files that were imported with their checksums; not the files")),
        ("parameters.csv", say(da="hver parameter, der blev brugt, med hjemmel",
                               en="every parameter that was used, with its legal source")),
        ("record/portfolio.yaml", say(da="porteføljen, som den blev vedtaget", en="the portfolio as it was adopted")),
        ("protocols/", say(
            da="analyseplanerne; en plans kontrolsum er filens SHA-256, og `protocols.csv` siger, hvornår den blev "
               "fastlagt, og hvad der er ændret siden",
            en="the analysis plans; a plan's checksum is the file's SHA-256, and `protocols.csv` says when it was "
               "fixed and what was changed since")),
        ("logs/", say(
            da="udgavens statusser, journalen over udtræk og antal opslag i adgangsloggen; andre udgavers hændelser og "
               "antal borgere er udeladt, men kædens kontrolsummer er med",
            en="the edition's states, the journal of snapshots and the number of look-ups in the access log; other "
               "editions' events and numbers of persons are left out, but the checksums of the chain are there")),
        ("program/, settings.toml", say(
            da="programmets version og kodens kontrolsum, pakkernes versioner, opsætningen",
            en="the program's version and the checksum of its code, the packages' versions, the settings")),
        ("rerun.json", say(
            da="hvad kommunen fik ud af at regne udgaven igen på de rigtige data, da pakken blev lavet: hvor mange tal "
               "der blev holdt op mod hinanden, og navnene på dem, der afviger",
            en="what the municipality got from running the edition again on the real data when the package was made: "
               "how many figures were compared, and the names of those that differ")),
        *twin,
        ("SHA256SUMS, package.json", say(
            da="kontrolsummen af hver fil, og hvilken udgave og programversion pakken er lavet af",
            en="the checksum of every file, and the edition and program version that the package was made from")),
    ]
