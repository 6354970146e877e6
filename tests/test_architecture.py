"""Rules about the code as a whole: which package may import which, how long a module may be, no paths of somebody's machine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("bot", "config", "evaluation", "index_builder", "knowledge")
MAY_IMPORT = {
    "config": set(),
    "knowledge": {"config"},
    "index_builder": {"config", "knowledge"},
    "bot": {"config", "knowledge"},
    "evaluation": set(PACKAGES),
}
LONG_MODULES = {"knowledge/schema.py": "one flat list of record shapes, read as a reference"}
"""Modules that may be longer than the limit, each with the reason."""
LONGEST = 300
LEFT_OUT = {".git", ".venv", "venv", "var", "build", "dist", "node_modules", "__pycache__", ".hypothesis"}


def modules(package: str) -> Iterator[Path]:
    yield from sorted((ROOT / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Names of the project's packages that a module imports, anywhere in it and for whatever purpose."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add((node.module or "").split(".")[0])
    return found & {*PACKAGES, "tests"}


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_point_one_way(package: str) -> None:
    for path in modules(package):
        foreign = imported(path) - {package} - MAY_IMPORT[package]
        assert not foreign, f"{path.relative_to(ROOT)} imports {sorted(foreign)}"


def test_the_rule_looks_at_something() -> None:
    assert all(any(modules(p)) for p in ("bot", "config", "index_builder", "knowledge"))
    assert imported(ROOT / "bot" / "pipeline.py") >= {"bot", "knowledge"}


def test_modules_are_short() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for package in PACKAGES
        for path in modules(package)
    }
    long = {name: n for name, n in lengths.items() if n > LONGEST}
    assert set(long) - set(LONG_MODULES) == set(), long
    assert set(LONG_MODULES) <= set(long), "a module that became short needs no exception any more"


def repository_files() -> Iterator[Path]:
    """Files that a clone would hold: not what git ignores (hidden tool caches, build products)."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(p.startswith(".") and p not in (".ci", ".gitignore", ".dockerignore", ".env.example") for p in parts)
        if path.is_file() and not hidden and not set(parts) & LEFT_OUT and not any(p.endswith(".egg-info") for p in parts):
            yield path


def test_no_file_names_a_local_path() -> None:
    own = "|".join(("work", "home", "root", "Users", "mnt"))  # put together here, so that this file passes its own test
    local = re.compile(rf"(?<![\w.:/-])/(?:{own})/[\w.]|[A-Z]:\\\\?Users|\bfile:///".encode())
    assert local.search(b" /" + b"home/someone/x")
    found = []
    for path in repository_files():
        if path.suffix in (".safetensors", ".npy", ".png", ".ico", ".gz") or path.name.startswith("Dockerfile"):
            continue  # a Dockerfile's paths are those of its container
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            if local.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}")
    assert found == []
