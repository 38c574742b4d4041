"""What a sealed text is found by, and what the index gives away."""

import pytest

from services.archive.index import Terms, parts

TERMS = Terms(b"k" * 32)


def finds(query: str, text: str) -> bool:
    """Whether a search for `query` finds `text`."""
    wanted = TERMS.of(query)
    return bool(wanted) and wanted <= TERMS.of(text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("漏水", "新装的空调漏水"),
        ("空调漏水", "新装的空调漏水"),
        ("LEAKING pipe", "The pipe has been leaking."),
        ("ＫＦＲ３５", "model kfr35"),
        ("kfr 漏水", "KFR空调漏水"),
        ("straße", "STRASSE"),
        ("小芳", "王小芳"),
    ],
)
def test_a_text_is_found_by_its_words_whatever_their_width_and_case(query, text):
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("漏电", "新装的空调漏水"),
        ("leak", "The pipe has been leaking."),
        ("pipe broken", "The pipe has been leaking."),
    ],
)
def test_a_text_is_not_found_by_what_it_does_not_say(query, text):
    assert not finds(query, text)


@pytest.mark.parametrize("text", ["", "漏", "漏 水", "… — !?", "_"])
def test_a_single_chinese_character_and_mere_punctuation_are_no_search(text):
    assert parts(text) == set()


def test_chinese_is_cut_into_neighbouring_pairs_and_other_scripts_into_words():
    assert parts("空调漏水 on Friday") == {"空调", "调漏", "漏水", "on", "friday"}


def test_chinese_and_latin_without_a_space_between_them_are_told_apart():
    assert parts("格力KFR35空调") == {"格力", "kfr35", "空调"}


def test_a_name_in_the_text_is_not_the_name_of_the_complainant():
    assert TERMS.of("王小芳", "person").isdisjoint(TERMS.of("王小芳", "text"))


def test_without_the_master_key_the_hashes_of_a_text_cannot_be_made():
    assert TERMS.of("漏水").isdisjoint(Terms(b"l" * 32).of("漏水"))


def test_no_word_stands_in_the_index():
    assert not any("漏" in term or "pipe" in term for term in TERMS.of("漏水 pipe"))
