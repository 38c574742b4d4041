"""The words of a derivation, for the handler, the complainant and the auditor."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from shared.contracts.values import Language

if TYPE_CHECKING:
    from shared.worktime.calendar import Calendar
    from shared.worktime.deadline import Deadline

SEPARATOR: Mapping[Language, str] = {"zh-CN": "；", "en": "; "}
COMMA: Mapping[Language, str] = {"zh-CN": "、", "en": ", "}

WEEKDAYS: Mapping[Language, tuple[str, ...]] = {
    "zh-CN": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}

SATURDAY = 5

UNITS: Mapping[str, str] = {
    "second": "{}秒", "minute": "{}分钟", "hour": "{}小时", "working day": "{}个工作日", "week": "{}周",
    "same day": "当日", "next day": "次日",
}  # fmt: skip

PHRASES: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "day": "{weekday} {date}",
        "working day": "working day",
        "makeup": "make-up workday",
        "weekend": "weekend",
        "day off": "day off",
        "from": "counted from {moment} ({zone}), limit {limit}",
        "elapsed": "the clock runs without a stop, nights and holidays included",
        "not counted": "the first day is not counted (Civil Code, Art. 201)",
        "off": "{first} to {last} off: {why}",
        "off one": "{first} off: {why}",
        "nth": "working day {nth} is {day}",
        "nth makeup": "working day {nth} is {day}, a make-up workday",
        "closed": "{day} had closed at {close}: the next working day counts",
        "same": "{day} is a working day and was not over: it is the last day",
        "same makeup": "{day} is a make-up workday and was not over: it is the last day",
        "week": "{count} calendar days later is {day}",
        "moved": "a last day that is not worked moves to the next working day (Civil Code, Art. 203)",
        "provisional": "provisional: the official arrangement of {years} is not known yet",
        "due elapsed": "due {moment}",
        "due": "due {moment}, close of business",
    },
    "zh-CN": {
        "day": "{date} {weekday}",
        "working day": "工作日",
        "makeup": "调休上班日",
        "weekend": "周末",
        "day off": "休息日",
        "from": "自 {moment}（{zone}）起算，时限：{limit}",
        "elapsed": "连续计时，夜间和节假日计算在内",
        "not counted": "起算当日不计入（《民法典》第二百零一条）",
        "off": "{first} 至 {last} 放假：{why}",
        "off one": "{first} 放假：{why}",
        "nth": "第 {nth} 个工作日为 {day}",
        "nth makeup": "第 {nth} 个工作日为 {day}（调休上班日）",
        "closed": "{day} 已于 {close} 下班，顺延至下一个工作日",
        "same": "{day} 为工作日且尚未下班，当日为最后一日",
        "same makeup": "{day} 为调休上班日且尚未下班，当日为最后一日",
        "week": "{count} 个自然日后为 {day}",
        "moved": "最后一日非工作日的，顺延至下一个工作日（《民法典》第二百零三条）",
        "provisional": "暂定：{years} 年的官方放假安排尚未公布",
        "due elapsed": "截止时间：{moment}",
        "due": "截止时间：{moment}（下班时间）",
    },
}


def why(calendar: "Calendar", day: date, language: Language) -> str:
    """Why a day is worked or not, in one or a few words."""
    if calendar.is_makeup_workday(day):
        return PHRASES[language]["makeup"]
    if calendar.is_working_day(day):
        return PHRASES[language]["working day"]
    return _why_off(calendar, *calendar.days_off_around(day), language)


def _why_off(calendar: "Calendar", first: date, last: date, language: Language) -> str:
    """What a run of days off is for; an unnamed weekday in it was moved there for the holiday that it names."""
    days = [first + timedelta(days=nth) for nth in range((last - first).days + 1)]
    names = dict.fromkeys(filter(None, (calendar.holiday(day, language) for day in days)))
    plain = "weekend" if all(day.weekday() >= SATURDAY for day in days) else "day off"
    return COMMA[language].join(names) or PHRASES[language][plain]


def derivation(deadline: "Deadline", language: Language) -> list[str]:
    """The steps by which a deadline was counted; the last line is the deadline itself."""
    return list(_Telling(deadline, language).lines())


class _Telling:
    """One derivation in one language."""

    def __init__(self, deadline: "Deadline", language: Language) -> None:
        self.deadline, self.calendar, self.language = deadline, deadline.calendar, language
        self.start = deadline.calendar.local(deadline.start)
        self.due = deadline.calendar.local(deadline.due_at)
        self.duration = deadline.duration

    def lines(self) -> Iterator[str]:
        yield self._say("from", moment=self._moment(self.start), zone=self.calendar.zone.key, limit=self._limit())
        yield from self._steps()
        if self.deadline.provisional:
            yield self._say("provisional", years=self._provisional_years())
        yield self._say("due" if self.duration.elapsed is None else "due elapsed", moment=self._moment(self.due))

    def _steps(self) -> Iterator[str]:
        match self.duration.unit:
            case "working day":
                yield from self._working_days()
            case "week":
                yield from self._weeks()
            case "same day":
                yield from self._same_day()
            case "next day":
                yield from self._working_days()
            case _:
                yield self._say("elapsed")

    def _working_days(self) -> Iterator[str]:
        """Tell the first and the last working day, every make-up workday and every run of days off between."""
        yield self._say("not counted")
        day, nth, last = self.start.date(), 0, self.due.date()
        while day < last:
            following = self.calendar.next_working_day(day)
            yield from self._days_off(day, following)
            day, nth = following, nth + 1
            if nth == 1 or day == last or self.calendar.is_makeup_workday(day):
                yield self._nth(nth, day)

    def _nth(self, nth: int, day: date) -> str:
        key = "nth makeup" if self.calendar.is_makeup_workday(day) else "nth"
        return self._say(key, nth=nth, day=self._day(day))

    def _weeks(self) -> Iterator[str]:
        last = self.start.date() + timedelta(weeks=self.duration.count)
        yield self._say("not counted")
        yield self._say("week", count=7 * self.duration.count, day=self._day(last))
        if last != self.due.date():
            yield from self._days_off(last - timedelta(days=1), self.due.date())
            yield self._say("moved")

    def _same_day(self) -> Iterator[str]:
        day, last = self.start.date(), self.due.date()
        if day == last:
            key = "same makeup" if self.calendar.is_makeup_workday(day) else "same"
            yield self._say(key, day=self._day(day))
            return
        if self.calendar.is_working_day(day):
            yield self._say("closed", day=self._day(day), close=f"{self.calendar.hours.close:%H:%M}")
        yield from self._days_off(day - timedelta(days=1), last)
        yield self._nth(1, last)

    def _days_off(self, before: date, after: date) -> Iterator[str]:
        """Tell the one run of days off that lies between two days, if there is one."""
        days = [date.fromordinal(nth) for nth in range(before.toordinal() + 1, after.toordinal())]
        off = [day for day in days if not self.calendar.is_working_day(day)]
        if off:
            key = "off" if len(off) > 1 else "off one"
            reason = self.calendar.why(off[0], self.language)
            yield self._say(key, first=self._day(off[0]), last=self._day(off[-1]), why=reason)

    def _provisional_years(self) -> str:
        years = range(self.start.year, self.due.year + 1)
        return COMMA[self.language].join(str(year) for year in years if self.calendar.provisional(year))

    def _limit(self) -> str:
        return str(self.duration) if self.language == "en" else UNITS[self.duration.unit].format(self.duration.count)

    def _moment(self, local: datetime) -> str:
        return f"{self._dated(local.date(), '%Y-%m-%d')} {local:{'%H:%M:%S' if local.second else '%H:%M'}}"

    def _day(self, day: date) -> str:
        return self._dated(day, "%m-%d" if day.year == self.start.year else "%Y-%m-%d")

    def _dated(self, day: date, form: str) -> str:
        return self._say("day", weekday=WEEKDAYS[self.language][day.weekday()], date=f"{day:{form}}")

    def _say(self, key: str, **values: object) -> str:
        return PHRASES[self.language][key].format(**values)
