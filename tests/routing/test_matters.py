"""What decides where a letter names several things: denials, contrasts, demands, the main matter by weight."""

import pytest

from services.routing.classifier import Classifier, load_lexicon

CLASSIFIER = Classifier(load_lexicon())
classify = CLASSIFIER.classify


@pytest.mark.parametrize(("text", "category"), [
    ("不是快递的问题，快递很快，是沙发一坐就塌，弹簧顶出来了。", "product"),
    ("客服很耐心，但净水器换了滤芯还是有股铁锈味。", "product"),
    ("服务没得挑，可这床垫睡一晚腰疼得直不起来，中间全塌了。", "product"),
    ("It isn't the staff, they were lovely; the hearing aid simply whistles and dies after an hour.", "product"),
    ("Delivery was on time, the crew polite, yet the sofa already sags in the middle.", "product"),
    ("Staff could not have been nicer, but the bed sagged and the heating never worked.", "product"),
    ("产品本身没毛病，可是送货师傅把箱子往楼下一扔就走了，让搬上楼还骂骂咧咧。", "service"),
    ("鞋子本身挺好的，就是退换货折腾了我三个星期，谁都说不归自己管。", "service"),
    ("不是饭菜的问题，是服务员端菜把汤泼我身上还嫌我挡路。", "service"),
    ("The phone is great; getting anyone to honour the exchange was the ordeal.", "service"),
    ("The soup was lovely. The waiter, however, argued with my wife over the bill and called her a liar.", "service"),
    ("I have nothing against the washing machine. The two men who delivered it scratched my floor and laughed.",
     "service"),
])  # fmt: skip
def test_not_what_is_denied_or_praised_decides_but_what_is_complained_of(text: str, category: str) -> None:
    assert classify(text).category == category


@pytest.mark.parametrize(("text", "category"), [
    ("牛奶离保质期还有十天，打开就酸了，上面一层絮状物。", "product"),
    ("书少了三十多页，后半本还印反了。", "product"),
    ("轮椅的刹车根本刹不住，下坡时差点把老人摔出去。", "product"),
    ("洗衣液洗完衣服上全是白色的印子，越洗越硬。", "product"),
    ("These tablets crumble as soon as the blister is opened.", "product"),
    ("输液瓶里看见一根头发样的东西。", "product"),
    ("服用你们的降压片后头晕心慌，浑身起疹子。", "product"),
    ("大修后的发动机开了五百公里又烧机油。", "product"),
    ("Half the blister pack was empty and the leaflet was for another drug.", "product"),
    ("护工给老人翻身动作粗暴，胳膊上都是淤青，还说是自己碰的。", "service"),
    ("报修水管一周了，维修工来看了一眼说没带工具就再没来。", "service"),
    ("我投诉到总部，总部转给分店，分店让我别再找总部。", "service"),
    ("The carer arrived ninety minutes late and left after five, with my father still in his pyjamas.", "service"),
    ("维修基金怎么用的从来没有公布过。", "other"),
    ("邻居在楼道里堆纸箱，过道只剩一个人能走。", "other"),
    ("保温杯倒进热水一小时就凉透了。", "product"),
    ("热水器忽冷忽热，洗澡洗到一半就变凉水。", "product"),
    ("家政约好九点，十二点才发消息说来不了。", "service"),
    ("租车公司保证有儿童座椅，到了才说没有，还劝我们抱着坐。", "service"),
    ("体检报告拖了二十天，问一次一个说法。", "service"),
    ("报名时说包教材，开课又让交三百块书本费。", "other"),
    ("夜里十二点垃圾车还在楼下压缩垃圾，轰隆隆响半小时。", "other"),
    ("同样的房型平台上比前台贵一百多。", "other"),
    ("Our new lift jolts between floors and the doors close on people.", "product"),
    ("办一张卡跑了三趟，每次说的材料都不一样，窗口的人爱搭不理。", "service"),
    ("找物业修门禁，报了三次都没人来。", "service"),
    ("保洁阿姨把我的花瓶打碎了，公司到现在也没给个说法。", "service"),
    ("给孩子报的班换了四个老师，每次都不提前说。", "service"),
    ("The bank clerk read my balance aloud to the whole queue.", "service"),
    ("I was passed between four departments and each told me something else.", "service"),
    ("小区的停车费一夜之间翻了一倍，也没有公示。", "other"),
    ("保险推销员天天打电话，拉黑了换个号接着打。", "other"),
    ("健身卡转让要收八百块手续费，签的时候没人提过。", "other"),
    ("隔壁工地凌晨三点还在打桩，全楼的人都没法睡。", "other"),
    ("Please add more bike racks in front of the library.", "other"),
    ("Your leaflet says free installation, the invoice says ninety euros.", "other"),
])  # fmt: skip
def test_complaints_of_any_trade_are_recognised(text: str, category: str) -> None:
    assert classify(text).category == category


def test_the_main_matter_decides_and_the_others_become_tags() -> None:
    text = "空调装上去就不制冷，漏水把地板泡坏了。安装师傅态度还很差，打了几次电话没人接。"

    found = classify(text, subject_line="空调不制冷")

    assert found.category == "product"
    assert {"product/performance", "service/attitude", "service/communication"} <= set(found.tags)


@pytest.mark.parametrize(
    ("claim", "category"), [("要求更换质量合格的产品", "product"), ("要求客服道歉并给出答复", "service")]
)
def test_between_equal_matters_the_demand_decides(claim: str, category: str) -> None:
    assert classify("产品质量差，服务态度差。", claim=claim).category == category


def test_a_respondent_called_after_a_matter_decides_nothing() -> None:
    text = "顺丰快递服务部寄来的电饭煲不通电，内胆变形。"

    assert classify(text, respondent="顺丰快递服务部").because == classify(text.replace("顺丰快递服务部", "")).because


@pytest.mark.parametrize("text", ["孩子吃了退烧药后嘴唇发紫，呼吸急促", "She could not breathe after the second dose."])
def test_a_reaction_that_threatens_life_is_critical(text: str) -> None:
    assert classify(text).severity == "critical"


@pytest.mark.parametrize(("text", "category"), [
    ("The waiters were kind, but the noodles were not nearly as good as the photo.", "product"),
    ("I would not recommend the soup, friendly as the people are.", "product"),
    ("Dinner was lovely; the hostess, though, did not seem to know we had booked.", "service"),
    ("The staff were polite, but the room was so dark and cramped that we left.", "other"),
])  # fmt: skip
def test_praise_that_is_denied_is_blame(text: str, category: str) -> None:
    assert classify(text).category == category


@pytest.mark.parametrize("text", ["The driver scratched my car.", "They scratched my floor.", "他们把我的车刮花了"])
def test_a_scratch_on_a_thing_is_no_injury(text: str) -> None:
    assert classify(text).severity == "general"


@pytest.mark.parametrize("text", ["严重影响休息", "菜不冷不热", "The pasta was al dente.", "We were seated at once."])
def test_words_inside_other_words_are_not_heard(text: str) -> None:
    assert not [tag for tag in classify(text).tags if tag.startswith("product/p")]
