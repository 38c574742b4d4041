"""A wrong pack says what is wrong, where, and what would be right."""

from pathlib import Path

import pytest

from shared.regulations import RegulationError, load_regulation
from shared.regulations.loader import SHIPPED


@pytest.fixture
def pack_text():
    return (SHIPPED / "service-quality.yaml").read_text(encoding="utf-8")


def write(folder: Path, text: str) -> Path:
    """A pack of the operator's own."""
    file = folder / "own.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def mistakes(file: Path) -> str:
    with pytest.raises(RegulationError) as caught:
        load_regulation(file)
    return str(caught.value)


@pytest.mark.parametrize(("right", "wrong", "mistake"), [
    ("within: 24 hours", "within: 24 hrs", "targets.0.within: '24 hrs' is not a time limit; write \"5 working"),
    ("prefix: SQ", "prefx: SQ", "prefx: is not a key here; did you mean 'prefix'?"),
    ("prefix: SQ", "prefix: sq", "prefix: 'sq' is wrong: String should match pattern '^[A-Z]{1,6}$'"),
    ('version: "1"', "version: 1.0", 'version: is read as float, not as text; write "1.0" in quotes'),
    ("channels: all", "channels: [fax]", "channels: 'fax' is wrong"),
    ("    department: quality", "    department: qality", "product.department: there is no department 'qality'"),
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
    ("years: 3", "years: 3, after_expiry: 0", "retention.after_expiry: 0 is wrong: Input should be greater than or"),
    ("within: 5 working days, clause: S15.5", "within: 5 working days, clause: S15.5, starts: closing",
     "targets.1.starts: resolution is done before the closing; what counts from it is measures, survey, filing"),
    ("within: 5 working days, clause: S15.5", "within: 5 working days, clause: S15.5, starts: acceptance",
     "targets.1: nobody decides on acceptance here; give the pack its admissibility"),
    ("milestone: acknowledgement", "milestone: decision", "targets.0: nobody decides on acceptance here"),
    ("after: 1 hour", "after: 0 hours", "ladder.0: no time at all is no interval: write how soon"),
    ("after: 1 hour", "after: 1 hour, again: soon", "ladder.0.again: 'soon' is not a time limit"),
    ("within: 30 minutes", "within: 1 working day", "holds day and night: write minutes or hours"),
    ("within: 30 minutes", "within: same day", "alerts.0.within"),
    ("role: supervisor, within", "role: boss, within", "alerts.0.role: 'boss' is wrong"),
    ("severity: [major, critical], role", "severity: [general], role", "alerts.0.severity.0: 'general' is wrong"),
    ("role: handler, clause", "severity: [], role: handler, clause", "ladder.0.severity"),
    ("source: S15\n", 'source: S15\nbuilds_on: ""\n', "builds_on: '' is wrong: String should have at least 1"),
    ("most: 10 working days", "most: 10 days", "pauses.most: '10 days' is not a time limit"),
    ("    title: {zh-CN: 一般投诉, en: General complaint}\n",
     "    title: {zh-CN: 一般投诉, en: General complaint}\n    words: {en: [slow]}\n",
     "severities: general is what meets no criterion: give it a title and a clause only"),
    ("    title: {zh-CN: 一般投诉, en: General complaint}\n",
     "    title: {zh-CN: 一般投诉, en: General complaint}\n    tiers: [important]\n",
     "severities: general is what meets no criterion"),
    ("    amount: 50000\n", "    amount: a lot\n",
     "severities.major.amount: 'a lot' is wrong"),
    ("    amount: 50000\n", "    amount: -5\n",
     "severities.major.amount: -5 is wrong: Input should be greater than or equal to 1"),
    ("    channels: [media, petition]\n", "    channels: [media, petition]\n    similar: 1\n",
     "severities.major.similar: 1 is wrong: Input should be greater than or equal to 2"),
    ("    channels: [media, petition]\n", "    channels: [media, petition]\n    tiers: [gold]\n",
     "severities.major.tiers.0: 'gold' is wrong"),
    ("    channels: [media, petition]\n", "    channels: [media, petition]\n    ammount: 5\n",
     "severities.major.ammount: is not a key here; did you mean 'amount'?"),
    ("source: S15\n", "source: S15\nmass: {count: 1}\n", "mass.count: 1 is wrong: Input should be greater than or"),
    ("source: S15\n", "source: S15\nmass: {likeness: 3}\n", "mass.likeness: 3 is wrong: Input should be less than 1"),
    ("source: S15\n", "source: S15\nmass: {weeks: 2}\n", "mass.weeks: is not a key here"),
    ("role: handler, clause: S15.5}", "role: handler, clause: S15.5}\n"
     "  - {rung: urge, after: 5 minutes, role: handler, clause: S6.5, severity: [critical]}\n"
     "  - {rung: urge, after: 1 minute, role: handler, clause: S6.5, severity: [major, critical]}",
     "ladder: a ladder climbs urge, written, raised in this order, each rung once for a severity"),
    ("title:", "title: [", "is not YAML"),
    ("title:", "loop: &loop [*loop]\ntitle:", "is nested without end"),
    ("title:", f"deep: {'[' * 5000}{']' * 5000}\ntitle:", "is nested without end"),
])  # fmt: skip
def test_a_wrong_pack_names_file_key_and_reason(tmp_path, pack_text, right, wrong, mistake):
    said = mistakes(write(tmp_path, pack_text.replace(right, wrong, 1)))

    assert said.startswith("own.yaml")
    assert mistake in said


@pytest.mark.parametrize(("right", "wrong"), [
    ("prefix: SQ", "prefx: SQ"), ("within: 24 hours", "within: 24 hrs"), ("years: 3", "years: 0"),
    ("    department: quality", "    department: qality"), ("source: S15\n", "source: 15\n"),
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
