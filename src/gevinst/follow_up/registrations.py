"""The rows of the participants' file beside the numbers of those registered: a row is a registration.

Who reads how many rows a file has, and how many took part, has those between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gevinst.effects.study import Study
from gevinst.follow_up.disclosure.cells import Cell, Relation, System
from gevinst.follow_up.disclosure.inventory import of_study
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.edition import InputFile
from gevinst.tables import PARTICIPANTS


def rows_of_registrations(files: Iterable[InputFile], studies: Mapping[str, Study], rules: Rules) -> System:
    """The accepted rows of the file as those registered in each investment, and rows of others where there are any."""
    registered = {f"{number}/registered": next(
        cell.value for cell in of_study(number, study, rules).cells if cell.key == f"{number}/registered")
        for number, study in studies.items()}
    cells, relations = list[Cell](), list[Relation]()
    for file in files:
        if file.table != PARTICIPANTS.name or not registered or not isinstance(file.accepted, int):
            continue
        others = file.accepted - sum(registered.values())
        if others < 0:  # what is registered twice, or in two files, is bound to nothing
            continue
        whole = f"file/{file.name}/accepted"
        more = [Cell(f"{whole}/others", others, printed=False)] if others else []
        cells += more
        relations.append(Relation(whole, (*registered, *(cell.key for cell in more))))
    return System(tuple(cells), tuple(relations))
