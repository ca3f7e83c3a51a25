"""Whether there is a display: announced and answering."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from inspector.core import display
from inspector.core.display import check_display_libraries, has_display, x11_answers
from inspector.core.errors import InspectorError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")


def test_nothing_announced() -> None:
    assert has_display({}) is False


@pytest.mark.parametrize("platform", ["offscreen", "minimal:enable_fonts", "vnc:size=800x600"])
def test_platforms_that_need_none(platform: str) -> None:
    assert has_display({"QT_QPA_PLATFORM": platform}) is True


@pytest.mark.parametrize("display", [":987", "localhost:987.0", "unix:987", "nonsense", ":", ""])
def test_announced_but_nothing_answers(display: str) -> None:
    assert has_display({"DISPLAY": display}) is False


def test_other_systems_always_have_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert has_display({}) is True


def test_a_wayland_socket_that_answers(tmp_path: Path) -> None:
    environment = {"XDG_RUNTIME_DIR": str(tmp_path), "WAYLAND_DISPLAY": "wayland-7"}
    assert has_display(environment) is False
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        assert has_display(environment) is True
    assert has_display(environment) is False, "the socket's file is still there, its server gone"


def test_an_x11_server_that_answers_over_tcp() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        assert x11_answers(f"127.0.0.1:{port - 6000}.0") is (port > 6000)


def test_a_missing_library_of_x11_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "X11_LIBRARIES", ("libxcb-cursor.so.99",))
    with pytest.raises(InspectorError, match=r"libxcb-cursor\.so\.99"):
        check_display_libraries({"DISPLAY": ":0"})


def test_other_platforms_need_none_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "X11_LIBRARIES", ("libxcb-cursor.so.99",))
    check_display_libraries({"QT_QPA_PLATFORM": "offscreen"})
    monkeypatch.setattr("sys.platform", "darwin")
    check_display_libraries({})
