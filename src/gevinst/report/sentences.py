"""Sentences made from figures. The words follow the sign: a saving is never called a cost, nor the reverse.

Each function takes amounts and gives one or two whole sentences in the language spoken now. A *result* is told
in the past tense, an expectation is always called expected.
"""

from __future__ import annotations

from gevinst.language import say
from gevinst.register.business_case import Basis
from gevinst.report.amounts import Said, bare, million, sign


def capitalised(text: str) -> str:
    """The text with a capital first letter, the rest untouched."""
    return text[:1].upper() + text[1:]


def invested(amount: Said, year: int, basis: Basis) -> str:
    """What was put in, as a clause after "at"/"that"."""
    done, size, way = basis is Basis.REALISED, million(amount), sign(amount)
    if way > 0:
        return say(da=f"der i {year} {'blev' if done else 'forventes'} investeret {size} i indsats",
                   en=f"{size} {'was' if done else 'is expected to be'} invested in {year}")
    if way < 0:
        return say(da=f"indsatsen i {year} {'gav' if done else 'forventes at give'} en indtægt på {size}",
                   en=f"the effort in {year} {'gave' if done else 'is expected to give'} an income of {size}")
    return say(da=f"der i {year} ikke {'blev' if done else 'forventes'} investeret i indsats",
               en=f"nothing {'was' if done else 'is expected to be'} invested in {year}")


def support(amount: Said, basis: Basis) -> str:
    """What became of the expenditure on benefits, as a clause."""
    done, size, way = basis is Basis.REALISED, million(amount), sign(amount)
    if way == 0:
        return say(da=f"udgifterne til forsørgelse {'blev' if done else 'forventes'} uændrede",
                   en=f"expenditure on benefits {'was' if done else 'is expected to be'} unchanged")
    return say(
        da=f"udgifterne til forsørgelse {'blev' if done else 'forventes at blive'} {size} "
           f"{'lavere' if way < 0 else 'højere'}",
        en=f"expenditure on benefits {'was' if done else 'is expected to be'} {size} "
           f"{'lower' if way < 0 else 'higher'}",
    )


def difference(net: Said, basis: Basis) -> str:
    """What investment and saving come to together: a whole sentence."""
    done, size, way = basis is Basis.REALISED, million(net), sign(net)
    if way == 0:
        return say(da=f"Udgifter og besparelser {'gik' if done else 'forventes at gå'} lige op.",
                   en=f"Costs and savings {'balanced' if done else 'are expected to balance'}.")
    da = "nettobesparelse" if way < 0 else "nettoudgift"
    en = "net saving" if way < 0 else "net cost"
    if done:
        return say(da=f"Det giver en forskel på {size}, som er en {da}.",
                   en=f"The difference is {size}, a {en}.")
    return say(da=f"Det giver en forskel på {size}, som er en forventet {da}.",
               en=f"The difference is {size}, an expected {en}.")


def year_in_table(table: str, year: int, basis: Basis, investment: Said, saving: Said, net: Said) -> str:
    """What a table shows for one year: investment, saving, and what they come to."""
    put_in, got = invested(investment, year, basis), support(saving, basis)
    return say(da=f"{table} viser, at {put_in}, og at {got}. ",
               en=f"{table} shows that {put_in}, and that {got}. ") + difference(net, basis)


def without_the_effort(saving: Said, year: int, basis: Basis) -> str:
    """The same saving seen from the other side; empty where there is none to tell of."""
    way = sign(saving)
    if way == 0:
        return ""
    done = basis is Basis.REALISED
    guess_da, guess_en = (" efter opgørelsen", " by this account") if done else (
        " efter det nuværende skøn", " by the present estimate")
    return say(
        da=f"Uden investeringerne ville udgifterne til forsørgelse i {year}{guess_da} have været {million(saving)} "
           f"{'højere' if way < 0 else 'lavere'}.",
        en=f"Without the investments, expenditure on benefits in {year} would{guess_en} have been {million(saving)} "
           f"{'higher' if way < 0 else 'lower'}.",
    )


def year_in_short(year: int, basis: Basis, investment: Said, saving: Said, net: Said) -> str:
    """One year for the reader who reads no table."""
    put_in, got = capitalised(_main_clause(investment, year, basis)), support(saving, basis)
    return f"{put_in}, {say(da='og', en='and')} {got}. {_net_in_short(net, basis)}"


def _net_in_short(net: Said, basis: Basis) -> str:
    if sign(net) == 0:
        return difference(net, basis)
    da, en = ("nettobesparelse", "net saving") if sign(net) < 0 else ("nettoudgift", "net cost")
    if basis is Basis.REALISED:
        return say(da=f"Samlet blev det en {da} på {million(net)}.", en=f"Together that was a {en} of {million(net)}.")
    return say(da=f"Samlet forventes en {da} på {million(net)}.", en=f"Together a {en} of {million(net)} is expected.")


def _main_clause(amount: Said, year: int, basis: Basis) -> str:
    """`invested` with the word order of a main clause; in English the two are the same."""
    done, size, way = basis is Basis.REALISED, million(amount), sign(amount)
    clause = invested(amount, year, basis)
    if way > 0:
        return say(da=f"I {year} {'blev' if done else 'forventes'} der investeret {size} i indsats", en=clause)
    if way < 0:
        return say(da=f"I {year} {'gav' if done else 'forventes'} indsatsen {'' if done else 'at give '}"
                      f"en indtægt på {size}", en=clause)
    return say(da=f"I {year} {'blev' if done else 'forventes'} der ikke investeret i indsats", en=clause)


def whole_period(years: str, net: Said, *, done: bool, who: str = "") -> str:
    """What the investments come to over the years with an outcome; `who` names them where they are not all."""
    who = who or say(da="investeringerne", en="the investments")
    size, way = million(net), sign(net)
    if way == 0:
        return say(
            da=f"Samlet set {'gik' if done else 'forventes'} {who} {'' if done else 'at gå '}lige op "
               f"i {years}: hverken nettobesparelse eller nettoudgift.",
            en=f"Overall, {who} {'balanced' if done else 'are expected to balance'} in {years}: "
               "neither a net saving nor a net cost.")
    da, en = ("nettobesparelse", "net saving") if way < 0 else ("nettoudgift", "net cost")
    return say(
        da=f"Samlet set {'gav' if done else 'forventes'} {who} {'' if done else 'at give '}kommunen en "
           f"{da} på {size} i {years}.",
        en=f"Overall, {who} {'gave' if done else 'are expected to give'} the municipality a {en} of "
           f"{size} in {years}.",
    )


def parts_of_period(years: str, investment: Said, saving: Said, *, done: bool) -> str:
    """What lies behind the net figure of all years with an outcome."""
    over = say(da=f"I {years}" if years.isdigit() else f"Over årene {years}",
               en=f"In {years}" if years.isdigit() else f"Over {years}")
    basis = Basis.REALISED if done else Basis.EXPECTED
    spent_da = {1: f"investeret {million(investment)} i indsats", 0: "ikke investeret i indsats"}
    got = support(saving, basis)
    if sign(investment) < 0:
        put_in = say(da=f"{over} {'gav' if done else 'forventes'} indsatsen {'' if done else 'at give '}"
                        f"en indtægt på {million(investment)}",
                     en=f"{over}, the effort {'gave' if done else 'is expected to give'} an income of "
                        f"{million(investment)}")
    else:
        spent_en = million(investment) if sign(investment) else "nothing"
        put_in = say(da=f"{over} {'blev' if done else 'forventes'} der {spent_da[sign(investment)]}",
                     en=f"{over}, {spent_en} {'was' if done else 'is expected to be'} invested")
    return f"{put_in}, {say(da='og', en='and')} {got}."


def surplus(
    year: int | None, year_net: Said | None, basis: Basis, total_net: Said | None, *, done: bool, years: str = ""
) -> str:
    """Whether an investment pays, in one year and over the period; empty where neither is known.

    `basis` is the year's, `done` says that every year of the period is a result, `years` which the total is of where
    they are not the whole period. In Danish an investment that
    pays gives *overskud*, else *underskud*.
    """
    parts: list[str] = []
    if year is not None and year_net is not None and (total_net is None or years != str(year)):
        parts.append(_surplus_in_year(year, sign(year_net), realised=basis is Basis.REALISED))
    if total_net is not None:
        parts.append(_surplus_in_all(total_net, years, done=done))
    if len(parts) < 2 or year_net is None or total_net is None:
        return f"{capitalised(parts[0])}." if parts else ""
    against = sign(year_net) * sign(total_net) < 0
    return f"{parts[0]}, {say(da='men', en='but') if against else say(da='og', en='and')} {parts[1]}."


def _surplus_in_year(year: int, way: int, *, realised: bool) -> str:
    if way == 0:
        return say(da=f"Investeringen {'gik' if realised else 'forventes at gå'} dermed lige op i {year}",
                   en=f"The investment {'thus balanced' if realised else 'is thus expected to balance'} in {year}")
    da, en = ("overskud", "a surplus") if way < 0 else ("underskud", "a deficit")
    return say(da=f"Investeringen {'gav dermed' if realised else 'forventes dermed at give'} {da} i {year}",
               en=f"The investment {'thus gave' if realised else 'is thus expected to give'} {en} in {year}")


def _surplus_in_all(net: Said, years: str, *, done: bool) -> str:
    way, size = sign(net), million(net)
    when = say(da=f"i {years or 'investeringsperioden'}",
               en=f"in {years}" if years else "over the investment period")
    if way == 0:
        return say(da=f"samlet {'gik den' if done else 'forventes den at gå'} lige op {when}",
                   en=f"{when} it {'balanced' if done else 'is expected to balance'}")
    da, en = ("overskud", "surplus") if way < 0 else ("underskud", "deficit")
    return say(da=f"samlet {'blev der' if done else 'forventes'} et {da} på {size} {when}",
               en=f"{when} a {en} of {size} {'was the result' if done else 'is expected'}")


def saving_named(amount: Said) -> str:
    """A saving on benefits, or its opposite, as a noun."""
    way = sign(amount)
    if way == 0:
        return say(da="uændrede udgifter til forsørgelse", en="unchanged expenditure on benefits")
    if way < 0:
        return say(da=f"en besparelse på forsørgelse på {million(amount)}",
                   en=f"a saving on benefits of {million(amount)}")
    return say(da=f"en merudgift til forsørgelse på {million(amount)}",
               en=f"an extra cost of benefits of {million(amount)}")


def against_budget(where: str, year: int, basis: Basis, actual: Said, budget: Said) -> str:
    """A year's saving beside the budgeted one, with the budget's price level where the two differ.

    `where` is "Tabel 3 viser, at"/"Table 3 shows that", or empty for a sentence that goes on after another. Where
    either is not a saving, each is named by its own sign.
    """
    level = "" if bare(actual).level == bare(budget).level else f" ({bare(budget).level})"
    done = basis is Basis.REALISED
    if sign(actual) < 0 and sign(budget) < 0:
        size = million(actual)
        got = say(da=f"besparelsen på forsørgelse i {year} {'blev' if done else 'forventes at blive'} {size}",
                  en=f"the saving on benefits in {year} {'was' if done else 'is expected to be'} {size}")
        beside = say(da=f"mod {million(budget)} i budgettet{level}.",
                     en=f"against {million(budget)} in the budget{level}.")
    else:
        got = say(da=f"resultatet i {year} {'blev' if done else 'forventes at blive'} {saving_named(actual)}",
                  en=f"the result in {year} {'was' if done else 'is expected to be'} {saving_named(actual)}")
        beside = say(da=f"mod {saving_named(budget)} i budgettet{level}.",
                     en=f"against {saving_named(budget)} in the budget{level}.")
    return f"{where} {got} {beside}" if where else f"{capitalised(got)} {beside}"


def saving_interval(year: int, low: Said, high: Said) -> str:
    """How sure a computed saving is, and what follows when the interval holds both signs."""
    text = say(da=f"Usikkerheden på årets tal ({year}) går fra {saving_named(low)} til {saving_named(high)} "
                  "(95 %-interval).",
               en=f"The uncertainty of the figure for {year} runs from {saving_named(low)} to {saving_named(high)} "
                  "(95% interval).")
    if sign(low) < 0 < sign(high) or 0 in (sign(low), sign(high)):
        text += say(da=" Det er derfor usikkert, om indsatsen har sparet penge.",
                    en=" It is therefore uncertain whether the effort has saved money.")
    return text
