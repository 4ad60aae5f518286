"""The capacity model: more people never need less, and the document has the table that it gives."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.capacity.__main__ import ACCOUNTS, gives_way, table
from benchmarks.capacity.costs import MEASURED
from benchmarks.capacity.limits import LIMITS, first, reached
from benchmarks.capacity.model import BUSY, batch_size, needs, worker_envelope
from benchmarks.capacity.usage import Usage

ROOT = Path(__file__).resolve().parents[2]
# Beyond, no number of workers is enough.
accounts = st.floats(10, 2e5)
GROWING = ("sockets", "envelopes", "workers", "memory", "log", "outside", "rows", "archives", "waiting", "files")


@given(accounts, st.floats(1, 10))
def test_more_people_never_need_less(count: float, times: float) -> None:
    fewer, more = needs(count, MEASURED, Usage()), needs(count * times, MEASURED, Usage())
    assert all(getattr(more, name) >= getattr(fewer, name) * (1 - 1e-9) for name in GROWING)


@given(accounts)
def test_no_worker_is_busier_than_it_may_be_unless_hearing_alone_makes_it_so(count: float) -> None:
    found = needs(count, MEASURED, Usage())
    assert found.worker_cores / found.workers <= BUSY or found.heard >= BUSY


@given(st.floats(0.1, 1e5), st.floats(1, 10))
def test_the_more_come_the_less_each_costs(rate: float, times: float) -> None:
    assert batch_size(rate * times, MEASURED) >= batch_size(rate, MEASURED) >= 1
    assert worker_envelope(rate * times, 2, MEASURED) <= worker_envelope(rate, 2, MEASURED)


def test_whoever_writes_twice_as_much_is_like_twice_as_many() -> None:
    twice = needs(50_000, MEASURED, replace(Usage(), messages=60))
    many = needs(100_000, MEASURED, Usage())
    assert (twice.envelopes, twice.archives, twice.log) == pytest.approx((many.envelopes, many.archives, many.log))


def test_what_gives_way_first_is_reached_from_there_on_and_not_before() -> None:
    def of(count: float) -> object:
        return needs(count, MEASURED, Usage())

    found = first(of)
    assert [count for count, _ in found] == sorted(count for count, _ in found)
    for count, limit in found:
        assert limit not in [one for one, _ in reached(of(count * 0.9))]
        assert limit in [one for one, _ in reached(of(count * 1.1))]
    assert {limit.part for _, limit in found} <= {limit.part for limit in LIMITS}


def test_the_document_has_the_table_of_today() -> None:
    text = (ROOT / "docs/capacity.md").read_text()
    lines = table(list(ACCOUNTS), [needs(count, MEASURED, Usage()) for count in ACCOUNTS])
    assert "\n".join(lines) in text
    assert "\n".join(gives_way(MEASURED, Usage())) in text
