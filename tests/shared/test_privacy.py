"""Personal data is noise without its key, opens only for its own complaint, and is masked for whoever needs no more."""

import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from shared.ids import ulid
from shared.privacy import (
    DataKey,
    Keyring,
    Tokens,
    Unreadable,
    Wrapper,
    hashed,
    is_sealed,
    key_id_of,
    mask_email,
    mask_name,
    mask_number,
    mask_text,
    seal,
)

NUMBER = "SQ-20261123-00017K"
PERSON = {"name": "王小明", "phone": "13800001234", "email": "wang@example.com", "address": "中山路5号"}
TOKENS = Tokens(b"k" * 32)


def a_key() -> DataKey:
    return DataKey(ulid(), AESGCM(os.urandom(32)))


KEY = a_key()


@given(st.text())
def test_what_was_sealed_opens_to_the_same_text(text: str) -> None:
    assert Keyring([KEY]).open(seal(text, KEY, NUMBER), NUMBER) == text


def test_the_same_text_is_never_sealed_the_same_twice() -> None:
    assert seal("王小明", KEY, NUMBER) != seal("王小明", KEY, NUMBER)


def test_a_sealed_value_names_its_key() -> None:
    assert key_id_of(seal("王小明", KEY, NUMBER)) == KEY.id


def test_a_sealed_value_is_told_from_any_other() -> None:
    values = [seal("王小明", KEY, NUMBER), "王小明", "sealed", "", 7, None]

    assert [is_sealed(value) for value in values] == [True, False, False, False, False, False]


def test_without_its_key_a_sealed_value_cannot_be_read() -> None:
    with pytest.raises(Unreadable):
        Keyring().open(seal("王小明", KEY, NUMBER), NUMBER)


def test_a_sealed_value_does_not_open_for_another_complaint() -> None:
    with pytest.raises(Unreadable):
        Keyring([KEY]).open(seal("王小明", KEY, NUMBER), "SQ-20261123-000018")


@pytest.mark.parametrize("broken", ["", "王小明", "sealed:v1:short:AAAA", f"sealed:v1:{ulid()}:AAAA", "sealed:v2:a:b"])
def test_what_was_not_sealed_here_cannot_be_opened(broken: str) -> None:
    with pytest.raises(Unreadable):
        Keyring([KEY]).open(broken, NUMBER)


@pytest.mark.parametrize("box", ["", "A", "AAAA", "A" * 40])
def test_a_damaged_value_is_unreadable_not_an_accident(box: str) -> None:
    with pytest.raises(Unreadable):
        Keyring([KEY]).open(f"sealed:v1:{KEY.id}:{box}", NUMBER)


def test_a_changed_value_does_not_open() -> None:
    sealed = seal("王小明", KEY, NUMBER)

    with pytest.raises(Unreadable):
        Keyring([KEY]).open(sealed[:-3] + ("AAA" if sealed[-3:] != "AAA" else "BBB"), NUMBER)


def test_a_handler_seals_only_with_a_key_at_hand() -> None:
    with pytest.raises(Unreadable):
        Keyring().seal("王小明", KEY.id, NUMBER)


def test_a_wrapped_key_opens_under_its_master_key() -> None:
    wrapper, key = Wrapper(b"m" * 32), os.urandom(32)
    sealed = seal("王小明", DataKey(KEY.id, AESGCM(key)), NUMBER)

    unwrapped = wrapper.unwrap(KEY.id, wrapper.wrap(KEY.id, key))

    assert Keyring([unwrapped]).open(sealed, NUMBER) == "王小明"


def test_a_wrapped_key_does_not_open_under_another_master_key_or_name() -> None:
    wrapped = Wrapper(b"m" * 32).wrap(KEY.id, os.urandom(32))

    for wrapper, name in ((Wrapper(b"n" * 32), KEY.id), (Wrapper(b"m" * 32), ulid())):
        with pytest.raises(Unreadable):
            wrapper.unwrap(name, wrapped)


@given(st.sampled_from(["track", "answer-1", "survey"]))
def test_a_token_tells_complaint_and_purpose(purpose: str) -> None:
    assert TOKENS.read(TOKENS.issue(NUMBER, purpose)) == (NUMBER, purpose)


@pytest.mark.parametrize(
    "forged",
    [
        "", ".", "..", f"{NUMBER}.track.", f"{NUMBER}.track", TOKENS.issue(NUMBER, "track") + "A",
        TOKENS.issue(NUMBER, "track").replace("track", "survey"), TOKENS.issue(NUMBER, "track").lower(),
        Tokens(b"o" * 32).issue(NUMBER, "track"),
    ],
)  # fmt: skip
def test_a_token_that_was_not_issued_here_tells_nothing(forged: str) -> None:
    assert TOKENS.read(forged) is None


def test_a_channel_key_is_not_stored_as_it_is() -> None:
    assert "rk_secret" not in hashed("rk_secret")


@pytest.mark.parametrize(
    ("name", "masked"), [("王小明", "王**"), ("欧阳娜", "欧**"), ("John", "J***"), ("王", "王"), ("", "")]
)
def test_of_a_name_the_beginning_is_left(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(("digits", "masked"), [("13800001234", "*******1234"), ("1234", "1234"), ("", "")])
def test_of_a_number_the_last_four_are_left(digits: str, masked: str) -> None:
    assert mask_number(digits) == masked


@pytest.mark.parametrize(("address", "masked"), [("li@example.com", "l***@example.com"), ("wang", "w***"), ("", "")])
def test_of_a_mail_address_the_first_letter_and_the_domain_are_left(address: str, masked: str) -> None:
    assert mask_email(address) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我叫王小明，住中山路5号", "我叫王**，住中****"),
        ("请打13800001234", "请打*******1234"),
        ("请打 138 0000 1234", "请打 *********1234"),
        ("其他号码13912345678也行", "其他号码*******5678也行"),
        ("身份证11010519491231002X", "身份证**************002X"),
        ("电话+86 139 1234 5678。", "电话*************5678。"),
        ("致电+491234567或+4 9 1 2 3 4", "致电******4567或******** 3 4"),
        ("写信到wang@example.com", "写信到w***@example.com"),
        ("请写信到zhang.san@qq.com谢谢", "请写信到z***@qq.com谢谢"),
        ("或者 li.si+a@mail.example.cn 。", "或者 l***@mail.example.cn 。"),
        ("全角１３９１２３４５６７８，可以", "全角*******5678，可以"),
        ("写信到ｗａｎｇ＠example.com", "写信到w***@example.com"),
        ("2026年11月23日 9点，花了 1280.50 元", "2026年11月23日 9点，花了 1280.50 元"),
        ("订单 2026-11-23", "订单 2026-11-23"),
    ],
)
def test_free_text_is_masked_where_it_leads_to_a_person(text: str, masked: str) -> None:
    assert mask_text(text, PERSON) == masked


@given(st.text(), st.dictionaries(st.sampled_from(["name", "phone", "email", "address"]), st.text(max_size=20)))
def test_masking_takes_any_text_and_any_person(text: str, person: dict[str, str]) -> None:
    mask_text(text, person)
