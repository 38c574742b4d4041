"""SLA (时限, 督办): knows what is due when, warns before, says when it was missed, climbs until someone acts.

It owns the `Clock`, one per complaint: its targets by the regulation pack, its pauses, warnings and breaches, and the
notices of supervision with who was told and who saw them. It hears of everything that starts, stops, pauses or moves a
deadline; it says `sla.*`.
"""
