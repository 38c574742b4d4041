"""A case under a shipped pack, and the people who bring it to its answer."""

from typing import Any

import pytest

from services.routing.casework.answer import review
from services.routing.casework.department import obey
from services.routing.model import AnswerIncomplete, Case, StepsMissing
from shared.contracts.departments import Progress, Resolution
from shared.contracts.routing import CaseResolved
from shared.contracts.values import Outcome, Severity
from shared.handling import Context
from shared.privacy import Keyring, Tokens
from shared.testing.keys import a_key
from tests.routing.given import RECEIVED, an_accepted_case
from tests.scenarios.given import PACKS

KEY = a_key()


class Desk:
    """One case with its handler, and whoever approves what the handler answers."""

    def __init__(self, regulation: str, severity: Severity = "general", **fields: Any) -> None:
        fields = {"category": "product", "key_id": KEY.id} | fields
        self.case: Case = an_accepted_case(regulation=regulation, severity=severity, **fields)
        self.context: Context[Any] = Context(RECEIVED, PACKS, Keyring([KEY]), Tokens(b"0" * 32), None)

    @property
    def is_told(self) -> bool:
        """Whether the answer has gone out."""
        return any(isinstance(event, CaseResolved) for event in self.case.recorded)

    @property
    def told(self) -> str:
        """What the complainant reads."""
        assert self.case.answer
        return self.context.keyring.open(self.case.answer, self.case.number)

    def note(self, *steps: str) -> None:
        """Put steps on record, each with what was found."""
        for step in steps:
            obey(self.case, Progress(step=step, note="见附件"), "amy", self.context)

    def answer(self, outcome: Outcome, answer: str = "处理如下", **fields: str) -> None:
        """Answer the case, or propose to."""
        obey(self.case, Resolution(outcome=outcome, answer=answer, **fields), "amy", self.context)

    def approve(self, by: str, role: str) -> None:
        """Approve what is proposed."""
        review(self.case, "approve", "", by=by, roles={role}, context=self.context)

    def send_back(self, by: str, role: str, reason: str) -> None:
        """Return what is proposed."""
        review(self.case, "return", reason, by=by, roles={role}, context=self.context)

    def missing(self, outcome: Outcome) -> dict[str, str]:
        """The steps without which there is no such outcome, each with its clause."""
        with pytest.raises(StepsMissing) as refused:
            self.answer(outcome)
        return {step["step"]: step["clause"] for step in refused.value.extra["missing"]}

    def unsaid(self, outcome: Outcome, **fields: str) -> list[str]:
        """Where an answer of this outcome lacks something."""
        with pytest.raises(AnswerIncomplete) as refused:
            self.answer(outcome, **fields)
        return [fault["pointer"] for fault in refused.value.extra["errors"]]
