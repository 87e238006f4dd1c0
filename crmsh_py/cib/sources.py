"""What `load` reads: files, the standard input, and URLs."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from crmsh_py.cib.stores.file import read_source
from crmsh_py.errors import CrmError, NoSuchObject, NotPermitted, TimedOut, Unreachable, UsageError

if TYPE_CHECKING:
    from urllib.parse import SplitResult

SCHEMES = ("http", "https", "ftp", "file")
SILENCE_SECONDS = 30.0  # between two pieces of an answer
WHOLE_SECONDS = 300.0
LARGEST = 100 * 2**20
_PIECE = 2**16
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def read(source: str) -> bytes:
    """The content of a file, a URL, or of the standard input for `-`.

    Raises NoSuchObject, NotPermitted, Unreachable, TimedOut (nothing came for 30 s, or not all of it in 5 minutes),
    UsageError, CrmError (more than 100 MiB). No error repeats what a URL has in it beside the place.
    """
    return _fetch(source) if _URL.match(source) else read_source(source)


def label(source: str) -> str:
    """The source as messages call it: without a password, or what stands behind the `?` of a URL."""
    if source == "-":
        return "stdin"
    if not _URL.match(source):
        return source
    return f"{source.partition('://')[0]}://" + re.split(r"[?#]", source.partition("://")[2])[0].rpartition("@")[2]


def _fetch(url: str) -> bytes:
    from urllib.parse import unquote, urlsplit

    try:
        parts = urlsplit(url)
        has_port = parts.port is not None
    except ValueError:
        raise UsageError(f"not a URL: {label(url)}") from None
    if parts.scheme not in SCHEMES:
        raise UsageError(f"{parts.scheme}: is no kind of URL that can be loaded", hint=f"kinds: {', '.join(SCHEMES)}")
    if parts.scheme == "file":
        if parts.netloc not in ("", "localhost"):
            raise UsageError(f"a file: URL is about a file of this host: {label(url)}", hint="file:///FOLDER/FILE")
        return read_source(unquote(parts.path))
    if not parts.hostname:
        raise UsageError(f"not a URL: {label(url)}", hint="it names no host")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    plain = parts._replace(netloc=f"{host}:{parts.port}" if has_port else host, fragment="")
    return _download(plain.geturl(), parts, label(url))


def _download(url: str, parts: SplitResult, name: str) -> bytes:
    """What a server answers. The name and password of the URL go to its own host only, in a header of their own."""
    from http.client import HTTPException
    from urllib.error import HTTPError, URLError
    from urllib.request import Request

    try:
        request = Request(parts.geturl() if parts.scheme == "ftp" else url)  # noqa: S310 - it is one of SCHEMES
        if parts.username is not None and parts.scheme != "ftp":
            request.add_unredirected_header("Authorization", _basic(parts))
        with _opener().open(request, timeout=SILENCE_SECONDS) as answer:
            return _read_all(answer, name)
    except HTTPError as error:
        error.close()
        raise _refused(error.code, name) from None
    except TimeoutError:
        raise TimedOut(f"no answer within {SILENCE_SECONDS:.0f} s: {name}") from None
    except URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise TimedOut(f"no answer within {SILENCE_SECONDS:.0f} s: {name}") from None
        raise Unreachable(f"cannot load {name}: {_reason(error.reason)}") from None
    except (OSError, HTTPException, ValueError) as error:
        raise Unreachable(f"cannot load {name}: {_reason(error)}") from None


def _opener() -> Any:
    """Opens URLs with certificates verified, through the proxies of the environment; redirects stay on the web."""
    from urllib.error import URLError
    from urllib.request import HTTPRedirectHandler, build_opener

    class OnTheWeb(HTTPRedirectHandler):
        def redirect_request(self, req: Any, fp: Any, code: Any, msg: Any, headers: Any, newurl: str) -> Any:
            scheme = newurl.partition(":")[0].lower()
            # what was asked for in secret is not answered in the open
            if scheme not in ("http", "https") or (req.type == "https" and scheme == "http"):
                fp.close()
                raise URLError(f"it redirects from {req.type}: to {scheme}:")
            return super().redirect_request(req, fp, code, msg, headers, newurl)

    return build_opener(OnTheWeb)


def _read_all(answer: Any, name: str) -> bytes:
    deadline = time.monotonic() + WHOLE_SECONDS
    pieces: list[bytes] = []
    size = 0
    while piece := answer.read1(_PIECE) if hasattr(answer, "read1") else answer.read(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST:
            raise CrmError(f"{name} is larger than {LARGEST // 2**20} MiB")
        if time.monotonic() > deadline:
            raise TimedOut(f"not all of {name} came within {WHOLE_SECONDS / 60:.0f} minutes")
    promised = answer.headers.get("Content-Length")
    if promised and promised.isdecimal() and int(promised) != size:
        raise Unreachable(f"cannot load {name}: only {size} of {promised} bytes came")
    return b"".join(pieces)


def _basic(parts: SplitResult) -> str:
    from base64 import b64encode
    from urllib.parse import unquote

    pair = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    return "Basic " + b64encode(pair.encode()).decode()


def _refused(code: int, name: str) -> CrmError:
    if code in (401, 403, 407):
        return NotPermitted(f"the server does not permit it (HTTP {code}): {name}")
    if code in (404, 410):
        return NoSuchObject(f"there is no such page (HTTP {code}): {name}")
    if 300 <= code < 400:
        return Unreachable(f"the server redirects to where `load` does not follow (HTTP {code}): {name}")
    return Unreachable(f"the server answers with an error (HTTP {code}): {name}")


def _reason(error: object) -> str:
    """Why it did not work; texts of ValueErrors repeat the URL, so they are left out."""
    if isinstance(error, ValueError) and not isinstance(error, OSError):
        return "it is not a URL"
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text)[:1].lower() + str(text)[1:]
