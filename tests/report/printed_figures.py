"""Every number a memo prints, and what is no figure of it: for the tests that each number says which figure it is.

What is exempt is named here, with the reason. Nothing else may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figure_ids import nearest
from gevinst.register.business_case import Portfolio
from gevinst.report.figure_ladders import printed_in
from gevinst.report.tree import Block, Bullets, Document, Figure, Heading, Link, Paragraph, Table

EXEMPT_TABLES = {
    "parameters": "a parameter is the last step of a ladder: its own row says value, validity, source and law",
    "refund-ladder": "the same: rates of law, with their reference",
    "suspensions": "days between two dates that stand in the same row",
}
EXEMPT_SECTIONS = {
    "method": "fixed words, the same in every memo",
    "protocol": "the plan as adopted, typed in",
    "replicates": "seed and replicates: facts of the run",
    "appendix-run": "facts of the run",
    "appendix-parameters": "how many rows of the table below are flagged",
    "appendix-status": "the rules that status is given by",
}
EXEMPT_WORDS = {
    r"(?:Kilde:|de kommer fra:).*": "a source, as it is cited",
    r"»[^«]*«": "the name of a curve or a covariate",
    r"udgave [0-9a-f]{12}": "the name of an edition",
    r"sha256|de første \d+ tegn": "a fingerprint",
    r"\d{1,2}\.\s(?:januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december)(?:\s\d{4})?":
        "a date",
    r"\d\d-\d\d-\d{4}": "a date",
    r"(?:tabel|figur)\s\d+(?: og (?:tabel|figur) \d+)*": "the number of a table or figure",
    r"(?:19|20)\d\d": "a year",
    r"\d+,?\d*\s?%-interval(?:ler)?|intervaller på 50, 80 og 95\s%": "the name of an interval",
    r"investering(?:erne)? \d+(?:(?:, | og | eller )\d+)*": "the number of an investment",
    r"(?:under|færre end|mindst|over) \d[\d.,]*(?:\s%| kr\.)?": "a limit: a setting, not a result",
    r"(?:af|omkring 1 af) \d+(?: (?:og|for stor)| forskelle| investeringer| viste)?": "what a result is counted of",
    r"\d+ (?:deltagere er|deltagere|tegn)\b(?= \d| stadig|\.|$)|Af 100 deltagere": "the unit of natural frequencies",
    r"(?:uge )?\d+ uger efter start|efter \d+ uger|\buge \d+|for hver \d+ uger|de (?:første|seneste) \d+ uger|"
    r"\d+ måneder?s?":
        "when, not how much",
    r"^[^:]+: (?=#$)": "whom the count after it is of",
    r"dranst \d": "a part of an account's number",
    r"regnes som \d+\s% åbne|p/l\s\d+": "an assumption, and a price level",
}


def tables(blocks: tuple[Block, ...]) -> Iterator[Table]:
    """The tables, and those behind the charts."""
    for block in blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Figure) and block.data is not None:
            yield block.data


def unnamed_cells(document: Document) -> list[tuple[str, str, str]]:
    """Table, column and text of every cell with a number that does not say which figure it is."""
    found = []
    for table in tables(document.blocks):
        if table.key in EXEMPT_TABLES:
            continue
        for row in (row for row in table.rows if row.kind != "section"):
            for at, cell in enumerate(row.cells[1:], 1):
                numeric = cell.kind != "text" or table.columns[at].numeric
                if numeric and re.search(r"\d", cell.text) and not cell.figure and not cell.links:
                    found.append((table.key, table.columns[at].header, cell.text))
    return found


def unexplained(document: Document, edition: Edition) -> list[str]:
    """The ids that are printed and have no ladder."""
    known = edition.explanations
    shown = {cell.figure for table in tables(document.blocks) for row in table.rows for cell in row.cells
             if cell.figure and re.search(r"\d", cell.text)}
    told = set(printed_in(block for block in document.blocks if not isinstance(block, Table | Figure)))
    return sorted(figure for figure in shown | told if not nearest(figure, known))


def sentences(blocks: tuple[Block, ...]) -> Iterator[tuple[str, str, tuple[Link, ...]]]:
    """Section, text and figures of every paragraph, point and note."""
    section = ""
    for block in blocks:
        if isinstance(block, Heading):
            section = block.key
        elif isinstance(block, Paragraph):
            yield section, block.text, block.links
        elif isinstance(block, Bullets):
            yield from ((section, *one) for one in zip(
                block.items, block.links or ((),) * len(block.items), strict=True))
        elif isinstance(block, Table | Figure):
            yield section, block.note, block.links
            if isinstance(block, Figure) and block.data is not None:
                yield section, block.data.note, block.data.links


def recorded_words(portfolio: Portfolio) -> str:
    """What the municipality has written itself."""
    words = [portfolio.background, portfolio.source, *(one.text for one in portfolio.decisions)]
    for case in portfolio.investments:
        words += [case.narrative.description, case.narrative.progress, case.narrative.evidence, case.source,
                  case.financing, case.target_group.description, case.stop.text if case.stop else "",
                  case.supplier.terms if case.supplier else "", *(one.text for one in case.decisions)]
    return " ".join(" ".join(words).split())


def unnamed_in_sentences(document: Document, portfolio: Portfolio) -> list[tuple[str, str]]:
    """Section and what is left with a number in it, when figures and what is exempt are taken away."""
    typed, found = recorded_words(portfolio), []
    for section, text, links in sentences(document.blocks):
        if any(section == one or section.startswith(f"{one}-") for one in EXEMPT_SECTIONS):
            continue
        if " ".join(text.replace("\xa0", " ").split()) in typed:
            continue
        left, at = "", 0
        for link in links:
            left, at = f"{left}{text[at:link.start]}#", link.end
        left = (left + text[at:]).replace("\xa0", " ")
        for phrase in typed.split(". "):
            left = left.replace(phrase, "") if len(phrase) > 20 else left
        for pattern in EXEMPT_WORDS:
            left = re.sub(pattern, "", left, flags=re.IGNORECASE)
        if re.search(r"\d", left):
            found.append((section, left))
    return found
