"""Each language's memo is in that language alone: what is fixed wording holds no word of the other."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

import pytest

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.effect_detail import PortfolioEffect
from gevinst.follow_up.figures import Figure as Amounts
from gevinst.language import LANGUAGES, Language
from gevinst.report.memo import build_memo
from gevinst.report.tree import Block, Bullets, Document, Figure, Heading, Paragraph, Table
from gevinst.report.wording import texts

# Words that say which text is from the other language; none is a word in both.
DANISH = {"og", "ikke", "af", "til", "der", "det", "med", "uden", "uger", "uge", "ydelse", "på", "som", "blev", "kr",
          "forventes", "forventet", "mio", "pct", "tabel", "figur", "kilde", "dato", "beregnet", "indberettet", "fra",
          "investering", "investeringen", "besparelse", "er", "deltagere", "samlet", "efter", "kommune"}
ENGLISH = {"the", "of", "and", "is", "was", "were", "with", "week", "weeks", "year", "table", "figure", "saving", "are",
           "expected", "result", "share", "not", "by", "from", "than", "that", "without", "participants", "cost"}
KEYS = {"number", "key", "investment", "estimator", "definition", "outcome", "maturity", "language", "sha256", "id",
        "grade", "kind", "arm", "headline", "later_participants", "double_counting"}


def neutral(node: Any, counted: list[int]) -> Any:
    """A copy of an edition in which every text of the municipality is a word of no language."""
    if isinstance(node, Enum):
        return node
    if isinstance(node, str):
        counted.append(1)
        return f"Zq{len(counted)}"
    if is_dataclass(node) and not isinstance(node, type):
        skip = KEYS | ({"source"} if isinstance(node, Amounts) else set())
        skip |= {"benefit"} if any(field.name == "benefit_name" for field in fields(node)) else set()
        changed = {field.name: neutral(getattr(node, field.name), counted) for field in fields(node)
                   if not (field.name in skip and isinstance(getattr(node, field.name), str))
                   and not (isinstance(node, PortfolioEffect) and field.name == "investments")}
        return replace(node, **changed)
    if isinstance(node, tuple):
        return tuple(neutral(part, counted) for part in node)
    if isinstance(node, dict):
        return {key: neutral(part, counted) for key, part in node.items()}
    return node


def words(document: Document) -> dict[str, str]:
    """Every word of the memo in small letters, with a text it stands in."""
    found: dict[str, str] = {}
    for text in every_text(document):
        for word in re.findall(r"[a-zæøå]+", text.lower()):
            found[word] = text
    return found


def every_text(document: Document) -> list[str]:
    head = [text for line in document.head for text in line]
    told = [document.title, document.footer, *document.meta.values(), *head]
    return told + [text for block in document.blocks for text in block_texts(block)]


def block_texts(block: Block) -> list[str]:
    match block:
        case Heading() | Paragraph():
            return [block.text]
        case Bullets():
            return list(block.items)
        case Table():
            return [block.caption, block.note, block.source, block.unit,
                    *(text for column in block.columns for text in (column.header, column.group)),
                    *(cell.text for row in block.rows for cell in row.cells)]
        case Figure():
            return [block.caption, block.alt, block.note, block.source,
                    *([] if block.data is None else block_texts(block.data))]
    return []


@pytest.fixture(scope="module")
def bare(detailed_edition: Edition) -> Edition:
    edition: Edition = neutral(detailed_edition, [])
    return edition


def test_the_english_memo_has_no_danish_in_it(bare: Edition) -> None:
    told = words(build_memo(replace(bare, language="en")))
    assert len(told) > 200
    assert {word: told[word] for word in DANISH & set(told)} == {}
    assert {word for word in told if re.search("[æøå]", word)} <= {"øre"}, "the coin has no English name"


def test_the_danish_memo_has_no_english_in_it(bare: Edition) -> None:
    told = words(build_memo(replace(bare, language="da")))
    assert len(told) > 200
    assert {word: told[word] for word in ENGLISH & set(told)} == {}


def test_numbers_follow_the_language(full_edition: Edition) -> None:
    danish = next(t for t in build_memo(full_edition).tables() if t.key == "budget").rows[0].cells[1].text
    english = next(t for t in build_memo(replace(full_edition, language="en")).tables() if t.key == "budget")
    assert (danish, english.rows[0].cells[1].text) == ("0,376", "0.376")


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_have_the_same_parts(detailed_edition: Edition, language: Language) -> None:
    document = build_memo(replace(detailed_edition, language=language))
    reference = build_memo(detailed_edition)
    assert document.language == language
    assert [type(block) for block in document.blocks] == [type(block) for block in reference.blocks]
    assert [table.key for table in document.tables()] == [table.key for table in reference.tables()]


def test_every_fixed_text_is_there_in_both_languages() -> None:
    for name, paragraphs in texts().items():
        for paragraph in paragraphs:
            assert set(paragraph) == set(LANGUAGES), name
            assert all(text.strip() for text in paragraph.values()), name
