"""Settings of the Zalo channels: what is half set or mixed up is told at once."""

from __future__ import annotations

import pytest

from config.settings import WrongSettings, load_settings

OA = {"APP_ID": "123", "ID": "456", "APP_SECRET": "app-secret", "SECRET_KEY": "oa-secret-key"}


def test_none_of_it_is_needed() -> None:
    settings = load_settings(None)
    assert settings.zalo_oa_app_secret is None and settings.zalo_bot_token is None
    assert settings.zalo_oa_buttons == "none"


def test_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in OA.items():
        monkeypatch.setenv(f"BOT_ZALO_OA_{name}", value)
    monkeypatch.setenv("BOT_ZALO_BOT_TOKEN", "123:abc-DEF_1")
    settings = load_settings(None)
    assert set(settings.secrets()) == {"app-secret", "oa-secret-key", "123:abc-DEF_1"}
    assert "secret-key" not in repr(settings)


@pytest.mark.parametrize("missing", OA)
def test_what_is_missing_is_named(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in OA.items():
        if name != missing:
            monkeypatch.setenv(f"BOT_ZALO_OA_{name}", value)
    with pytest.raises(WrongSettings, match=f"BOT_ZALO_OA_{missing}") as raised:
        load_settings(None)
    assert "app-secret" not in str(raised.value) and "oa-secret-key" not in str(raised.value)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({f"ZALO_OA_{k}": v for k, v in OA.items()} | {"ZALO_OA_SECRET_KEY": "app-secret"}, "giống nhau"),
        ({"ZALO_BOT_TOKEN": "khong-phai-token"}, "BOT_ZALO_BOT_TOKEN"),
        ({"ZALO_BOT_TOKEN": "1:a", "ZALO_BOT_WEBHOOK_URL": "https://x.vn/webhooks/zalo-bot"}, "BOT_ZALO_BOT_WEBHOOK_SECRET"),
        ({"ZALO_BOT_TOKEN": "1:a", "ZALO_BOT_WEBHOOK_SECRET": "ngan"}, "BOT_ZALO_BOT_WEBHOOK_SECRET"),
        ({"ZALO_BOT_WEBHOOK_URL": "http://x.vn"}, "BOT_ZALO_BOT_WEBHOOK_URL"),
        ({"ZALO_OA_REPLAY_HOURS": "1"}, "BOT_ZALO_OA_REPLAY_HOURS"),
        ({"ZALO_OA_BUTTONS": "co"}, "BOT_ZALO_OA_BUTTONS"),
    ],
)
def test_mistakes_are_named(values: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"BOT_{name}", value)
    with pytest.raises(WrongSettings, match=told) as raised:
        load_settings(None)
    assert "khong-phai-token" not in str(raised.value)
