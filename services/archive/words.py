"""What readers of a record see, in both languages."""

from services.archive.model import Lacking
from shared.contracts.values import Language

LACKING: dict[Lacking, dict[Language, str]] = {
    "registration": {"zh-CN": "登记记录", "en": "the registration"},
    "answer": {"zh-CN": "处理答复（或不予受理、撤回）", "en": "an answer, a refusal or a withdrawal"},
    "closing": {"zh-CN": "办结记录", "en": "the closing"},
}

WHAT: dict[str, dict[Language, str]] = {
    "complaint.registered": {"zh-CN": "投诉登记", "en": "Complaint registered"},
    "complaint.accepted": {"zh-CN": "受理", "en": "Accepted"},
    "complaint.declined": {"zh-CN": "不予受理", "en": "Declined"},
    "complaint.supplemented": {"zh-CN": "补充材料", "en": "Supplemented"},
    "complaint.withdrawn": {"zh-CN": "投诉撤回", "en": "Withdrawn"},
    "complaint.linked": {"zh-CN": "与先前投诉关联", "en": "Linked to an earlier complaint"},
    "complaint.regulation-moved": {
        "zh-CN": "改按规程的另一版本办理",
        "en": "Moved to another version",
    },
    "case.routed": {"zh-CN": "分类并分派", "en": "Classified and given to a department"},
    "case.accepted": {"zh-CN": "承办人签收", "en": "Taken on by a handler"},
    "case.progressed": {"zh-CN": "办理进展", "en": "Step recorded"},
    "case.paused": {"zh-CN": "暂停等待", "en": "Waiting"},
    "case.resumed": {"zh-CN": "继续办理", "en": "Resumed"},
    "case.transferred": {"zh-CN": "转其他部门", "en": "Transferred to another department"},
    "case.proposed": {"zh-CN": "拟出处理意见，报批", "en": "Answer proposed for approval"},
    "case.reviewed": {"zh-CN": "审批", "en": "Approved or returned"},
    "case.resolved": {"zh-CN": "部门作出答复", "en": "Answered by the department"},
    "case.reopened": {"zh-CN": "重新办理", "en": "Reopened"},
    "sla.target-set": {"zh-CN": "设定时限", "en": "Deadline set"},
    "sla.target-moved": {"zh-CN": "调整时限", "en": "Deadline moved"},
    "sla.target-dropped": {"zh-CN": "时限不再适用", "en": "Deadline no longer applies"},
    "sla.target-at-risk": {"zh-CN": "临近时限预警", "en": "Deadline at risk"},
    "sla.target-breached": {"zh-CN": "超过时限", "en": "Deadline missed"},
    "sla.target-met": {"zh-CN": "时限达成", "en": "Deadline met"},
    "sla.escalated": {"zh-CN": "督办升级", "en": "Escalated"},
    "sla.alerted": {"zh-CN": "立即上报", "en": "Told at once"},
    "sla.notice-seen": {"zh-CN": "督办已阅", "en": "Notice seen"},
    "receipt.delivered": {"zh-CN": "回执送达", "en": "Receipt delivered"},
    "receipt.failed": {"zh-CN": "回执未送达", "en": "Receipt not delivered"},
    "outcome.delivered": {"zh-CN": "处理结果送达", "en": "Outcome delivered"},
    "outcome.agreed": {"zh-CN": "投诉人同意处理结果", "en": "Outcome agreed"},
    "outcome.disputed": {"zh-CN": "投诉人不同意处理结果", "en": "Outcome disputed"},
    "survey.completed": {"zh-CN": "满意度调查完成", "en": "Survey completed"},
    "survey.expired": {"zh-CN": "满意度调查未回复", "en": "Survey not answered"},
    "complaint.closed": {"zh-CN": "办结", "en": "Closed"},
    "improvement.opened": {"zh-CN": "改进措施立项", "en": "Improvement opened"},
    "improvement.verified": {"zh-CN": "改进效果验证通过", "en": "Improvement verified"},
    "improvement.failed": {"zh-CN": "改进效果验证未通过", "en": "Improvement failed"},
}


def lacking(missing: list[Lacking], language: Language) -> list[str]:
    """What the dossier lacks, in words."""
    return [LACKING[what][language] for what in missing]
