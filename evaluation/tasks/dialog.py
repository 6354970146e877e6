"""Conversations of several turns; the last answer is judged."""

from evaluation.judging import judge_answer
from evaluation.tasks.base import SETS, Task

TASK = Task("dialog", "hội thoại", SETS / "dialog.yaml", frozenset(), judge_answer)
