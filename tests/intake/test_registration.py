"""What a channel hands in is registered once, or refused with a precise reason and not stored at all."""

import asyncio
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import orjson
import pytest

from services.intake.forms import Person, ProductForm, Registration
from shared.ids import ulid
from shared.testing.builders import a_registration
from tests.harness import Town
from tests.openapi import Answer, Client

COMPLAINTS = "/intake/complaints"
LONG = "长" * 501


async def stored(town: Town) -> int:
    count: int = await town["intake"].repository.collection.count_documents({})
    return count


async def post(client: Client, body: Any = None, key: str = "", **options: Any) -> Answer:
    headers = {"Idempotency-Key": key} if key else {}
    return await client.ask("POST", COMPLAINTS, body, client.channel_key, headers=headers, **options)


async def post_raw(client: Client, data: bytes, content_type: str = "application/json") -> Answer:
    headers = {"Content-Type": content_type}
    return await client.ask("POST", COMPLAINTS, token=client.channel_key, data=data, headers=headers)


async def test_a_registered_complaint_has_a_receipt_and_a_place(client: Client) -> None:
    answer = await post(client, a_registration())

    assert (answer.status, answer.headers["Location"]) == (201, f"{COMPLAINTS}/{answer.body['number']}")


async def test_the_receipt_speaks_the_readers_language(client: Client) -> None:
    headers = {"Accept-Language": "en"}

    answer = await client.ask("POST", COMPLAINTS, a_registration(), client.channel_key, headers=headers)

    assert answer.body["contact"]["department"] == "General affairs"


async def test_the_same_key_and_body_give_the_same_receipt(client: Client) -> None:
    first = await post(client, a_registration(), "same")

    second = await post(client, a_registration(), "same")

    assert (second.status, second.body) == (200, first.body)


PERSON = {"name": "王小明", "phone": "13800001234"}
WHOLE: dict[str, Any] = {
    "channel": "front-desk", "subject_line": "水壶", "occurred_at": "2026-11-20T09:30:00+08:00", "place": "上海",
    "complainant": PERSON, "respondent": "一分店", "claim": "退款", "product": {"name": "水壶", "batch": "B1"},
    "category": "product", "severity": "general", "received_by": "amy", "written": True,
}  # fmt: skip
OTHER_PRODUCTS: list[dict[str, Any]] = [{"name": "电饭煲"}, {"batch": "B2"}, {"expires_on": "2027-06-30"}]
OTHER_PEOPLE: list[dict[str, Any]] = [
    {"name": "李小红"}, {"phone": "13800001235"}, {"email": "wang@example.com"}, {"address": "上海"},
    {"tier": "important"}, {"anonymous": True},
]  # fmt: skip
OTHERWISE: list[dict[str, Any]] = [
    {"channel": "hotline"}, {"regulation": "demo"}, {"subject_line": ""}, {"narrative": "水壶又漏电"},
    {"occurred_at": "2026-11-20T09:31:00+08:00"}, {"place": "广州"}, {"respondent": "二分店"}, {"claim": "换货"},
    {"product": None}, *({"product": {"name": "水壶", "batch": "B1"} | change} for change in OTHER_PRODUCTS),
    {"category": "service"}, {"severity": None}, {"written": False}, {"received_by": "bob"},
    *({"complainant": PERSON | change} for change in OTHER_PEOPLE),
]  # fmt: skip


async def test_the_same_body_in_other_words_gives_the_same_receipt_in_whatever_language(client: Client) -> None:
    first = await post(client, a_registration(**WHOLE), "in-other-words")
    other = a_registration(**WHOLE, regulation="service-quality") | {"occurred_at": "2026-11-20T01:30:00Z"}
    headers = {"Idempotency-Key": "in-other-words", "Accept-Language": "en"}

    second = await client.ask("POST", COMPLAINTS, dict(reversed(other.items())), client.channel_key, headers=headers)

    assert (second.status, second.body["number"]) == (200, first.body["number"])


def test_every_field_of_a_registration_tells_it_from_another() -> None:
    changed = {name for change in OTHERWISE for name in change}

    assert changed == Registration.model_fields.keys() - {"settlement"}  # that is tried in tests/routing
    assert {name for one in OTHER_PEOPLE for name in one} == Person.model_fields.keys()
    assert {name for one in OTHER_PRODUCTS for name in one} == ProductForm.model_fields.keys()


@pytest.mark.parametrize("change", OTHERWISE, ids=str)
async def test_the_same_key_with_another_body_is_refused(client: Client, town: Town, change: dict[str, Any]) -> None:
    key = ulid()
    first = await post(client, a_registration(**WHOLE), key)
    before = await stored(town)

    answer = await post(client, a_registration(**WHOLE | change), key)

    assert (first.status, answer.status, answer.body["code"]) == (201, 422, "idempotency-key-reused")
    assert await stored(town) == before


async def test_a_registration_whose_complaint_is_destroyed_is_gone(client: Client, town: Town) -> None:
    receipt = (await post(client, a_registration(), "destroyed")).body
    complaint = (await town["intake"].repository.get(receipt["number"])).present
    await town["intake"].vault.shred(complaint.key_id)

    again = await post(client, a_registration(), "destroyed")

    assert (again.status, again.body["code"]) == (410, "unreadable")


@pytest.mark.parametrize("key", ["k" * 201, "schlüssel", "密钥"])
async def test_a_key_that_is_too_long_or_not_plain_text_is_refused(client: Client, town: Town, key: str) -> None:
    before = await stored(town)

    answer = await post(client, a_registration(), key)

    assert (answer.status, answer.body["code"], await stored(town)) == (422, "bad-idempotency-key", before)


NOT_JSON = [
    b"", b"{", b"channel=hotline", b'{"channel": "hotline",}', b'{"narrative": "\\ud800"}', b'{"narrative": "\xff"}',
    b"[" * 5000, orjson.dumps(a_registration()) + b"{}",
]  # fmt: skip


@pytest.mark.parametrize("data", NOT_JSON)
async def test_a_body_that_is_not_json_is_malformed(client: Client, town: Town, data: bytes) -> None:
    before = await stored(town)

    answer = await post_raw(client, data)

    assert (answer.status, answer.body["code"], await stored(town)) == (400, "malformed-json", before)


WRONG: list[tuple[dict[str, Any], list[str]]] = [
    ({"channel": None}, ["#/channel"]),
    ({"channel": "telegraph"}, ["#/channel"]),
    ({"channel": 7}, ["#/channel"]),
    ({"narrative": ""}, ["#/narrative"]),
    ({"narrative": " \n "}, ["#/narrative"]),
    ({"narrative": ["漏电"]}, ["#/narrative"]),
    ({"narrative": "漏" * 100_001}, ["#/narrative"]),
    ({"narrative": "漏\0电"}, ["#/narrative"]),
    ({"subject_line": LONG}, ["#/subject_line"]),
    ({"place": "\x07"}, ["#/place"]),
    ({"complainant": "王小明"}, ["#/complainant"]),
    ({"complainant": {"name": "王小明"}}, ["#/complainant"]),
    ({"complainant": PERSON | {"tier": "gold"}}, ["#/complainant/tier"]),
    ({"complainant": PERSON | {"phone": 13800001234}}, ["#/complainant/phone"]),
    ({"complainant": PERSON | {"a/b~c": 1}}, ["#/complainant/a~1b~0c"]),
    ({"product": {"expires_on": "2027-02-30"}}, ["#/product/expires_on"]),
    ({"occurred_at": "2026-11-20T09:30:00"}, ["#/occurred_at"]),
    ({"occurred_at": "9998-12-31T23:59:59-14:00"}, ["#/occurred_at"]),
    ({"occurred_at": "0002-01-01T00:00:00+08:00"}, ["#/occurred_at"]),
    ({"category": "complaint"}, ["#/category"]),
    ({"severity": "very"}, ["#/severity"]),
    ({"written": "perhaps"}, ["#/written"]),
    ({"narative": "漏电"}, ["#/narative"]),
    ({"channel": "telegraph", "severity": "very"}, ["#/channel", "#/severity"]),
]


@pytest.mark.parametrize(("change", "pointers"), WRONG)
async def test_each_fault_of_a_body_is_pointed_at(
    client: Client, town: Town, change: dict[str, Any], pointers: list[str]
) -> None:
    before = await stored(town)

    answer = await post(client, a_registration(**change))

    assert (answer.status, answer.body["code"], answer.pointers, await stored(town)) == (
        422, "invalid-body", pointers, before,
    )  # fmt: skip


@pytest.mark.parametrize("field", ["channel", "narrative", "complainant"])
async def test_what_is_missing_is_pointed_at(client: Client, field: str) -> None:
    body = {name: value for name, value in a_registration().items() if name != field}

    answer = await post(client, body)

    assert (answer.status, answer.pointers) == (422, [f"#/{field}"])


@pytest.mark.parametrize("body", [[], "hotline", 7, True, [a_registration()]])
async def test_a_body_that_is_no_object_is_invalid(client: Client, body: Any) -> None:
    answer = await post(client, body)

    assert (answer.status, answer.pointers) == (422, ["#"])


async def test_a_problem_does_not_repeat_what_was_sent(client: Client) -> None:
    answer = await post(client, a_registration(complainant={"name": "王小明", "phone": ["13800001234"]}))

    assert "13800001234" not in str(answer.body)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
async def test_another_content_type_is_refused(client: Client, town: Town, content_type: str) -> None:
    before = await stored(town)

    answer = await post_raw(client, orjson.dumps(a_registration()), content_type)

    assert (answer.status, answer.body["code"], await stored(town)) == (415, "unsupported-media-type", before)


async def test_a_body_over_the_limit_is_refused(client: Client, town: Town) -> None:
    before = await stored(town)

    answer = await post_raw(client, b'{"narrative": "' + b"x" * (600 * 1024) + b'"}')

    assert (answer.status, answer.body["code"], await stored(town)) == (413, "body-too-large", before)


async def test_an_unknown_regulation_is_refused_with_those_there_are(client: Client, town: Town) -> None:
    before = await stored(town)

    answer = await post(client, a_registration(regulation="parking"))

    assert (answer.status, answer.body["code"], await stored(town)) == (422, "unknown-regulation", before)
    assert "service-quality" in answer.body["detail"]


async def test_a_channel_that_the_regulation_does_not_take_is_pointed_at(client: Client) -> None:
    answer = await post(client, a_registration(channel="media", regulation="property"))

    assert (answer.status, answer.pointers) == (422, ["#/channel"])


async def test_what_the_regulation_asks_for_is_pointed_at(client: Client, town: Town) -> None:
    before = await stored(town)

    answer = await post(client, a_registration(regulation="property"))

    assert (answer.status, answer.pointers, await stored(town)) == (422, ["#/occurred_at", "#/place"], before)


async def test_of_a_repeated_field_the_last_one_counts(client: Client) -> None:
    body = orjson.dumps(a_registration())[:-1] + b',"place":"\xe5\xb9\xbf\xe5\xb7\x9e","place":""}'

    answer = await post_raw(client, body)

    assert answer.status == 201


@pytest.mark.parametrize("token", ["", "rk_unknown", "nonsense", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
async def test_whoever_has_no_channel_key_registers_nothing(client: Client, town: Town, token: str) -> None:
    before = await stored(town)

    answer = await client.ask("POST", COMPLAINTS, a_registration(), token)

    assert (answer.status, answer.body["code"], await stored(town)) == (401, "unauthenticated", before)


async def test_an_unknown_caller_is_told_how_to_say_who_they_are(client: Client) -> None:
    answer = await client.ask("POST", COMPLAINTS, a_registration())

    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_a_token_that_is_not_plain_text_is_no_token(client: Client) -> None:
    answer = await client.ask("POST", COMPLAINTS, a_registration(), "a.b.ü")

    assert answer.status == 401


async def test_staff_have_no_channel_to_register_for(client: Client) -> None:
    answer = await client.staff("POST", COMPLAINTS, a_registration())

    assert (answer.status, answer.body["code"]) == (403, "forbidden")


@pytest.mark.parametrize("trace", ["00-zz", "\xff", f"00-{'x' * 32}-{'y' * 16}-01", f"00-{'0' * 32}-1-" + "1" * 5000])
async def test_a_trace_that_is_none_is_not_carried_on(client: Client, town: Town, trace: str) -> None:
    headers = {"traceparent": trace}

    answer = await client.ask("POST", COMPLAINTS, a_registration(), client.channel_key, headers=headers)

    assert answer.status == 201


@pytest.mark.parametrize(
    ("header", "status"),
    [("Authorization", 401), ("Idempotency-Key", 422), ("traceparent", 201), ("Accept-Language", 201)],
)
async def test_a_header_that_is_no_text_at_all_breaks_nothing(client: Client, header: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {client.channel_key}"}

    assert await _status(client, headers | {header: "Bearer a.b.\xff"}) == status


async def _status(client: Client, headers: dict[str, str]) -> int:
    """The status of a registration with headers sent as bytes, one for each character."""
    server = client.http._base_url  # the session's own; aiohttp itself refuses to send such headers
    assert server is not None

    def ask() -> int:
        connection = HTTPConnection(str(server.host), server.port or 80, timeout=10)
        with closing(connection):
            body = orjson.dumps(a_registration())
            connection.request("POST", COMPLAINTS, body, {"Content-Type": "application/json"} | headers)
            return connection.getresponse().status

    return await asyncio.to_thread(ask)
