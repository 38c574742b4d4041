"""How often one address may do something, and which address a request comes from."""

from datetime import timedelta

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from shared.testing.clocks import SetClock
from shared.web import throttle as throttles
from shared.web.reading import sender
from shared.web.throttle import Throttle, TooManyRequests


def throttle(clock: SetClock, most: int = 3, minutes: int = 10) -> Throttle:
    return Throttle(most, timedelta(minutes=minutes), lambda: clock().timestamp())


def admitted(throttle: Throttle, address: str = "192.0.2.1", times: int = 100) -> int:
    """How often an address is let through that comes so many times at once."""
    for count in range(times):
        try:
            throttle.admit(address)
        except TooManyRequests:
            return count
    return times


@pytest.mark.parametrize("most", [1, 3, 7, 20])
def test_an_address_is_let_through_so_often_at_once_and_no_more(most: int) -> None:
    assert admitted(throttle(SetClock(), most)) == most


def test_one_address_does_not_use_up_what_another_may_do() -> None:
    door = throttle(SetClock())
    admitted(door, "192.0.2.1")

    assert admitted(door, "192.0.2.2") == 3


@pytest.mark.parametrize(("minutes", "again"), [(3, 0), (4, 1), (7, 2), (10, 3), (60, 3)])
def test_as_time_goes_by_it_may_come_again(minutes: int, again: int) -> None:
    clock = SetClock()
    door = throttle(clock)
    admitted(door)

    clock.advance(minutes=minutes)

    assert admitted(door) == again


def test_who_comes_too_early_is_told_in_how_many_seconds_to_come_again() -> None:
    clock = SetClock()
    door = throttle(clock)
    admitted(door)
    clock.advance(seconds=20)

    with pytest.raises(TooManyRequests) as refusal:
        door.admit("192.0.2.1")

    assert refusal.value.retry_after == 180


def test_who_has_not_come_for_longest_is_forgotten_when_too_many_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttles, "REMEMBERED", 2)
    door = throttle(SetClock())
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
        admitted(door, address)

    assert [admitted(door, address) for address in ("192.0.2.3", "192.0.2.1")] == [0, 3]


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ([], 0, "10.0.0.9"),
        ([], 1, "10.0.0.9"),
        (["192.0.2.1"], 0, "10.0.0.9"),
        (["192.0.2.1"], 1, "192.0.2.1"),
        (["203.0.113.7, 192.0.2.1"], 1, "192.0.2.1"),
        (["203.0.113.7", "192.0.2.1"], 1, "192.0.2.1"),
        (["203.0.113.7, 192.0.2.1,10.0.0.8"], 2, "192.0.2.1"),
        (["192.0.2.1"], 3, "192.0.2.1"),
        ([" , "], 1, "10.0.0.9"),
    ],
)
def test_only_what_trusted_proxies_have_added_is_believed(forwarded: list[str], proxies: int, address: str) -> None:
    headers = CIMultiDict([("X-Forwarded-For", value) for value in forwarded])
    request = make_mocked_request("POST", "/intake/form", headers).clone(remote="10.0.0.9")

    assert sender(request, proxies) == address
