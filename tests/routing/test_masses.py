"""Mass complaints are seen at the third, on the real servers, by whichever replica leads."""

import asyncio
import secrets
from functools import partial
from typing import Any

import pytest

from services.routing.masses.likeness import fingerprint
from services.routing.masses.traits import Traits
from services.routing.masses.watch import PAGE, Watch
from services.routing.model import Case
from shared.bus.topology import DEPARTMENTS
from shared.contracts.values import Severity
from shared.document import Document, Step
from shared.regulations import Regulations
from shared.testing.builders import a_number, regulations
from tests.broker import tapped
from tests.harness import Site, Town, eventually, serving
from tests.openapi import Client
from tests.routing.given import a_waiting_case

PEELING = (
    "买的电饭煲用了两周内胆涂层就开始脱落，煮的饭里有黑色碎屑，要求退货。",
    "电饭煲内胆涂层起泡脱落，才用了不到一个月，米饭里有黑色碎屑，要求退款退货。",
    "你们这款电饭煲用了三周内胆涂层就脱落，米饭里都是黑色的碎屑，要求退货退款。",
    "电饭煲内胆的涂层开始脱落，煮饭时有黑色碎屑，我要求退货。",
)
"""Four people about the same trouble, each in words of their own."""


IN_QUALITY = {"roles": "handler", "departments": "quality"}
DRAFT = {"outcome": "upheld", "answer": "该批次内胆涂层有缺陷，予以退货退款。", "root_cause": "涂层固化温度不足"}
UPHELD = {"outcome": "upheld", "answer": "给您退货退款。"}

Product = dict[str, str]


@pytest.fixture
def product() -> Product:
    """A product that no other test complains of."""
    return {"name": f"电饭煲{secrets.token_hex(4)}", "batch": secrets.token_hex(4)}


async def complain(town: Town, narrative: str, product: Product, **changes: Any) -> str:
    status, receipt = await town.register(narrative=narrative, product=product, **changes)
    assert status == 201, receipt
    number: str = receipt["number"]
    await eventually(lambda: town.state("routing", number))
    return number


async def cases(town: Town, *numbers: str) -> list[dict[str, Any]]:
    return [(await town.state("routing", number) or {})["state"] for number in numbers]


async def three(town: Town, product: Product) -> list[str]:
    """Three like complaints, already one mass complaint; the first of them gives it its name."""
    numbers = [await complain(town, text, product) for text in PEELING[:3]]
    await eventually(lambda: in_one_cluster(town, *numbers))
    return numbers


def a_document(**fields: Any) -> Document[Case]:
    """A case as it is about to be stored, which no department has yet."""
    case = a_waiting_case(**fields)
    document: Document[Case] = Document(Case, case.number)
    document.apply(Step(lambda _: case, case.received_at))
    return document


async def founded(town: Town, product: Product) -> list[str]:
    """The names of the mass complaints about a product."""
    criteria = {"state.anchors": f"product:{product['name']}"}
    found = await town["routing"].database["clusters"].find(criteria).to_list(None)
    return [raw["_id"] for raw in found]


async def in_one_cluster(town: Town, *numbers: str) -> bool:
    named = {case["traits"]["cluster"] for case in await cases(town, *numbers)}
    return len(named) == 1 and named != {""}


async def severity_at_sla(town: Town, number: str) -> Severity | None:
    found = await town.state("sla", number)
    return found["state"]["severity"] if found else None


async def test_the_third_of_like_complaints_makes_a_mass_complaint(town: Town, product: Product) -> None:
    first, *_ = await three(town, product)

    assert await founded(town, product) == [first]


async def test_two_like_complaints_make_none(town: Town, product: Product) -> None:
    for text in PEELING[:2]:
        await complain(town, text, product)

    await Watch(town["routing"]).walk()

    assert await founded(town, product) == []


async def test_every_case_of_a_mass_complaint_is_graver_and_says_why(town: Town, product: Product) -> None:
    numbers = await three(town, product)

    told = [(case["severity"], case["because"][-1]) for case in await cases(town, *numbers)]

    assert told == [("major", f"major: mass complaint {numbers[0]}, 3 or more of the same batch, product (S9.5)")] * 3


async def test_supervision_hears_that_a_mass_complaint_is_graver(site: Site, product: Product) -> None:
    async with serving(site, "intake", "routing", "sla") as town:
        numbers = await three(town, product)

        async def told() -> bool:
            return [await severity_at_sla(town, number) for number in numbers] == ["major"] * 3

        await eventually(told)


async def test_what_comes_after_the_third_is_born_into_the_mass_complaint(town: Town, product: Product) -> None:
    first, *_ = await three(town, product)

    fourth = await complain(town, PEELING[3], product)

    born = await town.state("routing", fourth) or {}
    assert (born["version"], born["state"]["traits"]["cluster"], born["state"]["severity"]) == (1, first, "major")


async def test_the_work_orders_link_the_mass_complaint(site: Site, product: Product) -> None:
    async with tapped(site.amqp_url, DEPARTMENTS) as orders, serving(site, "intake", "routing") as here:
        numbers = [*await three(here, product), await complain(here, PEELING[3], product)]

        def linked() -> set[str]:
            links = [(order["number"], order["links"].get("cluster", "")) for _, order in orders.said]
            return {number for number, link in links if link.endswith(f"/routing/clusters/{numbers[0]}")}

        await eventually(lambda: linked() == set(numbers))


async def test_three_complaints_at_the_same_instant_on_two_replicas_are_seen_once(site: Site, product: Product) -> None:
    async with serving(site, "intake", "routing") as town, serving(site, "routing"):
        numbers = await asyncio.gather(*(complain(town, text, product) for text in PEELING[:3]))

        await eventually(lambda: in_one_cluster(town, *numbers))

        assert len(await founded(town, product)) == 1


async def test_two_leaders_at_once_found_one_mass_complaint_and_raise_each_case_once(
    site: Site, product: Product
) -> None:
    async with (
        serving(site, "intake", "routing") as town,
        serving(site, "routing") as other,
        tapped(site.amqp_url) as events,
    ):
        numbers = await asyncio.gather(*(complain(town, text, product) for text in PEELING[:3]))
        await asyncio.gather(Watch(town["routing"]).walk(), Watch(other["routing"]).walk())
        await eventually(lambda: in_one_cluster(town, *numbers))
        await eventually(lambda: town.settled("routing"))

        told = zip(events.seen, events.said, strict=True)
        raised = {one["id"] for one, (kind, event) in told if kind == "case.routed" and event["raised"]}

        assert (len(await founded(town, product)), len(raised)) == (1, 3)


async def test_cases_that_a_dead_watch_has_left_out_join_at_the_next_look(town: Town, product: Product) -> None:
    first, *others = await three(town, product)
    collection = town["routing"].repository.collection
    left_out = {"state.traits.cluster": "", "state.traits.loose_since": town["routing"].clock()}
    await collection.update_many({"_id": {"$in": others}}, {"$set": left_out})

    await eventually(lambda: in_one_cluster(town, first, *others))

    assert await founded(town, product) == [first]


async def test_a_case_that_belongs_nowhere_is_held_against_others_once(town: Town, product: Product) -> None:
    routing = town["routing"]
    number = await complain(town, PEELING[0], product)
    await Watch(routing).walk()

    assert number in routing.kit.clusters.nowhere


async def test_like_words_about_different_products_are_different_matters(town: Town, product: Product) -> None:
    names = [f"{letter}{product['name']}" for letter in "甲乙丙"]
    numbers = [await complain(town, PEELING[0], {"name": name}) for name in names]

    await Watch(town["routing"]).walk()

    assert {case["traits"]["cluster"] for case in await cases(town, *numbers)} == {""}


async def test_other_trouble_with_the_same_product_is_another_matter(town: Town, product: Product) -> None:
    texts = (
        "煮饭按了开关没有反应，显示屏不亮。",
        "插上电源就跳闸，怀疑有漏电。",
        "蒸汽阀少发了一个，等七天才补寄。",
    )
    numbers = [await complain(town, text, product) for text in texts]

    await Watch(town["routing"]).walk()

    assert {case["traits"]["cluster"] for case in await cases(town, *numbers)} == {""}


async def test_so_many_of_them_are_graver_still_where_the_regulation_says_so(site: Site, product: Product) -> None:
    shipped = regulations().get("service-quality")
    critical = shipped.severities["critical"].model_copy(update={"similar": 4})
    pack = shipped.model_copy(update={"severities": shipped.severities | {"critical": critical}})
    async with serving(site, "intake", "routing", regulations=Regulations([pack])) as town:
        numbers = [*await three(town, product), await complain(town, PEELING[3], product)]
        town["routing"].kit.clusters.looked_far = None

        await Watch(town["routing"]).walk()

        assert {case["severity"] for case in await cases(town, *numbers)} == {"critical"}


async def test_a_mass_complaint_is_seen_among_many_that_were_noted_at_the_same_moment(
    town: Town, product: Product
) -> None:
    """More than one look reads at once, all with one time, the like ones last."""
    routing = town["routing"]
    texts = ["".join(map(chr, range(0x4E00 + 9 * number, 0x4E09 + 9 * number))) for number in range(PAGE)]
    seed, now, about = routing.kit.seed, routing.clock(), [f"product:{product['name']}"]
    made = []
    for place, text in enumerate([*texts, *PEELING[:3]]):
        traits = Traits(anchors=about, fingerprint=fingerprint(text, seed), loose_since=now)
        made.append(a_document(number=a_number(50_000 + place), received_at=now, traits=traits))
    await routing.repository.commit(made)
    numbers = [document.key for document in made[-3:]]

    await eventually(lambda: in_one_cluster(town, *numbers))

    assert await founded(town, product) == numbers[:1]


async def test_staff_see_the_mass_complaint_with_its_cases(town: Town, client: Client, product: Product) -> None:
    numbers = await three(town, product)

    listed = (await client.staff("GET", "/routing/clusters?limit=500", roles="dispatcher")).body["items"]
    shown = (await client.staff("GET", f"/routing/clusters/{numbers[0]}", roles="dispatcher")).body

    assert (numbers[0], 3) in [(line["number"], line["cases_in_all"]) for line in listed]
    assert [case["number"] for case in shown["cases"]] == sorted(numbers)


async def test_a_case_shows_its_siblings_and_the_draft_for_all(town: Town, client: Client, product: Product) -> None:
    numbers = await three(town, product)
    await client.staff("PUT", f"/routing/clusters/{numbers[0]}/draft", DRAFT, **IN_QUALITY)

    shown = (await client.staff("GET", f"/routing/cases/{numbers[2]}", **IN_QUALITY)).body["cluster"]

    assert [sibling["number"] for sibling in shown["cases"]] == sorted(numbers)
    assert shown["draft"].items() >= DRAFT.items()


async def test_to_a_department_without_a_case_of_it_it_does_not_exist(
    town: Town, client: Client, product: Product
) -> None:
    number, *_ = await three(town, product)
    elsewhere = {"roles": "handler", "departments": "general-affairs"}

    shown = await client.staff("GET", f"/routing/clusters/{number}", **elsewhere)
    listed = await client.staff("GET", "/routing/clusters?limit=500", **elsewhere)

    assert (shown.status, listed.body["items"]) == (404, [])


@pytest.mark.parametrize("against", [("amy", "amy", "amy"), ("", "", "", "dan")], ids=["all of it", "a part of it"])
async def test_to_whoever_it_is_about_a_mass_complaint_does_not_exist(
    against: tuple[str, ...], town: Town, client: Client, product: Product
) -> None:
    numbers = [await complain(town, text, product, respondent=who) for text, who in zip(PEELING, against, strict=False)]
    await eventually(lambda: in_one_cluster(town, *numbers))
    paths = f"/routing/clusters/{numbers[0]}", f"/routing/cases/{numbers[0]}"

    asked = partial(client.staff, "GET", **IN_QUALITY)
    seen = {name: [await asked(path, name=name) for path in paths] for name in (against[-1], "bob")}

    assert [cluster.status for cluster, _ in seen.values()] == [404, 200]
    assert [bool(case.body.get("cluster")) for _, case in seen.values()] == [False, True]


async def test_the_cursor_behind_what_one_sees_does_not_name_what_one_does_not(
    town: Town, client: Client, product: Product
) -> None:
    await three(town, product)
    elsewhere = {"roles": "handler", "departments": "general-affairs"}

    page = (await client.staff("GET", "/routing/clusters?limit=1", **elsewhere)).body
    all_there_are = (await client.staff("GET", "/routing/clusters?limit=500", roles="dispatcher")).body["items"]

    assert page == {"items": [], "next": None}
    assert len(all_there_are) > 1


async def test_each_complainant_is_answered_by_a_case_of_their_own(
    town: Town, client: Client, product: Product
) -> None:
    numbers = await three(town, product)

    await client.staff("POST", f"/routing/cases/{numbers[0]}/resolution", UPHELD, **IN_QUALITY)

    assert [case["status"] for case in await cases(town, *numbers)] == ["answered", "assigned", "assigned"]
