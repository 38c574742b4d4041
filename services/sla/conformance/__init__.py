"""What became of a month's promises: the `verdicts`, the `figures` on time, the `report` by clauses.

Nothing that is done afterwards makes a verdict better.
"""
