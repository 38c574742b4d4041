"""Why a department's command, or an approver's, is refused."""

from shared.errors import Fault


class StepsMissing(Fault):
    """Steps that the regulation demands before an outcome are not on record; `missing` names each with its clause."""

    code = "steps-missing"
    status = 409


class AnswerIncomplete(Fault):
    """The answer lacks what its outcome obliges the department to say; `errors` points at each field."""

    code = "answer-incomplete"
    status = 422


class TasksOpen(Fault):
    """Other departments still work on it: the answer waits for them; `tasks` names each."""

    code = "tasks-open"
    status = 409


class NotYourTurn(Fault):
    """Somebody of another role has to approve next."""

    code = "not-your-turn"
    status = 403


class Excluded(Fault):
    """Whom it is about, or who has had a hand in it, must not judge it: an answer, a second approval, a dispute."""

    code = "excluded"
    status = 409


class LeadKeepsIt(Fault):
    """The case has been passed on too often: the department that leads now answers it (提级督办)."""

    code = "lead-keeps-it"
    status = 409
