"""What an auditor reads in a conformance report, in both languages."""

from shared.contracts.values import Language

Words = dict[Language, str]

REPORT: dict[str, Words] = {
    "title": {
        "zh-CN": "投诉处理规程执行情况报告（{month}）",
        "en": "Conformance to the complaint regulations, {month}",
    },
    "period": {
        "zh-CN": "统计期间：首次期限在 {since} 至 {until}（{zone}）之间的承诺。统计时点：{as_of}。",
        "en": "Period: promises first due from {since} to {until} ({zone}). As of {as_of}.",
    },
    "how": {"zh-CN": "统计方法", "en": "How it was counted"},
    "pack": {"zh-CN": "{title}（{name} {version}）", "en": "{title} ({name} {version})"},
    "nothing": {"zh-CN": "本期没有到期的承诺。", "en": "Nothing was promised for this month."},
    "all kept": {"zh-CN": "没有逾期。", "en": "Nothing was missed."},
    "missed": {"zh-CN": "未按期：{clause}，{promise}", "en": "Missed: {clause}, {promise}"},
    "moved": {"zh-CN": "按变更后的期限：{clause}，{promise}", "en": "By a moved deadline: {clause}, {promise}"},
    "provisional": {
        "zh-CN": "注意：{years} 年的官方放假安排尚未公布，涉及该年的期限为暂定，公布后重新计算。",
        "en": "Note: the official arrangement of {years} is not known yet; deadlines that touch it are provisional.",
    },
}

METHOD: dict[Language, tuple[str, ...]] = {
    "zh-CN": (
        "每项承诺只计一次，计入其最初期限所在的月份；暂停、改变严重程度、转办、重新办理、办结均不改变所属月份。",
        "“按期”：在最初承诺的期限之前完成。“变更后按期”：超过最初期限，但未超过因暂停等原因变更后的期限，单独列出，不计入按期率。",
        "“逾期”：超过期限后才完成、至今未完成，或在超过期限后终止。逾期一经发生，不因事后完成、办结或重新办理而消除。",
        "“未到期”：最初期限尚未到。在期限之前撤回或终止的，不适用，不计入适用件数。",
        "重新办理的投诉按新的承诺另行计算；同一条款对同一投诉有多项承诺的，以最差的一项为准。",
        "按期率 = 按期 ÷（按期 + 变更后按期 + 逾期）。“暂停”为曾暂停计时的件数及暂停的工作小时数。",
    ),
    "en": (
        "Each promise counts once, in the month of its first deadline; pausing, another severity, a transfer, "
        "reopening and closing do not move it to another month.",
        '"Met": done by the deadline that was promised first. "Moved": later than that, but not later than the '
        "deadline as pauses and the like have moved it; shown apart and not counted as on time.",
        '"Missed": done after the deadline, not done yet although it has passed, or ended after it. What was missed '
        "stays missed, whatever is done, closed or reopened later.",
        '"Pending": the first deadline has not come yet. What was withdrawn or ended before its deadline is not '
        "applicable and not among those that the clause applied to.",
        "A reopened complaint is promised an answer anew. Where a clause promised a complaint something more than "
        "once, the worst of it counts.",
        "On time = met / (met + moved + missed). Paused: how many complaints waited for somebody, and for how many "
        "working hours.",
    ),
}

COLUMNS: dict[Language, tuple[str, ...]] = {
    "zh-CN": ("条款", "承诺", "适用", "按期", "变更后按期", "逾期", "未到期", "不适用", "按期率", "暂停"),
    "en": (
        "Clause", "Promise", "Applied to", "Met", "Moved", "Missed", "Pending", "Not applicable", "On time", "Paused",
    ),
}  # fmt: skip
