"""``python requirements.py TORCH EXTRAS``: what the image installs, one requirement a line, read from ``pyproject.toml``.

TORCH ``none`` leaves out torch and what needs it; EXTRAS are names of optional parts, with spaces between them.
"""

import re
import sys
import tomllib
from pathlib import Path

NEED_TORCH = {"torch", "sentence-transformers"}


def main() -> None:
    torch, extras = sys.argv[1], sys.argv[2].split()
    if torch not in ("none", "cpu", "default"):
        sys.exit(f"TORCH must be none, cpu or default, not {torch!r}")
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    unknown = [e for e in extras if e not in optional]
    if unknown:
        sys.exit(f"EXTRAS has no {', '.join(unknown)}; there are {', '.join(optional)}")
    for line in [*project["dependencies"], *(line for extra in extras for line in optional[extra])]:
        name = re.match(r"[A-Za-z0-9._-]+", line)
        if torch != "none" or name is None or name[0] not in NEED_TORCH:
            print(line)


if __name__ == "__main__":
    main()
