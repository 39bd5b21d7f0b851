"""The suppliers of a workspace: those built in, as the workspace's own files say, and those its mappings describe."""

from __future__ import annotations

from collections.abc import Callable

from gevinst.parameters.benefits import normalise_benefit
from gevinst.register.ledger_rules_file import ledger_supplier
from gevinst.settings import Settings
from gevinst.sources.parts import Supplier
from gevinst.sources.suppliers.built_in import person_suppliers
from gevinst.sources.suppliers.mapped_source import MAPPINGS, mapping_suppliers

DREAM_CODES = "dream_codes.csv"


def workspace_suppliers(
    settings: Settings, benefit_of: Callable[[str], str | None] = normalise_benefit
) -> tuple[Supplier, ...]:
    """The suppliers whose files `gevinst import` reads.

    Mappings lie in `mappings/`, ledger rules in `ledger_rules.yaml`, own DREAM codes in `parameters/dream_codes.csv`.
    Raises the errors of the files among these that are wrong.
    """
    mapped = mapping_suppliers(settings.workspace / MAPPINGS)
    built_in = person_suppliers(settings.parameters / DREAM_CODES, benefit_of, settings.dream_covariates_on)
    return (*mapped, *built_in, ledger_supplier(settings.workspace))
