"""Complaints that have become cases."""

from typing import Any

from shared.testing.builders import a_registration
from tests.harness import Town, eventually
from tests.openapi import Client

IN_SERVICE = "送货的师傅态度恶劣，服务员也不理人，等了三天才来。"
IN_QUALITY = "电饭煲的质量太差，用了两天就坏了，产品有缺陷。"
DANGEROUS = "电饭煲漏电，孩子触电受伤住院，产品质量有问题。"


async def a_case(client: Client, town: Town, narrative: str = IN_SERVICE, **changes: Any) -> str:
    """Register a complaint; its number, as soon as its department has the case."""
    body = a_registration(narrative=narrative, **changes)
    receipt = (await client.ask("POST", "/intake/complaints", body, client.channel_key)).body
    number: str = receipt["number"]

    async def routed() -> bool:
        return await town.state("routing", number) is not None

    await eventually(routed)
    return number
