"""What every message has in common."""

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

from pydantic import BaseModel, ConfigDict

from shared.contracts.values import Instant


class Envelope(NamedTuple):
    """The CloudEvents 1.0 attributes of a message that has travelled."""

    id: str
    source: str
    number: str
    time: Instant
    traceparent: str


class Message(BaseModel):
    """Whatever travels on the bus. Unknown fields are ignored, so that a newer publisher can add optional ones."""

    model_config = ConfigDict(frozen=True, extra="ignore", validate_by_name=True, serialize_by_alias=True)

    EXCHANGE: ClassVar[str] = "redress.events"

    type: str

    @classmethod
    def kind(cls) -> str:
        """The type as it stands on the wire, such as `case.routed`."""
        return _kind(cls)

    @classmethod
    def received(cls, data: Any, envelope: Envelope) -> Self:
        """The message that this envelope and this data make.

        Raises `pydantic.ValidationError` where the data does not fit.
        """
        message = cls.model_validate(data)
        message.__dict__["data"] = data
        return message.enveloped(envelope)

    def enveloped(self, envelope: Envelope) -> Self:
        """This message, knowing how it travelled."""
        self.__dict__["envelope"] = envelope
        return self

    @property
    def routing_key(self) -> str:
        """Where in its exchange the message goes."""
        return self.kind()

    @cached_property
    def envelope(self) -> Envelope:
        """The attributes it travelled with; only a received message has them."""
        raise ValueError(f"{self.kind()} has been recorded but has not travelled")

    @cached_property
    def data(self) -> dict[str, Any]:
        """What it says, as JSON; of a received message just as it arrived, which is not to be changed."""
        return self.model_dump(mode="json", exclude={"type"})

    if TYPE_CHECKING:  # events have it in their envelope, what departments read and write in the body

        @property
        def number(self) -> str:
            """The complaint it is about."""

    @property
    def id(self) -> str:
        """The message id, a ULID; the same on every redelivery."""
        return self.envelope.id

    @property
    def time(self) -> Instant:
        """When it happened."""
        return self.envelope.time


@cache
def _kind(message: type[Message]) -> str:
    return str(message.model_fields["type"].default)


class Event(Message):
    """A fact about one complaint, in the past tense.

    An aggregate records it bare; what a handler receives also knows its `id`, `number` and `time`.
    """

    @property
    def number(self) -> str:
        """The complaint it is about."""
        return self.envelope.number
