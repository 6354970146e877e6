"""``.env.example`` names every setting, with a default that is the program's own, and can be used as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from config.settings import SECRETS, Settings, load_settings, variable

EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"
LINE = re.compile(r"^#?(BOT_[A-Z0-9_]+)=(.*)$", re.MULTILINE)
ROWS = LINE.findall(EXAMPLE.read_text(encoding="utf-8"))


def test_every_setting_is_there_once() -> None:
    assert sorted(name for name, _ in ROWS) == sorted(variable(name) for name in Settings.model_fields)


def test_every_secret_has_a_file_beside_it() -> None:
    for name in SECRETS:
        assert f"{name}_file" in Settings.model_fields, name
        assert Settings.model_fields[name].annotation == SecretStr | None, name


def test_each_stands_under_an_explanation() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if LINE.match(line):
            above = next(text for text in reversed(lines[:number]) if not LINE.match(text))
            assert above.startswith("# ") and not above.startswith("# ---"), line


def test_untouched_it_changes_nothing() -> None:
    assert load_settings(EXAMPLE) == load_settings(None)


def test_with_every_line_in_use_it_is_accepted(tmp_path: Path) -> None:
    """The values shown are such as can be set; secrets, which are not shown, get one."""
    shapes = {"telegram_token": "123456789:" + "A" * 35, "zalo_bot_token": "1:abc", "admin_password_hash": "$argon2id$v=19$m=1,t=1,p=1$a$b"}
    values = {name: value for name, value in ROWS if value and not name.endswith("_FILE")}
    values |= {variable(name): shapes.get(name, f"{name}-0123456789") for name in SECRETS}
    values |= dict.fromkeys(("BOT_ZALO_OA_APP_ID", "BOT_ZALO_OA_ID", "BOT_ADMIN_OIDC_CLIENT_ID"), "1")
    values["BOT_TELEGRAM_WEBHOOK_URL"] = "https://bot.tinh.gov.vn/webhooks/telegram"
    file = tmp_path / ".env"
    file.write_text("\n".join(f"{name}={value}" for name, value in values.items()), encoding="utf-8")
    settings = load_settings(file)
    assert len(settings.secrets()) >= len(SECRETS)


@pytest.mark.parametrize(("name", "value"), ROWS)
def test_the_value_shown_is_the_default_or_an_example_of_what_is_empty(name: str, value: str, tmp_path: Path) -> None:
    field = name.removeprefix("BOT_").lower()
    default = getattr(load_settings(None), field)
    if default in (None, "", False) or not value:
        return
    file = tmp_path / ".env"
    file.write_text(f"{name}={value}\n", encoding="utf-8")
    shown = getattr(load_settings(file), field)
    assert shown == default
