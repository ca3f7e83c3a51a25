"""One answer of a web server, read in a thread of its own.

The thread may hang in a name server or in a stalled server for as long as the system likes: whoever
reads the stream waits no longer than it wants to, and hears of a cancel at once.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import IO, TYPE_CHECKING, Any, Self
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
    getproxies,
    proxy_bypass,
)

import inspector
from inspector.core.errors import Cancelled, first_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from http.client import HTTPMessage
    from types import TracebackType

CHUNK = 256 * 1024
MOST_REDIRECTS = 8
_POLL_SECONDS = 0.05
_PROXY_LOGIN = 407
_WEB_ERRORS = (OSError, HTTPException, ValueError)


class WebError(Exception):
    """A server did not give what was asked for; the text follows on its name in a sentence."""

    def __init__(
        self, reason: str, *, unreachable: bool = False, stalled: bool = False, status: int = 0
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.unreachable = unreachable
        self.stalled = stalled
        self.status = status

    @property
    def answered(self) -> bool:
        """Whether a server was reached, and not only a proxy that wants a password."""
        return not (self.unreachable or self.stalled or self.status == _PROXY_LOGIN)


class _RedirectError(URLError):
    """A redirect that is not followed."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a server says before the content.

    Attributes
    ----------
    status
        200, or 206 where only the rest is sent.
    length
        Bytes that follow, or None where it is not said.
    start, total
        First byte that follows and size of the whole (of a 206; None where not said).
    etag, modified, content_type
        As they were sent; empty where they were not.
    """

    status: int
    length: int | None
    start: int = 0
    total: int | None = None
    etag: str = ""
    modified: str = ""
    content_type: str = ""


class Stream:
    """Asks for a URL; gives its head, then its chunks.

    Parameters
    ----------
    url
        An http or https address. Redirects are followed, never from https to http; proxies are
        taken from the usual environment variables.
    headers
        More headers of the request.
    timeout
        Seconds without a byte after which the server is given up.
    cancelled
        Looked at twenty times a second while waiting.
    """

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str],
        timeout: float,
        cancelled: Callable[[], bool],
    ) -> None:
        self._url = url
        self._timeout = timeout
        self._cancelled = cancelled
        self._items: queue.Queue[Head | bytes | WebError] = queue.Queue(maxsize=4)
        self._left = threading.Event()
        self._sockets: list[socket.socket] = []
        agent = {"User-Agent": f"twin-inspector/{inspector.__version__}"}
        self._thread = threading.Thread(
            target=self._run, args=({**agent, **headers},), name="download", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave: a thread that waits for bytes is woken by the end of its connection."""
        self._left.set()
        for connection in self._sockets:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def head(self) -> Head:
        """Wait for what comes before the content.

        Raises
        ------
        WebError
            Where there is no answer, or none with content.
        Cancelled
            Where it was cancelled meanwhile.
        """
        item = self._next()
        assert isinstance(item, Head)
        return item

    def chunk(self) -> bytes:
        """Wait for the next piece of the content; empty at its end. Raises as `head` does."""
        item = self._next()
        assert isinstance(item, bytes)
        return item

    def _next(self) -> Head | bytes:
        deadline = time.monotonic() + self._timeout
        while True:
            if self._cancelled():
                raise Cancelled(self._url)
            try:
                item = self._items.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                if time.monotonic() > deadline:
                    raise self._stalled() from None
                continue
            if isinstance(item, WebError):
                raise item
            return item

    def _stalled(self) -> WebError:
        return WebError(f"did not answer for {self._timeout:g} s", stalled=True)

    def _run(self, headers: dict[str, str]) -> None:
        try:
            request = Request(self._url, headers=headers)
            with _opener(self._sockets.append).open(request, timeout=self._timeout) as response:
                self._put(_head(response.status, response.headers))
                while chunk := response.read1(CHUNK):
                    if not self._put(chunk):
                        return
            self._put(b"")
        except _WEB_ERRORS as error:
            self._put(_explain(self._url, error, self._timeout))
            if isinstance(error, HTTPError):
                error.close()

    def _put(self, item: Head | bytes | WebError) -> bool:
        """Hand over; False where nobody listens any more."""
        while not self._left.is_set():
            try:
                self._items.put(item, timeout=_POLL_SECONDS)
            except queue.Full:
                continue
            return True
        return False


def _head(status: int, headers: HTTPMessage) -> Head:
    length = headers.get("Content-Length", "")
    size = int(length) if length.isdecimal() else None
    start, total = 0, size
    if status == 206:
        start, total = _content_range(headers.get("Content-Range", ""))
    return Head(
        status=status,
        length=size,
        start=start,
        total=total,
        etag=headers.get("ETag", ""),
        modified=headers.get("Last-Modified", ""),
        content_type=headers.get("Content-Type", "").strip().lower(),
    )


def _content_range(text: str) -> tuple[int, int | None]:
    """Read ``bytes 100-199/200``; a start of -1 where it is not of that form."""
    span, _, total = text.removeprefix("bytes ").partition("/")
    start = span.partition("-")[0].strip()
    return (
        int(start) if start.isdecimal() else -1,
        int(total) if total.strip().isdecimal() else None,
    )


class _Redirects(HTTPRedirectHandler):
    """Follows a few redirects, to http and https only, and never away from https."""

    max_repeats = 2
    max_redirections = MOST_REDIRECTS

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        scheme = urlsplit(newurl).scheme
        if scheme not in {"http", "https"} or (req.type == "https" and scheme == "http"):
            raise _RedirectError(f"redirects to {scheme}, which is not followed")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener(connected: Callable[[socket.socket], None]) -> OpenerDirector:
    """Make what opens http and https; `connected` hears of each socket."""

    class _Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            connected(self.sock)

    class _Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            connected(self.sock)

    class _PlainHandler(HTTPHandler):
        def http_open(self, req: Request) -> Any:
            return self.do_open(_Plain, req)

    class _SecureHandler(HTTPSHandler):
        def https_open(self, req: Request) -> Any:
            return self.do_open(_Secure, req, context=ssl.create_default_context())

    opener = OpenerDirector()
    for handler in (ProxyHandler(), UnknownHandler(), _PlainHandler(), _SecureHandler()):
        opener.add_handler(handler)
    for processor in (HTTPDefaultErrorHandler(), _Redirects(), HTTPErrorProcessor()):
        opener.add_handler(processor)
    return opener


def _explain(url: str, error: BaseException, timeout: float) -> WebError:
    if isinstance(error, HTTPError):
        if error.status is not None and 300 <= error.status < 400:
            is_loop = error.msg.startswith(HTTPRedirectHandler.inf_msg)
            how = "in circles" if is_loop else "to an address that is not followed"
            return WebError(f"redirects {how}", status=error.status)
        return WebError(f"answered {error.status} {error.msg}".strip(), status=error.status or 0)
    if isinstance(error, _RedirectError):
        return WebError(str(error.reason))
    cause = error.reason if isinstance(error, URLError) else error
    # Only what fails before the request is through is a URLError.
    return WebError(
        f"{_sentence(cause, timeout)}{_by_proxy(url)}",
        unreachable=isinstance(error, URLError),
        stalled=isinstance(cause, TimeoutError),
    )


def _sentence(cause: object, timeout: float) -> str:
    if isinstance(cause, socket.gaierror):
        return "could not be found (no network, or no such address)"
    if isinstance(cause, TimeoutError):
        return f"did not answer for {timeout:g} s"
    if isinstance(cause, ConnectionRefusedError):
        return "refused the connection"
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"has no valid certificate ({cause.verify_message})"
    if isinstance(cause, HTTPException | ConnectionError):
        return "broke the connection off"
    if isinstance(cause, OSError) and cause.strerror:
        return f"could not be reached ({cause.strerror})"
    what = first_line(cause) if isinstance(cause, BaseException) else str(cause)
    return f"could not be reached ({what.rstrip('.')})"


def _by_proxy(url: str) -> str:
    """Name the proxy that stands between, without its password."""
    parts = urlsplit(url)
    proxy = getproxies().get(parts.scheme, "")
    if not proxy or proxy_bypass(parts.netloc):
        return ""
    return f", through the proxy {proxy.rsplit('@', 1)[-1].removeprefix('http://').rstrip('/')}"
