"""Questions of citizens about online submission, bodies, terms, and the procedures that are needed most."""

from evaluation.judging import judge_answer
from evaluation.tasks.base import SETS, Task

TASK = Task("citizen", "người dân", SETS / "citizen.yaml", frozenset(), judge_answer)
