"""The words in which a pack is explained, in both languages."""

from collections.abc import Mapping

from shared.contracts.values import Channel, Language, Milestone, Outcome, Role, Rung, Severity, Tier
from shared.regulations.casework import AnswerField, AnswerPart
from shared.regulations.parts import AdmissibilityTest, RegisterField, Start
from shared.worktime import Duration, Unit, phrases

Words = Mapping[Language, str]

HEADINGS: dict[str, Words] = {
    "pack": {"zh-CN": "规程", "en": "The regulation"},
    "channels": {"zh-CN": "投诉渠道", "en": "Channels"},
    "requires": {"zh-CN": "登记必填", "en": "Asked for at registration"},
    "admissibility": {"zh-CN": "受理条件", "en": "Admissibility"},
    "categories": {"zh-CN": "分类与责任部门", "en": "Categories and who answers them"},
    "departments": {"zh-CN": "部门", "en": "Departments"},
    "severities": {"zh-CN": "严重程度", "en": "Severities"},
    "mass": {"zh-CN": "群体投诉", "en": "Mass complaints"},
    "targets": {"zh-CN": "时限", "en": "Deadlines"},
    "warnings": {"zh-CN": "预警", "en": "Warnings"},
    "ladder": {"zh-CN": "超时督办", "en": "Supervision once a deadline is missed"},
    "alerts": {"zh-CN": "立即上报", "en": "Told at once"},
    "pauses": {"zh-CN": "中止计时", "en": "Pauses"},
    "process": {"zh-CN": "处理步骤", "en": "Steps"},
    "on_the_spot": {"zh-CN": "当场解决", "en": "Settled on the spot"},
    "dispatch": {"zh-CN": "承办人", "en": "Who handles it"},
    "tasks": {"zh-CN": "协办时限", "en": "What departments ask of one another"},
    "teams": {"zh-CN": "跨部门专项小组", "en": "Teams of several departments"},
    "casework": {"zh-CN": "结论前必须完成", "en": "Before an answer goes out"},
    "lead": {"zh-CN": "提级督办", "en": "Passed on too often"},
    "summing_up": {"zh-CN": "结案总结", "en": "Once it is closed"},
    "consent": {"zh-CN": "同意与异议", "en": "Consent"},
    "remedies": {"zh-CN": "其他救济途径", "en": "Other remedies"},
    "survey": {"zh-CN": "满意度调查", "en": "Survey"},
    "retention": {"zh-CN": "保管期限", "en": "Retention"},
}
"""The parts of an explanation, by the pack's key, in the order they are told."""

PHRASES: dict[str, Words] = {
    "title": {"zh-CN": "名称", "en": "title"},
    "source": {"zh-CN": "依据", "en": "source"},
    "prefix": {"zh-CN": "编号前缀", "en": "numbers begin with"},
    "builds_on": {"zh-CN": "沿用", "en": "builds on"},
    "calendar": {"zh-CN": "工作日历", "en": "calendar"},
    "all": {"zh-CN": "全部渠道", "en": "all"},
    "review": {"zh-CN": "审查", "en": "held against them"},
    "tests": {"zh-CN": "条件", "en": "tests"},
    "the rest": {"zh-CN": "不属于以下任何一种", "en": "whatever is none of these"},
    "through": {"zh-CN": "渠道：{channel}", "en": "anything through: {channel}"},
    "amount": {"zh-CN": "涉及金额 {amount} 及以上", "en": "an amount of {amount} or more"},
    "similar": {"zh-CN": "同类投诉 {count} 件及以上", "en": "{count} similar complaints or more"},
    "mass": {
        "zh-CN": "{days}天内 {count} 件涉及同一产品、批号、地点或被投诉方且内容相似（{likeness}）的投诉",
        "en": "{count} within {days} days about one product, batch, place or party, their texts alike by {likeness}",
    },
    "used up": {"zh-CN": "已用时限的 {share:.0%}", "en": "at {share:.0%} of the time"},
    "late": {"zh-CN": "{role}，超时{limit}后", "en": "{role}, {limit} after the deadline"},
    "again": {"zh-CN": "无人处理的，每{limit}再次督办", "en": "again every {limit} until someone acts"},
    "at once": {"zh-CN": "{role}，{limit}内，不分昼夜", "en": "{role}, within {limit}, day and night"},
    "pauses": {
        "zh-CN": "等待他人期间停止计时，合计最多{limit}",
        "en": "while somebody is waited for, {limit} at most in all",
    },
    "given": {"zh-CN": "已记录 {steps}", "en": "where {steps} is on record"},
    "unless": {"zh-CN": "未记录 {steps}", "en": "unless {steps} is on record"},
    "must": {"zh-CN": "须有记录", "en": "has to be on record"},
    "approves": {"zh-CN": "审批", "en": "approves the answer"},
    "answer": {"zh-CN": "答复须说明", "en": "the answer says"},
    "lead": {
        "zh-CN": "第三次转办时由{department}牵头，不得再转",
        "en": "the third time it is passed on, {department} gets it and keeps it",
    },
    "summed up": {"zh-CN": "总结原因和教训", "en": "causes and lessons are summed up"},
    "wording": {"zh-CN": "答复措辞", "en": "the wording of the answer"},
    "answered within": {"zh-CN": "{limit}内答复牵头部门", "en": "answered to the department that leads within {limit}"},
    "led by": {"zh-CN": "{role}带队：{departments}", "en": "led by: {role}; {departments}"},
    "team": {"zh-CN": "专项小组", "en": "team"},
    "claim": {"zh-CN": "由签收者承办", "en": "whoever claims it"},
    "least-load": {"zh-CN": "分派给在岗人员中在办件最少者", "en": "whoever on duty has the least in hand"},
    "alternate": {
        "zh-CN": "被投诉方为{department}的，由{instead}处理，{department}不得查阅",
        "en": "what is about {department} goes to {instead}, and {department} does not see it",
    },
    "ends": {"zh-CN": "各轮用尽后的答复为最终答复", "en": "the first answer after the rounds is the last"},
    "goes on": {"zh-CN": "继续协商，直至达成一致", "en": "it is talked over until both sides agree"},
    "silence": {"zh-CN": "{limit}内未提出异议视为同意", "en": "silence for {limit} counts as consent"},
    "rounds": {
        "zh-CN": "第 {rounds} 轮仍有异议的，提交上级",
        "en": "what is disputed in round {rounds} goes to the superior",
    },
    "open": {"zh-CN": "开放{limit}", "en": "open for {limit}"},
    "reminder": {"zh-CN": "{limit}后提醒", "en": "reminder after {limit}"},
    "closing": {"zh-CN": "办结后{years}", "en": "{years} after closing"},
    "expiry": {"zh-CN": "产品有效期后{years}", "en": "{years} after the product's expiry"},
    "unknown expiry": {
        "zh-CN": "有效期不明的，办结后{years}",
        "en": "where that date is not known {years} after closing",
    },
    "written": {"zh-CN": "书面", "en": "in writing"},
    "not written": {"zh-CN": "非书面", "en": "not in writing"},
}

STARTS: dict[Start, Words] = {
    "receipt": {"zh-CN": "收到", "en": "receipt"},
    "acceptance": {"zh-CN": "受理", "en": "acceptance"},
    "agreement": {"zh-CN": "达成一致", "en": "agreement"},
    "closing": {"zh-CN": "办结", "en": "closing"},
}

WHOLE_LIMITS: dict[Unit, str] = {"same day": "the same day", "next day": "the next working day"}
"""Limits that a sentence in English says in other words than a pack."""

COUNTED: dict[Unit | None, Words] = {
    "same day": {"zh-CN": "{start}当日", "en": "on the day of {start}"},
    "next day": {"zh-CN": "{start}次日", "en": "on the working day after {start}"},
    None: {"zh-CN": "自{start}起{limit}内", "en": "within {limit} of {start}"},
}
"""A limit and what it counts from; None is for every limit that is a number of units."""

MILESTONES: dict[Milestone, Words] = {
    "acknowledgement": {"zh-CN": "回执", "en": "acknowledgement"},
    "decision": {"zh-CN": "受理决定", "en": "decision on admissibility"},
    "first-reply": {"zh-CN": "首次答复", "en": "first reply"},
    "investigation": {"zh-CN": "调查核实", "en": "investigation"},
    "resolution": {"zh-CN": "处理结果", "en": "resolution"},
    "measures": {"zh-CN": "落实措施", "en": "measures carried out"},
    "survey": {"zh-CN": "满意度调查", "en": "survey"},
    "filing": {"zh-CN": "归档", "en": "filing"},
}

SEVERITIES: dict[Severity, Words] = {
    "general": {"zh-CN": "一般", "en": "general"},
    "major": {"zh-CN": "重大", "en": "major"},
    "critical": {"zh-CN": "特别重大", "en": "critical"},
}
"""What a severity is called where the pack has no word of its own."""

TIERS: dict[Tier, Words] = {
    "standard": {"zh-CN": "普通客户", "en": "standard customers"},
    "important": {"zh-CN": "重要客户", "en": "important customers"},
}

RUNGS: dict[Rung, Words] = {
    "urge": {"zh-CN": "催办", "en": "urge"},
    "written": {"zh-CN": "书面督办", "en": "written supervision"},
    "raised": {"zh-CN": "提级督办", "en": "raised supervision"},
}

ROLES: dict[Role, Words] = {
    "officer": {"zh-CN": "受理员", "en": "intake officer"},
    "dispatcher": {"zh-CN": "分派员", "en": "dispatcher"},
    "handler": {"zh-CN": "承办人", "en": "handler"},
    "approver": {"zh-CN": "审批人", "en": "approver"},
    "supervisor": {"zh-CN": "主管", "en": "supervisor"},
    "quality": {"zh-CN": "质量管理人员", "en": "quality officer"},
    "archivist": {"zh-CN": "档案管理员", "en": "archivist"},
    "manager": {"zh-CN": "分管领导", "en": "manager"},
    "auditor": {"zh-CN": "审计人员", "en": "auditor"},
    "administrator": {"zh-CN": "系统管理员", "en": "administrator"},
}
"""What a role is called where the pack has no word of its own."""

CHANNELS: dict[Channel, Words] = {
    "hotline": {"zh-CN": "热线电话", "en": "hotline"},
    "email": {"zh-CN": "电子邮件", "en": "email"},
    "chat": {"zh-CN": "在线客服", "en": "online chat"},
    "web": {"zh-CN": "网站", "en": "web site"},
    "wechat": {"zh-CN": "微信", "en": "WeChat"},
    "sms": {"zh-CN": "短信", "en": "text message"},
    "app": {"zh-CN": "手机应用", "en": "app"},
    "social": {"zh-CN": "社交媒体", "en": "social media"},
    "letter": {"zh-CN": "信函", "en": "letter"},
    "visit": {"zh-CN": "来访", "en": "visit"},
    "suggestion-box": {"zh-CN": "意见箱", "en": "suggestion box"},
    "front-desk": {"zh-CN": "前台", "en": "front desk"},
    "media": {"zh-CN": "新闻媒体", "en": "news media"},
    "petition": {"zh-CN": "信访", "en": "government petition"},
    "duty-desk": {"zh-CN": "值班室", "en": "duty desk"},
}

FIELDS: dict[RegisterField, Words] = {
    "subject_line": {"zh-CN": "主题", "en": "subject"},
    "occurred_at": {"zh-CN": "发生时间", "en": "time"},
    "place": {"zh-CN": "发生地点", "en": "place"},
    "respondent": {"zh-CN": "被投诉方", "en": "whom it is about"},
    "claim": {"zh-CN": "诉求", "en": "what is asked for"},
    "received_by": {"zh-CN": "接待人", "en": "who received it"},
    "product.name": {"zh-CN": "产品名称", "en": "product"},
    "product.batch": {"zh-CN": "批号", "en": "batch"},
    "product.expires_on": {"zh-CN": "有效期", "en": "expiry date"},
    "complainant.name": {"zh-CN": "姓名", "en": "name"},
    "complainant.phone": {"zh-CN": "电话", "en": "phone"},
    "complainant.email": {"zh-CN": "电子邮箱", "en": "email"},
    "complainant.address": {"zh-CN": "地址", "en": "address"},
}

TESTS: dict[AdmissibilityTest, Words] = {
    "direct-interest": {"zh-CN": "与投诉事项有直接利害关系", "en": "a direct interest in the matter"},
    "definite-respondent": {"zh-CN": "有明确的被投诉人", "en": "a definite respondent"},
    "specific-claim": {"zh-CN": "有具体的投诉请求和事实、理由", "en": "a specific claim with facts and reasons"},
    "within-scope": {"zh-CN": "属于本规程的适用范围", "en": "within the scope of the regulation"},
}

OUTCOMES: dict[Outcome, Words] = {
    "upheld": {"zh-CN": "成立", "en": "upheld"},
    "partly-upheld": {"zh-CN": "部分成立", "en": "upheld in part"},
    "not-upheld": {"zh-CN": "不成立", "en": "not upheld"},
    "referred": {"zh-CN": "属他方责任", "en": "referred"},
    "explained": {"zh-CN": "解释说明", "en": "explained"},
    "withdrawn": {"zh-CN": "撤回", "en": "withdrawn"},
    "declined": {"zh-CN": "不予受理", "en": "declined"},
}

ANSWER: dict[AnswerField, Words] = {
    "measures": {"zh-CN": "整改措施", "en": "measures"},
    "redress": {"zh-CN": "赔付补偿", "en": "redress"},
    "root_cause": {"zh-CN": "根本原因", "en": "root cause"},
    "responsible": {"zh-CN": "责任方", "en": "who is responsible"},
    "finding": {"zh-CN": "调查结论说明", "en": "an explanation of the finding"},
    "referred_to": {"zh-CN": "转送何方", "en": "to whom it was passed on"},
}

WORDING: dict[AnswerPart, Words] = {
    "apology": {"zh-CN": "致歉", "en": "an apology"},
    "next-steps": {"zh-CN": "后续措施", "en": "next steps"},
    "time": {"zh-CN": "时间节点", "en": "times"},
    "matters": {"zh-CN": "逐项答复", "en": "every matter answered"},
    "plain-words": {"zh-CN": "通俗易懂", "en": "plain words"},
}

COMMA: Words = {"zh-CN": "、", "en": ", "}
COLON: Words = {"zh-CN": "：", "en": ": "}
CLAUSE: Words = {"zh-CN": "（{clause}）", "en": " ({clause})"}


def say(key: str, language: Language, **values: object) -> str:
    """A phrase in a language, its places filled in."""
    return PHRASES[key][language].format(**values)


def limit(duration: Duration, language: Language) -> str:
    """A time limit: `5 working days`, `5个工作日`."""
    told = phrases.limit(language, duration)
    return WHOLE_LIMITS.get(duration.unit, told) if language == "en" else told


def years(count: int, language: Language) -> str:
    """A number of years: `1 year`, `3年`."""
    return f"{count}年" if language == "zh-CN" else f"{count} year{'' if count == 1 else 's'}"


def counted(duration: Duration, start: Start, language: Language) -> str:
    """A time limit with what it counts from: `within 5 working days of receipt`."""
    words = COUNTED.get(duration.unit, COUNTED[None])
    return words[language].format(start=STARTS[start][language], limit=limit(duration, language))
