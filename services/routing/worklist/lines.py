"""The lines of the worklist; the person in a subject line is masked."""

from collections.abc import Sequence

from services.routing.model import Case
from services.routing.worklist.forms import CaseLine
from shared.privacy import Keyring, mask_text
from shared.service import Running


async def lines(running: Running[Case], cases: Sequence[Case]) -> list[CaseLine]:
    """The lines of these cases."""
    keyring = await running.vault.unlock({case.key_id for case in cases})
    return [_line(case, keyring) for case in cases]


def _line(case: Case, keyring: Keyring) -> CaseLine:
    own = set(CaseLine.model_fields) - {"subject_line", "awaiting"}
    person = keyring.person(case.complainant.sealed, case.number)
    return CaseLine(
        **case.model_dump(include=own), subject_line=mask_text(case.subject_line, person), awaiting=case.awaiting
    )
