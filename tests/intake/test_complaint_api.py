"""A registered complaint over HTTP: who sees it, who decides on it, what is refused."""

from typing import Any

import pytest

from shared.bus.topology import EVENTS
from shared.identity import issue_staff_token
from shared.testing.builders import a_number, a_registration
from tests.broker import channel_to
from tests.harness import JWT_SECRET, Site, eventually
from tests.openapi import Client

NOWHERE = f"/intake/complaints/{a_number(30_000)}"


async def registered(client: Client, **changes: Any) -> Any:
    answer = await client.ask("POST", "/intake/complaints", a_registration(**changes), client.channel_key)
    return answer.body


def path(receipt: Any, rest: str = "") -> str:
    return f"/intake/complaints/{receipt['number']}{rest}"


async def test_s3_4_complainants_see_their_complaint_with_the_token_of_their_receipt(client: Client) -> None:
    receipt = await registered(client)

    answer = await client.ask("GET", path(receipt), token=receipt["tracking_token"])

    assert (answer.status, answer.body["status"], answer.body["promises"]) == (
        200, "registered", receipt["promises"],
    )  # fmt: skip


async def test_the_token_may_stand_in_the_link(client: Client) -> None:
    receipt = await registered(client)

    answer = await client.ask("GET", path(receipt, f"?token={receipt['tracking_token']}"))

    assert answer.status == 200


async def test_the_token_of_another_complaint_opens_nothing(client: Client) -> None:
    mine, other = await registered(client), await registered(client)

    answer = await client.ask("GET", path(mine), token=other["tracking_token"])

    assert (answer.status, answer.body["code"]) == (403, "forbidden")


async def test_a_token_for_something_else_opens_nothing(client: Client, town: Any) -> None:
    receipt = await registered(client)
    survey = town["intake"].tokens.issue(receipt["number"], "survey")

    answer = await client.ask("GET", path(receipt), token=survey)

    assert answer.status == 403


async def test_a_channel_does_not_see_what_became_of_a_complaint(client: Client) -> None:
    receipt = await registered(client)

    answer = await client.ask("GET", path(receipt), token=client.channel_key)

    assert answer.status == 403


async def test_a_number_that_was_not_given_out_is_not_found(client: Client) -> None:
    answer = await client.staff("GET", NOWHERE)

    assert (answer.status, answer.body["code"]) == (404, "not-found")


async def test_a_mistyped_number_is_told_from_one_that_was_not_given_out(client: Client) -> None:
    number: str = (await registered(client))["number"]
    mistyped = number[:-1] + ("A" if number[-1] != "A" else "B")

    answer = await client.staff("GET", f"/intake/complaints/{mistyped}")

    assert (answer.status, answer.body["code"]) == (404, "no-such-number")


async def test_an_officer_declines_with_a_reason(client: Client) -> None:
    receipt = await registered(client)
    decision = {"decision": "decline", "reason": "not ours"}

    answer = await client.staff("POST", path(receipt, "/decision"), decision, roles="officer")

    assert (answer.status, answer.body["status"]) == (200, "declined")


async def test_nothing_is_declined_without_a_reason(client: Client) -> None:
    receipt = await registered(client)

    answer = await client.staff("POST", path(receipt, "/decision"), {"decision": "decline"}, roles="officer")

    assert (answer.status, answer.pointers) == (422, ["#"])


async def test_what_was_decided_is_not_decided_again(client: Client) -> None:
    receipt = await registered(client)
    await client.staff("POST", path(receipt, "/decision"), {"decision": "accept"}, roles="officer")

    answer = await client.staff("POST", path(receipt, "/decision"), {"decision": "accept"}, roles="officer")

    assert (answer.status, answer.body["code"], answer.body["state"]) == (409, "wrong-state", "accepted")


@pytest.mark.parametrize("roles", ["handler", "manager auditor", ""])
async def test_only_officers_decide(client: Client, roles: str) -> None:
    receipt = await registered(client)

    answer = await client.staff("POST", path(receipt, "/decision"), {"decision": "accept"}, roles=roles)

    assert (answer.status, answer.body["code"]) == (403, "forbidden")


async def test_a_complainant_adds_to_the_complaint_and_withdraws_it(client: Client) -> None:
    receipt = await registered(client)
    token = receipt["tracking_token"]
    await client.ask("POST", path(receipt, "/supplements"), {"narrative": "还划伤了地板"}, token)

    answer = await client.ask("POST", path(receipt, "/withdrawal"), {"reason": "settled"}, token)

    told = [entry["what"] for entry in answer.body["timeline"]]
    assert told == ["registered", "supplemented", "withdrawn"]


@pytest.mark.parametrize("what", ["supplements", "withdrawal"])
@pytest.mark.parametrize("roles", ["handler", "supervisor", "dispatcher manager", "auditor"])
async def test_whoever_may_read_a_complaint_may_not_speak_for_the_complainant(
    client: Client, what: str, roles: str
) -> None:
    receipt = await registered(client)
    seen = await client.staff("GET", path(receipt), roles=roles)

    answer = await client.staff("POST", path(receipt, f"/{what}"), {"narrative": "and another thing"}, roles=roles)

    assert (seen.status, answer.status, answer.body["code"]) == (200, 403, "forbidden")


@pytest.mark.parametrize(
    ("rest", "body", "kind"),
    [("/supplements", {"narrative": "还划伤了地板"}, "supplemented"), ("/withdrawal", {}, "withdrawn")],
)
@pytest.mark.parametrize(("as_officer", "by"), [(True, "amy"), (False, "complainant")])
async def test_what_is_added_or_withdrawn_says_by_whom(
    client: Client, module_site: Site, as_officer: bool, by: str, rest: str, body: Any, kind: str
) -> None:
    receipt = await registered(client)
    token = issue_staff_token(JWT_SECRET, "amy", ["officer"], []) if as_officer else receipt["tracking_token"]

    async with channel_to(module_site.amqp_url) as channel:
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(EVENTS, f"complaint.{kind}")
        await client.ask("POST", path(receipt, rest), body, token)
        said = await eventually(lambda: queue.get(no_ack=True, fail=False))

    assert f'"by":"{by}"'.encode() in said.body


async def test_nothing_is_added_to_a_withdrawn_complaint(client: Client) -> None:
    receipt = await registered(client)
    token = receipt["tracking_token"]
    await client.ask("POST", path(receipt, "/withdrawal"), {}, token)

    answer = await client.ask("POST", path(receipt, "/supplements"), {"narrative": "and another thing"}, token)

    assert (answer.status, answer.body["state"]) == (409, "withdrawn")


async def test_what_is_added_at_once_has_its_limit_and_the_answer_names_it(client: Client) -> None:
    receipt = await registered(client)

    answer = await client.ask(
        "POST", path(receipt, "/supplements"), {"narrative": "x" * 20_001}, receipt["tracking_token"]
    )

    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "#/narrative")
    assert "20000" in answer.body["errors"][0]["detail"]


async def test_the_register_pages_through_all_complaints_latest_first(client: Client) -> None:
    for place in range(3):
        await registered(client, place=str(place))
    whole = (await client.staff("GET", "/intake/complaints?limit=500")).body["items"]

    paged, cursor = [], ""
    while cursor is not None:
        page = (await client.staff("GET", f"/intake/complaints?limit=2&cursor={cursor}")).body
        paged += page["items"]
        cursor = page["next"]

    received = [line["received_at"] for line in paged]
    assert (paged, received) == (whole, sorted(received, reverse=True))


async def test_the_register_masks_the_person_in_a_subject_line(client: Client) -> None:
    person = {"name": "王小明", "phone": "13800001234"}
    receipt = await registered(client, complainant=person, subject_line="王小明，邮箱wang@example.com")

    lines = (await client.staff("GET", "/intake/complaints?limit=500")).body["items"]

    assert [line["subject_line"] for line in lines if line["number"] == receipt["number"]] == [
        "王**，邮箱w***@example.com"
    ]


async def test_staff_see_a_complaint_with_the_person_masked_and_the_complainant_sees_it_in_full(client: Client) -> None:
    person = {"name": "王小明", "phone": "13800001234"}
    receipt = await registered(client, complainant=person, subject_line="王小明，邮箱wang@example.com")

    staff = (await client.staff("GET", path(receipt))).body
    own = (await client.ask("GET", path(receipt), token=receipt["tracking_token"])).body

    assert staff["subject_line"] == "王**，邮箱w***@example.com"
    assert own["subject_line"] == "王小明，邮箱wang@example.com"


async def test_what_staff_write_in_a_timeline_is_masked_for_staff(client: Client) -> None:
    person = {"name": "王小明", "phone": "13800001234"}
    receipt = await registered(client, complainant=person, regulation="vehicle-repair", respondent="店", claim="退款")

    declined = {"decision": "decline", "reason": "王小明不是车主"}
    decided = await client.staff("POST", path(receipt, "/decision"), declined)

    assert "王**不是车主" in decided.body["timeline"][-1]["text"]


async def test_the_register_is_filtered_by_channel(client: Client) -> None:
    receipt = await registered(client, channel="petition")

    answer = await client.staff("GET", "/intake/complaints?channel=petition&status=registered")

    assert [line["number"] for line in answer.body["items"]] == [receipt["number"]]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=501", "limit=many", "status=lost", "channel=telegraph", "since=yesterday", "page=2"],
)
async def test_a_bad_query_is_pointed_at(client: Client, query: str) -> None:
    answer = await client.staff("GET", f"/intake/complaints?{query}")

    assert (answer.status, answer.body["code"], answer.pointers) == (
        400, "invalid-query", [f"#/{query.partition('=')[0]}"],
    )  # fmt: skip


BEFORE_ALL_TIME = "W3sidCI6IjAwMDEtMDEtMDFUMDA6MDA6MDArMTQ6MDAifSwieCJd"


@pytest.mark.parametrize(
    "cursor", ["x", "%FF", "bnVsbA", "WzFd", "e30", "WzE4NDQ2NzQ0MDczNzA5NTUxNjE1LCJ4Il0", BEFORE_ALL_TIME]
)
async def test_a_cursor_that_is_none_of_ours_is_refused(client: Client, cursor: str) -> None:
    answer = await client.staff("GET", f"/intake/complaints?cursor={cursor}")

    assert (answer.status, answer.body["code"]) == (400, "bad-cursor")


@pytest.mark.parametrize("address", ["/intake/nothing", "/nothing", "/no%0A/thing", "/intake/complaints/a/b"])
async def test_an_unknown_path_is_a_problem(client: Client, address: str) -> None:
    answer = await client.ask("GET", address)

    assert (answer.status, answer.body["code"]) == (404, "no-such-path")


async def test_a_wrong_method_is_a_problem_that_names_the_right_ones(client: Client) -> None:
    answer = await client.ask("DELETE", "/intake/complaints")

    assert (answer.status, answer.body["code"], answer.headers["Allow"]) == (405, "method-not-allowed", "GET,POST")


async def test_tracking_tells_how_each_promise_was_counted_as_the_receipt_does(client: Client) -> None:
    receipt = (await client.ask("POST", "/intake/complaints", a_registration(), client.channel_key)).body

    shown = (await client.staff("GET", f"/intake/complaints/{receipt['number']}")).body

    assert shown["derivation"] == receipt["derivation"]


async def test_the_receipt_says_how_each_promise_was_counted(client: Client) -> None:
    receipt = (await client.ask("POST", "/intake/complaints", a_registration(), client.channel_key)).body

    assert set(receipt["derivation"]) == set(receipt["promises"])
    assert receipt["derivation"]["resolution"][-1].startswith("截止时间")
