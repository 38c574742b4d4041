"""What the complainant reads, in both languages."""

from services.intake.model import Complaint, Entry, What
from shared.contracts.values import Language, Milestone, Status
from shared.regulations import Regulation

STATUS: dict[Status, dict[Language, str]] = {
    "registered": {"zh-CN": "已登记", "en": "Registered"},
    "accepted": {"zh-CN": "已受理", "en": "Accepted"},
    "assigned": {"zh-CN": "已分派", "en": "With the department"},
    "in-progress": {"zh-CN": "办理中", "en": "Being handled"},
    "answered": {"zh-CN": "已答复", "en": "Answered"},
    "closed": {"zh-CN": "已办结", "en": "Closed"},
    "archived": {"zh-CN": "已归档", "en": "Archived"},
    "declined": {"zh-CN": "不予受理", "en": "Declined"},
    "withdrawn": {"zh-CN": "已撤回", "en": "Withdrawn"},
    "reopened": {"zh-CN": "重新办理", "en": "Reopened"},
}

NEXT: dict[Status, dict[Language, str]] = {
    "registered": {
        "zh-CN": "我们正在审核是否受理并确定责任部门。",
        "en": "We decide whether we can take this on and find the right department.",
    },
    "accepted": {"zh-CN": "我们正在确定责任部门。", "en": "We are finding the right department."},
    "assigned": {"zh-CN": "责任部门将指派承办人。", "en": "The department will name a handler."},
    "in-progress": {
        "zh-CN": "承办人正在调查核实，将按承诺时限答复您。",
        "en": "The handler is looking into it and will answer by the promised time.",
    },
    "answered": {"zh-CN": "请您告诉我们是否同意处理结果。", "en": "Please tell us whether you agree with the answer."},
    "closed": {
        "zh-CN": "请您评价本次处理。卷宗将归档保存。",
        "en": "Please tell us how we did. The file is being archived.",
    },
    "archived": {"zh-CN": "本投诉已办结归档。", "en": "The matter is closed and archived."},
    "declined": {"zh-CN": "本投诉不予受理，理由见上。", "en": "We cannot take this on; the reason is given above."},
    "withdrawn": {"zh-CN": "您已撤回本投诉。", "en": "You have withdrawn this complaint."},
    "reopened": {"zh-CN": "上一级将重新办理。", "en": "The next level looks at it again."},
}  # fmt: skip

WHAT: dict[What, dict[Language, str]] = {
    "registered": {"zh-CN": "投诉已登记", "en": "Complaint registered"},
    "accepted": {"zh-CN": "投诉已受理", "en": "Complaint accepted"},
    "declined": {"zh-CN": "不予受理：{note}", "en": "Declined: {note}"},
    "supplemented": {"zh-CN": "已补充材料", "en": "Something was added"},
    "withdrawn": {"zh-CN": "投诉已撤回", "en": "Complaint withdrawn"},
    "assigned": {"zh-CN": "已分派至责任部门（{note}）", "en": "Given to the department ({note})"},
    "in-progress": {"zh-CN": "承办人已签收", "en": "A handler has taken it on"},
    "progress": {"zh-CN": "办理进展：{note}", "en": "Progress: {note}"},
    "waiting": {"zh-CN": "等待（{note}）", "en": "Waiting for {note}"},
    "resumed": {"zh-CN": "继续办理", "en": "Work goes on"},
    "answered": {"zh-CN": "已答复", "en": "Answered"},
    "reopened": {"zh-CN": "重新办理", "en": "Reopened"},
    "closed": {"zh-CN": "已办结", "en": "Closed"},
    "archived": {"zh-CN": "卷宗已归档", "en": "File archived"},
    "promise-dropped": {"zh-CN": "承诺事项不再适用（{note}）", "en": "No longer promised ({note})"},
    "promise-moved": {"zh-CN": "承诺时限已调整（{note}）", "en": "Promised time moved ({note})"},
}

MILESTONES: dict[Milestone, dict[Language, str]] = {
    "acknowledgement": {"zh-CN": "回执", "en": "Acknowledgement"},
    "decision": {"zh-CN": "受理决定", "en": "Decision on admissibility"},
    "first-reply": {"zh-CN": "首次答复", "en": "First reply"},
    "investigation": {"zh-CN": "调查核实", "en": "Investigation"},
    "resolution": {"zh-CN": "处理结果", "en": "Resolution"},
    "measures": {"zh-CN": "措施落实", "en": "Measures carried out"},
    "survey": {"zh-CN": "满意度调查", "en": "Survey"},
    "filing": {"zh-CN": "归档", "en": "Filing"},
}


def told(entry: Entry, regulation: Regulation, language: Language) -> str:
    """One line of the timeline in words, departments and milestones called by their titles."""
    return WHAT[entry.what][language].format(note=_note(entry, regulation, language))


def next_step(complaint: Complaint, language: Language) -> str:
    """What comes next, in words."""
    return NEXT[complaint.status][language]


def _note(entry: Entry, regulation: Regulation, language: Language) -> str:
    match entry.what:
        case "assigned" if entry.note in regulation.departments:
            return regulation.departments[entry.note].title[language]
        case "promise-moved" | "promise-dropped":
            return MILESTONES[entry.note][language]  # type: ignore[index]  # what such a line notes is a milestone
    return entry.note
