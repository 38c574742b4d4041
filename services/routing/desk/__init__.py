"""The desk of whoever works off a list (值班): who is on duty, whose turn it is, and claiming the next case.

The `roster` knows who is on duty and who has how much in hand, `claims` sees to it that all who ask at once get another
case each.
"""
