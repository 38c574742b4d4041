"""A regulation pack says what a regulation says."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shared.regulations import RegulationError, UnknownRegulation, load_regulation, load_regulations
from shared.regulations.loader import SHIPPED
from shared.regulations.parts import (
    Admissibility,
    Alert,
    Consent,
    Pauses,
    Retention,
    Rise,
    SeverityRule,
    Survey,
    Target,
)

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


@pytest.mark.parametrize("name", SHIPPED_PACKS)
def test_every_shipped_pack_carries_the_name_of_its_file(name):
    assert load_regulation(SHIPPED / f"{name}.yaml").name == name


@pytest.mark.parametrize("part", [Admissibility, Alert, Consent, Pauses, Retention, Rise, SeverityRule, Survey, Target])
def test_what_a_pack_promises_or_asks_for_needs_a_clause(part):
    assert part.model_fields["clause"].is_required()


def test_the_demo_pack_promises_an_answer_within_seconds(packs):
    assert packs.get("demo").targets_for()["resolution"].within.elapsed <= timedelta(seconds=3)


def test_the_demo_ladder_climbs_every_rung_within_seconds(packs):
    ladder = packs.get("demo").ladder

    assert [rise.rung for rise in ladder] == ["urge", "written", "raised"]
    assert ladder[-1].after.elapsed <= timedelta(seconds=3)


def test_deadlines_count_from_receipt_in_the_packs_calendar(packs):
    deadlines = packs.get("service-quality").deadlines(RECEIVED, severity="major")

    assert deadlines["resolution"].due_at == datetime.fromisoformat("2026-10-10T18:00:00+08:00")


def test_what_starts_later_has_no_deadline_at_receipt(packs):
    assert set(packs.get("vehicle-repair").deadlines(RECEIVED)) == {"acknowledgement", "decision"}


def test_the_row_with_the_most_conditions_counts(tmp_path, pack_text):
    row = "  - {milestone: resolution, within: 1 working day, clause: S4.5, severity: [major], tier: [important]}\n"
    pack = load_regulation(write(tmp_path, pack_text.replace("targets:\n", "targets:\n" + row)))

    assert within(pack, severity="major", tier="important")["resolution"] == "1 working day"


def test_the_later_row_counts_where_two_have_as_many_conditions(tmp_path, pack_text):
    row = "  - {milestone: resolution, within: 1 working day, clause: S4.5, tier: [important]}\n\nwarnings"
    pack = load_regulation(write(tmp_path, pack_text.replace("\nwarnings", row, 1)))

    assert within(pack, severity="major", tier="important")["resolution"] == "1 working day"


@pytest.mark.parametrize(("severity", "climbed"), [
    ("general", ["urge after 1 hour", "raised after 2 working days"]),
    ("critical", ["urge after 5 minutes", "written after 1 hour", "raised after 2 working days"]),
])  # fmt: skip
def test_a_rung_of_a_severitys_own_counts_before_the_one_for_all(tmp_path, pack_text, severity, climbed):
    rows = (
        "  - {rung: urge, after: 5 minutes, role: handler, clause: S6.5, severity: [critical]}\n"
        "  - {rung: written, after: 1 hour, role: supervisor, clause: S6.5, severity: [critical]}\n"
    )
    text = re.sub(r"  - {rung: written, .*\n", rows, pack_text)
    pack = load_regulation(write(tmp_path, text))

    assert [f"{rise.rung} after {rise.after}" for rise in pack.ladder_for(severity)] == climbed


@pytest.mark.parametrize(("severity", "interval"), [("general", "1 working day"), ("critical", "1 hour")])
def test_the_top_rung_is_climbed_again_at_its_interval_or_after_as_long_as_it_took(packs, severity, interval):
    assert str(packs.get("property").ladder_for(severity)[-1].interval) == interval


@pytest.mark.parametrize(("severity", "told"), [
    ("general", []), ("major", []), ("critical", ["supervisor", "manager"]),
])  # fmt: skip
def test_only_those_named_for_a_severity_are_told_at_once(packs, severity, told):
    assert [alert.role for alert in packs.get("property").alerts_for(severity)] == told


def test_a_complaint_that_meets_no_criterion_is_general_whatever_the_pack_calls_that(packs):
    assert packs.get("medicine-gmp").severity_of("药盒压扁了").severity == "general"


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
    assert packs.departments() == (
        "complaints-office", "engineering", "general-affairs", "operations", "quality", "real-estate", "scenic-area",
        "service",
    )  # fmt: skip


def test_an_unknown_regulation_is_named_beside_those_that_exist(packs):
    with pytest.raises(UnknownRegulation, match="no regulation alchemy; there is corporate, customer-service, demo"):
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

    with pytest.raises(RegulationError, match=r"own\.yaml, line 3: version: service-quality 1 is already in service-"):
        load_regulations(tmp_path)


def test_a_number_prefix_belongs_to_one_regulation(tmp_path, pack_text):
    write(tmp_path, pack_text.replace("name: service-quality", "name: own"))

    with pytest.raises(RegulationError, match=r"own\.yaml, line 8: prefix: SQ already belongs to service-quality"):
        load_regulations(tmp_path)


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(RegulationError, match="nowhere: is not a folder"):
        load_regulations(tmp_path / "nowhere")


def test_a_loaded_pack_cannot_be_changed(packs):
    with pytest.raises(ValueError, match="frozen"):
        packs.get("demo").prefix = "XX"
