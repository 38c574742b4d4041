"""Routing (分派, 办理): decides who answers a complaint, and carries it until the department has answered.

It owns the `Case`. It hears of new complaints, classifies and explains, learns from what people decide, puts a work
order into the department's queue, and takes the department's commands by HTTP or from `department.replies`; it says
`case.*`.
"""
