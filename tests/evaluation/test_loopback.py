from __future__ import annotations

import socket

import pytest

from evaluation import loopback


def test_a_free_port_is_one_that_nobody_listens_on(monkeypatch: pytest.MonkeyPatch) -> None:
    free = loopback.free_port()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setattr(loopback, "_PORTS", [taken.getsockname()[1]] * 3 + [free])
        assert {loopback.free_port() for _ in range(5)} == {free}
