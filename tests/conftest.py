"""What all tests share: no network, repeatable random tests, and one index of the real knowledge built once a run."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

# Before anything imports the Hugging Face hub: a model is a folder or it is not there.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from bot.pipeline import Assistant
from index_builder.build import build
from knowledge.encoding import StaticEncoder
from knowledge.loading import Knowledge, load
from knowledge.parsing import Problem
from knowledge.search.index import SearchIndex
from knowledge.search.ranking import load_ranking
from knowledge.store import open_index
from tests.small_knowledge import write_small

ROOT = Path(__file__).resolve().parents[1]
TODAY = dt.date(2026, 11, 21)
"""The day on which the knowledge was last checked; answers are tested for this day unless a test names another."""

_QUICK = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
settings.register_profile("repeatable", _QUICK, max_examples=100, derandomize=True)
settings.register_profile("wide", _QUICK, max_examples=3000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No ``BOT_…`` variable of the machine reaches a test."""
    for name in [n for n in os.environ if n.startswith("BOT_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def loaded() -> tuple[Knowledge, list[Problem]]:
    """The real knowledge as the loader gives it: records and problems."""
    return load()


@pytest.fixture(scope="session")
def known(loaded: tuple[Knowledge, list[Problem]]) -> Knowledge:
    return loaded[0]


@pytest.fixture(scope="session")
def encoder() -> StaticEncoder:
    return StaticEncoder()


@pytest.fixture(scope="session")
def real_root(tmp_path_factory: pytest.TempPathFactory, encoder: StaticEncoder) -> Path:
    """Folder of a published index of the real knowledge (about twenty seconds, once a run). No test changes it."""
    base = tmp_path_factory.getbasetemp()
    # Workers that run the tests side by side have folders of their own in that of the run; this one is for all of them.
    root = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "index"
    with FileLock(f"{root}.lock"):
        build(root, encoder, quiet=True)  # does nothing where another worker has done it
    return root


@pytest.fixture(scope="session")
def real_index(real_root: Path, encoder: StaticEncoder) -> SearchIndex:
    return open_index(real_root, encoder, load_ranking())


@pytest.fixture(scope="session")
def assistant(real_index: SearchIndex) -> Assistant:
    return Assistant(real_index, today=TODAY)


@pytest.fixture(scope="session")
def assistant_on(real_index: SearchIndex, assistant: Assistant) -> Callable[[str], Assistant]:
    """The assistant on another day: ``assistant_on("2027-01-02")``."""
    made: dict[str, Assistant] = {TODAY.isoformat(): assistant}

    def on(day: str) -> Assistant:
        if day not in made:
            made[day] = Assistant(real_index, today=dt.date.fromisoformat(day))
        return made[day]

    return on


@pytest.fixture(scope="session")
def small_root(tmp_path_factory: pytest.TempPathFactory, encoder: StaticEncoder) -> Path:
    """Folder of a published index of ten records under the embedded encoder, for tests of the commands."""
    base = tmp_path_factory.mktemp("small")
    build(base / "index", encoder, write_small(base / "data"), quiet=True)
    return base / "index"


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run ``python ARGUMENTS`` as an operator does, in a folder without a ``.env`` and with only the given variables added."""

    def run(*arguments: str, stdin: bytes = b"", **variables: str) -> subprocess.CompletedProcess[str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("BOT_")}
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env={**kept, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8:strict", "BOT_DATA_DIR": str(tmp_path / "var"), **variables},
            input=stdin,
            capture_output=True,
            timeout=120,
            check=False,
        )
        out, err = (stream.decode("utf-8", "replace") for stream in (done.stdout, done.stderr))
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)

    return run
