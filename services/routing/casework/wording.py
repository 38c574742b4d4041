"""Whether an answer has in it what its regulation wants said: an apology, next steps, times, every matter, plain words.

It is told by words, so that whoever is refused knows why; whoever has said it in others can say that they have checked.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from shared.regulations.casework import AnswerPart, Wording
from shared.text import folded, names

APOLOGY = ("抱歉", "道歉", "致歉", "歉意", "对不起", "过意不去", "请您谅解", "请您原谅",
           "sorry", "apologise", "apologize", "apologies", "apology", "regret")  # fmt: skip
NEXT_STEPS = ("将", "会在", "下一步", "后续", "接下来", "安排", "已安排", "正在", "随后", "届时",
              "will", "next", "from now on", "going to", "are arranging", "have arranged", "follow up")  # fmt: skip

_TIME = re.compile(
    r"\d\s*(?:分钟|个?小时|天|个?工作日|日|周|个?星期|个?月|年|时|点|:\d\d)"
    r"|\d\s*(?:minutes?|hours?|(?:working )?days?|weeks?|months?)"
    r"|[一二两三四五六七八九十]+(?:分钟|个?小时|天|个?工作日|日内|周|个?星期|个?月)"
    r"|今[天日]|明[天日]|当[天日]|次日|本周|下周|本月|下月|年底|立即|即刻|周[一二三四五六日]|星期[一二三四五六日]"
    r"|today|tomorrow|(?:this|next) (?:week|month)|at once|immediately"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
)
"""A moment or a stretch of time, in Chinese and English."""

SAYS: Mapping[AnswerPart, str] = {
    "apology": "the answer does not apologise",
    "next-steps": "the answer does not say what happens next",
    "time": "the answer does not say when",
}

Matters = Callable[[str], Collection[str]]
"""What a text is about, by the finer classes that complaints are tagged with."""


def lacking(answer: str, rules: Sequence[Wording], tags: Sequence[str], matters: Matters) -> Iterator[str]:
    """What an answer lacks of what these rules want, each with its clause."""
    for rule in rules:
        yield from (f"{what} ({rule.clause})" for what in _lacking(answer, rule, tags, matters))


def _lacking(answer: str, rule: Wording, tags: Sequence[str], matters: Matters) -> list[str]:
    own = [word for words in rule.words.values() for word in words]
    if rule.part == "plain-words":
        return [f"the answer says {word}, which not everybody understands" for word in own if names(answer, word)]
    if rule.part == "matters":
        return _unanswered(answer, tags, matters) if len(tags) > 1 else []
    return [] if _is_there(answer, rule.part, own) else [SAYS[rule.part]]


def _is_there(answer: str, part: AnswerPart, own: Sequence[str]) -> bool:
    if part == "time":
        return _TIME.search(folded(answer)) is not None or names(answer, *own)
    return names(answer, *(APOLOGY if part == "apology" else NEXT_STEPS), *own)


def _unanswered(answer: str, tags: Sequence[str], matters: Matters) -> list[str]:
    """Of several matters in one letter, those that the answer does not come to."""
    answered = matters(answer)
    return [f"the answer does not come to {tag}" for tag in tags if tag not in answered]
