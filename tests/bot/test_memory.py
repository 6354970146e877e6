"""Free pages go back to the system where the C library can give them back."""

from __future__ import annotations

import platform

import pytest

from bot import memory


def test_glibc_gives_back() -> None:
    assert memory.give_back() == (platform.libc_ver()[0] == "glibc")


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: object())
    assert memory.give_back() is False
