"""What departments get from the broker and answer through it: the same as over HTTP."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aio_pika
import orjson
import pytest
from jsonschema import Draft202012Validator

from shared.identity import issue_staff_token
from tests.broker import channel_to, contents, depth, put
from tests.harness import JWT_SECRET, Site, Town, eventually, redress
from tests.openapi import Client
from tests.routing.asking import IN_QUALITY, IN_SERVICE, a_case
from tests.routing.conftest import DOCS

CONSUMER = [sys.executable, str(DOCS / "department_consumer.py")]
REPLIES = "department.replies"
STORY: list[tuple[str, str, dict[str, Any]]] = [
    ("accept", "acceptance", {}),
    ("progress", "progress", {"step": "called", "visible_to_complainant": True}),
    ("pause", "pause", {"reason": "photos"}),
    ("resume", "resumption", {"reason": "photos came"}),
    ("transfer", "transfer", {"to": "quality", "reason": "the product broke"}),
    ("resolve", "resolution", {"outcome": "upheld", "answer": "退货", "root_cause": "transport"}),
]
TOLD_APART = {"number", "key_id", "narrative", "complainant", "received_at", "answer", "due_at", "because", "steps"}


async def work_orders(site: Site, department: str, number: str) -> list[Any]:
    found = [orjson.loads(message.body) for message in await contents(site.amqp_url, f"department.{department}")]
    return [order for order in found if order["number"] == number]


async def ordered(site: Site, department: str, number: str) -> Any:
    async def arrived() -> list[Any]:
        return await work_orders(site, department, number)

    return (await eventually(arrived))[0]


async def reply(site: Site, number: str, kind: str, fields: dict[str, Any]) -> None:
    await put(site.amqp_url, REPLIES, orjson.dumps({"type": kind, "number": number, "by": "amy"} | fields))


async def reasons(site: Site, number: str) -> list[str]:
    """Why messages about this complaint were put aside."""
    letters = await contents(site.amqp_url, "routing.dead")
    return [str(letter.headers["x-redress-reason"]) for letter in letters if number.encode() in letter.body]


async def put_aside(site: Site, number: str) -> str:
    """The first of them, as soon as there is one."""
    return (await eventually(lambda: reasons(site, number)))[0]


async def has_come_to(town: Town, number: str, step: str) -> None:
    async def there() -> bool:
        return step in await steps_of(town, number)

    await eventually(there)


async def hand_over(client: Client, number: str) -> None:
    """Give a case to the department whose queue the documented consumer reads."""
    transfer = {"to": "general-affairs", "reason": "theirs"}
    await client.staff("POST", f"/routing/cases/{number}/transfer", transfer, roles="dispatcher")


async def ordered_twice(site: Site, number: str) -> bool:
    return len(await work_orders(site, "general-affairs", number)) == 2


@asynccontextmanager
async def consuming(site: Site, department: str, command: Sequence[str] = CONSUMER) -> AsyncIterator[None]:
    """A consumer that the documentation shows, at work for a department."""
    program = await asyncio.create_subprocess_exec(*command, site.amqp_url, department)
    try:
        yield
    finally:
        program.kill()
        await program.wait()


async def steps_of(town: Town, number: str) -> list[str]:
    document = await town.state("routing", number)
    return [step["step"] for step in document["state"]["steps"]] if document else []


async def test_two_senders_who_count_their_replies_alike_are_both_heard(
    client: Client, town: Town, module_site: Site
) -> None:
    number = await a_case(client, town, IN_QUALITY)
    await client.staff("POST", f"/routing/cases/{number}/acceptance", {})

    for by, step in (("amy", "called"), ("bob", "visited")):
        body = orjson.dumps({"type": "progress", "number": number, "by": by, "step": step})
        await put(module_site.amqp_url, REPLIES, body, {"cloudEvents:id": "1"})

    await has_come_to(town, number, "called")
    await has_come_to(town, number, "visited")


async def test_a_reply_that_the_broker_has_buried_is_put_back_as_a_reply(
    client: Client, town: Town, module_site: Site
) -> None:
    number = await a_case(client, town, IN_QUALITY)
    body = orjson.dumps({"type": "accept", "number": number, "by": "amy"})
    buried = {"x-death": [{"queue": REPLIES, "reason": "delivery_limit", "count": 1}]}
    await put(module_site.amqp_url, "routing.dead", body, buried, message_id=number)

    said = await redress(module_site, "dead", "replay", "routing", number)

    async def accepted() -> bool:
        document = await town.state("routing", number)
        return bool(document) and document["state"]["status"] == "in-progress"

    assert said.output == "1 put back\n"
    await eventually(accepted)


async def test_s16_4_a_work_order_arrives_at_its_department_with_the_person_masked(
    client: Client, town: Town, module_site: Site
) -> None:
    person = {"name": "王小明", "phone": "13800001234", "email": "wang@example.com"}
    named = {"subject_line": "王小明的电饭煲", "product": {"name": "王小明的电饭煲"}, "place": "王小明家"}
    letter = {"complainant": person} | named
    number = await a_case(client, town, IN_QUALITY + "请打13800001234找王小明", **letter)

    order = await ordered(module_site, "quality", number)

    assert [secret in str(order) for secret in ("13800001234", "王小明", "wang@")] == [False, False, False]


async def test_a_work_order_says_until_when_and_where_to_answer(client: Client, town: Town, module_site: Site) -> None:
    number = await a_case(client, town)

    order = await ordered(module_site, "service", number)

    assert (sorted(order["due"]), order["reply_to"], order["links"]["case"].rpartition("/")[2]) == (
        ["acknowledgement", "resolution"], REPLIES, number,
    )  # fmt: skip


async def test_a_work_order_fits_the_schema_that_is_served(client: Client, town: Town, module_site: Site) -> None:
    number = await a_case(client, town)
    schema = (await client.ask("GET", "/routing/schemas/work-order.json")).body

    order = await ordered(module_site, "service", number)

    Draft202012Validator(schema).validate(order | {"type": "department.work-order"})


@pytest.mark.parametrize(("kind", "_path", "fields"), STORY)
async def test_a_reply_fits_the_schema_that_is_served(
    client: Client, kind: str, _path: str, fields: dict[str, Any]
) -> None:
    schema = (await client.ask("GET", "/routing/schemas/department-reply.json")).body

    Draft202012Validator(schema).validate({"type": kind, "number": "SQ-20261123-000018", "by": "amy"} | fields)


async def test_a_transferred_case_is_ordered_from_the_new_department(
    client: Client, town: Town, module_site: Site
) -> None:
    number = await a_case(client, town)

    await reply(module_site, number, "transfer", {"to": "quality", "reason": "the product broke"})

    assert (await ordered(module_site, "quality", number))["department"] == "quality"


async def test_replies_over_the_broker_do_what_commands_over_http_do(
    client: Client, town: Town, module_site: Site
) -> None:
    over_http, over_amqp = await a_case(client, town), await a_case(client, town)
    done = 0
    for kind, path, fields in STORY:
        await client.staff("POST", f"/routing/cases/{over_http}/{path}", fields, roles="dispatcher")
        await reply(module_site, over_amqp, kind, fields)
        done = len(await steps_of(town, over_http))

        async def obeyed(done: int = done) -> bool:
            return len(await steps_of(town, over_amqp)) == done

        await eventually(obeyed)

    one, other = [(await town.state("routing", number) or {})["state"] for number in (over_http, over_amqp)]
    assert {name for name in one if one[name] != other[name]} <= TOLD_APART
    assert await steps_of(town, over_amqp) == await steps_of(town, over_http)


async def test_a_reply_that_comes_twice_is_obeyed_once(client: Client, town: Town, module_site: Site) -> None:
    number = await a_case(client, town)
    body = orjson.dumps({"type": "progress", "number": number, "by": "amy", "step": "called"})

    for _ in range(2):
        await put(module_site.amqp_url, REPLIES, body, {"cloudEvents:id": f"{number}-1"})
    await reply(module_site, number, "progress", {"step": "wrote"})

    async def last_obeyed() -> list[str]:
        steps = await steps_of(town, number)
        return steps if steps[-1:] == ["wrote"] else []

    assert await eventually(last_obeyed) == ["called", "wrote"]


async def test_a_reply_that_comes_before_its_case_waits_for_it(client: Client, town: Town, module_site: Site) -> None:
    bygone = await a_case(client, town)
    routing = town["routing"].repository.collection
    case = await routing.find_one_and_delete({"_id": bygone})
    await reply(module_site, bygone, "progress", {"step": "called"})

    async def waiting() -> bool:
        return await depth(module_site.amqp_url, "routing.retry.400ms") > 0

    await eventually(waiting)
    await routing.insert_one(case)  # type: ignore[arg-type]  # it was there

    async def obeyed() -> bool:
        return await steps_of(town, bygone) == ["called"]

    await eventually(obeyed)


async def test_a_reply_out_of_turn_is_put_aside_with_its_reason(client: Client, town: Town, module_site: Site) -> None:
    number = await a_case(client, town)

    await reply(module_site, number, "resume", {})

    assert (await put_aside(module_site, number)).startswith("wrong-state: ")


async def test_a_reply_of_a_department_that_does_not_have_the_case_is_put_aside(
    client: Client, town: Town, module_site: Site
) -> None:
    number = await a_case(client, town)

    await reply(module_site, number, "accept", {"department": "quality"})

    assert await put_aside(module_site, number) == f"{number} is with service, not with quality"


async def test_a_reply_of_the_department_that_has_the_case_is_obeyed(
    client: Client, town: Town, module_site: Site
) -> None:
    number = await a_case(client, town)

    await reply(module_site, number, "accept", {"department": "service"})

    await has_come_to(town, number, "accepted")


async def test_what_was_added_comes_to_the_department_with_the_work_order(
    client: Client, town: Town, module_site: Site
) -> None:
    number = await a_case(client, town)
    supplement = {"narrative": "还划伤了地板，请打13800001234"}

    await client.staff("POST", f"/intake/complaints/{number}/supplements", supplement, roles="officer")

    async def told() -> list[str]:
        orders = await work_orders(module_site, "service", number)
        return [order["narrative"] for order in orders[1:]]

    assert await eventually(told) == [f"{IN_SERVICE}\n\n还划伤了地板，请打*******1234"]


async def test_the_documented_consumer_takes_and_answers_the_work_orders_of_its_department(
    client: Client, town: Town, module_site: Site
) -> None:
    number = await a_case(client, town)
    await hand_over(client, number)

    async with consuming(module_site, "general-affairs"):
        await has_come_to(town, number, "resolved")

    assert await steps_of(town, number) == ["transferred", "accepted", "resolved"]


async def test_the_documented_consumer_answers_a_repeated_work_order_once(
    client: Client, town: Town, module_site: Site
) -> None:
    number, last = await a_case(client, town), await a_case(client, town)
    await hand_over(client, number)
    await client.staff("POST", f"/intake/complaints/{number}/supplements", {"narrative": "还没来"}, roles="officer")
    await eventually(lambda: ordered_twice(module_site, number))
    await hand_over(client, last)

    async with consuming(module_site, "general-affairs"):
        await has_come_to(town, last, "resolved")
    await reply(module_site, last, "resume", {})
    await put_aside(module_site, last)  # and so would have been whatever came before it

    assert (await steps_of(town, number), await reasons(module_site, number)) == (
        ["transferred", "accepted", "resolved"], [],
    )  # fmt: skip


async def test_the_documented_consumer_in_javascript_takes_and_answers_work_orders_too(
    client: Client, town: Town, module_site: Site, node_consumer: Path
) -> None:
    number = await a_case(client, town)
    await hand_over(client, number)

    async with consuming(module_site, "general-affairs", ["node", str(node_consumer)]):
        await has_come_to(town, number, "resolved")

    assert await steps_of(town, number) == ["transferred", "accepted", "resolved"]


async def test_the_documented_command_answers_over_http(client: Client, town: Town) -> None:
    number = await a_case(client, town)
    token = issue_staff_token(JWT_SECRET, "amy", ["handler"], ["service"])
    async with client.http.get("/routing/healthz") as response:
        where = {"REDRESS_URL": str(response.url.origin()), "TOKEN": token}
    body = json.dumps({"outcome": "explained", "answer": "已上门说明。"})

    program = await asyncio.create_subprocess_exec(
        str(DOCS / "department_reply.sh"), number, "resolution", body, env=os.environ | where, stdout=PIPE
    )
    said, _ = await program.communicate()

    assert (program.returncode, json.loads(said)["status"]) == (0, "answered")


async def answer_to(site: Site, number: str, kind: str, fields: dict[str, Any]) -> tuple[str, Any]:
    """What a department that asks is told of a reply: for which message, and what."""
    body = orjson.dumps({"type": kind, "number": number, "by": "amy"} | fields)
    async with channel_to(site.amqp_url) as channel:
        answers = await channel.declare_queue(exclusive=True)
        said = aio_pika.Message(body, message_id=f"{number}-asked", reply_to=answers.name, delivery_mode=2)
        await channel.default_exchange.publish(said, routing_key=REPLIES)
        answer = await eventually(lambda: answers.get(no_ack=True, fail=False))
    assert answer
    return answer.correlation_id or "", orjson.loads(answer.body)


async def test_whoever_asks_is_told_that_their_reply_was_obeyed(client: Client, town: Town, module_site: Site) -> None:
    number = await a_case(client, town)

    assert await answer_to(module_site, number, "accept", {}) == (f"{number}-asked", {"result": "done"})


async def test_whoever_asks_is_told_the_problem_with_their_reply(client: Client, town: Town, module_site: Site) -> None:
    number = await a_case(client, town)

    _, problem = await answer_to(module_site, number, "resume", {})

    assert (problem["status"], problem["code"], problem["state"]) == (409, "wrong-state", "assigned")


async def test_whoever_asks_is_told_which_steps_are_missing(client: Client, town: Town, module_site: Site) -> None:
    number = await a_case(
        client, town, regulation="corporate", subject_line="送货迟到", occurred_at="2026-11-20T09:30:00+08:00",
        place="上海", respondent="送货员",
    )  # fmt: skip

    _, problem = await answer_to(module_site, number, "resolve", {"outcome": "explained", "answer": "已说明。"})

    assert (problem["code"], problem["missing"][0]["step"]) == ("steps-missing", "verification")


async def test_whoever_sends_what_is_no_reply_is_told_so(client: Client, town: Town, module_site: Site) -> None:
    number = await a_case(client, town)

    _, problem = await answer_to(module_site, number, "praise", {})

    assert (problem["status"], problem["code"]) == (422, "invalid")


async def test_no_answer_goes_to_a_queue_that_is_not_a_departments(
    client: Client, town: Town, module_site: Site
) -> None:
    number = await a_case(client, town)
    body = orjson.dumps({"type": "progress", "number": number, "by": "amy", "step": "called"})
    async with channel_to(module_site.amqp_url) as channel:
        said = aio_pika.Message(body, reply_to="routing.dead", delivery_mode=2)
        await channel.default_exchange.publish(said, routing_key=REPLIES)

    await has_come_to(town, number, "called")

    assert [one for one in await contents(module_site.amqp_url, "routing.dead") if b'"result"' in one.body] == []
