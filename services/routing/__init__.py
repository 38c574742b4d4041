"""Routing (分派, 办理): decides who answers a complaint, and carries it until the department has answered.

It owns the `Case`, and beside it mass complaints, who is on duty, and saved views of the worklist. It hears of new
complaints, classifies and explains, learns from what people decide, puts a work order into the department's queue, and
takes the department's commands by HTTP or from `department.replies`; it says `case.*`.
"""
