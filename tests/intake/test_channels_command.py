"""What channels may be called when they are given a key."""

import pytest
from click.testing import Result

from tests.harness import Site, redress


async def added(site: Site, name: str) -> Result:
    return await redress(site, "channels", "add", name)


@pytest.mark.parametrize("name", ["partner-shop.2", "热线"])
async def test_a_channel_of_one_word_is_given_a_key(module_site: Site, name: str) -> None:
    assert (await added(module_site, name)).stdout.startswith("rk_")


@pytest.mark.parametrize("name", ["", "two words", "a\nb", "x" * 65])
async def test_a_channel_that_is_not_called_by_one_word_is_misuse(module_site: Site, name: str) -> None:
    result = await added(module_site, name)

    assert (result.exit_code, "one word" in result.stderr) == (2, True)
