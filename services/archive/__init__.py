"""Archive (归档): keeps what happened to every complaint, and finds it again.

It owns the `Record`: the timeline of everything the others said, the catalogue entry, the search index, the day until
which the law wants it kept. It hears every event but its own; it says `record.archived`.
"""
