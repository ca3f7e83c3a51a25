"""The engine process without a network; in processes of their own, since it is for good."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

PYTHON = """
import socket
from inspector.engine.isolation import deny_network

said = deny_network()
assert said == deny_network()
attempts = [
    lambda: socket.create_connection(("127.0.0.1", 9), timeout=5),
    lambda: socket.getaddrinfo("localhost", 80),
    lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9)),
    lambda: socket.socket(socket.AF_INET6, socket.SOCK_STREAM).bind(("::1", 0)),
]
for attempt in attempts:
    try:
        attempt()
    except PermissionError:
        continue
    raise SystemExit("a connection was made")
print(said)
"""

NATIVE = """
import ctypes, errno, queue, sys, threading
from inspector.engine.isolation import deny_network

libc = ctypes.CDLL(None, use_errno=True)
start, results = queue.Queue(), queue.Queue()

def connect():
    start.get()
    results.put((libc.socket(2, 1, 0), ctypes.get_errno()))

earlier = threading.Thread(target=connect)
earlier.start()
assert libc.socket(2, 1, 0) >= 0
said = deny_network()
start.put(None)
if said.startswith("The kernel"):
    assert results.get() == (-1, errno.EACCES)
    assert libc.socket(10, 1, 0) == -1
    assert libc.socket(1, 1, 0) >= 0
print(said)
"""

DOWNLOAD = """
from urllib.error import URLError
from urllib.request import urlopen
from inspector.engine.isolation import deny_network

deny_network()
try:
    urlopen("http://127.0.0.1:9/", timeout=5)
except URLError as error:
    assert isinstance(error.reason, PermissionError), error
    print(error.reason.strerror)
"""


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_python_makes_no_connection() -> None:
    assert "network connections" in run(PYTHON)


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or platform.machine() not in {"x86_64", "aarch64"},
    reason="the kernel's filter is for Linux",
)
def test_native_code_and_earlier_threads_make_no_connection() -> None:
    said = run(NATIVE)
    if not said.startswith("The kernel"):
        pytest.skip("the kernel here takes no filter")


def test_a_download_fails_as_a_download_fails() -> None:
    """The loaders then say that the release is missing, as they do without a network."""
    assert run(DOWNLOAD).strip()
