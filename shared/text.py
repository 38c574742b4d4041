"""How texts are compared: one spelling for what only looks different."""

import re
import unicodedata

_PLAIN = re.compile(r"[\x00-\x7f\u3400-\u9fff。、！，：；？（）《》“”…—]*")


def folded(text: str) -> str:
    """Text without regard to width and case: compatibility forms folded (Unicode UAX 15, NFKC), then case.

    Ordinary Chinese and English has nothing to fold but case, and is spared the slow part; its punctuation stays as it is.
    """
    return (text if _PLAIN.fullmatch(text) else unicodedata.normalize("NFKC", text)).casefold()
