"""Who a bearer token stands for, and what they may do."""

import base64
from datetime import timedelta
from typing import Any

import jwt
import pytest

from shared.clock import now
from shared.identity import (
    ANYBODY,
    EVERYBODY,
    Access,
    Caller,
    Forbidden,
    Identity,
    Unauthenticated,
    issue_staff_token,
    staff,
)
from shared.privacy import Tokens
from shared.settings import Settings

SECRET = "s" * 40
TOKENS = Tokens(b"k" * 32)
NUMBER = "SQ-20261123-00017K"
COMPLAINANT = Caller("complainant", NUMBER, purpose="track")
OFFICER = Caller("staff", "olga", frozenset({"officer"}))
HOTLINE = Caller("channel", "hotline")


def settings(**changes: Any) -> Settings:
    values: dict[str, Any] = {
        "mongodb_url": "mongodb://nowhere", "amqp_url": "amqp://nowhere", "jwt_secret": SECRET,
        "master_key": base64.b64encode(bytes(32)).decode(),
    }  # fmt: skip
    return Settings(**values | changes)


def an_identity(**changes: Any) -> Identity:
    async def channel_of(key: str) -> str | None:
        return {"rk_right": "hotline"}.get(key)

    return Identity(settings(**changes), TOKENS, channel_of)


def a_token(secret: str = SECRET, **changes: Any) -> str:
    claims = {"sub": "olga", "aud": "redress", "roles": ["officer"], "exp": now() + timedelta(hours=1)} | changes
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, secret)


async def test_without_a_token_a_caller_is_anybody() -> None:
    assert await an_identity().of("") == ANYBODY


async def test_a_channel_key_stands_for_its_channel() -> None:
    assert await an_identity().of("rk_right") == HOTLINE


async def test_a_channel_key_is_looked_up_again_after_ten_seconds() -> None:
    looked_up, seconds = [], iter([0.0, 0.0, 9.9, 10.1, 10.1])

    async def channel_of(key: str) -> str | None:
        looked_up.append(key)
        return "hotline" if len(looked_up) == 1 else None

    identity = Identity(settings(), TOKENS, channel_of, lambda: 100 + next(seconds))

    assert [await identity.of("rk_right"), await identity.of("rk_right")] == [HOTLINE, HOTLINE]
    with pytest.raises(Unauthenticated):
        await identity.of("rk_right")
    assert len(looked_up) == 2


async def test_a_link_stands_for_the_complainant_of_one_complaint() -> None:
    assert await an_identity().of(TOKENS.issue(NUMBER, "track")) == COMPLAINANT


async def test_a_staff_token_stands_for_name_roles_and_departments() -> None:
    token = issue_staff_token(SECRET, "amy", ["handler"], ["quality"])

    assert await an_identity().of(token) == Caller("staff", "amy", frozenset({"handler"}), frozenset({"quality"}))


async def test_a_staff_token_may_say_what_its_bearer_is_called() -> None:
    assert (await an_identity().of(a_token(name="奥尔加"))).full_name == "奥尔加"


@pytest.mark.parametrize("claim", [[], 5, {"officer": True}, [None, 7, {"officer": True}], True])
async def test_a_claim_that_holds_no_names_gives_no_roles_and_no_departments(claim: Any) -> None:
    caller = await an_identity().of(a_token(roles=claim, departments=claim))

    with pytest.raises(Forbidden):
        staff("officer").check(caller, NUMBER)


async def test_a_claim_may_hold_null_or_one_name_alone() -> None:
    claims = {"sub": "olga", "aud": "redress", "exp": now() + timedelta(hours=1)}
    token = jwt.encode(claims | {"roles": "officer", "departments": None, "name": None}, SECRET)

    assert await an_identity().of(token) == OFFICER


@pytest.mark.parametrize(
    "token",
    [
        "rk_wrong", "nonsense", "a.b.c", "ü", "\udcff", f"{NUMBER}.track.AAAA", a_token("o" * 40), a_token(aud="other"),
        a_token(exp=now() - timedelta(seconds=1)), a_token(exp=None), a_token(sub=None),
        jwt.encode({"sub": "olga", "aud": "redress", "exp": now() + timedelta(hours=1)}, None, algorithm="none"),
    ],
)  # fmt: skip
async def test_a_token_that_is_not_genuine_stands_for_nobody(token: str) -> None:
    with pytest.raises(Unauthenticated):
        await an_identity().of(token)


async def test_an_expired_token_is_told_from_a_wrong_one() -> None:
    with pytest.raises(Unauthenticated, match="expired"):
        await an_identity().of(a_token(exp=now() - timedelta(seconds=1)))


async def test_where_no_secret_is_set_staff_tokens_are_refused() -> None:
    with pytest.raises(Unauthenticated, match="neither a secret nor a provider"):
        await an_identity(jwt_secret=None).of(a_token())


ALLOWED = [
    (EVERYBODY, ANYBODY),
    (EVERYBODY, HOTLINE),
    (Access(channel=True), HOTLINE),
    (staff("officer"), OFFICER),
    (staff("handler"), Caller("staff", "root", frozenset({"administrator"}))),
    (staff("handler", purpose="track"), COMPLAINANT),
]


@pytest.mark.parametrize(("access", "caller"), ALLOWED)
def test_whoever_fits_a_gate_may_pass(access: Access, caller: Caller) -> None:
    access.check(caller, NUMBER)


REFUSED = [
    (Access(channel=True), OFFICER),
    (Access(channel=True), COMPLAINANT),
    (staff("handler"), OFFICER),
    (staff("officer"), HOTLINE),
    (staff("officer"), Caller("staff", "new")),
    (staff("officer", purpose="survey"), COMPLAINANT),
    (staff("officer", purpose="track"), Caller("complainant", "SQ-20261123-000018", purpose="track")),
]


@pytest.mark.parametrize(("access", "caller"), REFUSED)
def test_whoever_fits_no_gate_is_turned_away(access: Access, caller: Caller) -> None:
    with pytest.raises(Forbidden):
        access.check(caller, NUMBER)


@pytest.mark.parametrize("access", [Access(channel=True), staff("officer"), Access(purpose="track")])
def test_anybody_is_asked_who_they_are(access: Access) -> None:
    with pytest.raises(Unauthenticated):
        access.check(ANYBODY, NUMBER)


def test_a_gate_says_what_it_asks_for() -> None:
    assert str(staff("officer", purpose="track")) == (
        "a staff token with the role administrator or officer or the complaint's own tracking token"
    )
