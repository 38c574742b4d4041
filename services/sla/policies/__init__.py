"""Policies that change while clocks run: calendars that are entered, regulations that complaints move to.

Either way the `effect` on open clocks is shown before it counts. `recount` carries a new edition of a calendar to all;
a move to another version of a regulation is carried out by intake, and each clock hears of it.
"""
