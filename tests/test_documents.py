"""What the documents name exists: files, links, modules, commands with their options, settings, metrics."""

from __future__ import annotations

import importlib
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from config.settings import SECRETS, Settings, variable
from tests.test_architecture import PACKAGES, ROOT, repository_files

DOCUMENTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
}
MADE_WHILE_RUNNING = {"terminal.json", "bot.sqlite3"}
INVENTED = {"BOT_PROT", "BOT_X"}
"""A misspelt name, and one that stands for any."""
_QUOTED = re.compile(r"`([^`\n]+)`")
_BLOCK = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)|<img src=\"([^\"]+)\"")
_FILE = re.compile(r"(?!var/)[\w*][\w./*-]*\.(?:conf|css|html|js|jsonl?|md|png|py|service|toml|ya?ml)|\.env\.example|Dockerfile")
_FOLDER = re.compile(rf"(?:{'|'.join((*PACKAGES, 'docs', 'ops', 'tests'))})(?:/[\w.*-]+)+/?")
_DOTTED = re.compile(rf"(?:{'|'.join(PACKAGES)})(?:\.\w+)+")
_MAKE = re.compile(r"(?:^|&& |; )make (?:[A-Z_]+=\S+ )*([a-z]+)")
_COMMAND = re.compile(rf"((?:{'|'.join(PACKAGES)})(?:\.\w+)*)((?: [^\s`#|]+)*)")
_RUN = re.compile(rf"python -m {_COMMAND.pattern}")
_VARIABLE = re.compile(r"\bBOT_[A-Z0-9_]*[A-Z0-9](?![A-Z0-9_]*[…*])")
_METRIC = re.compile(r"bot_[a-z_]+[a-z]")


def quoted(text: str) -> list[str]:
    """What stands between back quotes outside of blocks."""
    return _QUOTED.findall(_BLOCK.sub("", text))


def commands(text: str) -> list[str]:
    """Lines of blocks and quoted words: where commands stand. Without comments."""
    lines = "\n".join(_BLOCK.findall(text)).splitlines()
    return [re.split(r"\s#", part)[0] for part in (*quoted(text), *lines)]


@pytest.fixture(scope="module")
def tree() -> set[str]:
    """Every file and folder of the project, and each with what its path ends in."""
    found: set[str] = set()
    for path in repository_files():
        inside = path.relative_to(ROOT)
        for part in (inside, *list(inside.parents)[:-1]):
            found |= {"/".join(part.parts[n:]) for n in range(len(part.parts))}
    return found


def exists(name: str, tree: set[str]) -> bool:
    name = name.rstrip("/")
    if "*" in name:
        pattern = re.compile(re.escape(name).replace(r"\*", "[^/]*"))
        return any(pattern.fullmatch(path) for path in tree)
    return name in tree


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files_exist(document: str, tree: set[str]) -> None:
    named = {word for word in quoted(DOCUMENTS[document]) if _FILE.fullmatch(word) or _FOLDER.fullmatch(word)}
    assert {name for name in named - MADE_WHILE_RUNNING if not exists(name, tree)} == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    linked = {a or b for a, b in _LINK.findall(DOCUMENTS[document])}
    assert {name for name in linked if not (ROOT / document).parent.joinpath(name).exists()} == set()


def _importable(dotted: str) -> bool:
    """Whether it is a module, or something in one."""
    parts = dotted.split(".")
    for n in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:n]))
        except ModuleNotFoundError:
            continue
        for name in parts[n:]:
            if not hasattr(found, name) and name not in getattr(found, "__annotations__", {}):
                return False
            found = getattr(found, name, None)
        return True
    return False


@pytest.mark.parametrize("document", DOCUMENTS)
def test_modules_exist(document: str) -> None:
    named = {word.split("(")[0] for word in quoted(DOCUMENTS[document]) if _DOTTED.fullmatch(word.split("(")[0])}
    assert {name for name in named - MADE_WHILE_RUNNING if not _FILE.fullmatch(name) and not _importable(name)} == set()


def _source(module: str) -> str:
    """The text of what ``python -m MODULE`` runs, with what the commands of its package share; empty where it cannot be run."""
    spec = find_spec(module)
    if spec is not None and spec.submodule_search_locations:
        spec = find_spec(f"{module}.__main__")
    if spec is None or spec.origin is None:
        return ""
    shared = ROOT / module.split(".")[0] / "commands.py"
    return Path(spec.origin).read_text(encoding="utf-8") + (shared.read_text(encoding="utf-8") if shared.exists() else "")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_can_be_run(document: str) -> None:
    wrong, targets = [], set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for line in commands(DOCUMENTS[document]):
        wrong += [f"make {target}" for target in _MAKE.findall(line) if target not in targets]
        found = _RUN.search(line) or _COMMAND.fullmatch(line)
        if found is None or (found.re is _COMMAND and " " not in line):
            continue  # a module's name alone is no command
        source, words = _source(found[1]), found[2].split()
        verbs = set(re.findall(r'add_parser\(\s*"([^"]+)"', source))
        if not source or (verbs and words and not words[0].startswith(("-", "…")) and words[0] not in verbs):
            wrong.append(line)
        wrong += [f"{line}: {word}" for word in words if word.startswith("--") and f'"{word.partition("=")[0]}"' not in source]
    assert wrong == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_settings_exist(document: str) -> None:
    known = {variable(name) for name in Settings.model_fields} | {f"{variable(name)}_FILE" for name in SECRETS}
    assert set(_VARIABLE.findall(DOCUMENTS[document])) - known - INVENTED == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_metrics_exist(document: str) -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py"))
    named = {word for word in quoted(DOCUMENTS[document]) if _METRIC.fullmatch(word)}
    assert {n for n in named if f'"{re.sub("_(total|bucket|sum|count)$", "", n)}' not in source} == set()


def test_what_is_looked_at() -> None:
    """The rules above find something to judge, and what is wrong does not pass."""
    everything = "\n".join(DOCUMENTS.values())
    words = quoted(everything)
    for pattern in (_FILE, _FOLDER, _DOTTED, _METRIC):
        assert sum(bool(pattern.fullmatch(word)) for word in words) > 3, pattern.pattern
    assert sum(bool(_RUN.search(line)) for line in commands(everything)) > 20
    assert _MAKE.findall("cd x && make WORKERS=4 test; make lint") == ["test", "lint"] and not _MAKE.search("apt-get install make git")
    assert len(set(_VARIABLE.findall(everything))) > 20
    assert _importable("knowledge.store.open_index") and not _importable("knowledge.store.no_such") and not _importable("bot.nowhere")
    assert _source("evaluation.load") and not _source("evaluation.nowhere")
