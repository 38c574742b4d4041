"""Learning to classify from what people have decided: confirmed, corrected and transferred cases.

A case owes its `lesson`; the `School` gives what is owed to the `Learner`, whose `Experience` takes over from the
present one only when it did better on a `Trial` of the company's own later cases.
"""
