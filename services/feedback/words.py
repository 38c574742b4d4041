"""What the complainant reads, in both languages: the letters and the survey."""

from services.feedback.model import Kind
from shared.contracts.values import Language, Milestone, Outcome

SUBJECTS: dict[Kind, dict[Language, str]] = {
    "receipt": {"zh-CN": "【{number}】投诉回执", "en": "[{number}] We have your complaint"},
    "progress": {"zh-CN": "【{number}】办理进展", "en": "[{number}] Progress on your complaint"},
    "answer": {"zh-CN": "【{number}】投诉处理结果", "en": "[{number}] The answer to your complaint"},
    "declined": {"zh-CN": "【{number}】投诉不予受理告知书", "en": "[{number}] We cannot take your complaint on"},
    "withdrawn": {"zh-CN": "【{number}】投诉撤回确认", "en": "[{number}] Your complaint is withdrawn"},
    "closing": {"zh-CN": "【{number}】投诉办结及满意度调查", "en": "[{number}] Closed: how did we do?"},
    "reminder": {"zh-CN": "【{number}】满意度调查提醒", "en": "[{number}] A reminder: how did we do?"},
}

GREETING: dict[Language, str] = {"zh-CN": "{name}：您好！", "en": "Dear {name},"}
NAMELESS: dict[Language, str] = {"zh-CN": "尊敬的客户", "en": "customer"}
CLOSE: dict[Language, str] = {"zh-CN": "此致\n{office}", "en": "Yours sincerely,\n{office}"}
OFFICE: dict[Language, str] = {"zh-CN": "投诉受理中心", "en": "The complaints office"}

BODIES: dict[Kind, dict[Language, str]] = {
    "receipt": {
        "zh-CN": (
            "您的投诉{subject}已于 {received} 登记，编号 {number}。给您带来的不便，我们深表歉意。\n\n"
            "我们的承诺：\n{promises}\n\n接下来的步骤：\n{process}\n\n您可随时查询办理情况：\n{link}\n\n"
            "请妥善保存以上链接，凭此链接即可查看您的投诉。"
        ),
        "en": (
            "your complaint{subject} was registered on {received} under the number {number}. We are sorry for the "
            "trouble you have had.\n\nWhat we promise:\n{promises}\n\nWhat happens next:\n{process}\n\n"
            "How far it has got you can see at any time:\n{link}\n\n"
            "Please keep this link to yourself; whoever has it can see your complaint."
        ),
    },
    "progress": {
        "zh-CN": "您的投诉 {number} 有了新进展：\n\n{step}\n{note}\n\n办理情况可在此查询：\n{link}",
        "en": "there is progress on your complaint {number}:\n\n{step}\n{note}\n\nYou can follow it here:\n{link}",
    },
    "answer": {
        "zh-CN": (
            "您的投诉 {number} 已有处理结果（第 {round} 次答复）。\n\n结论：{outcome}\n\n{answer}\n\n"
            "请告诉我们您是否同意：\n{link}\n\n如您不同意，请在该页面说明理由，{disagree}"
            "如至 {until} 未收到您的意见，视为您同意本处理结果。\n\n{remedies}"
        ),
        "en": (
            "there is an answer to your complaint {number} (round {round}).\n\nOutcome: {outcome}\n\n{answer}\n\n"
            "Please tell us whether you agree:\n{link}\n\nIf you do not, say why on that page{disagree} If we have not "
            "heard from you by {until}, we take it that you agree.\n\n{remedies}"
        ),
    },
    "declined": {
        "zh-CN": "您的投诉{subject}（编号 {number}）经审核不予受理。\n\n理由：{reason}\n\n{remedies}",
        "en": (
            "we have looked at your complaint{subject} (number {number}) and cannot take it on.\n\n"
            "The reason: {reason}\n\n{remedies}"
        ),
    },
    "withdrawn": {
        "zh-CN": "根据您的意愿，投诉 {number} 已撤回并办结。如问题仍未解决，欢迎您随时重新联系我们。",
        "en": (
            "as you wished, your complaint {number} is withdrawn and closed. Should the trouble persist, do write to "
            "us again."
        ),
    },
    "closing": {
        "zh-CN": (
            "您的投诉 {number} 已办结。{why}\n\n请于 {until} 前评价本次处理，约需一分钟：\n{link}\n\n"
            "您的评价不会转给承办人。"
        ),
        "en": (
            "your complaint {number} is closed. {why}\n\nPlease tell us by {until} how we did; it takes a minute:\n"
            "{link}\n\nWhat you say is not passed on to whoever handled the matter."
        ),
    },
    "reminder": {
        "zh-CN": "您的投诉 {number} 已办结，我们仍期待您的评价。调查将于 {until} 截止：\n{link}",
        "en": (
            "your complaint {number} is closed, and we should still like to know how we did. The survey ends on "
            "{until}:\n{link}"
        ),
    },
}

DISAGREE: dict[bool, dict[Language, str]] = {
    False: {
        "zh-CN": "我们将提请上一级重新办理。",
        "en": ", and the next level will look at it again.",
    },
    True: {
        "zh-CN": "我们将如实记录；本处理结果为我们的最终答复。",
        "en": "; it goes on record. This is the last answer that we can give.",
    },
}
"""What becomes of a dispute, by whether the answer is the last."""

REMEDIES: dict[Language, str] = {
    "zh-CN": "您也可以向消费者协会或市场监督管理部门（12315）反映，或依法申请仲裁、提起诉讼。",
    "en": (
        "You may also turn to the consumers' association, to the market regulator (12315), to arbitration or to "
        "the courts."
    ),
}
"""What else is open to a complainant where the regulation has no words of its own."""

WHY_CLOSED: dict[str, dict[Language, str]] = {
    "agree": {"zh-CN": "感谢您认可处理结果。", "en": "Thank you for agreeing to the answer."},
    "dispute": {"zh-CN": "您的不同意见已记录在案。{remedies}", "en": "Your objection is on record. {remedies}"},
    "silence": {
        "zh-CN": "在告知的期限内我们未收到您的异议。",
        "en": "We have not heard an objection within the time we told you.",
    },
}

OUTCOMES: dict[Outcome, dict[Language, str]] = {
    "upheld": {"zh-CN": "投诉成立", "en": "your complaint is justified"},
    "partly-upheld": {"zh-CN": "投诉部分成立", "en": "your complaint is justified in part"},
    "not-upheld": {"zh-CN": "投诉不成立", "en": "your complaint is not justified"},
    "referred": {"zh-CN": "属其他单位职责，已转送", "en": "another organisation is responsible; it has been passed on"},
    "explained": {"zh-CN": "已作解释说明", "en": "explained"},
    "withdrawn": {"zh-CN": "已撤回", "en": "withdrawn"},
    "declined": {"zh-CN": "不予受理", "en": "declined"},
}

MILESTONES: dict[Milestone, dict[Language, str]] = {
    "acknowledgement": {"zh-CN": "送达回执", "en": "acknowledgement"},
    "decision": {"zh-CN": "作出受理决定", "en": "decision whether we take it on"},
    "first-reply": {"zh-CN": "首次答复", "en": "first reply"},
    "investigation": {"zh-CN": "完成调查核实", "en": "investigation finished"},
    "resolution": {"zh-CN": "告知处理结果", "en": "outcome"},
    "measures": {"zh-CN": "落实措施", "en": "measures carried out"},
    "survey": {"zh-CN": "满意度调查", "en": "survey"},
    "filing": {"zh-CN": "归档", "en": "filing"},
}

PROMISED: dict[Language, str] = {
    "zh-CN": "按与您的约定，我们将不迟于 {until} 答复您。",
    "en": "As agreed with you, you will have our reply by {until}.",
}
PROMISE: dict[Language, str] = {
    "zh-CN": "- {what}：不迟于 {until}\n  （{how}）",
    "en": "- {what}: by {until}\n  ({how})",
}
ABOUT: dict[Language, str] = {"zh-CN": "“{subject}”", "en": " “{subject}”"}
MOMENT = "%Y-%m-%d %H:%M"

QUESTIONS: dict[str, dict[Language, str]] = {
    "csat": {
        "zh-CN": "您对本次投诉的处理满意吗？（1 非常不满意，5 非常满意）",
        "en": "How satisfied are you with how we handled it? (1 not at all, 5 very)",
    },
    "nps": {
        "zh-CN": "您有多大可能向朋友推荐我们？（0 绝不会，10 一定会）",
        "en": "How likely are you to recommend us to a friend? (0 never, 10 surely)",
    },
    "ces": {
        "zh-CN": "让问题得到解决，您费力吗？（1 非常费力，7 毫不费力）",
        "en": "How easy was it to get the matter settled? (1 very hard, 7 very easy)",
    },
    "comment": {"zh-CN": "还有什么想告诉我们的？", "en": "Is there anything else you would like to tell us?"},
}
