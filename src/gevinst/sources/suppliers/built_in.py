"""The suppliers whose files are known without anything being said about them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from gevinst.parameters.benefits import normalise_benefit
from gevinst.sources.parts import Supplier
from gevinst.sources.suppliers.dream import Dream
from gevinst.sources.suppliers.opus import default_supplier
from gevinst.sources.suppliers.ydelsesrefusion import Ydelsesrefusion


def person_suppliers(
    codes_file: Path | None = None,
    benefit_of: Callable[[str], str | None] = normalise_benefit,
    covariates_on: date | None = None,
) -> tuple[Supplier, ...]:
    """Ydelsesrefusion and DREAM; for what DREAM may be told see `Dream`."""
    return Ydelsesrefusion(), Dream(codes_file=codes_file, benefit_of=benefit_of, covariates_on=covariates_on)


def built_in_suppliers() -> tuple[Supplier, ...]:
    """All of them, as they are without a workspace: ledger postings belong to no investment."""
    return (*person_suppliers(), default_supplier())
