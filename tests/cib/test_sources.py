"""Where `load` reads from: a real server, files, and what is refused."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from crmsh_py.cib import sources
from crmsh_py.errors import CrmError, NoSuchObject, NotPermitted, TimedOut, Unreachable, UsageError

BODY = b"primitive p Dummy\n"


class Pages(BaseHTTPRequestHandler):
    """Some pages; what was asked for is kept in `asked`."""

    asked: ClassVar[list[tuple[str, str | None]]] = []

    def do_GET(self) -> None:
        Pages.asked.append((self.path, self.headers["Authorization"]))
        path = self.path.partition("?")[0]
        target = {"/moved": "/web.crm", "/away": f"http://localhost:{self.server.server_port}/web.crm"}.get(path)
        target = target or {"/file": "file:///etc/passwd", "/ftp": "ftp://localhost/x"}.get(path)
        code = (
            302 if target else {"/web.crm": 200, "/short": 200, "/none": 404, "/no": 403, "/broken": 500}.get(path, 401)
        )
        self.send_response(code)
        if target:
            self.send_header("Location", target)
        self.send_header("Content-Length", str(len(BODY) + (path == "/short")))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("no_proxy", "*")
    Pages.asked = []
    served = HTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=served.serve_forever)
    thread.start()
    yield f"127.0.0.1:{served.server_port}"
    served.shutdown()
    served.server_close()
    thread.join()


def test_pages_and_redirects(server: str) -> None:
    for page in ("web.crm", "moved", "away"):
        assert sources.read(f"http://{server}/{page}") == BODY


def test_a_password_goes_to_its_own_host_only(server: str) -> None:
    assert sources.read(f"http://joe:p%40ss@{server}/away#part") == BODY
    assert Pages.asked == [("/away", "Basic am9lOnBAc3M="), ("/web.crm", None)]


@pytest.mark.parametrize(
    ("page", "error", "text"),
    [
        ("none", NoSuchObject, "HTTP 404"),
        ("no", NotPermitted, "HTTP 403"),
        ("other", NotPermitted, "HTTP 401"),
        ("broken", Unreachable, "HTTP 500"),
        ("short", Unreachable, "only 18 of 19 bytes"),
        ("file", Unreachable, "redirects to where"),
        ("ftp", Unreachable, "redirects from http: to ftp:"),
    ],
)
def test_what_a_server_may_answer(server: str, page: str, error: type[CrmError], text: str) -> None:
    with pytest.raises(error, match=text) as caught:
        sources.read(f"http://joe:topsecret@{server}/{page}?token=topsecret")
    assert "topsecret" not in str(caught.value)


def test_bounds(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LARGEST", 10)
    with pytest.raises(CrmError, match="larger than"):
        sources.read(f"http://{server}/web.crm")
    monkeypatch.setattr(sources, "LARGEST", 100)
    monkeypatch.setattr(sources, "WHOLE_SECONDS", -1.0)
    with pytest.raises(TimedOut):
        sources.read(f"http://{server}/web.crm")


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("gopher://host/x", UsageError),
        ("data://text", UsageError),
        ("http://", UsageError),
        ("http://host:port/topsecret?topsecret", UsageError),
        ("http://[::1/topsecret", UsageError),
        ("file://elsewhere/etc/passwd", UsageError),
        ("http://joe:topsecret@127.0.0.1:1/x?topsecret", Unreachable),
        ("https://joe:topsecret@127.0.0.1:1/x", Unreachable),
        ("ftp://joe:topsecret@127.0.0.1:1/x", Unreachable),
        ("http://127.0.0.1:1/a b", Unreachable),
        ("file:///nosuch/file", NoSuchObject),
        ("/nosuch/file", NoSuchObject),
    ],
)
def test_what_cannot_be_read(url: str, error: type[CrmError], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with pytest.raises(error) as caught:
        sources.read(url)
    said = "\n".join(f"{problem.text} {problem.hint}" for problem in caught.value.problems)
    assert "joe" not in said
    assert "topsecret" not in said or "/topsecret" in url.partition("?")[0]


def test_a_server_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(sources, "SILENCE_SECONDS", 0.2)
    silent = HTTPServer(("127.0.0.1", 0), Pages)  # which nobody serves
    with pytest.raises(TimedOut, match="no answer"):
        sources.read(f"http://127.0.0.1:{silent.server_port}/web.crm")
    silent.server_close()


def test_files(tmp_path: Path) -> None:
    file = tmp_path / "a b.crm"
    file.write_bytes(BODY)
    assert sources.read(str(file)) == BODY
    assert sources.read(f"file://{tmp_path}/a%20b.crm") == BODY
    assert sources.read(f"file://localhost{tmp_path}/a%20b.crm") == BODY


def test_labels() -> None:
    assert [sources.label(one) for one in ("-", "web.crm", "https://u:p@h:1/x?y=z#w", "http://h")] == [
        "stdin",
        "web.crm",
        "https://h:1/x",
        "http://h",
    ]
