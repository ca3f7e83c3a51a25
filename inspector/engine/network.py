"""Downloads that Keras and TensorFlow Hub do for us: a limit of time, and what may go wrong."""

from __future__ import annotations

import contextlib
import socket
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import URLError

if TYPE_CHECKING:
    from collections.abc import Iterator

DOWNLOAD_TIMEOUT = 60.0
"""Seconds without a byte after which a download is given up; neither library sets any."""

NETWORK_ERRORS = (URLError, TimeoutError, ConnectionError, HTTPException)
"""What says that the network, not the release, is at fault."""


@contextlib.contextmanager
def socket_timeout(seconds: float | None) -> Iterator[None]:
    """Set the process's timeout for new sockets for a while."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
