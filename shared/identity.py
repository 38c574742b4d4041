"""Who is calling: a channel with its key, staff with a signed token, a complainant with a link, or anybody."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar, Literal, get_args

import jwt

from shared.clock import now
from shared.contracts.values import Role
from shared.errors import Fault, Unavailable
from shared.privacy import Tokens, hashed
from shared.settings import Settings

STAFF_HOURS = timedelta(hours=12)
"""How long a locally issued staff token is good for."""
REMEMBERED_SECONDS = 10.0
"""How long a looked-up channel key is believed; a withdrawn key stops working after it."""
MOST_REMEMBERED = 10_000
"""Channel keys that are remembered, wrong ones among them."""


class Unauthenticated(Fault):
    """The caller has not said who they are, or not credibly."""

    code = "unauthenticated"
    status = 401


class Forbidden(Fault):
    """The caller is known but may not do this."""

    code = "forbidden"
    status = 403


@dataclass(frozen=True)
class Caller:
    """Who is calling. `name` is the channel, the member of staff, or the complaint that a link belongs to.

    `full_name` is what people call a member of staff, where the token says so (`name`, OpenID Connect Core 5.1).
    """

    kind: Literal["anybody", "channel", "staff", "complainant"]
    name: str = ""
    roles: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    purpose: str = ""
    full_name: str = ""


ANYBODY = Caller("anybody")

ChannelLookup = Callable[[str], Awaitable[str | None]]
"""The name of the channel that a key belongs to, or None."""


@dataclass(frozen=True)
class Access:
    """Who may use a route. Whoever fits one of the gates may; with no gate at all, everybody.

    `channel`: channels with their key. `roles`: staff with one of these. `purpose`: complainants whose link is for this
    and for the complaint in the path.
    """

    channel: bool = False
    roles: frozenset[str] = field(default=frozenset())
    purpose: str = ""

    def check(self, caller: Caller, number: str | None) -> None:
        """Raises `Unauthenticated` or `Forbidden` where the caller may not pass."""
        if not (self.channel or self.roles or self.purpose) or self._fits(caller, number):
            return
        if caller.kind == "anybody":
            raise Unauthenticated(f"This needs {self}.")
        raise Forbidden(f"This needs {self}; you are {_described(caller)}.")

    def _fits(self, caller: Caller, number: str | None) -> bool:
        if caller.kind == "channel":
            return self.channel
        if caller.kind == "staff":
            return bool(self.roles & caller.roles)
        return caller.kind == "complainant" and caller.purpose == self.purpose and caller.name == number

    def __str__(self) -> str:
        gates = ["a channel key"] if self.channel else []
        gates += [f"a staff token with the role {' or '.join(sorted(self.roles))}"] if self.roles else []
        gates += ["the complaint's own tracking token"] if self.purpose else []
        return " or ".join(gates)


EVERYBODY = Access()


def staff(*roles: Role, purpose: str = "") -> Access:
    """Staff with one of these roles (administrators always), or complainants with a link for `purpose`."""
    return Access(roles=frozenset(roles) | {"administrator"}, purpose=purpose)


ALL_STAFF = staff(*get_args(Role))
"""Staff in whatever role."""


class Identity:
    """Tells who a bearer token stands for; what was looked up of a channel key is remembered for a few seconds."""

    ALGORITHMS: ClassVar[list[str]] = ["RS256", "ES256"]

    def __init__(
        self,
        settings: Settings,
        tokens: Tokens,
        channels: ChannelLookup | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings, self._tokens, self._channels, self._monotonic = settings, tokens, channels, monotonic
        self._remembered: dict[str, tuple[float, Caller | None]] = {}
        self._jwks = jwt.PyJWKClient(settings.jwks_url) if settings.jwks_url else None

    async def of(self, token: str) -> Caller:
        """The caller with this bearer token; anybody where there is none. Raises `Unauthenticated`."""
        if not token:
            return ANYBODY
        if not token.isascii():
            raise Unauthenticated("The token is not a valid channel key, staff token or link.")
        if token.startswith("rk_"):
            return await self._channel(token)
        if self._tokens.read(token):
            return self.of_link(token)
        return await self._staff(token)

    def of_link(self, token: str) -> Caller:
        """The complainant whose link holds this token; no other may stand in an address. Raises `Unauthenticated`."""
        link = self._tokens.read(token) if token.isascii() else None
        if link is None:
            raise Unauthenticated("The link is not valid.")
        return Caller("complainant", link[0], purpose=link[1])

    async def _channel(self, key: str) -> Caller:
        until, caller = self._remembered.get(hashed(key), (0.0, None))
        if until < self._monotonic():
            caller = await self._looked_up(key)
        if caller is None:
            raise Unauthenticated("The channel key is not known here.")
        return caller

    async def _looked_up(self, key: str) -> Caller | None:
        name = await self._channels(key) if self._channels else None
        caller = Caller("channel", name) if name is not None else None
        if len(self._remembered) > MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered[hashed(key)] = (self._monotonic() + REMEMBERED_SECONDS, caller)
        return caller

    async def _staff(self, token: str) -> Caller:
        try:
            claims = jwt.decode(
                token, await self._key_of(token), algorithms=self.ALGORITHMS if self._jwks else ["HS256"],
                audience=self._settings.jwt_audience, options={"require": ["exp", "sub"]},
            )  # fmt: skip
        except jwt.ExpiredSignatureError as error:
            raise Unauthenticated("The staff token has expired.") from error
        except jwt.PyJWTError as error:
            raise Unauthenticated("The token is not a valid channel key, staff token or link.") from error
        return Caller(
            "staff", claims["sub"], _named(claims.get("roles")), _named(claims.get("departments")),
            full_name=str(claims.get("name") or ""),
        )  # fmt: skip

    async def _key_of(self, token: str) -> Any:
        if self._jwks:
            try:
                return (await asyncio.to_thread(self._jwks.get_signing_key_from_jwt, token)).key
            except jwt.PyJWKClientConnectionError as error:
                raise Unavailable("The identity provider does not answer.") from error
        if self._settings.jwt_secret is None:
            raise Unauthenticated("This installation accepts no staff tokens: neither a secret nor a provider is set.")
        return self._settings.jwt_secret.get_secret_value()


def issue_staff_token(
    secret: str, subject: str, roles: list[str], departments: list[str], audience: str = "redress"
) -> str:
    """A staff token for installations without an identity provider (HS256, RFC 7519), good for twelve hours."""
    claims = {
        "sub": subject, "aud": audience, "roles": roles, "departments": departments,
        "iat": now(), "exp": now() + STAFF_HOURS,
    }  # fmt: skip
    return jwt.encode(claims, secret, algorithm="HS256")


def _named(claim: object) -> frozenset[str]:
    """The names that a provider puts in a claim: a list of them, or one alone; anything else names nothing."""
    names = claim if isinstance(claim, list) else [claim]
    return frozenset(name for name in names if isinstance(name, str))


def _described(caller: Caller) -> str:
    words = {"channel": "a channel", "complainant": "a complainant with another link"}
    return words.get(caller.kind) or f"staff with {', '.join(sorted(caller.roles)) or 'no role'}"
