"""Understanding a Vietnamese administrative plan: :func:`understand.understand` turns a document as read into a draft of its record.

Pure functions over text: no files, no clock, no network. The order of work: ``pieces`` → ``segments`` (head, body, foot) → ``outline``
(the tree of sections) → ``tables``, ``work`` and ``sections`` (tasks and duties), ``reports``, ``contents``, ``citations``; ``head``
and ``foot`` read the metadata; ``bodies``, ``times`` and ``sentences`` read names, deadlines and who does what.
"""
