"""The page on portfolio files is a contract: every field and choice of the protocol is on it, and its examples hold."""

from __future__ import annotations

import hashlib
import re
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import get_args

from gevinst.language import LANGUAGES
from gevinst.money import Amount, PriceLevel
from gevinst.register.business_case import ESTIMATORS, DoubleCounting, LaterParticipants, Protocol, StopMeasure
from gevinst.register.protocol import protocol_sha256
from gevinst.register.workbook_layout import sheets
from gevinst.register.yaml_file import read_portfolio

PAGE = (Path(__file__).parents[2] / "docs" / "guide" / "portfolio-files.md").read_text(encoding="utf-8")


def test_every_field_stands_in_the_table_with_its_columns_name_and_every_choice() -> None:
    columns = {column.field: column for column in sheets()["investments"].columns}
    for item in fields(Protocol):
        (row,) = re.findall(rf"^\| `{item.name}` \|.*$", PAGE, re.MULTILINE)
        names = columns[f"protocol.{item.name}"].name
        assert " / ".join(names[language] for language in LANGUAGES) in row
        choices = {"headline": ESTIMATORS, "later_participants": get_args(LaterParticipants),
                   "double_counting": get_args(DoubleCounting), "new_spell_after": ("calendar_month",)}
        for choice in choices.get(item.name, ()):
            assert f"`{choice}`" in row


def test_the_example_can_be_read(tmp_path: Path, small_yaml: str) -> None:
    examples = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "example.yaml"
    indented = "".join(f"    {line}\n" for example in examples for line in example.splitlines())
    path.write_text(small_yaml.replace("    budget:", f"{indented}    budget:"), encoding="utf-8")
    case = read_portfolio(path).investments[0]
    assert case.protocol == Protocol("matched", 52, ("sex", "age_at_entry", "education"), (2017, 2018, 2019))
    starts, saving = case.stop_rules
    assert (starts.measure, starts.at_least) == (StopMeasure.STARTS, Decimal(40))
    assert saving.at_most == Amount.dkk(-500_000, PriceLevel(2020))
    for measure in StopMeasure:
        assert f"| `{measure}` |" in PAGE


def test_the_canonical_text_on_the_page_has_the_checksum_of_its_protocol() -> None:
    (text,) = re.findall(r"^printf '%s' '(.*)' \| sha256sum$", PAGE, re.MULTILINE)
    ours = protocol_sha256(Protocol("matched", match_on=("sex", "education")), {
        "target_benefit": "a-dagpenge", "referrals_from": "2020-01-06", "referrals_to": "",
        "closed": ("2020-03-11/2020-05-26",)})
    assert hashlib.sha256(text.encode()).hexdigest() == ours
