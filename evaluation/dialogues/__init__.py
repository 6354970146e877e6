"""Long dialogues, judged turn by turn, on the core and through every channel: ``python -m evaluation.dialogues``."""
