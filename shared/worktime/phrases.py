"""The phrases of which derivations are made, in every language."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from shared.contracts.values import Language
from shared.worktime.duration import Duration

SEPARATOR: Mapping[Language, str] = {"zh-CN": "；", "en": "; "}
COMMA: Mapping[Language, str] = {"zh-CN": "、", "en": ", "}

WEEKDAYS: Mapping[Language, tuple[str, ...]] = {
    "zh-CN": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}

UNITS: Mapping[str, str] = {
    "second": "{}秒", "minute": "{}分钟", "hour": "{}小时", "working day": "{}个工作日", "week": "{}周",
    "same day": "当日", "next day": "次日",
}  # fmt: skip

LENGTHS: Mapping[Language, tuple[str, ...]] = {
    "zh-CN": ("{}小时", "{}分钟", "{}秒"),
    "en": ("{} h", "{} min", "{} s"),
}

PHRASES: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "day": "{weekday} {date}",
        "marked": "{day}, {mark}",
        "working day": "working day",
        "makeup": "make-up workday",
        "weekend": "weekend",
        "day off": "day off",
        "own workday": "working day: {reason}",
        "by makeup": "a make-up workday",
        "by decision": "worked: {reason}",
        "by hours": "open {hours}: {reason}",
        "from": "counted from {moment} ({zone}), limit {limit}",
        "edition": "working calendar: {title}, edition {version}",
        "elapsed": "the clock runs without a stop, nights and holidays included",
        "not counted": "the first day is not counted (Civil Code, Art. 201)",
        "off": "{first} to {last} off: {why}",
        "off one": "{first} off: {why}",
        "nth": "working day {nth} is {day}",
        "closed": "{day} had closed at {close}: the next working day counts",
        "same": "it is before closing time ({close}): the last day is the same day, {day}",
        "week": "{count} calendar days later is {day}",
        "moved": "a last day that is not worked moves to the next working day (Civil Code, Art. 203): {day}",
        "paused": "paused from {since} to {until}: {length} later",
        "paused because": "paused from {since} to {until} ({reason}): {length} later",
        "paused work": "paused from {since} to {until}: {length} of working time later",
        "paused work because": "paused from {since} to {until} ({reason}): {length} of working time later",
        "provisional": "provisional: the official arrangement of {years} is not known yet; counted again when it is",
        "due": "due {moment}",
        "due at close": "due {moment}, close of business",
    },
    "zh-CN": {
        "day": "{date} {weekday}",
        "marked": "{day}（{mark}）",
        "working day": "工作日",
        "makeup": "调休上班日",
        "weekend": "周末",
        "day off": "休息日",
        "own workday": "工作日：{reason}",
        "by makeup": "调休上班日",
        "by decision": "上班：{reason}",
        "by hours": "上班时间 {hours}：{reason}",
        "from": "自 {moment}（{zone}）起算，时限：{limit}",
        "edition": "适用工作日历：{title}（第 {version} 版）",
        "elapsed": "连续计时，夜间和节假日计算在内",
        "not counted": "起算当日不计入（《民法典》第二百零一条）",
        "off": "{first} 至 {last} 休息：{why}",
        "off one": "{first} 休息：{why}",
        "nth": "第 {nth} 个工作日为 {day}",
        "closed": "{day} 已于 {close} 下班，顺延至下一个工作日",
        "same": "尚未到下班时间（{close}），当日即为最后一日：{day}",
        "week": "{count} 个自然日后为 {day}",
        "moved": "最后一日非工作日的，顺延至下一个工作日（《民法典》第二百零三条）：{day}",
        "paused": "{since} 至 {until} 暂停计时，顺延 {length}",
        "paused because": "{since} 至 {until} 暂停计时（{reason}），顺延 {length}",
        "paused work": "{since} 至 {until} 暂停计时，顺延工作时间 {length}",
        "paused work because": "{since} 至 {until} 暂停计时（{reason}），顺延工作时间 {length}",
        "provisional": "暂定：{years} 年的官方放假安排尚未公布，公布后重新计算",
        "due": "截止时间：{moment}",
        "due at close": "截止时间：{moment}（下班时间）",
    },
}


def say(language: Language, phrase: str, **values: object) -> str:
    """A phrase in a language, filled in."""
    return PHRASES[language][phrase].format(**values)


def dated(language: Language, day: date, form: str = "%Y-%m-%d") -> str:
    """A day with its weekday."""
    return say(language, "day", weekday=WEEKDAYS[language][day.weekday()], date=f"{day:{form}}")


def timed(language: Language, local: datetime) -> str:
    """A local moment, to the minute, or to the second where it has any."""
    return f"{dated(language, local.date())} {local:{'%H:%M:%S' if local.second else '%H:%M'}}"


def limit(language: Language, duration: Duration) -> str:
    """A time limit."""
    return str(duration) if language == "en" else UNITS[duration.unit].format(duration.count)


def length(language: Language, span: timedelta) -> str:
    """A length of time in hours, minutes and seconds, as far as it has any."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    parts = zip(LENGTHS[language], (*divmod(minutes, 60), seconds), strict=True)
    return " ".join(form.format(count) for form, count in parts if count) or LENGTHS[language][1].format(0)
