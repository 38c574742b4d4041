"""Intake (受理): takes complaints in from every channel and never loses one.

It owns the `Complaint`: number, receipt, admissibility, supplements, withdrawal, and what the complainant sees when
tracking. It says `complaint.registered` and what follows from the complainant and the intake officer; it hears from the
others how far the matter has got.
"""
