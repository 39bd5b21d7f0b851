"""The follow-up in a terminal: the portfolio as a table, and the memo's first sentences."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from gevinst.follow_up.data_dates import notes_of
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figures import Figure
from gevinst.follow_up.since_last import not_stated
from gevinst.language import number, say, speaking
from gevinst.register.business_case import Basis, Line, Status
from gevinst.report.amount_tables import notes, sign_note
from gevinst.report.amounts import DECIMALS, as_printed, sign, unit, years_text
from gevinst.report.effect.portfolio import portfolio_told
from gevinst.report.in_short import in_one_sentence, in_short
from gevinst.report.typography import typeset


def portfolio_table(edition: Edition) -> RenderableType:
    """Each investment's net outcome per year and in all, with the sum; results first, then expectations."""
    with speaking(edition.language):
        whole = edition.portfolio_follow_up
        title = Text(f"{edition.portfolio.title}, {unit(whole.outcome_level)}", style="bold")
        table = Table(title=title, title_justify="left", caption=notes(sign_note()), caption_justify="left")
        table.add_column(say(da="Investering", en="Investment"), overflow="fold")  # no word is cut
        for year in whole.years:
            result, expected = say(da="resultat", en="result"), say(da="forventet", en="expected")
            kind = not_stated() if not year.outcome else result if year.basis is Basis.REALISED else expected
            table.add_column(f"{year.year}\n{kind}", justify="right", no_wrap=True)
        table.add_column(say(da="i alt", en="total") + f"\n{years_text(edition.portfolio.years)}", justify="right",
                         no_wrap=True)
        for part in edition.follow_ups:
            stopped = edition.portfolio.investment(part.investment).status is Status.STOPPED
            name = f"{part.investment}. {part.title}" + (say(da=" (stoppet)", en=" (stopped)") if stopped else "")
            nets = [*(year.outcome.get(Line.NET) for year in part.years), part.outcome_total.get(Line.NET)]
            table.add_row(Text(name), *(_amount(net) for net in nets))
        table.add_section()
        words = {Line.INVESTMENT: say(da="Investering i indsats (A)", en="Investment in the effort (A)"),
                 Line.SAVING: say(da="Besparelse på forsørgelse (B)", en="Saving on benefits (B)"),
                 Line.NET: say(da="I alt (A+B)", en="Total (A+B)")}
        for line, word in words.items():
            sums = [*(year.outcome.get(line) for year in whole.years), whole.outcome_total.get(line)]
            table.add_row(Text(word), *(_amount(figure) for figure in sums), style="bold" if line is Line.NET else None)
        return table


def summary(edition: Edition) -> RenderableType:
    """The table with the memo's first sentences under it; warnings of made-up persons and of dates."""
    with speaking(edition.language):
        points = [Padding(Text(f"• {point}"), (0, 0, 0, 2)) for point in in_short(edition)]
        warning = [Text(say(da="Personoplysningerne er opdigtede; beregnede effekter siger intet om kommunen.",
                            en="The personal data are made up; computed effects say nothing about the municipality."),
                        style="bold yellow")] if edition.synthetic else []
        warning += [Text(note, style="bold yellow") for note in notes_of(edition)]
        answer, together = in_one_sentence(edition), typeset(portfolio_told(edition))
        return Group(*warning, portfolio_table(edition), *([Text(answer)] if answer else []), *points,
                     *([Text(together)] if together else []))


def _amount(figure: Figure | None) -> Text:
    """A figure in million kroner; a net saving in green, but the sign says it too."""
    if figure is None:
        return Text("")
    saves = figure.line is Line.NET and sign(figure.amount) < 0
    return Text(number(as_printed(figure.amount), DECIMALS), style="green" if saves else "")
