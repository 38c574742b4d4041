"""S15: service quality, the default."""

import pytest

from tests.feedback.builders import resolved
from tests.scenarios.given import admitted, departments, due, letters, limit, pack, steps


def test_s15_1_mailbox_hotline_and_chat_are_open_among_others():
    assert admitted("service-quality", "email", "hotline", "chat", "letter") == ["email", "hotline", "chat", "letter"]


def test_s15_2_a_complaint_is_answered_within_24_hours():
    assert limit("service-quality", "acknowledgement") == "24 hours (S15.2)"


def test_s15_3_complaints_are_about_products_service_or_something_else():
    assert set(pack("service-quality").categories) == {"product", "service", "other"}


def test_s15_4_each_category_goes_to_its_department():
    assert departments("service-quality") == {"product": "产品质量部门", "service": "服务部门", "other": "综合管理部门"}


def test_s15_5_a_complaint_is_solved_within_5_working_days():
    assert limit("service-quality", "resolution") == "5 working days (S15.5)"


@pytest.mark.parametrize("severity", ["major", "critical"])
def test_s15_5_major_complaints_are_solved_within_three_working_days(severity):
    assert limit("service-quality", "resolution", severity=severity) == "3 working days (S15.5)"


@pytest.mark.parametrize(("severity", "solved"), [("general", "2026-10-13 18:00"), ("major", "2026-10-10 18:00")])
def test_s15_5_holidays_do_not_count_and_make_up_workdays_do(severity, solved):
    assert due("service-quality", "resolution", "2026-09-30 17:40", severity=severity) == solved


@pytest.mark.parametrize(("text", "severity"), [("装修返工，损失八万元", "major"), ("多收了我三百元", "general")])
def test_s15_5_a_large_sum_makes_a_complaint_major(text, severity):
    assert pack("service-quality").severity_of(text).severity == severity


def test_s15_6_a_complaint_is_received_analysed_dispatched_handled_told_and_tracked():
    verbs = ["接收", "分析", "分派", "处理", "告知处理结果并征求您的意见", "跟踪"]

    assert [verb in step for verb, step in zip(verbs, steps("service-quality"), strict=True)] == [True] * 6


async def test_s15_6_the_customer_is_asked_for_their_view():
    assert "请告诉我们您是否同意" in (await letters("service-quality", resolved()))["answer"]


def test_s15_7_what_is_done_is_archived():
    assert limit("service-quality", "filing") == "5 working days (S15.7)"
