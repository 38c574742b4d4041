"""The complaints that every measurement sends: about 1 KB of JSON each, Chinese, as a hotline would hand them in.

No two are alike: who sends the same text thousands of times measures one mass complaint. And most are ordinary: of
public complaint texts about one in a hundred speaks of danger (`docs/performance.md`), so here it is every hundredth
as well.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

import orjson

EVERY_DANGEROUS = 100
"""One in so many complaints is graded critical."""

_THINGS = (
    "电饭煲", "洗衣机", "空气净化器", "学习桌", "儿童雨衣", "羽绒服", "运动鞋", "蓝牙耳机", "智能手表", "路由器",
    "扫地机器人", "吸尘器", "床垫", "沙发", "台灯", "书架", "旅行箱", "登山包", "榨汁机", "微波炉", "电风扇", "净水器",
    "加湿器", "平底锅",
)  # fmt: skip
_CITIES = (
    "上海市浦东新区", "北京市海淀区", "广州市天河区", "成都市武侯区", "武汉市洪山区", "西安市雁塔区",
    "南京市鼓楼区", "杭州市西湖区", "重庆市渝北区", "天津市南开区", "青岛市市南区", "长沙市岳麓区",
    "郑州市金水区", "合肥市蜀山区", "福州市鼓楼区", "昆明市五华区",
)  # fmt: skip
_WHEN = (
    "上个月我在你们门店买下它，当场付清，小票和盒子都还留着",
    "国庆那几天逛街时看中的，当场打开瞧过，没有试用",
    "这是朋友给父母的乔迁礼物，从网上旗舰店寄来，外箱略有压痕",
    "我是你们的老顾客，今年第三次购买，前两次都很满意",
    "单位统一采购了二十件，分到我手里的这件编号靠后",
    "七月底半夜守着屏幕抢购的，页面写得十分动人",
    "为了孩子开学准备的，提前两周预订，昨天才拆开",
    "从展厅搬回来的样品，据说与新品没有任何区别",
    "邻居介绍我来这家分店，说样式多，说话也算数",
    "搬家那天你们的车一起运来，卸下时天色已晚",
    "我攒了小半年才下手，单子上盖着门店的公章",
    "年初换的新家什，老的当场拉走，新的隔日就到",
)
_WHAT = (
    "头一回使用就听见里面有异响，随后完全停住，按哪个键都没有反应",
    "表面掉漆严重，边角露出毛刺，跟样品相差甚远",
    "缝线开裂，走了两趟路就散开，根本不像质检合格的东西",
    "说明书缺页，少了四颗螺丝和一块挡板，没法组装",
    "掉色沾手，米白变成深灰，擦也擦不掉的污渍越来越多",
    "气味刺鼻，通风一个星期仍然散不干净",
    "显示数字忽高忽低，记录对不上，软件更新以后更加混乱",
    "尺寸比标注短了五厘米，做工粗糙，放稳了也晃来晃去",
    "续航不到一半，死机，半夜总要起来接着充",
    "底部漏水，地板泡得起鼓，楼下的天花板也湿了",
    "明显是翻新货，封条被撕开过，螺口有划痕",
    "标签写着纯棉，洗过一次就缩水起球，再也穿不出去",
)
_DANGER = "昨晚用着用着机壳漏电，手臂被麻了一下，总闸随即跳开，孩子就在旁边"
_HOW = (
    "打热线打了四十分钟，接通后让我再想想，一直没有下文",
    "店里推给厂家，厂家又叫我回店里处理",
    "约好的人两回都没有露面，第三回来了却两手空空",
    "网上那位反复贴出同一段话，从不回答具体的问题",
    "柜台的人抬头看了一眼，说先回去等着",
    "信寄出十天，回函连名字都写错了",
    "经理说周五给方案，打过去已经转成空号",
    "东西留在店里以后音讯全无，凭单上连日期都没填",
    "寄回仓库已经半个月，页面上却一直挂着处理中",
    "他们要我自己拍视频，拍好了又嫌不清楚",
    "群里有人劝我少说两句，说不要影响别人的情绪",
    "前台登记本上根本找不到我上周留下的记录",
)
_SINCE = (
    "为这件事我已经请了两天假，来回路费花去不少，家里老人也跟着操心",
    "同楼还有几户买了别的样式，听我讲完都在犹豫要不要反悔",
    "我把经过按日期整理成一页纸，通话录音也保存下来，可以随时核对",
    "当初正是看中贵公司的口碑才下的决心，如今说不出的失望",
    "眼看下个月就要出差，再拖下去恐怕没有时间在家",
    "我理解节日期间人手紧张，但总该有人主动打个招呼",
    "家人说算了，可我觉得花出去的每一分都应该有个交代",
    "附近的同行处理类似情况只用了半天，差距实在明显",
    "我曾在意见簿上写过一次，回头再看那一页已经撕掉",
    "如果还要我再补充什么，请一次讲明，不要挤牙膏",
    "先前的工单据说已经关闭，可是没有任何人问过我的看法",
    "希望这回能由固定的人跟进，省得每次从头再讲",
)
_WANT = (
    ("退货退款", "请按原价退还到原来的账户，并告诉我几天到账"),
    ("更换新品", "希望调换同样的新品，来回路费由贵公司承担"),
    ("修好", "请派一位熟手来修好，清单写清楚再让我签名"),
    ("书面答复", "我要一份加盖公章的书面答复，讲明原因和责任人"),
    ("赔偿损失", "请承担由此造成的误工与清洁开支，票据可以提供"),
    ("道歉", "希望当事人当面道歉，今后不再这样对待顾客"),
    ("补发配件", "把缺少的零件尽快补寄，寄出时告诉我一声"),
    ("延长保修", "要求从修好之日起重新计算期限，并写在纸上"),
    ("核查", "请核查同一批次是否都如此，把结果告诉大家"),
    ("补偿", "当初多付的应当如数返还，其余另行补偿"),
    ("了结", "若本周仍无结果，请把东西取回并了结此事"),
    ("改进流程", "请重新梳理一遍流程，别让顾客来回奔波"),
)


def complaint(serial: int, *, dangerous: bool | None = None) -> dict[str, Any]:
    """One complaint, another for every serial number; as a hotline would post it. `dangerous` makes it so, or not."""
    if dangerous is None:
        dangerous = serial % EVERY_DANGEROUS == EVERY_DANGEROUS - 1
    mixed = int.from_bytes(hashlib.blake2b(b"%d" % serial, digest_size=8).digest(), "big")
    thing, mixed = _pick(_THINGS, mixed)
    city, mixed = _pick(_CITIES, mixed)
    when, mixed = _pick(_WHEN, mixed)
    what, mixed = _pick(_WHAT, mixed)
    how, mixed = _pick(_HOW, mixed)
    since, mixed = _pick(_SINCE, mixed)
    (claim, want), mixed = _pick(_WANT, mixed)
    what = _DANGER if dangerous else what
    papers = f"订单{serial % 10**8:08d}，工单{serial * 7 % 10**8:08d}，接线员{serial % 89 + 101}号，照片三张可随时提供"
    model, road = f"{thing}{serial % 9_973 + 3}型", f"{city}长宁{serial % 4_999 + 1}路"
    return {
        "channel": "hotline",
        "category": "product",
        "regulation": "service-quality",
        "subject_line": f"{model}：{what.partition('，')[0]}",
        "narrative": f"{when}。{what}。{how}。{since}。{papers}。{want}。",
        "place": road,
        "complainant": {"name": "王小明", "phone": f"138{serial % 10**8:08d}", "address": f"{road}1号"},
        "respondent": f"{city}第{serial % 8_009 + 1}分店",
        "claim": claim,
        "product": {"name": model, "batch": f"2026{serial % 99_991:05d}A"},
    }


def body(serial: int, *, dangerous: bool | None = None) -> bytes:
    """The same as it goes over the wire."""
    return orjson.dumps(complaint(serial, dangerous=dangerous))


def _pick(among: Sequence[Any], mixed: int) -> tuple[Any, int]:
    mixed, at = divmod(mixed, len(among))
    return among[at], mixed
