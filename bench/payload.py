"""The one complaint that every measurement sends: about 1 KB of JSON, Chinese, as a hotline would hand it in."""

import json

SERIAL = "00000000"
"""Stands in the text where each copy has a serial number of its own."""

NARRATIVE = (
    "我于上月在贵公司门店购买了一台电饭煲，使用不到两周，内胆涂层就开始起泡脱落，煮饭时有明显的焦糊味。"
    "上周三晚上做饭时插座处冒出火花，家里随即跳闸，我和孩子都受到惊吓。第二天致电客服，接线员态度冷淡，"
    "先说要等三天，后来又说过了七天不能退货，让我自己寄回检测。我认为这是产品质量问题，要求退货退款，"
    f"并请说明检测结果和处理时限。购买凭证编号{SERIAL}，照片可随时提供。"
)

COMPLAINT = {
    "channel": "hotline",
    "regulation": "service-quality",
    "subject_line": "电饭煲漏电，客服推诿",
    "narrative": NARRATIVE,
    "place": "上海市浦东新区",
    "complainant": {"name": "王小明", "phone": "13800001234", "address": "上海市浦东新区世纪大道1号"},
    "respondent": "浦东门店",
    "claim": "退货退款",
    "product": {"name": "电饭煲", "batch": "20261001A"},
}

BODY = json.dumps(COMPLAINT, ensure_ascii=False).encode()


def numbered(serial: int) -> bytes:
    """The body with this serial number, always the same length."""
    return BODY.replace(SERIAL.encode(), b"%08d" % (serial % 10**8))
