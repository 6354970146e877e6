"""The tasks that are put to the assistant: one module each, the same three names in every one."""
