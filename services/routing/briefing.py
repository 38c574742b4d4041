"""What a department is told of a case beyond the case's own fields."""

from services.routing.deadlines import deadlines
from services.routing.kit import Kit
from services.routing.model import Briefing, Case
from shared.contracts.departments import MaskedComplainant
from shared.contracts.values import Sealed
from shared.handling import Context
from shared.privacy import mask_email, mask_name, mask_number, mask_text


def brief(case: Case, context: Context[Kit]) -> Briefing:
    """What the department is told: the matter with personal data masked, and until when it has to answer."""
    person = context.keyring.person(case.complainant.sealed, case.number)
    regulation = context.regulation_of(case)
    counted, cluster = deadlines(case, context), case.traits.cluster

    def opened(sealed: Sealed) -> str:
        return mask_text(context.keyring.open(sealed, case.number), person)

    return Briefing(
        product=case.product and case.product.model_copy(update={"name": mask_text(case.product.name, person)}),
        place=mask_text(case.place, person),
        subject_line=mask_text(case.subject_line, person),
        narrative=opened(case.narrative),
        supplements=[opened(supplement) for supplement in case.supplements],
        complainant=MaskedComplainant(
            name=mask_name(person.get("name", "")),
            phone=mask_number(person.get("phone", "")),
            email=mask_email(person.get("email", "")),
            tier=case.complainant.tier,
            anonymous=case.complainant.anonymous,
        ),
        due={milestone: deadline.due_at for milestone, deadline in counted.items()},
        derivation={milestone: deadline.derivation() for milestone, deadline in counted.items()},
        asks={task.name: opened(task.asks) for task in case.tasks if task.is_open},
        hand_out_at=context.now if regulation.hands_out else None,
        link=f"{context.kit.public_url}/routing/cases/{case.number}",
        cluster_link=f"{context.kit.public_url}/routing/clusters/{cluster}" if cluster else "",
    )
