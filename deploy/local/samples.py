"""The sample complaints, and what simulated staff and complainants will do about them."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from deploy.local.process import ServerFailed
from deploy.local.visitor import Visitor
from shared.contracts.values import Language, Outcome

FILE = Path(__file__).with_name("samples.yaml")


class Part(BaseModel):
    """A piece of the samples file; a key it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Handling(Part):
    """What the department does: a step, then an answer; without an answer the matter stays open."""

    step: str = ""
    outcome: Outcome | None = None
    answer: str = ""
    measures: str = ""
    root_cause: str = ""


class View(Part):
    """What the complainant says to the first answer, and in the survey."""

    view: str
    reason: str = ""
    csat: int | None = None
    nps: int | None = None
    comment: str = ""


class Sample(Part):
    """One complaint. `registration` is the body that its channel posts."""

    language: Language
    registration: dict[str, Any]
    department: Handling | None = None
    complainant: View | None = None
    second_answer: Handling | None = None

    @property
    def channel(self) -> str:
        """The channel that hands it in."""
        return str(self.registration["channel"])

    async def post(self, visitor: Visitor, channel_key: str, idempotency_key: str) -> str:
        """Hand it in as its channel would; returns its number. Raises `ServerFailed` where it is refused."""
        reply = await visitor.post(
            "/intake/complaints", self.registration, channel_key, key=idempotency_key, language=self.language
        )
        if reply.status not in (200, 201):
            raise ServerFailed(f"A sample complaint was refused: {reply.body}")
        return str(reply.body["number"])


def load_samples() -> list[Sample]:
    """The samples, in the order they are posted."""
    return [Sample.model_validate(raw) for raw in yaml.safe_load(FILE.read_text(encoding="utf-8"))]
