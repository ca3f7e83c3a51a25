"""A web server on this machine that behaves as well or as badly as a test wants."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass
class Reply:
    """What a path answers.

    Attributes
    ----------
    body
        The whole content.
    status, headers
        Of a plain answer.
    etag
        Validator; None for none.
    ranges
        Whether Range is honoured.
    length
        Whether Content-Length is sent, and which where it is a number.
    cut
        Close the connection after that many bytes, of the first `cuts` answers.
    stall
        Send nothing more after that many bytes, until the test ends. 0 stalls before the head.
    pace
        Seconds between pieces of `piece` bytes.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str | None = '"one"'
    ranges: bool = True
    length: bool | int = True
    cut: int | None = None
    cuts: int = 1_000_000
    stall: int | None = None
    pace: float = 0.0
    piece: int = 16_384


@dataclass(frozen=True)
class Request:
    path: str
    headers: Mapping[str, str]


class Server:
    """Answers what it was given; remembers what it was asked."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.requests: list[Request] = []
        self.sent = 0
        self.moved = threading.Condition()
        self.ended = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def put(self, path: str, body: bytes = b"", **how: Any) -> str:
        """Answer `path` so; give its address."""
        self.replies[path] = Reply(body, **how)
        return self.address + path

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    def count(self, size: int) -> None:
        with self.moved:
            self.sent += size
            self.moved.notify_all()

    def wait_for(self, size: int, patience: float = 60) -> None:
        """Wait until that many bytes were sent in all."""
        with self.moved:
            assert self.moved.wait_for(lambda: self.sent >= size, patience), "nothing was asked for"

    def close(self) -> None:
        self.ended.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self.close_connection = True
            server.requests.append(Request(self.path, dict(self.headers.items())))
            reply = server.replies.get(self.path)
            if reply is None:
                self.send_error(404)
                return
            with contextlib.suppress(OSError):
                self._answer(reply)

        def _answer(self, reply: Reply) -> None:
            if reply.stall == 0:
                server.ended.wait()
                return
            status, start = self._start(reply)
            self.send_response(status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.etag is not None:
                self.send_header("ETag", reply.etag)
            if status == 206:
                total = len(reply.body)
                self.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
            if reply.length is True:
                self.send_header("Content-Length", str(len(reply.body) - start))
            elif reply.length is not False:
                self.send_header("Content-Length", str(reply.length))
            self.send_header("Connection", "close")
            self.end_headers()
            self._send(reply, start)

        def _start(self, reply: Reply) -> tuple[int, int]:
            wanted = self.headers.get("Range")
            vouched = self.headers.get("If-Range") in {None, reply.etag}
            if wanted is None or not reply.ranges or not vouched or reply.status != 200:
                return reply.status, 0
            return 206, int(wanted.removeprefix("bytes=").rstrip("-"))

        def _send(self, reply: Reply, start: int) -> None:
            end = len(reply.body)
            if reply.cut is not None and reply.cuts > 0:
                end = min(end, start + reply.cut)
                reply.cuts -= 1
            if reply.stall is not None:
                end = min(end, reply.stall)
            for place in range(start, end, reply.piece):
                piece = reply.body[place : min(place + reply.piece, end)]
                self.wfile.write(piece)
                server.count(len(piece))
                if reply.pace and server.ended.wait(reply.pace):
                    return
            if reply.stall is not None:
                server.ended.wait()
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

    return Handler


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    server = Server()
    try:
        yield server
    finally:
        server.close()


def closed_address() -> str:
    """Give an address where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"
