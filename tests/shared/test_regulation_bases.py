"""A pack may build on another one: it says only what is different."""

from pathlib import Path

import pytest

from shared.regulations import Regulation, RegulationError, load_regulation, load_regulations

OWN = """\
name: own
version: "7"
builds_on: service-quality 1
prefix: OWN
"""


def write(folder: Path, text: str = OWN, name: str = "own.yaml") -> Path:
    """A pack of the operator's own."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def loaded(folder: Path, more: str = "") -> Regulation:
    """The operator's pack with a few keys more."""
    return load_regulation(write(folder, OWN + more))


def refused(file: Path) -> str:
    """What is said of a wrong pack."""
    with pytest.raises(RegulationError) as caught:
        load_regulation(file)
    return str(caught.value)


def test_what_a_pack_does_not_say_counts_as_its_base_says(tmp_path):
    assert loaded(tmp_path).targets == load_regulations().get("service-quality").targets


def test_what_a_pack_says_counts_instead_as_a_whole(tmp_path):
    pack = loaded(tmp_path, "targets:\n  - {milestone: resolution, within: 1 week, clause: S20.2}\n")

    assert [str(target.within) for target in pack.targets] == ["1 week"]


def test_a_pack_keeps_its_own_name_and_version(tmp_path):
    assert loaded(tmp_path).edition == "own 7"


def test_a_pack_remembers_what_it_builds_on(tmp_path):
    assert loaded(tmp_path).builds_on == "service-quality 1"


def test_a_pack_builds_on_a_base_in_the_same_folder(tmp_path):
    write(tmp_path)
    grandchild = write(tmp_path, 'name: grandchild\nversion: "1"\nbuilds_on: own 7\nprefix: GC\n', "grandchild.yaml")

    assert load_regulation(grandchild).department_for("product") == "quality"


def test_a_folder_of_packs_that_build_on_each_other_is_read_in_any_order(tmp_path):
    write(tmp_path)
    write(tmp_path, 'name: aunt\nversion: "1"\nbuilds_on: own 7\nprefix: AU\n', "aunt.yaml")

    assert load_regulations(tmp_path).get("aunt").builds_on == "own 7"


def test_the_exact_version_of_a_base_counts(tmp_path):
    newer = 'name: service-quality\nversion: "2"\nbuilds_on: service-quality 1\n'
    write(tmp_path, newer + "consent: {silence: 1 week, rounds: 9, clause: S2.6}\n", "newer.yaml")
    write(tmp_path)

    assert load_regulations(tmp_path).get("own").consent.rounds == 3


def test_the_demonstration_builds_on_the_default_pack():
    assert load_regulations().get("demo").categories == load_regulations().get("service-quality").categories


@pytest.mark.parametrize("key", ["name", "version"])
def test_name_and_version_are_never_taken_from_a_base(tmp_path, key):
    text = "".join(line for line in OWN.splitlines(keepends=True) if not line.startswith(key))

    assert f"{key}: is missing" in refused(write(tmp_path, text))


def test_a_mistake_in_a_key_of_its_own_is_named_where_it_stands(tmp_path):
    said = refused(write(tmp_path, OWN + "retention: {years: 0, clause: S1.5}\n"))

    assert said.startswith("own.yaml, line 5: retention.years: 0 is wrong")


def test_a_key_of_the_base_that_no_longer_fits_is_named_with_the_base(tmp_path):
    departments = "departments:\n  service: {title: {zh-CN: 客服, en: Desk}, place: {zh-CN: 前台, en: Desk}}\n"

    assert refused(write(tmp_path, OWN + departments)) == (
        "own.yaml, line 3: builds_on: categories.product.department, taken from service-quality 1: "
        "there is no department 'quality'; there is service"
    )


def test_a_prefix_taken_from_a_base_belongs_to_the_base(tmp_path):
    write(tmp_path, OWN.replace("prefix: OWN\n", ""))

    with pytest.raises(RegulationError, match=r"line 3: builds_on: prefix, taken from service-quality 1: SQ already"):
        load_regulations(tmp_path)


def test_a_base_that_there_is_not_is_named_with_those_there_are(tmp_path):
    said = refused(write(tmp_path, OWN.replace("service-quality 1", "service-qualty 1")))

    assert said.startswith(
        "own.yaml, line 3: builds_on: there is no pack 'service-qualty 1'; did you mean 'service-quality 1'? "
        "Write name and version: there is corporate 1, customer-service 1"
    )


def test_a_base_without_a_version_is_unknown(tmp_path):
    assert "there is no pack 'service-quality'" in refused(
        write(tmp_path, OWN.replace("service-quality 1", "service-quality"))
    )


def test_a_base_that_is_no_text_is_refused(tmp_path):
    assert "builds_on" in refused(write(tmp_path, OWN.replace("service-quality 1", "[service-quality, 1]")))


def test_packs_that_build_on_each_other_in_a_circle_are_refused(tmp_path):
    write(tmp_path, 'name: other\nversion: "1"\nbuilds_on: own 7\n', "other.yaml")

    said = refused(write(tmp_path, OWN.replace("service-quality 1", "other 1")))

    assert said == "own.yaml, line 3: builds_on: leads round in a circle: own 7 → other 1 → own 7"


def test_a_pack_does_not_build_on_itself(tmp_path):
    assert "own 7 → own 7" in refused(write(tmp_path, OWN.replace("service-quality 1", "own 7")))
