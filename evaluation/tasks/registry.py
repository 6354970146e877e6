"""All tasks by name, in the order in which they are reported."""

from collections.abc import Mapping

from evaluation.tasks import citizen, dialog, procedures, reject, staff
from evaluation.tasks.base import Task

TASKS: Mapping[str, Task] = {t.name: t for t in (staff.TASK, citizen.TASK, reject.TASK, dialog.TASK, procedures.TASK)}
