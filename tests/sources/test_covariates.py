from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gevinst.sources.covariates import MOST_LEVELS, choose, is_identifying
from gevinst.sources.parts import CANONICAL
from tests.sources.conftest import Intake

SPELLS = "person_id;benefit;start_date;end_date\n" + "".join(
    f"{10_000 + n};kontanthjaelp;2019-01-07;2020-06-28\n" for n in range(MOST_LEVELS + 50))


def persons(**columns: object) -> str:
    """A file of as many persons, each column's cell by the person's number."""
    rows = [";".join(["person_id", *columns])]
    for n in range(MOST_LEVELS + 50):
        rows.append(";".join([str(10_000 + n), *(str(cell(n)) for cell in columns.values() if callable(cell))]))
    return "\n".join([*rows, ""])


WHOLE = persons(sex=lambda n: "mk"[n % 2], navn=lambda n: f"Bo {n} Madsen", adresse=lambda n: f"Storegade {n}",
                post=lambda n: f"postnr. {n % MOST_LEVELS}", hjemsted=lambda n: f"Storegade {n}",
                income=lambda n: 1000 + n, telefon=lambda n: 20_000_000 + n)


def stored(found: Path) -> set[str]:
    return set(pq.read_table(found / "persons.parquet").column_names) - {
        "person", "replicate", "left_register_date", "left_week"}


def test_of_what_is_asked_for_only_what_tells_groups_is_kept(intake: Intake) -> None:
    asked = {"sex", "Navn", "post", "hjemsted", "income", "elsewhere"}
    found = intake({"spells.csv": SPELLS, "persons.csv": WHOLE}, covariates=asked)
    assert stored(found.folder) == {"sex", "post", "income"}
    told = found.notes("persons")
    assert told["covariates-kept"] == {"columns": "income, post, sex"}
    assert "covariates-not-asked" not in told
    assert told["covariates-identify"] == {"columns": "adresse, navn, telefon"}
    assert told["covariates-many"] == {"columns": "hjemsted"}
    everything = b"".join(path.read_bytes() for path in found.folder.rglob("*") if path.is_file())
    assert b"Storegade" not in everything
    assert b"Madsen" not in everything


def test_nothing_is_asked_for(intake: Intake) -> None:
    found = intake({"spells.csv": SPELLS, "persons.csv": WHOLE}, covariates=())
    assert stored(found.folder) == set()
    assert found.notes("persons") == {"covariates-not-asked": {"columns": "hjemsted, income, post, sex"},
                                      "covariates-identify": {"columns": "adresse, navn, telefon"}}
    assert len(found.rows("persons")) == MOST_LEVELS + 50


def test_what_is_not_stored_keeps_its_columns(intake: Intake) -> None:
    found = intake({"spells.csv": SPELLS, "persons.csv": WHOLE})
    assert stored(found.folder) == {"sex", "navn", "adresse", "post", "hjemsted", "income", "telefon"}
    assert not any(name.startswith("covariates") for name in found.notes("persons"))


def test_a_column_that_is_left_out_leaves_no_row_out(intake: Intake) -> None:
    """Neither an id in it nor two rows that differ in nothing else."""
    text = "person_id;sex;notat\n10000;k;se 010190-1234\n10001;m;ringet\n10001;m;skrevet\n"
    found = intake({"spells.csv": SPELLS, "persons.csv": text}, covariates={"sex"})
    assert len(found.rows("persons")) == 2
    assert found.rejects() == []


@pytest.mark.parametrize("name", [
    "navn", "Fornavn", "EFTERNAVN", "name", "last_name", "adresse", "Hjem Adresse", "address", "vej", "tlf", "tlf.nr",
    "telefon", "mobil", "phone", "e-mail", "mail", "email", "kontakt_mail", "cpr_partner", "notat", "bemærkning"])
def test_names_of_columns_that_identify(name: str) -> None:
    assert is_identifying(name)
    assert choose((name,), "a mapping", None).kept == (name,)
    assert choose((name,), "a mapping", {name}).identifying == (name,)


@pytest.mark.parametrize("name", ["sex", "age_group", "uddannelse", "kommune_navn", "akasse_navn", "herkomst", "alder",
                                  "erhverv", "health_problem", "prior_benefit_weeks_2y", "vejledt", "telefonist"])
def test_names_of_columns_that_do_not(name: str) -> None:
    assert not is_identifying(name)
    assert choose((name,), CANONICAL, {name}).kept == (name,)
