"""Moments as the tests write them."""

from datetime import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """A moment by the wall clock, written `2026-09-30 17:40`."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)
