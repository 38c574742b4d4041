"""The complaints that every measurement sends: about 1 KB of JSON each, Chinese, as a hotline would hand them in.

No two are alike: who sends the same text thousands of times measures one mass complaint. And most are ordinary: of public
complaint texts about one in a hundred speaks of danger (`docs/performance.md`), so here it is every hundredth as well.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

EVERY_DANGEROUS = 100
"""One in so many complaints is graded critical."""

_THINGS = (
    "电饭煲", "洗衣机", "空气净化器", "学习桌", "儿童雨衣", "羽绒服", "运动鞋", "蓝牙耳机", "智能手表", "路由器", "扫地机器人", "吸尘器",
    "床垫", "沙发", "台灯", "书架", "旅行箱", "登山包", "榨汁机", "微波炉", "电风扇", "净水器", "加湿器", "平底锅",
)  # fmt: skip
_CITIES = (
    "上海市浦东新区", "北京市海淀区", "广州市天河区", "成都市武侯区", "武汉市洪山区", "西安市雁塔区", "南京市鼓楼区", "杭州市西湖区",
    "重庆市渝北区", "天津市南开区", "青岛市市南区", "长沙市岳麓区", "郑州市金水区", "合肥市蜀山区", "福州市鼓楼区", "昆明市五华区",
)  # fmt: skip
_WHEN = (
    "上个月我在你们门店买下它，付的是全款，发票和保修卡都还留着",
    "国庆促销时经店员推荐下的单，当场检查外观完好，没有试用",
    "这是朋友送给父母的乔迁礼物，从网上旗舰店寄来，外箱略有压痕",
    "我是你们的老会员，今年第三次购买，前两次都很满意",
    "单位统一采购了二十件，分到我手里的这件编号靠后",
    "七月底直播间抢购的，页面写明终身维护、以换代修",
    "为了孩子开学准备的，提前两周预订，昨天才收到",
    "从展厅搬回来的样品，店长保证与新品享有同样待遇",
    "邻居介绍我来这家分店，说师傅手艺好，价格也公道",
    "搬家那天由你们的安装队送来，签收时天色已晚",
    "我用积分加现金换购，兑换单上盖着门店公章",
    "年初办理以旧换新，旧的当场拉走，新的隔日送达",
)
_WHAT = (
    "头一回使用就听见里面有异响，随后完全停住，按哪个键都没有反应",
    "表面掉漆严重，边角露出毛刺，与宣传图片相差甚远",
    "缝线开裂，走了两趟路就散开，根本不像质检合格的东西",
    "说明书缺页，少了四颗螺丝和一块挡板，没法组装",
    "颜色发错了，订的是米白，拿到手却是深灰，还沾着污渍",
    "气味刺鼻，通风一个星期仍然散不干净",
    "显示数字忽高忽低，记录对不上，软件更新以后更加混乱",
    "尺寸比标注短了五厘米，放进预留的位置晃来晃去",
    "续航只有承诺的一半，半夜总要起来接着充",
    "底部漏水，地板泡得起鼓，楼下也找上门来",
    "送来的明显是翻新货，封条被撕开过，螺口有划痕",
    "标签写着纯棉，洗过一次就缩水起球，再也穿不出去",
)
_DANGER = "昨晚用着用着机壳漏电，手臂被麻了一下，总闸随即跳开，孩子就在旁边"
_HOW = (
    "打热线排队四十分钟，接通后让我等通知，至今没有下文",
    "店员态度冷淡，推说厂家负责，厂家又叫我回店里处理",
    "预约的师傅爽约两回，第三回来了却没带配件",
    "在线客服反复发送同一段话，从不回答具体问题",
    "柜台要收检测费三百元，说交了钱才肯开单",
    "投诉信寄出十天，收到的回函连名字都写错了",
    "经理答应周五给方案，电话打过去已经转成空号",
    "维修点拿走以后音讯全无，凭单上连日期都没填",
    "退回仓库的包裹显示已签收，款项却一直挂着",
    "他们建议我自己拍视频举证，拍好了又嫌不清楚",
    "群里的管家把我移出，说不要影响其他业主情绪",
    "前台登记本上根本找不到我上周留下的记录",
)
_SINCE = (
    "为这件事我已经请了两天假，来回路费花去不少，家里老人也跟着操心",
    "同小区还有几户买了别的型号，听我讲完都在犹豫要不要取消订单",
    "我把经过按日期整理成一页纸，通话录音也保存下来，可以随时核对",
    "当初正是看中贵公司的口碑才下的决心，如今说不出的失望",
    "眼看下个月就要出差，再拖下去恐怕没有时间在家等候",
    "我理解节日期间人手紧张，但总该有人主动打个招呼",
    "家人劝我算了，可我觉得花出去的每一分都应该有个交代",
    "附近的同行处理类似情况只用了半天，差距实在太大",
    "我曾在意见簿上写过一次，回头再看那一页已经撕掉",
    "如果流程需要补充材料，请一次讲明，不要挤牙膏",
    "先前的工单据说已经关闭，可是没有任何人问过我的看法",
    "希望这回能由固定的专员跟进，省得每次从头解释",
)
_WANT = (
    ("退货退款", "请按原价把钱退还到付款账户，并说明几个工作日到账"),
    ("更换新品", "希望调换同型号的新品，来回运费由贵公司承担"),
    ("上门维修", "请派一位熟手上门修好，配件清单写清楚再让我签名"),
    ("书面答复", "我要一份加盖公章的书面答复，讲明原因和责任人"),
    ("赔偿损失", "请赔偿由此造成的误工与清洁费用，票据可以提供"),
    ("道歉", "希望当事人当面道歉，今后不再这样对待顾客"),
    ("补发配件", "把缺少的零件尽快补寄，注明物流单号以便查询"),
    ("延长保修", "要求从修好之日起重新计算保修期，并写进合同"),
    ("核查", "请核查同一批次是否都如此，把结果公布出来"),
    ("补偿积分", "当初扣掉的积分应当如数返还，差价另行补偿"),
    ("取消合同", "若本周仍无结果，请终止合同并退还押金"),
    ("改进流程", "建议重新梳理售后流程，别让顾客来回奔波"),
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
    model, road = f"{thing}{serial % 97 + 3}型", f"{city}长宁{serial % 499 + 1}路"
    return {
        "channel": "hotline",
        "category": "product",
        "regulation": "service-quality",
        "subject_line": f"{model}：{what.partition('，')[0]}",
        "narrative": f"{when}。{what}。{how}。{since}。{papers}。{want}。",
        "place": road,
        "complainant": {"name": "王小明", "phone": f"138{serial % 10**8:08d}", "address": f"{road}1号"},
        "respondent": f"{city}第{serial % 809 + 1}分店",
        "claim": claim,
        "product": {"name": model, "batch": f"2026{serial % 9973:04d}A"},
    }


def body(serial: int, *, dangerous: bool | None = None) -> bytes:
    """The same as it goes over the wire."""
    return json.dumps(complaint(serial, dangerous=dangerous), ensure_ascii=False).encode()


def _pick(among: Sequence[Any], mixed: int) -> tuple[Any, int]:
    mixed, at = divmod(mixed, len(among))
    return among[at], mixed
