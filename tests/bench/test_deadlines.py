"""The plain program that our calendar is measured against does the same work."""

from bench.deadlines import PlainCalendar, cases, due
from shared.worktime import calendar_named


def test_both_sides_count_the_same_deadlines():
    calendar, plain, chosen = calendar_named("cn"), PlainCalendar(), cases(2000)

    assert [due(calendar, case) for case in chosen] == [plain.due(case) for case in chosen]
