from __future__ import annotations

import http.client
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import Request

import pytest

from inspector.store.web import Stream, WebError, _Redirects

if TYPE_CHECKING:
    from tests.store.servers import Server


def redirected(start: str, end: str) -> Request | None:
    headers = http.client.HTTPMessage()
    asked = Request(start, headers={"Range": "bytes=5-"})
    return _Redirects().redirect_request(asked, None, 302, "Found", headers, end)  # type: ignore[arg-type]


def test_no_redirect_leads_away_from_encryption() -> None:
    with pytest.raises(URLError, match="redirects to http, which is not followed"):
        redirected("https://a.example/w", "http://a.example/w")
    for start, end in (("http", "https"), ("https", "https"), ("http", "http")):
        followed = redirected(f"{start}://a.example/w", f"{end}://b.example/w")
        assert followed is not None
        assert followed.get_header("Range") == "bytes=5-"


def test_the_head_says_what_the_server_said(server: Server) -> None:
    headers = {"Last-Modified": "Sun, 22 Nov 2026 08:00:00 GMT", "Content-Type": "Text/HTML"}
    url = server.put("/w", b"0123456789", headers=headers)
    with Stream(url, {"Range": "bytes=4-"}, 5, lambda: False) as stream:
        head = stream.head()
        assert (head.status, head.start, head.length, head.total) == (206, 4, 6, 10)
        assert (head.etag, head.modified) == ('"one"', headers["Last-Modified"])
        assert head.content_type == "text/html"
        assert stream.chunk() == b"456789"
        assert stream.chunk() == b""
    assert server.requests[0].headers["User-Agent"].startswith("twin-inspector/")


def test_no_length(server: Server) -> None:
    with Stream(server.put("/w", b"abc", length=False), {}, 5, lambda: False) as stream:
        assert stream.head().total is None


def test_an_error_tells_its_number(server: Server) -> None:
    with (
        Stream(f"{server.address}/none", {}, 5, lambda: False) as stream,
        pytest.raises(WebError) as caught,
    ):
        stream.head()
    assert caught.value.status == 404
    assert not caught.value.unreachable
