"""What a digest says, in both languages."""

from collections.abc import Mapping

from shared.contracts.sla import NoticeKind
from shared.contracts.values import Language
from shared.regulations.words import RUNGS

Words = Mapping[Language, str]

KINDS: Mapping[NoticeKind, Words] = {
    "alert": {"zh-CN": "立即上报", "en": "told at once"},
    "urge": RUNGS["urge"],
    "written": RUNGS["written"],
    "raised": RUNGS["raised"],
}

SUBJECT: Words = {"zh-CN": "【督办】{count} 项待办", "en": "Supervision: {count} waiting for you"}

HEAD: Words = {
    "zh-CN": "{role}：\n\n以下投诉需要您处理，最紧急的在前。打开链接并确认已阅后，不再重复提醒。",
    "en": "To the {role}:\n\nThese complaints need you, the most urgent first. Once you confirm that you have seen a "
    "notice, it is not given again.",
}

LINE: Words = {
    "zh-CN": "{nth}. {number}　{kind}　{severity}{about}{times}\n   {link}",
    "en": "{nth}. {number}: {kind}, {severity}{about}{times}\n   {link}",
}

DUE: Words = {"zh-CN": "　{milestone}应于 {due} 前完成", "en": ", {milestone} was due {due}"}

UNTIL: Words = {"zh-CN": "　请于 {until} 前阅", "en": ", to be seen by {until}"}

TIMES: Words = {"zh-CN": "　第 {times} 次", "en": ", for the {times}. time"}

MORE: Words = {"zh-CN": "另有 {count} 项：{link}", "en": "And {count} more: {link}"}

MOMENT = "%Y-%m-%d %H:%M"
