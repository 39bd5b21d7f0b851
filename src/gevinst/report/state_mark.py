"""What a memo says of the state its edition is in: on page one, in the memo head, and in the header of every page.

A memo is written again, from the same tree, each time its edition comes into another state. Only these words differ;
no figure can. A reader who holds one page of a draft in hand sees that it is one, and a published memo says who
approved it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from gevinst.language import long_date, say, speaking
from gevinst.register.edition_log import State
from gevinst.report.tree import Block, Document, Heading, Paragraph


@dataclass(frozen=True)
class StateMark:
    """The state of an edition with what a reader must know of it; the names are empty where nobody did it yet.

    `made` is the day on which the draft was made, which the record knows once it is there. `same_account`: it was
    approved from the account it was made from, so that nobody can know whether two persons were at it.
    """

    state: State
    day: date
    author: str = ""
    checked_by: str = ""
    approved_by: str = ""
    made: date | None = None
    same_account: bool = False


def with_state(document: Document, mark: StateMark) -> Document:
    """The document marked with its state, in its own language."""
    with speaking(document.language):
        line = (say(da="Status:", en="Status:"), _head(mark))
        if mark.state == "published":
            return replace(document, head=(*document.head, line))
        return replace(document, mark=_mark(mark), head=(*document.head, line), blocks=_warned(document, mark))


def _warned(document: Document, mark: StateMark) -> tuple[Block, ...]:
    """The warning under the title, or first where there is no title."""
    at = next((place + 1 for place, block in enumerate(document.blocks)
               if isinstance(block, Heading) and block.level == 1), 0)
    return (*document.blocks[:at], Paragraph(_warning(mark), "warning"), *document.blocks[at:])


def _mark(mark: StateMark) -> str:
    return {
        "draft": say(da="Udkast", en="Draft"),
        "checked": say(da="Kontrolleret, ikke godkendt", en="Checked, not approved"),
        "approved": say(da="Godkendt, ikke udgivet", en="Approved, not published"),
    }[mark.state]


def _warning(mark: StateMark) -> str:
    return {
        "draft": say(da="Udkast. Tallene er ikke kontrolleret, og notatet er ikke godkendt.",
                     en="Draft. The figures have not been checked, and the memo has not been approved."),
        "checked": say(da=f"Tallene er kontrolleret af {mark.checked_by}. Notatet er ikke godkendt.",
                       en=f"The figures were checked by {mark.checked_by}. The memo has not been approved."),
        "approved": say(da=f"Notatet er godkendt af {_approved_by(mark)}. Det er ikke udgivet.",
                        en=f"The memo was approved by {_approved_by(mark)}. It has not been published."),
    }[mark.state]


def _head(mark: StateMark) -> str:
    made = "" if mark.made is None else say(da=f" (lavet {long_date(mark.made)})", en=f" (made {long_date(mark.made)})")
    if mark.state != "published":
        return _mark(mark) + made
    return say(da=f"Udgivet {long_date(mark.day)}, godkendt af {_approved_by(mark)}",
               en=f"Published {long_date(mark.day)}, approved by {_approved_by(mark)}") + made


def _approved_by(mark: StateMark) -> str:
    """Who approved it, and what is to be known of that."""
    if not mark.same_account:
        return mark.approved_by
    return mark.approved_by + say(da=" fra samme brugerkonto, som det er lavet fra",
                                  en=" from the same user's account that it was made from")
