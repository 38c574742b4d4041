"""What holds under every regulation that ships."""

from typing import get_args

import pytest

from services.sla.conformance.report import Ledger
from shared.contracts.values import Severity
from tests.scenarios.given import PACKS, alerted, limit, pack
from tests.shape.source import ROOT

FORM = (ROOT / "services/intake/pages/form.html").read_text(encoding="utf-8")
NAMES = [regulation.name for regulation in PACKS]
IN_EARNEST = [name for name in NAMES if name != "demo"]


def test_there_are_ten_regulations_and_a_demonstration():
    assert NAMES == [
        "corporate", "customer-service", "demo", "group", "medicine", "medicine-gmp", "nursing", "property",
        "residents", "service-quality", "vehicle-repair",
    ]  # fmt: skip


@pytest.mark.parametrize("name", IN_EARNEST)
def test_every_regulation_says_how_long_a_record_is_kept_and_by_which_clause(name):
    assert pack(name).retention.clause.startswith(("S1.5", "S19.4", "S20.7"))


@pytest.mark.parametrize("name", IN_EARNEST)
def test_every_regulation_says_when_the_dossier_is_filed(name):
    assert pack(name).targets_for()["filing"].starts == "closing"


@pytest.mark.parametrize("name", IN_EARNEST)
def test_every_regulation_promises_an_acknowledgement_and_an_answer(name):
    assert {"acknowledgement", "resolution"} <= set(pack(name).targets_for())


@pytest.mark.parametrize("name", NAMES)
def test_every_regulation_has_words_of_its_own_for_the_least_and_the_gravest(name):
    assert {"general", "critical"} <= set(pack(name).severities)


@pytest.mark.parametrize("name", IN_EARNEST)
def test_somebody_is_told_at_once_of_the_gravest_whatever_the_regulation(name):
    assert alerted(name, "critical")


@pytest.mark.parametrize("name", NAMES)
def test_supervision_has_three_rungs_whatever_the_severity(name):
    rungs = {severity: [rise.rung for rise in pack(name).ladder_for(severity)] for severity in get_args(Severity)}

    assert set(map(tuple, rungs.values())) == {("urge", "written", "raised")}


@pytest.mark.parametrize("name", [name for name in NAMES if pack(name).admits("web")])
def test_whatever_a_regulation_asks_for_can_be_said_in_the_web_form(name):
    assert [field for field in pack(name).requires if f'(say, "{field}"' not in FORM] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_clause_that_promises_anything_is_answered_for_in_the_conformance_report(name):
    reported = Ledger(pack(name)).report("en").clauses

    assert {clause.clause for clause in reported} == {target.clause for target in pack(name).targets}


@pytest.mark.parametrize("name", NAMES)
def test_no_clock_stands_still_without_end(name):
    assert pack(name).pauses


@pytest.mark.parametrize("name", IN_EARNEST)
@pytest.mark.parametrize("severity", ["major", "critical"])
def test_what_is_graver_is_never_promised_without_a_clause(name, severity):
    assert "(S" in limit(name, "resolution", severity=severity)
