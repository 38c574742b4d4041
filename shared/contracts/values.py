"""The values that the services, the channels and the departments agree on.

Literals rather than enumeration classes: a value is the same word in Python, in JSON, in MongoDB and in a pack.
"""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, PlainSerializer, StringConstraints, WithJsonSchema

Channel = Literal[
    "hotline", "email", "chat", "web", "wechat", "sms", "app", "social", "letter", "visit", "suggestion-box",
    "front-desk", "media", "petition", "duty-desk",
]  # fmt: skip

Category = Literal["product", "service", "other"]

Severity = Literal["general", "major", "critical"]

Priority = Literal["normal", "high", "urgent"]

Tier = Literal["standard", "important"]

Outcome = Literal["upheld", "partly-upheld", "not-upheld", "referred", "explained", "withdrawn", "declined"]

Status = Literal[
    "registered", "accepted", "assigned", "in-progress", "answered", "closed", "archived", "declined", "withdrawn",
    "reopened",
]  # fmt: skip

Milestone = Literal[
    "acknowledgement", "decision", "first-reply", "investigation", "resolution", "measures", "survey", "filing",
]  # fmt: skip

Rung = Literal["urge", "written", "raised"]
"""The ladder of supervision: 催办, 书面督办, 提级督办."""

Role = Literal[
    "officer", "dispatcher", "handler", "approver", "supervisor", "quality", "archivist", "manager", "auditor",
    "administrator",
]  # fmt: skip

Language = Literal["zh-CN", "en"]

NO_CONTROLS = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
"""No control characters but tab and line ends: a null byte in a name is an attack or an accident."""

Department = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
"""A department's name: `quality`, `service`, `general-affairs`, or what a pack adds."""

Number = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,6}-\d{8}-[0-9A-Z]{6,10}$")]
"""A complaint number, three groups of letters and digits (S20.6): `SQ-20261123-00017K`."""

Sealed = Annotated[str, StringConstraints(pattern=r"^sealed:v1:[0-9A-Z]{26}:[A-Za-z0-9_-]+$")]
"""Encrypted text that names the key which opens it: `sealed:v1:<key id>:<base64url of nonce and ciphertext>`."""


def to_instant(moment: datetime) -> datetime:
    """The same moment in UTC at the precision that every store and message keeps: milliseconds.

    Raises ValueError for a moment that does not exist in UTC, such as the first hours of year 1 in China.
    """
    utc = moment if moment.tzinfo is UTC else _in_utc(moment)
    if not 1 < utc.year < 9999:  # so that it can be told in every zone
        raise ValueError(_OUT_OF_BOUNDS)
    finer = utc.microsecond % 1000
    return utc.replace(microsecond=utc.microsecond - finer) if finer else utc


_OUT_OF_BOUNDS = "the year must be between 2 and 9998"


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(_OUT_OF_BOUNDS) from error


@lru_cache(maxsize=1024)
def rfc3339(moment: datetime) -> str:
    """A moment as JSON carries it, `2026-11-23T09:30:00.000Z`, so that text order is time order (RFC 3339).

    What is recorded together happened at one moment: most are written several times.
    """
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds")[:-6] + "Z"


Instant = Annotated[
    AwareDatetime,
    AfterValidator(to_instant),
    PlainSerializer(rfc3339, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A moment in UTC, to the millisecond; a time without an offset is refused."""

Day = Annotated[
    date,
    PlainSerializer(date.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date"}),
]
"""A calendar day, kept as `2027-06-30` everywhere."""
