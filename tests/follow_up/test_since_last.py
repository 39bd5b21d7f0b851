"""The parts of a difference are the difference, whatever happened between the two editions."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from gevinst.follow_up.since_last import CAUSES, State, Value, cause_name, split
from gevinst.language import LANGUAGES, speaking

STEPS = ("code", "revised_data", "new_data", "parameters", "method", "code")
FIGURES = ("1/net/2020/outcome", "effect/1/matched/weeks_saved/estimate", "portfolio/net/total/outcome")
amounts = st.integers(-(10**11), 10**11).map(lambda ore: Fraction(ore, 100))
numbers = st.one_of(st.floats(-1e9, 1e9).map(Fraction), amounts)
values = st.dictionaries(st.sampled_from(FIGURES), st.builds(Value, numbers, st.sampled_from(["dkk"])), max_size=3)
between = st.lists(st.one_of(st.none(), values), min_size=5, max_size=5)
flags = st.lists(st.booleans(), min_size=6, max_size=6)
merged = st.dictionaries(st.sampled_from(FIGURES), st.just(("new_data", "revised_data")))


@given(values, between, values, flags, merged)
def test_every_difference_foots_exactly(first, middle, last, same, together) -> None:
    states = [State(None, first), *(
        State(step, found, flag) for step, found, flag in zip(STEPS, [*middle, last], same, strict=True))]
    found = split(states, together)
    assert {one.figure for one in found} == {name for name in FIGURES if first.get(name) != last.get(name)}
    for one in found:
        was, now = (side[one.figure].number if one.figure in side else Fraction(0) for side in (first, last))
        assert sum(one.parts.values(), one.unsplit) == now - was == one.difference
        assert {*one.parts} <= {*CAUSES}
        assert len(one.between) != 1


def test_nothing_told_apart_that_may_not_be() -> None:
    a, b, c = ({"x": Value(Fraction(number), "dkk")} for number in (1, 4, 5))
    states = [State(None, a), State("revised_data", b), State("new_data", c)]
    (one,) = split(states, {"": ("new_data", "revised_data")})
    assert (dict(one.parts), one.unsplit, one.between) == ({}, 4, ("new_data", "revised_data"))


def test_what_moves_though_nothing_was_exchanged_is_the_program() -> None:
    a, b = ({"x": Value(Fraction(number), "dkk")} for number in (1, 4))
    (one,) = split([State(None, a), State("parameters", b, nothing_exchanged=True)])
    assert dict(one.parts) == {"code": 3}


def test_amounts_of_two_price_levels_are_not_subtracted() -> None:
    a, b = ({"x": Value(Fraction(1), "dkk", level)} for level in ("2020", "current"))
    (one,) = split([State(None, a), State("method", b)])
    assert not one.comparable
    assert dict(one.parts) == {}


def test_causes_have_names_in_both_languages() -> None:
    for language in LANGUAGES:
        with speaking(language):
            assert len({cause_name(cause) for cause in CAUSES}) == len(CAUSES)
