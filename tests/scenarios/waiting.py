"""The clauses that wait for a capability still to come, each with what it waits for."""

DOSSIER = "archive: the chain of hashes over a stored dossier"
DESTRUCTION = "archive: destruction on expiry, with record and second approver"
REVIEW = "archive: supervision of the archive itself"
REPORTS = "archive: statistics and the monthly report"
PEOPLE = "archive: figures per department and person"
IMPROVEMENTS = "feedback: improvements carried out, verified and reopened"
RETURN_VISITS = "feedback: a plan of return visits after closing"
CORRECTION = "intake: personal data corrected at the complainant's wish"
EVIDENCE = "intake: evidence uploaded and kept safe"

WAITING: dict[str, str] = {
    "S1.3": DOSSIER,
    "S1.5": DESTRUCTION,
    "S1.7": REVIEW,
    "S2.8": IMPROVEMENTS,
    "S2.10": REPORTS,
    "S3.9": PEOPLE,
    "S4.6": RETURN_VISITS,
    "S4.7": RETURN_VISITS,
    "S4.8": CORRECTION,
    "S5.2": REPORTS,
    "S5.6": RETURN_VISITS,
    "S9.4": RETURN_VISITS,
    "S9.5": REPORTS,
    "S10.5": REPORTS,
    "S11.4": REPORTS,
    "S11.5": PEOPLE,
    "S12.5": REPORTS,
    "S14.5": PEOPLE,
    "S15.8": IMPROVEMENTS,
    "S16.3": EVIDENCE,
    "S16.7": CORRECTION,
    "S18.4": REPORTS,
}
