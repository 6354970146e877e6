"""``python -m evaluation.kills``: SIGKILL at random moments under load. Options as of ``python -m evaluation.load``."""

from __future__ import annotations

import sys

from evaluation.load.__main__ import main

if __name__ == "__main__":
    sys.exit(main(kills=10, rate=30.0, seconds=60.0))
