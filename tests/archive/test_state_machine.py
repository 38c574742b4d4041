"""Whatever the others say, in whatever order, and whenever the alarm rings: the record is the same."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.archive.handlers import SUBSCRIPTIONS
from services.archive.model import NEEDED, Record
from tests.archive.examples import COMPLETE, DATA, NUMBER, complaint, context, event

kinds = st.sampled_from(sorted(DATA))


class Archiving(RuleBasedStateMachine):
    """One record, events at any time from anywhere, alarms."""

    def __init__(self) -> None:
        super().__init__()
        self.record = Record.open(NUMBER)
        self.heard: list[str] = []

    @rule(kind=kinds, after=st.integers(0, 1000))
    def something_happens(self, kind, after):
        SUBSCRIPTIONS.handle(self.record, event(kind, after=timedelta(minutes=after)), context())
        self.heard.append(kind)

    @precondition(lambda self: self.record.alarm_at is not None)
    @rule()
    def the_alarm_rings(self):
        SUBSCRIPTIONS.alarm(self.record, context())

    @invariant()
    def nothing_is_lost(self):
        assert sorted(entry["type"] for entry in self.record.timeline) == sorted(self.heard)

    @invariant()
    def the_timeline_is_in_order(self):
        moments = [entry["time"] for entry in self.record.timeline]
        assert moments == sorted(moments)

    @invariant()
    def it_is_archived_once_and_only_complete(self):
        archived = self.record.status == "archived"
        assert len(self.record.recorded) == archived
        assert not (archived and self.record.missing())

    @invariant()
    def a_complete_dossier_is_filed_or_about_to_be(self):
        complete = all(bringing & set(self.heard) for bringing in NEEDED.values())
        assert complete == (self.record.status == "archived" or self.record.alarm_at is not None)


Archiving.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestArchiving = Archiving.TestCase

EVENTS = complaint(*COMPLETE, "case.transferred", "sla.target-breached", "case.progressed", "survey.completed")


@settings(deadline=None)
@given(st.permutations(EVENTS), st.integers(0, len(EVENTS)))
def test_the_order_in_which_events_arrive_makes_no_difference(order, early):
    record = Record.open(NUMBER)
    for place, heard in enumerate(order):
        if place == early and record.alarm_at:
            SUBSCRIPTIONS.alarm(record, context())
        SUBSCRIPTIONS.handle(record, heard, context())
    SUBSCRIPTIONS.alarm(record, context())

    in_order = Record.open(NUMBER)
    for heard in EVENTS:
        SUBSCRIPTIONS.handle(in_order, heard, context())
    SUBSCRIPTIONS.alarm(in_order, context())

    assert record.model_dump() == in_order.model_dump()
