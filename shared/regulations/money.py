"""Amounts of money in a text, so that a pack can say from how much on a complaint is grave."""

import re

_HAN_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_FIGURE = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,12}(?:\.[0-9]+)?"
_HAN = "[零〇一二两三四五六七八九十百千万亿]{1,12}"
_SIGNS, _CODES = r"¥|\$|€|£", "rmb|cny|usd|eur"
_HAN_UNITS = "块|元|人民币|美元"
_UNITS = f"{_HAN_UNITS}|yuan|rmb|dollars?|euros?|pounds?"
_AMOUNT = re.compile(
    rf"(?P<sign>{_SIGNS}|\b(?:{_CODES})) ?(?P<signed>{_FIGURE}) ?(?P<times>k\b|[百千万亿]{{0,2}})"
    rf"|(?P<figure>{_FIGURE}) ?(?P<scale>[百千万亿]{{0,2}}) ?[多余]?(?:{_UNITS})"
    rf"|(?P<han>{_HAN})[多余]?(?:{_HAN_UNITS})"
)
_CURRENCY = re.compile(f"{_SIGNS}|{_CODES}|{_UNITS}")
"""What no amount is without; it is found, or found missing, twenty times as fast."""


def largest_amount(plain: str) -> float:
    """The largest amount that a folded text names with its currency, whichever that is; 0 where it names none."""
    return max(map(_amount, _AMOUNT.finditer(plain)), default=0.0) if _CURRENCY.search(plain) else 0.0


def _amount(found: "re.Match[str]") -> float:
    if han := found["han"]:
        return float(_han_number(han))
    times = found["times"] or found["scale"] or ""
    value = float((found["signed"] or found["figure"]).replace(",", ""))
    for scale in times:
        value *= 1000 if scale == "k" else (_SMALL | _LARGE)[scale]
    return value


def _han_number(written: str) -> int:
    """A number in Chinese characters: 三万五千 is 35,000."""
    total = section = digit = 0
    for character in written:
        if character in _HAN_DIGITS:
            digit = _HAN_DIGITS[character]
        elif character in _SMALL:
            section += (digit or 1) * _SMALL[character]
            digit = 0
        else:
            total = (total + section + digit) * _LARGE[character]
            section = digit = 0
    return total + section + digit
