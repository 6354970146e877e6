"""The files for running in containers: no container runs here, but what they name must exist, and what they promise must stand in them."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from config.settings import Settings, variable

ROOT = Path(__file__).resolve().parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
LONG = sorted(set(SERVICES) - {"index"})
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def requirements(torch: str, extras: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "ops" / "requirements.py"), torch, extras]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_two_bots_share_a_database_and_the_vectors() -> None:
    assert {"bot", "postgres", "milvus", "prometheus"} <= set(SERVICES)
    assert SERVICES["bot"]["deploy"]["replicas"] == 2
    settings = SERVICES["bot"]["environment"]
    assert settings["BOT_DATABASE_URL"].startswith("postgresql+asyncpg://bot:${POSTGRES_PASSWORD:?")
    assert settings["BOT_MILVUS_URI"] == "http://milvus:19530"


@pytest.mark.parametrize("name", LONG)
def test_every_service_is_watched_and_started_again(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_what_a_service_names_exists(name: str) -> None:
    service = SERVICES[name]
    assert set(service.get("depends_on", {})) <= set(SERVICES)
    assert {s if isinstance(s, str) else s["source"] for s in service.get("secrets", [])} <= set(COMPOSE["secrets"])
    assert set(service["networks"]) <= set(COMPOSE["networks"])
    for mount in service.get("volumes", []):
        source = mount.split(":")[0]
        assert (ROOT / source).is_file() if source.startswith("./") else source in COMPOSE["volumes"]
    for other, how in service.get("depends_on", {}).items():
        if how["condition"] == "service_healthy":
            assert "healthcheck" in SERVICES[other]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_nothing_is_open_to_the_world(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@pytest.mark.parametrize("name", ["bot", "index", "balancer", "prometheus"])
def test_services_may_change_nothing_but_their_volumes(name: str) -> None:
    assert SERVICES[name]["read_only"] is True
    assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert SERVICES[name]["security_opt"] == ["no-new-privileges:true"]


def _bot_variables() -> Iterator[str]:
    yield from (n for n in SERVICES["bot"]["environment"] if n.startswith("BOT_"))
    for word in DOCKERFILE.replace("=", " ").split():
        if word.startswith("BOT_"):
            yield word


def test_every_setting_exists() -> None:
    assert set(_bot_variables()) <= {variable(name) for name in Settings.model_fields}


def test_no_secret_is_written_down() -> None:
    for name, secret in COMPOSE["secrets"].items():
        assert set(secret) == {"environment"}, name
    assert "BOT_SECRET_KEY" in SERVICES["bot"]["environment"]["BOT_SECRET_KEY"], "taken from the environment"


def test_the_image_runs_as_nobody_in_particular() -> None:
    last = DOCKERFILE[DOCKERFILE.rindex("FROM ") :]
    assert "USER bot" in last
    assert "HEALTHCHECK" in last
    assert "--chown=bot" not in last, "the program is not the bot's to change"


def test_the_other_files_are_readable() -> None:
    jobs = yaml.safe_load((ROOT / "ops" / "prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    assert {j["job_name"] for j in jobs} == {"hoi-dap", "milvus"}
    assert yaml.safe_load((ROOT / "ops" / "milvus-etcd.yaml").read_text(encoding="utf-8"))["listen-client-urls"]
    text = (ROOT / "ops" / "nginx.conf").read_text(encoding="utf-8")
    assert text.count("{") == text.count("}")


def test_what_the_image_installs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    whole = requirements("cpu", "").stdout.splitlines()
    assert whole == project["dependencies"]
    small = requirements("none", "milvus").stdout.splitlines()
    left_out = {line.split("=")[0].split(">")[0] for line in set(whole) - set(small)}
    assert left_out == {"torch", "sentence-transformers"}
    assert set(project["optional-dependencies"]["milvus"]) <= set(small)
    for arguments in (("gpu", ""), ("none", "milvuss")):
        assert requirements(*arguments).returncode != 0


def test_every_pinned_version_runs_on_the_oldest_python_we_promise() -> None:
    """Debian 12 has 3.11.2; a package that wants a later 3.11 would keep it from being installed there."""
    oldest = "3.11.0"
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if "==" in line)
    seen = 0
    for name, version in pins.items():
        try:
            found = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        if found["Version"] == version:
            seen += 1
            assert SpecifierSet(found["Requires-Python"] or "").contains(oldest), f"{name} {version} needs {found['Requires-Python']}"
    assert seen > 50


def test_the_bot_needs_no_torch(small_root: Path, tmp_path: Path) -> None:
    """What the image without torch rests on."""
    program = (
        "import sys; sys.modules.update(dict.fromkeys(['torch', 'sentence_transformers', 'transformers', 'pymilvus']));"
        "import bot.serve, index_builder.build; from bot.__main__ import main; sys.exit(main(['ask', 'par index là gì']))"
    )
    settings = {"BOT_INDEX_DIR": str(small_root), "BOT_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
