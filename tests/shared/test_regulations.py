"""A regulation pack says what a regulation says, and a wrong one says what is wrong."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml

from shared.regulations import RegulationError, UnknownRegulation, load_regulation, load_regulations
from shared.regulations.loader import SHIPPED

RECEIVED = datetime.fromisoformat("2026-09-30T17:40:00+08:00")
SHIPPED_PACKS = sorted(file.stem for file in SHIPPED.glob("*.yaml"))


@pytest.fixture(scope="module")
def packs():
    return load_regulations()


@pytest.fixture
def pack_text():
    return (SHIPPED / "service-quality.yaml").read_text(encoding="utf-8")


def write(folder: Path, text: str, name: str = "own.yaml") -> Path:
    """A pack of the operator's own."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def within(pack, **circumstances) -> dict[str, str]:
    """The limit of each milestone, as the pack writes it."""
    return {milestone: str(target.within) for milestone, target in pack.targets_for(**circumstances).items()}


def mistakes(file: Path) -> str:
    with pytest.raises(RegulationError) as caught:
        load_regulation(file)
    return str(caught.value)


@pytest.mark.parametrize("name", SHIPPED_PACKS)
def test_every_shipped_pack_carries_the_name_of_its_file(name):
    assert load_regulation(SHIPPED / f"{name}.yaml").name == name


@pytest.mark.parametrize("name", SHIPPED_PACKS)
def test_every_number_of_a_shipped_pack_stands_beside_its_clause(name):
    text = yaml.safe_load((SHIPPED / f"{name}.yaml").read_text(encoding="utf-8"))
    rows = [*text["targets"], *text["ladder"], text["consent"], text["survey"], text["retention"]]

    assert all(row["clause"] for row in rows)


@pytest.mark.parametrize(("category", "department"), [
    ("product", "quality"), ("service", "service"), ("other", "general-affairs"),
])  # fmt: skip
def test_s15_4_each_category_goes_to_its_department(packs, category, department):
    assert packs.get("service-quality").department_for(category) == department


def test_s15_2_a_complaint_is_acknowledged_within_24_hours(packs):
    assert within(packs.get("service-quality"))["acknowledgement"] == "24 hours"


@pytest.mark.parametrize(("severity", "limit"), [
    ("general", "5 working days"), ("major", "3 working days"), ("critical", "3 working days"),
])  # fmt: skip
def test_s15_5_a_complaint_is_solved_in_5_working_days_and_a_major_one_in_3(packs, severity, limit):
    assert within(packs.get("service-quality"), severity=severity)["resolution"] == limit


def test_s6_2_the_property_pack_asks_for_time_and_place(packs):
    assert packs.get("property").requires == ("occurred_at", "place")


def test_s6_4_and_s6_6_the_property_pack_replies_in_24_hours_and_answers_in_3_working_days(packs):
    expected = {"acknowledgement": "24 hours", "first-reply": "24 hours", "resolution": "3 working days"}

    assert within(packs.get("property")) == expected


def test_s6_5_danger_has_a_clock_that_never_stops(packs):
    targets = packs.get("property").targets_for(severity="critical")

    assert all(target.within.elapsed is not None for target in targets.values())


def test_s6_5_a_person_trapped_in_the_lift_is_a_danger(packs):
    assert packs.get("property").severity_of("老人被困在电梯里半小时").severity == "critical"


def test_the_demo_pack_promises_an_answer_within_seconds(packs):
    assert packs.get("demo").targets_for()["resolution"].within.elapsed <= timedelta(seconds=3)


def test_the_demo_ladder_climbs_every_rung_within_seconds(packs):
    ladder = packs.get("demo").ladder

    assert [rise.rung for rise in ladder] == ["urge", "written", "raised"]
    assert ladder[-1].after.elapsed <= timedelta(seconds=3)


def test_deadlines_count_from_receipt_in_the_packs_calendar(packs):
    deadlines = packs.get("service-quality").deadlines(RECEIVED, severity="major")

    assert deadlines["resolution"].due_at == datetime.fromisoformat("2026-10-10T18:00:00+08:00")


def test_what_starts_later_has_no_deadline_at_receipt(tmp_path, pack_text):
    text = pack_text.replace("within: 5 working days,", "within: 5 working days, starts: acceptance,")
    pack = load_regulation(write(tmp_path, text))

    assert set(pack.deadlines(RECEIVED)) == {"acknowledgement"}


def test_the_row_with_the_most_conditions_counts(tmp_path, pack_text):
    row = "  - {milestone: resolution, within: 1 working day, clause: S4.5, severity: [major], tier: [important]}\n"
    pack = load_regulation(write(tmp_path, pack_text.replace("targets:\n", "targets:\n" + row)))

    assert within(pack, severity="major", tier="important")["resolution"] == "1 working day"


def test_the_later_row_counts_where_two_have_as_many_conditions(tmp_path, pack_text):
    row = "  - {milestone: resolution, within: 1 working day, clause: S4.5, tier: [important]}\n\nwarnings"
    pack = load_regulation(write(tmp_path, pack_text.replace("\nwarnings", row, 1)))

    assert within(pack, severity="major", tier="important")["resolution"] == "1 working day"


@pytest.mark.parametrize(("circumstances", "limit"), [
    ({"channel": "visit"}, "same day"), ({"channel": "letter", "written": True}, "2 working days"), ({}, "24 hours"),
])  # fmt: skip
def test_channel_and_form_decide_where_the_pack_says_so(tmp_path, pack_text, circumstances, limit):
    rows = (
        "  - {milestone: acknowledgement, within: same day, clause: S2.5, channel: [hotline, visit]}\n"
        "  - {milestone: acknowledgement, within: 2 working days, clause: S2.5, written: true}\n\nwarnings"
    )
    pack = load_regulation(write(tmp_path, pack_text.replace("\nwarnings", rows, 1)))

    assert within(pack, **circumstances)["acknowledgement"] == limit


@pytest.mark.parametrize(("text", "severity"), [
    ("热水壶漏电，孩子触电了", "critical"),
    ("The kettle CAUGHT FIRE", "critical"),
    ("ＧＡＳ ＬＥＡＫ in the kitchen", "critical"),
    ("再不解决我就打12315", "major"),
    ("My lawyer will write to you", "major"),
    ("客服态度差，等了两小时", "general"),
    ("The rude clerk should be fired", "general"),
    ("没有人受伤，但态度很差", "general"),
    ("Nobody was injured, only annoyed", "general"),
    ("没有人受伤？不，我受伤了", "critical"),
    ("", "general"),
])  # fmt: skip
def test_the_words_of_a_complaint_decide_how_severe_it_is(packs, text, severity):
    assert packs.get("service-quality").severity_of(text, "hotline").severity == severity


def test_a_severity_names_the_words_and_the_clause_that_decided(packs):
    grading = packs.get("service-quality").severity_of("插座漏电，母亲触电住院")

    assert set(grading.because) == {"critical: 触电 (S15.5)", "critical: 漏电 (S15.5)", "critical: 住院 (S15.5)"}


def test_what_comes_through_the_media_is_major(packs):
    grading = packs.get("service-quality").severity_of("态度差", "media")

    assert grading == ("major", ("major: channel media (S15.5)",))


def test_a_pack_admits_the_channels_it_lists(packs):
    assert [packs.get("property").admits(channel) for channel in ("front-desk", "media")] == [True, False]


def test_a_pack_for_all_channels_admits_any(packs):
    assert packs.get("service-quality").admits("petition")


def test_every_department_of_every_pack_is_known(packs):
    assert packs.departments() == ("engineering", "general-affairs", "quality", "service")


def test_an_unknown_regulation_is_named_beside_those_that_exist(packs):
    with pytest.raises(UnknownRegulation, match="no regulation alchemy; there is demo, property, service-quality"):
        packs.get("alchemy")


def test_an_unknown_version_is_refused(packs):
    with pytest.raises(UnknownRegulation, match="no regulation property 1999"):
        packs.get("property", "1999")


def test_the_newest_version_counts_where_none_is_asked_for(tmp_path, pack_text):
    for version in ("2", "10", "9.5"):
        write(tmp_path, pack_text.replace('version: "1"', f'version: "{version}"'), f"v{version}.yaml")

    assert load_regulations(tmp_path).get("service-quality").version == "10"


def test_an_older_version_stays_available(tmp_path, pack_text):
    write(tmp_path, pack_text.replace('version: "1"', 'version: "2"'))

    assert load_regulations(tmp_path).get("service-quality", "1").version == "1"


def test_a_version_that_exists_already_is_refused(tmp_path, pack_text):
    write(tmp_path, pack_text)

    with pytest.raises(
        RegulationError, match=r"own\.yaml: version: service-quality 1 is already in service-quality\.y"
    ):
        load_regulations(tmp_path)


def test_a_number_prefix_belongs_to_one_regulation(tmp_path, pack_text):
    write(tmp_path, pack_text.replace("name: service-quality", "name: own"))

    with pytest.raises(RegulationError, match=r"prefix: SQ already belongs to service-quality"):
        load_regulations(tmp_path)


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(RegulationError, match="nowhere: is not a folder"):
        load_regulations(tmp_path / "nowhere")


@pytest.mark.parametrize(("right", "wrong", "mistake"), [
    ("within: 24 hours", "within: 24 hrs", "targets.0.within: '24 hrs' is not a time limit; write \"5 working"),
    ("prefix: SQ", "prefx: SQ", "prefx: is not a key here; did you mean 'prefix'?"),
    ("prefix: SQ", "prefix: sq", "prefix: 'sq' is wrong: String should match pattern '^[A-Z]{1,6}$'"),
    ('version: "1"', "version: 1.0", 'version: is read as float, not as text; write "1.0" in quotes'),
    ("channels: all", "channels: [fax]", "channels: 'fax' is wrong"),
    ("department: quality", "department: qality", "categories.product.department: there is no department 'qality'"),
    ("rung: urge", "rng: urge", "ladder.0.rng: is not a key here; did you mean 'rung'?"),
    ("source: S15\n", "", "source: is missing"),
    ("source: S15\n", "source: S15\nsource: S16\n", "source: stands there twice"),
    ("source: S15\n", "source: S15\ncalendar: mars\n", "calendar: there is no calendar 'mars'; there is cn"),
    ("  en: Handling complaints about service quality\n", "", "title: say it in en too"),
    ("warnings: [0.5, 0.75]", "warnings: [0.75, 0.5]", "warnings: write the warning points in growing order"),
    ("warnings: [0.5, 0.75]", "warnings: [75]", "warnings.0: 75 is wrong: Input should be less than 1"),
    ("rung: urge", "rung: raised", "ladder: a ladder climbs urge, written, raised in this order"),
    (", severity: [major, critical]", "", "targets: row 3 promises resolution again"),
    ("years: 3", "years: 0", "retention.years: 0 is wrong: Input should be greater than or equal to 1"),
    ("title:", "title: [", "is not YAML"),
])  # fmt: skip
def test_a_wrong_pack_names_file_key_and_reason(tmp_path, pack_text, right, wrong, mistake):
    said = mistakes(write(tmp_path, pack_text.replace(right, wrong, 1)))

    assert said.startswith("own.yaml")
    assert mistake in said


@pytest.mark.parametrize(("right", "wrong"), [
    ("prefix: SQ", "prefx: SQ"), ("within: 24 hours", "within: 24 hrs"), ("years: 3", "years: 0"),
    ("department: quality", "department: qality"), ("source: S15\n", "source: 15\n"),
])  # fmt: skip
def test_a_wrong_pack_names_the_line(tmp_path, pack_text, right, wrong):
    text = pack_text.replace(right, wrong, 1)
    line = text[: text.index(wrong)].count("\n") + 1

    assert mistakes(write(tmp_path, text)).startswith(f"own.yaml, line {line}: ")


def test_every_mistake_of_a_pack_is_named_at_once(tmp_path, pack_text):
    text = pack_text.replace("prefix: SQ", "prefix: sq").replace("years: 3", "years: 0")

    assert len(mistakes(write(tmp_path, text)).splitlines()) == 2


def test_a_category_without_a_department_is_named(tmp_path, pack_text):
    text = pack_text.replace("  other:\n    department: general-affairs\n    title: {zh-CN: 其他问题, en: Other}\n", "")

    assert "categories: give other a department too" in mistakes(write(tmp_path, text))


@pytest.mark.parametrize("text", ["", "- a list", "just words"])
def test_a_file_that_is_no_pack_is_refused(tmp_path, text):
    assert mistakes(write(tmp_path, text)).startswith("own.yaml, line 1: the pack:")


def test_a_file_in_another_encoding_is_refused(tmp_path):
    file = tmp_path / "own.yaml"
    file.write_bytes("name: 投诉".encode("gb18030"))

    assert mistakes(file).startswith("own.yaml: cannot be read")


def test_a_loaded_pack_cannot_be_changed(packs):
    with pytest.raises(ValueError, match="frozen"):
        packs.get("demo").prefix = "XX"
