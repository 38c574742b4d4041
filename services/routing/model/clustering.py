"""A case among others of its matter: it joins their cluster and is as grave as that, and still answered by itself."""

from services.routing.model.assessment import Briefing
from services.routing.model.file import OPEN, CaseFile
from shared.contracts.values import Severity

NOT_SENT = ("waiting", "triage")
"""No department has it yet; what it is told later holds everything."""


class Clustering(CaseFile):
    """A case that may turn out to be one of many."""

    def join(self, cluster: str) -> bool:
        """Belong to a cluster from now on; False for a case that belongs to one already."""
        if self.traits.cluster:
            return False
        self.traits = self.traits.of(cluster)
        return True

    def raise_to(self, severity: Severity, *, reason: str, briefing: Briefing | None) -> None:
        """There are so many of them that it is graver; a department at work on it, and supervision, are told why.

        What has been answered stays what it was.
        """
        if self.status not in (*OPEN, *NOT_SENT):
            return
        graver, self.severity = severity != self.severity, severity
        self._rank()
        self.because = [*self.because, reason]
        if briefing and graver:
            self._say_routed(raised=True)
        if briefing:
            self._order(briefing)
