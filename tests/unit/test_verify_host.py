"""What scripts/verify_host.py takes for the released answer; tests/malicious/test_changed_host.py runs it for real."""

import gzip
import hashlib
import importlib.util
import socket
import sys
import threading
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import brotli
import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
SETS = {
    "page": {"Content-Security-Policy": "default-src 'none'", "Cache-Control": "no-cache", "X-One": "1"},
    "picture": {"Content-Security-Policy": "default-src 'none'", "X-One": "1"},
    "code": {"X-One": "1"},
}
BODY = b"export const a = 1;\n"


def load(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def judging(monkeypatch) -> ModuleType:
    return load("judge_answers", monkeypatch)


def entry(headers: str) -> dict:
    return {
        "sha256": hashlib.sha256(BODY).hexdigest(),
        "size": len(BODY),
        "type": "text/javascript",
        "headers": headers,
    }


def found(judging: ModuleType, kind: str = "code", *, status: int = 200, body: bytes = BODY, **changed: object) -> list:
    headers = {"content-type": ["text/javascript; charset=utf-8"], "x-one": ["1"], "date": ["now"]}
    if kind == "page":
        headers |= {"content-security-policy": ["default-src 'none'"], "cache-control": ["no-cache"]}
    headers |= {name.replace("_", "-"): value for name, value in changed.items()}
    kept = {name: value for name, value in headers.items() if value}
    return judging.judge(entry(kind), SETS, judging.Answer(status, kept, body))


@pytest.mark.parametrize("kind", ["code", "page"])
def test_the_released_answer_has_nothing_wrong(judging, kind) -> None:
    assert found(judging, kind) == []
    assert found(judging, kind, server=["any"], strict_transport_security=["max-age=1"], etag=["x"]) == []
    assert found(judging, kind, content_type=['text/javascript; charset="utf-8"']) == []


def test_the_page_s_own_policies_may_stand_beside_a_module(judging) -> None:
    assert found(judging, content_security_policy=["default-src 'none'"]) == []
    assert len(found(judging, content_security_policy=["default-src *"])) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"status": 304},
        {"body": BODY + b" "},
        {"x_one": None},
        {"x_one": ["2"]},
        {"x_one": ["1", "1"]},
        {"content_security_policy": ["default-src *"]},
        {"content_security_policy": ["default-src 'none'", "default-src *"]},
        {"cache_control": ["max-age=31536000"]},
        {"content_type": ["text/javascript; charset=utf-7"]},
        {"content_type": ["text/plain"]},
        {"content_type": ["text/javascript", "text/html"]},
        {"content_type": None},
        {"access_control_allow_origin": ["*"]},
        {"set_cookie": ["a=b"]},
        {"refresh": ["0; url=https://else.example"]},
        {"sourcemap": ["/x.map"]},
        {"content_security_policy_report_only": ["default-src 'none'"]},
    ],
    ids=str,
)
def test_whatever_else_is_told_once(judging, changed) -> None:
    assert len(found(judging, "page", **changed)) == 1


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [(BODY, ""), (gzip.compress(BODY), "gzip"), (brotli.compress(BODY), "br")],
    ids=["as it is", "gzip", "br"],
)
def test_answers_are_read_as_browsers_read_them(judging, packed, encoding) -> None:
    assert judging.unpack(packed, encoding) == BODY


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (BODY, "gzip"),
        (BODY, "br"),
        (gzip.compress(BODY)[:-4], "gzip"),
        (gzip.compress(BODY) + gzip.compress(b"more"), "gzip"),
        (BODY, "zstd"),
        (gzip.compress(BODY), "gzip, gzip"),
        (zlib.compress(BODY), "deflate"),
        (brotli.compress(BODY)[:-4], "br"),
        (brotli.compress(BODY) + b"more", "br"),
    ],
    ids=[
        "not packed",
        "not packed by brotli",
        "cut",
        "more behind it",
        "not asked for",
        "twice",
        "deflate",
        "cut brotli",
        "more behind brotli",
    ],
)
def test_an_answer_that_can_be_read_in_two_ways_is_refused(judging, packed, encoding) -> None:
    with pytest.raises((ValueError, zlib.error)):
        judging.unpack(packed, encoding)


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_what_unpacks_to_very_much_is_refused_before_it_is_all_there(judging, encoding) -> None:
    nothing = bytes(300_000_000)
    packed = gzip.compress(nothing, 1) if encoding == "gzip" else brotli.compress(nothing, quality=1)
    del nothing
    tracemalloc.start()
    with pytest.raises((ValueError, zlib.error)):
        judging.unpack(packed, encoding)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 * judging.LARGEST


@pytest.mark.parametrize("html", [b'<script type="importmap">[]</script>', b'<script type="importmap">{"integrity": 1}</script>', b'<script type="importmap">{</script>'])  # fmt: skip # noqa: E501
def test_an_import_map_of_any_form_is_told(judging, html) -> None:
    assert judging.judge_page("https://a.example", judging.Answer(200, {}, html), {}, {}) == ["an import map that can't be read"]  # fmt: skip # noqa: E501


@pytest.mark.parametrize(
    ("html", "said"),
    [
        (b'<script src="https://else.example/x.js"></script>', "names https://else.example/x.js"),
        (b'<base href="/x/">', "names /x/"),
        (b'<link rel="modulepreload" href="//else.example/y.js">', "names //else.example/y.js"),
        (b'<body onload="x()">', "1 inline scripts"),
        (b"<script>1</script>", "1 inline scripts"),
        (b'<script type="importmap">{"imports": {"a": "/z.js"}}</script>', "names /z.js"),
    ],
)
def test_what_a_page_loads_beside_the_release_is_named(judging, html, said) -> None:
    lines = judging.judge_page("https://a.example", judging.Answer(200, {}, html), {"/": {}}, {})
    assert any(line.startswith(said) for line in lines), lines


def test_what_a_host_says_can_t_move_the_cursor(monkeypatch, capsys, judging) -> None:
    load("verify_host", monkeypatch).say("a\x1b[2Kb\nc")
    assert capsys.readouterr().out == "a?[2Kb?c\n"


@pytest.mark.parametrize(
    "url", ["ftp://a.example", "https://a.example/chat", "a.example", "", "https://a:b", "https://[a"]
)
def test_an_address_of_another_form_is_refused(monkeypatch, judging, url) -> None:
    with pytest.raises(SystemExit, match="URL must look like"):
        load("verify_host", monkeypatch).Host(url, None)


@contextmanager
def one_answer(data: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """A host that sends these bytes to the first who asks, and what it heard."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            with listener.accept()[0] as one:
                heard.append(one.recv(65536))
                one.sendall(data)

        thread = threading.Thread(target=answer)
        thread.start()
        yield listener.getsockname()[1], heard
        thread.join()


@pytest.mark.parametrize(
    ("line", "problems"),
    [
        (b"X-One: 1", []),
        (b"no colon", ["headers that can't be read"]),
        (b"X One: 1", ["headers that can't be read"]),
        (b": nothing", ["headers that can't be read"]),
    ],
)
def test_a_header_line_that_hides_later_ones_is_told(monkeypatch, judging, line, problems) -> None:
    script = load("verify_host", monkeypatch)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + line + b"\r\nLink: </x.js>; rel=preload\r\n\r\n"
    with one_answer(head) as (port, _):
        connection = script.Host(f"http://127.0.0.1:{port}", None).connect()
        assert script.ask(connection, "/", {}).problems == problems


@pytest.mark.parametrize(
    ("path", "kind", "said"),
    [
        ("/", "text/html", {"dest: document", "mode: navigate", "site: none"}),
        ("/a.js", "text/javascript", {"dest: script", "mode: cors", "site: same-origin"}),
        ("/a.json", "application/json", {"dest: empty", "mode: cors", "site: same-origin"}),
        ("/service_worker.js", "text/javascript", {"dest: serviceworker", "mode: same-origin", "site: same-origin"}),
    ],
)
def test_it_asks_as_browsers_do(monkeypatch, judging, path, kind, said) -> None:
    script = load("verify_host", monkeypatch)
    with one_answer(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n") as (port, heard):
        host = script.Host(f"http://127.0.0.1:{port}", None)
        script.fetch(host, {path: {"type": kind}}, [path], script.VISITORS["a desktop Chrome"])
    lines = heard[0].decode().lower().splitlines()
    assert {
        line.removeprefix("sec-fetch-") for line in lines if line.startswith("sec-fetch-") and "user" not in line
    } == said
    assert ("service-worker: script" in lines) == (path == "/service_worker.js")
    assert any(line.startswith("accept: ") for line in lines)
    assert "deflate" not in heard[0].decode()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "other", "paths": {"/": 1}}'])
def test_what_is_no_manifest_is_refused(monkeypatch, judging, tmp_path, text) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(SystemExit, match="no manifest"):
        load("verify_host", monkeypatch).read_manifest(str(tmp_path), None)
