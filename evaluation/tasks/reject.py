"""Messages that must be declined or met with small talk; nothing may be asserted."""

from evaluation.judging import judge_declined
from evaluation.tasks.base import SETS, Task

TASK = Task("reject", "từ chối", SETS / "reject.yaml", frozenset(), judge_declined, expects=False)
