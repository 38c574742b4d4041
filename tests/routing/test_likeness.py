"""Which complaints are like which: told from fingerprints, and from what they are about."""

from datetime import timedelta
from time import perf_counter

import pytest

from services.routing.masses.cluster import Cluster, Member, founders_around
from services.routing.masses.clusters import Clusters
from services.routing.masses.likeness import fingerprint, likeness
from services.routing.masses.traits import Traits, anchors_of, traits_of
from shared.contracts.intake import Product
from shared.regulations.parts import Mass
from shared.testing.builders import BEGAN, registered
from shared.testing.keys import a_key

SEED = 7
KEY = a_key()
NUMBER = "SQ-20261123-00017K"
RULE = Mass()
OUTAGE = (
    "我们3号楼从昨天晚上开始停水，到现在还没有恢复，物业电话没人接，请尽快处理。",
    "3号楼已经停水一天多了，没有任何通知，打物业电话没人接。",
    "3号楼停水，物业没有提前通知，请尽快恢复供水。",
)
NOISE = "楼上半夜装修，电钻声吵得孩子睡不着。"
PEELING = (
    "The rice cooker's inner coating started peeling after two weeks and black flakes get into the food.",
    "Coating of the inner pot is peeling off after less than a month, there are black flakes in our food.",
)


def alike(one: str, other: str) -> float:
    return likeness(fingerprint(one, SEED), fingerprint(other, SEED))


def a_member(place: int, text: str = OUTAGE[0], *anchors: str, days: float = 0) -> Member:
    received_at, about = BEGAN + timedelta(days=days, minutes=place), anchors or ("place:3号楼",)
    return Member(f"SQ-{place}", "service-quality", "1", received_at, about, fingerprint(text, SEED))


def test_a_text_is_like_itself() -> None:
    assert alike(OUTAGE[0], OUTAGE[0]) == 1.0


@pytest.mark.parametrize(("one", "other"), [(OUTAGE[0], OUTAGE[1]), (OUTAGE[1], OUTAGE[2]), PEELING])
def test_the_same_trouble_in_other_words_is_alike(one: str, other: str) -> None:
    assert alike(one, other) > RULE.likeness / 2


@pytest.mark.parametrize("other", [NOISE, PEELING[0]])
def test_another_trouble_is_not(other: str) -> None:
    assert alike(OUTAGE[0], other) < RULE.likeness / 3


def test_the_order_of_the_sentences_does_not_matter() -> None:
    assert alike("停水一天了。物业没人接电话。", "物业没人接电话。停水一天了。") == 1.0


@pytest.mark.parametrize("text", ["", "。。。", "1234567", "😀" * 500, "的了吗"])
def test_a_text_that_says_too_little_is_like_nothing(text: str) -> None:
    assert alike(text, text) == 0.0


def test_fingerprints_of_another_seed_or_version_are_like_nothing() -> None:
    one = fingerprint(OUTAGE[0], SEED)

    assert likeness(one, fingerprint(OUTAGE[0], SEED + 1)) < RULE.likeness / 3
    assert likeness(one, "0" + one) == 0.0


def test_nothing_of_a_text_can_be_read_in_its_fingerprint() -> None:
    assert len(fingerprint(OUTAGE[0] * 50, SEED)) == len(fingerprint(OUTAGE[1], SEED))


def test_what_a_complaint_is_about_is_known_in_any_spelling() -> None:
    event = registered(NUMBER, KEY, product=Product(name="ＸＸ 电饭煲", batch="b-7 01"), place="3号楼，2单元")

    assert anchors_of(event) == ["batch:b701", "product:xx电饭煲", "place:3号楼2单元"]


def test_a_complaint_about_nothing_by_name_has_no_traits() -> None:
    assert traits_of(registered(NUMBER, KEY, product=None), OUTAGE[0], SEED, BEGAN) == Traits()


def test_a_text_of_megabytes_is_fingerprinted_in_bounded_time() -> None:
    event = registered(NUMBER, KEY)
    begun = perf_counter()

    traits_of(event, "停水😀" * 500_000, SEED, BEGAN)

    assert perf_counter() - begun < 0.1


def test_three_about_one_place_found_a_cluster_whichever_is_looked_at() -> None:
    members = [a_member(place, text) for place, text in enumerate(OUTAGE)]

    assert [founders_around(one, members, RULE) for one in members] == [members] * 3


def test_two_are_too_few() -> None:
    assert founders_around(a_member(0), [a_member(0), a_member(1)], RULE) == []


def test_the_third_counts_only_within_the_days_of_the_rule() -> None:
    members = [a_member(place, days=days) for place, days in enumerate((0, 1, 40))]

    assert founders_around(members[0], members, RULE) == []


def test_all_founders_have_one_thing_in_common() -> None:
    members = [a_member(0, OUTAGE[0], "batch:1", "place:2"), a_member(1, OUTAGE[0], "batch:1"),
               a_member(2, OUTAGE[0], "place:2")]  # fmt: skip

    assert founders_around(members[0], members, RULE) == []


def test_whoever_shares_more_needs_fewer_words_in_common() -> None:
    one, other = (a_member(place, OUTAGE[2 * place], "place:3", "respondent:wy") for place in range(2))
    third = a_member(2, OUTAGE[1], "place:3", "respondent:wy")
    stricter = RULE.model_copy(update={"likeness": 0.3})

    assert founders_around(one, [other, third], stricter) == [one, other, third]


def test_complaints_under_different_regulations_are_different_matters() -> None:
    members = [a_member(0), a_member(1), a_member(2)._replace(regulation="property")]

    assert founders_around(members[0], members, RULE) == []


def test_who_belonged_nowhere_is_looked_at_again_once_another_cluster_is_known() -> None:
    clusters, cluster = Clusters(), Cluster.of([a_member(place) for place in range(3)], "major", RULE, BEGAN)
    clusters.leave_out(a_member(4))
    clusters.take_in([cluster])
    again = clusters.nowhere.copy()
    clusters.leave_out(a_member(5))

    clusters.take_in([cluster])

    assert (again, clusters.nowhere) == (set(), {"SQ-5"})


def test_a_known_cluster_takes_what_is_like_its_founders_and_nothing_else() -> None:
    members = [a_member(place, text) for place, text in enumerate(OUTAGE)]
    clusters = Clusters()
    clusters.take_in([Cluster.of(members, "major", RULE, BEGAN)])

    def taken(text: str, place: str = "place:3号楼", days: float = 1) -> bool:
        return clusters.taking(a_member(9, text, place, days=days), RULE) is not None

    assert taken(OUTAGE[1])
    assert not any([taken(NOISE), taken(OUTAGE[1], "place:4号楼"), taken(OUTAGE[1], days=90)])
