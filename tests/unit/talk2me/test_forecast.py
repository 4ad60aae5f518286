"""The forecast: whatever flows, on the day that it names the disk is full, and not before."""

from math import inf, isclose

from hypothesis import given
from hypothesis import strategies as st

from talk2me.forecast import Flow, days_until_full, growth, still_growing

GIB = 1024**3
flows = st.lists(
    st.builds(
        Flow,
        kind=st.just("any"),
        per_day=st.one_of(st.just(0.0), st.floats(1, 1e12)),
        days=st.one_of(st.just(inf), st.just(0.0), st.floats(0.01, 1e4)),
    ),
    max_size=6,
)
free = st.floats(0, 1e15)


def test_at_an_even_rate_it_is_a_division() -> None:
    assert days_until_full(41 * GIB, [Flow("archives", GIB)]) == 41


def test_what_comes_into_balance_fills_nothing_more() -> None:
    waiting = Flow("waiting", GIB, days=10)
    assert days_until_full(11 * GIB, [waiting]) == inf
    assert days_until_full(11 * GIB, [waiting, Flow("archives", GIB)]) == 5.5
    assert days_until_full(25 * GIB, [waiting, Flow("archives", GIB)]) == 15
    assert days_until_full(0, []) == inf
    assert days_until_full(0, [waiting]) == 0


@given(free, flows)
def test_it_is_full_on_that_day_and_on_none_before(free: float, flows: list[Flow]) -> None:
    day = days_until_full(free, flows)
    if day == inf:
        assert growth(flows, 1e30) < free or all(flow.per_day == 0 or flow.days == 0 for flow in flows)
    else:
        assert isclose(growth(flows, day), free, rel_tol=1e-9, abs_tol=1)
        assert growth(flows, day * 0.99) <= free


@given(free, flows, flows)
def test_more_that_comes_is_never_later_and_more_room_never_sooner(
    free: float, flows: list[Flow], more: list[Flow]
) -> None:
    day = days_until_full(free, flows)
    assert days_until_full(free, flows + more) <= day * (1 + 1e-9)
    assert days_until_full(free * 2, flows) >= day * (1 - 1e-9)


@given(st.floats(0, 1e4), st.floats(0, 1e4))
def test_an_old_server_is_in_balance(age: float, kept: float) -> None:
    assert still_growing(age, kept) == (0 if age >= kept else kept - age)
