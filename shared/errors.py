"""Faults that a caller is told about, and the two answers by which a handler puts a message off or aside."""

from http import HTTPStatus
from typing import Any, ClassVar, Self


def problem(status: int, code: str, detail: str, **extra: Any) -> dict[str, Any]:
    """A problem document (RFC 9457): `title` is the status in words, `code` is stable, `detail` is for people."""
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail} | extra


BUG = problem(500, "internal", "Something went wrong on our side. It is in our log.")
"""What somebody is told of an error of ours; what it was stands in the log only."""


class NotYet(Exception):
    """The aggregate does not exist yet, or is not ready: deliver the message again after a while, at no cost."""


class Discard(Exception):
    """The message can never succeed: put it aside with this reason."""


class Fault(Exception):
    """Something the caller can understand and act on; becomes a problem document (RFC 9457) or a dead letter's reason.

    `str(fault)` is the detail for people; `retry_after` is in how many seconds asking again may succeed, where that is
    known; `extra` are further members of the problem document.
    """

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500

    def __init__(self, detail: str, *, retry_after: int | None = None, **extra: Any) -> None:
        super().__init__(detail)
        self.retry_after, self.extra = retry_after, extra

    @property
    def document(self) -> dict[str, Any]:
        """The fault as a problem document."""
        return problem(self.status, self.code, str(self), **self.extra)


class NotFound(Fault):
    """There is nothing under this name, or nothing that this caller may know of."""

    code = "not-found"
    status = 404

    @classmethod
    def of(cls, kind: type, number: str) -> Self:
        """Nothing of this kind has the number, or nothing that is there for whoever asks: both in the same words."""
        return cls(f"There is no {kind.__name__.lower()} {number}.")


class NoSuchNumber(NotFound):
    """What stands in the path is no complaint number at all."""

    code = "no-such-number"


class Conflict(Fault):
    """The document was changed by somebody else at the same moment, again and again."""

    code = "conflict"
    status = 409


class WrongState(Fault):
    """The command does not fit the state the matter is in."""

    code = "wrong-state"
    status = 409


class Invalid(Fault):
    """The request is well formed but cannot be carried out as it stands."""

    code = "invalid"
    status = 422


class Unavailable(Fault):
    """A part that this request needs does not answer; asking again later may succeed."""

    code = "unavailable"
    status = 503

    def __init__(self, detail: str, *, retry_after: int = 2, **extra: Any) -> None:
        super().__init__(detail, retry_after=retry_after, **extra)
