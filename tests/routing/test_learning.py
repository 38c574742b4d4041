"""Learning from decided cases: what is learnt, when it takes over, and what is never kept."""

from time import perf_counter

import pytest

from services.routing.classifier import Classifier, load_lexicon
from services.routing.learning.evidence import MOST_WORDS, words_of
from services.routing.learning.experience import Experience
from services.routing.learning.learner import Learner, Lesson
from services.routing.learning.lesson import category_decided
from services.routing.learning.trial import CASES, Trial, Verdict
from shared.regulations import load_regulations
from tests.routing.given import a_case

LEXICON = Classifier(load_lexicon())
UNHEARD = "关于蓝莓计划的蓝莓卡"
"""Nothing in it stands in the lexicon."""
CATEGORIES = load_regulations().get("service-quality").categories


def taught(text: str, category, times: int = 20) -> Experience:
    experience = Experience()
    for _ in range(times):
        experience.learn(LEXICON.evidence(text), category)
    return experience


def verdicts(present, learner, count: int = CASES) -> Trial:
    return Trial([Verdict("service", present, learner)] * count)


@pytest.mark.parametrize("text", ["冰箱不制冷", "送货太慢", "乱收费", "The waiter was rude.", "The engine stalled."])
def test_with_nothing_learnt_it_decides_as_the_lexicon_does(text):
    assert LEXICON.taught(Experience()).classify(text).category == LEXICON.classify(text).category


def test_what_people_keep_saying_is_learnt():
    assert LEXICON.taught(taught(UNHEARD, "service")).classify("蓝莓卡怎么回事").category == "service"


def test_what_was_learnt_can_outweigh_the_lexicon():
    assert LEXICON.taught(taught("蓝莓漏水险", "other")).classify("蓝莓漏水险").category == "other"


def test_what_was_learnt_leaves_other_letters_alone():
    assert LEXICON.taught(taught(UNHEARD, "other")).classify("冰箱不制冷").category == "product"


def test_the_heaviest_learnt_words_are_named_as_a_reason():
    because = LEXICON.taught(taught(UNHEARD, "service")).classify("蓝莓卡").because

    assert because[-1].startswith("learnt: 莓卡, 蓝莓 (")


def test_english_words_are_named_with_their_neighbours():
    because = LEXICON.taught(taught("blueberry scheme", "service")).classify("the blueberry scheme").because

    assert "blueberry scheme" in because[-1]


@pytest.mark.parametrize("text", ["", "😀😀", "。。。"])
def test_a_letter_that_says_nothing_stays_undecided(text):
    found = LEXICON.taught(taught(UNHEARD, "service")).classify(text)

    assert (found.category, found.confidence) == ("other", 0.1)


def test_what_was_learnt_sees_further_words_as_no_reason():
    assert LEXICON.taught(taught(UNHEARD, "service")).classify("冰箱不制冷").because == (
        LEXICON.classify("冰箱不制冷").because
    )


def test_the_shares_of_the_categories_add_up_to_one():
    shares = taught(UNHEARD, "service").shares(LEXICON.evidence(UNHEARD))

    assert sum(shares.values()) == pytest.approx(1)


def test_an_experience_survives_being_stored():
    experience, evidence = taught(UNHEARD, "service"), LEXICON.evidence(UNHEARD)

    assert Experience.unpacked(experience.packed()).shares(evidence) == experience.shares(evidence)


def test_chinese_is_learnt_by_characters_and_pairs_and_english_by_words_and_pairs():
    assert words_of("退款慢, no refund") == ["退", "款", "慢", "退款", "款慢", "no", "refund", "no refund"]


def test_a_long_letter_costs_no_more_than_its_first_words():
    assert len(words_of(" ".join(f"word{number}" for number in range(100_000)))) <= MOST_WORDS


@pytest.mark.parametrize("bomb", ["😀" * 5_000_000, "等" * 1_000_000, "wait " * 500_000, "a" * 2_000_000])
def test_a_text_of_megabytes_is_judged_in_bounded_time(bomb):
    classifier = LEXICON.taught(taught(UNHEARD, "service"))
    started = perf_counter()
    classifier.classify(bomb)

    assert perf_counter() - started < 0.5


def test_a_typical_complaint_is_judged_in_less_than_a_millisecond():
    classifier = LEXICON.taught(taught(UNHEARD, "service"))
    started = perf_counter()
    for _ in range(100):
        classifier.classify("上周五买的冰箱用了三天就不制冷了，打了四次电话也没有人上门来修，要求退货。")

    assert (perf_counter() - started) / 100 < 0.005, "five times the aim, for busy machines"


def test_the_learner_judges_a_case_before_it_learns_from_it():
    learner = Learner()
    learner.study(Lesson("SQ-1", "service", LEXICON.evidence("冰箱不制冷")), present="product")

    assert learner.trial.verdicts == [Verdict("service", "product", "product")]


def test_a_learner_survives_being_stored():
    learner = Learner()
    learner.study(Lesson("SQ-1", "service", LEXICON.evidence(UNHEARD)), present="other")

    assert Learner.restored(learner.stored()).stored() == learner.stored()


def test_no_word_of_a_case_is_stored():
    learner = Learner()
    learner.study(Lesson("SQ-1", "service", LEXICON.evidence("blueberry")), present="other")

    assert "blueberry" not in repr(learner.stored())


def test_a_trial_is_not_won_before_there_are_enough_cases():
    assert not verdicts(present="other", learner="service", count=CASES - 1).is_won


def test_a_trial_is_won_by_being_right_more_often():
    assert verdicts(present="other", learner="service").is_won


def test_a_trial_is_not_won_by_being_as_good():
    assert not verdicts(present="service", learner="service").is_won


def test_what_people_decide_is_owed_as_a_lesson():
    case = a_case(category="service")
    case.teach("product")

    assert case.lesson == "product"


def test_the_same_decision_again_teaches_nothing():
    case = a_case()
    case.teach("product")
    case.told("product")
    case.teach("product")

    assert case.lesson is None


def test_a_case_that_was_decided_otherwise_meanwhile_still_owes_its_lesson():
    case = a_case()
    case.teach("product")
    case.teach("service")
    case.told("product")

    assert case.lesson == "service"


@pytest.mark.parametrize(
    ("category", "department", "decided"),
    [("product", "quality", "product"), ("service", "quality", "product"), ("service", "legal", None)],
)
def test_the_department_that_has_a_case_tells_its_category(category, department, decided):
    assert category_decided(category, department, CATEGORIES) == decided
