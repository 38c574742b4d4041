"""How a case comes to its answer: proposed, approved by whoever has to, sent back, and said."""

from collections.abc import Collection, Sequence

from services.routing.model.faults import Excluded, NotYourTurn
from services.routing.model.teamwork import Teamwork
from shared.contracts.departments import Resolution
from shared.contracts.routing import CaseProposed, CaseResolved, CaseReviewed, Decision
from shared.contracts.values import Instant, Outcome, Role, Sealed
from shared.errors import WrongState

TOLD = ("outcome", "answer", "measures", "redress", "root_cause", "responsible", "referred_to", "round", "last")
"""What is said of a resolution, as it stands in the case."""


class Answering(Teamwork):
    """A case whose answer holds only when everybody who has to approve it has done so, in their order."""

    def resolve(
        self, resolution: Resolution, answer: Sealed, *, by: str, at: Instant, chain: Sequence[Role] = (),
        last: bool = False,
    ) -> None:  # fmt: skip
        """Answer the complaint, or propose to where others have to approve; `answer` is what the complainant reads.

        Raises `Excluded` for whoever answered it in an earlier round, `TasksOpen` while others work on it.
        """
        self.must_be_at_work()
        self._must_be_new_to_it(by)
        self._must_have_no_task()
        self._end_pause("answered", by, at)
        self._move("in-approval" if chain else "answered")
        self._keep(resolution, answer, last)
        self.answered_by, self.chain, self.approved_by = by, list(chain), []
        if chain:
            self._did("proposed", by, at)
            self.record(CaseProposed(outcome=resolution.outcome, by=by, awaiting=chain[0], round=self.round))
        else:
            self._say_resolved(at)

    def settle(self, outcome: Outcome, answer: Sealed, *, by: str, at: Instant) -> None:
        """Whoever received the complaint settles it on the spot (S2.3): no department is bothered with it."""
        if self.status != "waiting":
            raise WrongState(f"{self.number} is {self.status}; a department has it.", state=self.status)
        self._move("answered")
        self._say_routed()
        self.outcome, self.answer = outcome, answer
        self.handler = self.answered_by = by
        self._say_resolved(at)

    def approve(self, *, by: str, roles: Collection[str], note: Sealed | None, at: Instant) -> None:
        """The next in the chain agrees; with the last of them the answer goes out.

        Raises `NotYourTurn`, and `Excluded` for an answer of one's own or a second approval.
        """
        role = self._turn_of(by, roles)
        self.approved_by.append(by)
        self._did("approved", by, at, note)
        self._say_reviewed("approve", role, by, note)
        if self.awaiting is None:
            self._move("answered")
            self._say_resolved(at)

    def send_back(self, *, by: str, roles: Collection[str], note: Sealed, at: Instant) -> None:
        """The next in the chain does not agree: back to whoever proposed it, who is told why.

        Raises `NotYourTurn`, and `Excluded` for an answer of one's own or a second approval.
        """
        role = self._turn_of(by, roles)
        self._move("in-progress")
        self.handler = self.handler or self.answered_by
        self.chain, self.approved_by = [], []
        self._did("returned", by, at, note)
        self._say_reviewed("return", role, by, note)

    def _turn_of(self, by: str, roles: Collection[str]) -> Role:
        role = self.awaiting
        if self.status != "in-approval" or role is None:
            raise WrongState(f"{self.number} is {self.status}; there is nothing to approve.", state=self.status)
        if role not in roles:
            raise NotYourTurn(f"{self.number} waits for the approval of the {role}.", awaiting=role)
        if by in (self.answered_by, self.handler, *self.approved_by):
            raise Excluded(f"{by} has answered or approved {self.number} already; somebody else has to.")
        return role

    def _must_be_new_to_it(self, person: str) -> None:
        """What was disputed is judged by somebody else, one level up."""
        if person in self.earlier_handlers:
            raise Excluded(f"{person} had {self.number} in an earlier round; somebody else has to look at it now.")

    def _keep(self, resolution: Resolution, answer: Sealed, last: bool) -> None:
        self.outcome, self.answer, self.last = resolution.outcome, answer, last
        self.measures, self.redress = resolution.measures, resolution.redress
        self.root_cause, self.responsible = resolution.root_cause, resolution.responsible
        self.referred_to = resolution.referred_to

    def _say_reviewed(self, decision: Decision, role: Role, by: str, note: Sealed | None) -> None:
        self.record(CaseReviewed(decision=decision, role=role, by=by, note=note, awaiting=self.awaiting))

    def _say_resolved(self, at: Instant) -> None:
        self._did("resolved", self.answered_by, at)
        self.record(CaseResolved(**{name: getattr(self, name) for name in TOLD}))
