"""Colloquial questions over all procedures of the national catalogue, each with its acceptable codes."""

from evaluation.judging import judge_codes
from evaluation.tasks.base import SETS, Task

TASK = Task("procedures", "thủ tục", SETS / "procedures.jsonl", frozenset({"codes"}), judge_codes)
