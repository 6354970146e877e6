"""Questions of staff about the plans: who leads, who coordinates, by when, what the document says."""

from evaluation.judging import judge_answer
from evaluation.tasks.base import SETS, Task

# ``doc`` is not required: a question about a body's successor belongs to no plan. Where it stands, it is the question's facet.
TASK = Task("staff", "cán bộ", SETS / "staff.yaml", frozenset(), judge_answer, lambda case: case.facet or case.expected.doc or "")
