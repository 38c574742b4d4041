"""The worklist (待办): cases most urgent first, as lines and as counts, as saved views, and as it changes.

`store` asks the cases and has the indexes, `lines` shows them masked, `views` keeps what somebody narrows the list to,
`live` follows the changes, and a `feed` tells them to one who watches.
"""
