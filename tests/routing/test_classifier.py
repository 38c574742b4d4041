"""What a complaint is about and how grave it is, told by words."""

from dataclasses import FrozenInstanceError
from time import perf_counter

import pytest

from services.routing.classifier import HEAD, TAIL, Classifier, gravest, load_lexicon

CLASSIFIER = Classifier(load_lexicon())
classify = CLASSIFIER.classify

BANK_LETTER = """尊敬的领导：
本月三日上午我到贵行城东网点取款，叫号之后等了一个多小时。轮到我时柜员边看手机边办业务，我问一句，她回一句“自己看墙上”，
态度十分冷淡。我当场要求见负责人，大堂经理说没空就转身走开。回家后我拨打客服热线反映，三天里打了七次都无人接听，在网站上的留言
至今没有答复。请给我一个书面的说法。"""

CLINIC_LETTER = """To whom it may concern,
On Tuesday my mother had an appointment at ten. The receptionist never looked up and told us, rudely, to sit down.
We waited for almost three hours, nobody explained the delay, and when I asked again she rolled her eyes. I have since
written twice and called your hotline four times; no one answered and nobody called back. I expect an apology and a
written reply."""

PRODUCT = [
    "冰箱用了三个月就不制冷了",
    "药片颜色发黑，一捏就碎，是不是变质了",
    "新车开了一个月变速箱就异响",
    "家里宽带天天掉线，网速慢得没法用",
    "The paint is peeling off the roof after only two years.",
    "While driving at 55 mph the engine stalled without warning.",
    "The app crashes every time I open the statement page.",
    "The pizza was cold and the salad tasted stale.",
    "The mattress sagged and the sheets had stains.",
    "The router keeps rebooting.",
    "No coverage in our town since the new mast.",
    "People were trapped in the lift for an hour.",
    "电梯困人，两位老人在里面",
]
SERVICE = [
    "快递员把包裹从门缝扔进来，还骂人",
    "宽带报装半个月了还没有师傅上门",
    "护士打针态度很凶，问她什么都不耐烦",
    "退货寄回去半个月，钱还没退给我",
    "You lost my bag again and no one picks up the phone.",
    "Queued for an hour at the branch and the teller was dismissive.",
    "I asked for a refund six weeks ago and I am still waiting.",
    "My flight was cancelled and nobody at the desk would rebook me.",
    "There was nobody at reception at midnight.",
    "Housekeeping never came, and the porter laughed.",
    "装宽带的师傅放了我三次鸽子",
]
OTHER = [
    "手机套餐每个月乱扣费，营业厅说不清楚",
    "楼上半夜装修，噪音很大，影响老人休息",
    "广告上说全场五折，结账时说只有部分商品参加",
    "学校门口每天堵车，建议设立单行道",
    "The bank charged me an overdraft fee twice.",
    "The bar next door plays loud music until three and we cannot sleep.",
    "Hidden charges on my statement that I never agreed to.",
    "Why did the fare go up 80 dollars since this morning?",
    "The photos on the website were misleading.",
    "垃圾桶放在我家窗下，臭得不行",
]


@pytest.mark.parametrize("text", PRODUCT)
def test_a_complaint_about_the_thing_sold_is_product(text):
    assert classify(text).category == "product"


@pytest.mark.parametrize("text", SERVICE)
def test_a_complaint_about_how_one_was_treated_is_service(text):
    assert classify(text).category == "service"


@pytest.mark.parametrize("text", OTHER)
def test_a_complaint_about_neither_is_other(text):
    assert classify(text).category == "other"


@pytest.mark.parametrize("letter", [BANK_LETTER, CLINIC_LETTER])
def test_a_letter_about_rude_staff_and_an_unanswered_hotline_is_service(letter):
    assert classify(letter).category == "service"


@pytest.mark.parametrize("letter", [BANK_LETTER, CLINIC_LETTER])
def test_a_letter_with_several_matters_is_tagged_with_each(letter):
    assert {"service/attitude", "service/waiting", "service/communication"} <= set(classify(letter).tags)


@pytest.mark.parametrize(
    "text",
    [
        "质量没问题，就是送得慢",
        "这不是质量问题，是送货太慢",
        "It is not the product but the delivery that I complain about.",
        "There is nothing wrong with the food, but the waiter was rude.",
    ],
)
def test_a_matter_that_is_denied_does_not_decide(text):
    assert classify(text).category == "service"


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("快递很快，客服也热情，但是衣服掉色", "product"),
        ("菜很好吃，可是服务员态度太差", "service"),
        ("味道不错，服务也好，就是太贵了", "other"),
        ("The staff were friendly and delivery was quick, but the soup was bland.", "product"),
        ("Delicious food, however the service was slow.", "service"),
        ("Great food and lovely staff, but it is overpriced.", "other"),
    ],
)
def test_what_comes_after_the_praise_decides(text, category):
    assert classify(text).category == category


def test_praise_that_is_negated_is_a_complaint():
    assert classify("服务好，菜不新鲜也不好吃").category == "product"


def test_the_matters_beside_the_main_one_become_tags():
    assert {"product/packaging", "service/delivery"} <= set(classify("包装破损，而且送货延误了三天").tags)


def test_tags_come_with_the_heaviest_first():
    assert classify("态度恶劣，辱骂顾客，还推卸责任，另外价格偏高").tags == ["service/attitude", "other/price"]


def test_the_subject_line_weighs_more_than_the_narrative():
    text = "4S店的服务员说等待配件"

    assert classify(text, subject_line="发动机故障").category == "product"


def test_the_claim_weighs_more_than_the_narrative():
    assert classify("空调有点响", claim="请处理服务态度恶劣的员工").category == "service"


def test_the_name_of_the_respondent_is_no_reason():
    text = "好味道餐厅的服务员爱理不理"

    assert "product/quality" not in " ".join(classify(text, respondent="好味道餐厅").because)


def test_a_hint_decides_where_no_word_does():
    assert classify("请尽快联络", hint="product").category == "product"


def test_a_hint_is_named_as_a_reason():
    assert classify("送货太慢", hint="service").because[0] == "hint: service (1.5)"


def test_a_hint_does_not_outweigh_plain_words():
    assert classify("服务员辱骂顾客，态度恶劣", hint="product").category == "service"


def test_the_reasons_name_the_words_that_decided():
    assert classify("送货延误").because == ["service/delivery: 送货延误 (3.3)"]


def test_the_reasons_name_english_words_as_the_lexicon_spells_them():
    assert classify("He was RUDE.").because == ["service/attitude: rude (3.3)"]


def test_the_longest_term_wins():
    assert classify("质量差").because == ["product/quality: 质量差 (3.3)"]


@pytest.mark.parametrize("text", ["", " \n\t ", "😀😀😀", "。。。！！！", "???", "\x00", "ﷺ"])
def test_a_text_without_a_known_word_is_other_and_hardly_sure(text):
    found = classify(text)

    assert (found.category, found.severity, found.confidence) == ("other", "general", 0.1)


def test_a_text_without_a_known_word_says_so():
    assert classify("").because == ["no word of the lexicon"]


@pytest.mark.parametrize("text", PRODUCT + SERVICE + OTHER)
def test_confidence_is_a_share_of_one(text):
    assert 0.1 < classify(text).confidence <= 1


def test_more_evidence_makes_surer():
    assert classify("态度恶劣，辱骂顾客").confidence > classify("态度").confidence


@pytest.mark.parametrize("letter", [BANK_LETTER, CLINIC_LETTER, "质量差，送货慢，太贵"])
def test_the_same_letter_always_gets_the_same_answer(letter):
    assert Classifier(load_lexicon()).classify(letter) == classify(letter)


def test_a_classification_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        classify("送货延误").category = "product"


@pytest.mark.parametrize("width", ["质量差", "ＲＵＤＥ　ｓｔａｆｆ", "don’t get a refund"])
def test_width_case_and_apostrophes_do_not_matter(width):
    assert classify(width).confidence > 0.1


@pytest.mark.parametrize(
    "text",
    ["充电宝起火", "孩子触电了", "厨房有煤气泄漏", "老人被困电梯", "吃完全家食物中毒", "脚手架砸伤了行人", "刹车失灵",
     "The charger caught fire.", "I got an electric shock.", "There is a gas leak.", "We were trapped in the lift.",
     "My son was injured.", "Two guests got food poisoning.", "Her father died."],
)  # fmt: skip
def test_danger_to_people_is_critical(text):
    assert classify(text).severity == "critical"


@pytest.mark.parametrize(
    "text", ["用了面霜脸上过敏", "菜里有蟑螂", "吃了拉肚子", "The cream gave me a rash.", "He threatened me."]
)
def test_lesser_harm_is_major(text):
    assert classify(text).severity == "major"


@pytest.mark.parametrize(
    "text",
    ["没有人受伤", "所幸无人员伤亡", "No one was injured.", "There were no injuries.", "气死我了", "火锅不好吃",
     "The phone died after a day.", "发动机熄火器件", "送货太慢", "The manager fired off an email."],
)  # fmt: skip
def test_words_that_only_look_dangerous_are_not(text):
    assert classify(text).severity != "critical"


def test_the_danger_is_named_as_a_reason():
    assert "severity critical/fire: 起火" in classify("充电宝起火").because


def test_a_danger_in_the_subject_line_counts():
    assert classify("请看附件", subject_line="电梯困人").severity == "critical"


@pytest.mark.parametrize(
    ("severities", "expected"),
    [([], "general"), (["general", "major"], "major"), (["critical", "major"], "critical")],
)
def test_the_gravest_severity_stands(severities, expected):
    assert gravest(severities) == expected


def test_a_typical_complaint_takes_less_than_a_millisecond():
    started = perf_counter()
    for _ in range(20):
        classify(BANK_LETTER)

    assert (perf_counter() - started) / 20 < 0.005, "five times the aim, for busy machines"


@pytest.mark.parametrize(
    "bomb", ["😀" * 5_000_000, "等" * 1_000_000, "took " * 500_000, "ﷺ" * 1_000_000, "not " * 500_000, "，" * 1_000_000]
)
def test_a_text_of_megabytes_is_read_in_bounded_time(bomb):
    started = perf_counter()
    classify(bomb)

    assert perf_counter() - started < 0.5


def test_the_end_of_a_long_text_is_read():
    assert classify("啊" * 10 * (HEAD + TAIL) + "送货延误").category == "service"
