"""Casework (办理): what a department does with its case, held against what the regulation demands before the answer.

`department` carries out its commands, the same by HTTP and over the bus; `answer` says what an answer lacks and who has
to approve it, and `wording` whether it says what it has to.
"""
