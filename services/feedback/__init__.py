"""Feedback (反馈): sees to it that the complainant is told, is asked, and has the last word.

It owns the `Conversation`: receipt, progress, answer, consent, dispute, survey. It hears what intake and routing have
to tell the complainant; it says what reached them, whether they agree, how they judge us, and when all is closed.
"""
