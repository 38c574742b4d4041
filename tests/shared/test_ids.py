"""Identifiers sort by time, and complaint numbers betray a slip of the pen."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.ids import ALPHANUMERIC, base32, complaint_number, is_complaint_number, ulid, ulid_floor
from shared.numbers import gaps, sequence_of

NUMBERS = st.builds(complaint_number, st.sampled_from(["SQ", "PM", "A"]), st.just("20261123"), st.integers(0, 32**6))
PLACES = st.integers(0, 16)


def test_ulids_made_one_after_the_other_are_in_order_and_differ() -> None:
    made = [ulid() for _ in range(10_000)]

    assert made == sorted(set(made))


def test_a_ulid_has_26_characters_of_crockfords_base_32() -> None:
    assert len(ulid()) == 26


def test_whatever_is_older_than_a_moment_sorts_before_its_floor() -> None:
    assert ulid_floor(datetime(2026, 11, 23, tzinfo=UTC)) < ulid_floor(datetime(2026, 11, 23, 0, 0, 1, tzinfo=UTC))


def test_the_floor_of_now_sorts_before_what_is_made_later() -> None:
    assert ulid_floor(datetime.now(UTC)) <= ulid()


def test_a_number_has_prefix_day_and_sequence_with_a_check_character() -> None:
    number = complaint_number("SQ", "20261123", 39)

    assert (number[:-1], is_complaint_number(number)) == ("SQ-20261123-00017", True)


@given(NUMBERS, PLACES, st.sampled_from(ALPHANUMERIC))
def test_one_wrong_character_is_noticed(number: str, place: int, wrong: str) -> None:
    place = place % len(number)
    assume(number[place] not in ("-", wrong))

    assert not is_complaint_number(number[:place] + wrong + number[place + 1 :])


def swapped(number: str) -> Iterator[str]:
    """The number with each pair of different neighbours swapped in turn."""
    for place, (one, other) in enumerate(pairwise(number)):
        if one != other and "-" not in (one, other):
            yield number[:place] + other + one + number[place + 2 :]


def test_of_a_hundred_swaps_of_two_characters_no_more_than_two_go_unnoticed() -> None:
    wrong = [text for sequence in range(500) for text in swapped(complaint_number("SQ", "20261123", sequence))]

    assert sum(map(is_complaint_number, wrong)) <= 0.02 * len(wrong)


@pytest.mark.parametrize(
    "text",
    ["", "-", "SQ", "SQ-20261123", "sq-20261123-00017k", "SQ-20261123-", "SQ-2026-1-1-1", "ＳＱ-20261123-00017K"],
)
def test_what_is_not_shaped_like_a_number_is_none(text: str) -> None:
    assert not is_complaint_number(text)


@given(st.integers(0, 32**6))
def test_the_sequence_can_be_read_back_from_a_number(sequence: int) -> None:
    number = complaint_number("SQ", "20261123", sequence)

    assert sequence_of(number.rpartition("-")[2]) == sequence


@given(st.integers(0, 32**5 - 1), st.integers(0, 32**5 - 1))
def test_base_32_keeps_the_order_of_numbers(one: int, other: int) -> None:
    assert (one < other) == (base32(one, 5) < base32(other, 5))


@given(st.sets(st.integers(0, 50)), st.integers(0, 60))
def test_gaps_and_numbers_in_use_are_everything_there_is(used: set[int], until: int) -> None:
    used = {number for number in used if number < until}
    missing = {number for first, last in gaps(used, until) for number in range(first, last + 1)}

    assert (missing | used, missing & used) == (set(range(until)), set())
