"""S13 and S17: two letters of dissatisfied customers, recognised as complaints about service.

The letters are no part of the project. Where their text lies beside it they are read as they stand; elsewhere letters
of the same kind take their place.
"""

from pathlib import Path

import pytest

from services.routing.classifier import Classification, Classifier, load_lexicon

SOURCE = Path(__file__).parents[3] / "shared/regulations/source.txt"
ENDING = "此致"

S13 = (
    "我是一位长期使用贵公司产品的忠实用户",
    "我用贵公司的产品多年，最近几次联系客服都很不愉快。客服电话常常没有人接，留言也无法及时得到回复。好不容易接通，"
    "客服人员态度恶劣，不耐烦地打断我，问题最后没有解决，也没有任何反馈，特此投诉。希望加强客服人员的培训，建立回访和监督，"
    "并请尽快给我一个书面答复。",
)
S17 = (
    "我是贵公司的客户",
    "我是贵公司的老客户，对最近的服务非常失望。客户服务热线总是忙，我多次拨打、发邮件、在线留言，都没有得到答复。"
    "提交投诉以后一直没有人跟进处理。在门店购买时店员服务态度不好，态度生硬，不愿意帮忙。希望重视我的投诉，"
    "改善管理，并向我反馈处理结果。",
)
"""How each letter begins, and one of the same kind."""


def letter(beginning: str, another: str) -> str:
    """The letter that begins so, from its beginning to its ending."""
    if not SOURCE.is_file():
        return another
    _, found, rest = SOURCE.read_text(encoding="utf-8").partition(beginning)
    return found + rest.partition(ENDING)[0]


def classified(beginning: str, another: str) -> Classification:
    """What a letter is about."""
    return Classifier(load_lexicon()).classify(letter(beginning, another))


@pytest.mark.parametrize("kind", [S13, S17])
def test_s13_and_s17_are_about_service(kind):
    assert classified(*kind).category == "service"


@pytest.mark.parametrize("kind", [S13, S17])
def test_s13_and_s17_raise_several_matters_at_once(kind):
    assert {"service/attitude", "service/communication", "service/after-sales"} <= set(classified(*kind).tags)


@pytest.mark.parametrize(("_", "another"), [S13, S17])
def test_s13_and_s17_have_letters_of_their_kind_that_are_about_service_too(_, another):
    assert Classifier(load_lexicon()).classify(another).category == "service"
