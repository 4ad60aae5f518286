"""A host that serves other code than was released is found from a second place, file by file."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.running_server import ROOT, RunningServer

SCRIPT = ROOT / "scripts/verify_host.py"
MODULE = r"/js/parts/main_screen-\w+\.js$"


class Verifier:
    """`make verify-host` against one server."""

    def __init__(self, server: RunningServer, manifest: Path) -> None:
        self.server, self.manifest = server, manifest

    def change(self, *changes: dict) -> None:
        """From now on serve something else; without any, be honest again."""
        request = urllib.request.Request(
            f"{self.server.origin}/change", data=json.dumps(changes).encode(), method="POST"
        )
        urllib.request.urlopen(request, timeout=60).close()

    def run(self, *words: str) -> tuple[int, list[str]]:
        """Its exit code, and the lines that it prints."""
        command = [sys.executable, str(SCRIPT), self.server.origin, "--manifest", str(self.manifest), *words]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd="/", env={"PATH": os.environ["PATH"]}
        )
        return done.returncode, [line.strip() for line in (done.stdout + done.stderr).splitlines()]

    def finds(self, *changes: dict) -> list[str]:
        """What it says of a host that has changed this."""
        self.change(*changes)
        code, lines = self.run()
        assert (code, lines[-1]) == (1, "This is NOT the released page.")
        return lines


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Verifier]:
    folder = tmp_path_factory.mktemp("host")
    with RunningServer(folder / "data", application="tests.malicious.changing_asgi:application") as server:
        server.manage("make_release_key", str(folder / "release.key"), "chat.example/releases")
        said = server.manage("manifest", "--out", str(folder / "manifest.json"), "--sign", str(folder / "release.key"))
        found = Verifier(server, folder / "manifest.json")
        found.vkey = said.split()[-1]
        yield found


def test_an_honest_host_passes_for_every_visitor_and_with_the_signature(verifier: Verifier) -> None:
    verifier.change()
    code, lines = verifier.run("--key", verifier.vkey)
    assert code == 0, lines
    seen = [line for line in lines if line.startswith("As ")]
    assert len(seen) == 4
    count = len(json.loads(verifier.manifest.read_text())["paths"])
    assert all(line.endswith(f": {count} of {count} as released.") for line in seen)
    assert lines[-1].startswith("All as released: for this machine, now.")


def test_changed_modules_another_worker_and_a_way_elsewhere_are_found_file_by_file(verifier: Verifier) -> None:
    lines = verifier.finds(
        {"path": MODULE, "replace": ["//", "globalThis.other = 1;//"]},
        {"path": r"/js/app\.js$", "for": "iPhone", "replace": ["//", "globalThis.other = 1;//"]},
        {"path": "^/service_worker.js$", "replace": ["import", 'import "/x.js";import']},
        {"path": r"/css/app\.css$", "status": 302, "headers": {"Location": "https://else.example/"}},
        {"path": "^/$", "headers": {"Content-Security-Policy": "default-src *", "Cross-Origin-Opener-Policy": None}},
        {"path": "^/$", "for": "Chrome", "headers": {"Link": "</x.js>; rel=modulepreload"}},
        {"path": "^/api/server$", "replace": ['"manifest": "', '"manifest": "0']},
    )
    text = "\n".join(lines)
    assert len(re.findall(r"/js/parts/main_screen-\w+\.js: other bytes", text)) == 4
    # What only some are given is seen by who comes as they do.
    assert text.count("js/app.js: other bytes") == 1
    assert text.count("/: link: </x.js>; rel=modulepreload, a header that the release does not send") == 1
    assert any("its import map has another hash for" in line and "main_screen" in line for line in lines)
    assert "/service_worker.js: other bytes" in text
    assert "app.css: answered with 302, to go to https://else.example/" in text
    assert "/: content-security-policy: default-src *, released default-src 'none'" in text
    assert "/: cross-origin-opener-policy: missing, released same-origin" in text
    assert "says that it serves the manifest '0" in text


def test_a_changed_page_is_found_and_what_it_would_load(verifier: Verifier) -> None:
    lines = verifier.finds(
        {"path": "^/$", "replace": ["</body>", '<script src="/x.js"></script><script>1</script></body>']},
        {"path": "^/$", "replace": ['{"integrity":{', '{"integrity":{"/static/y.js":"sha384-x",']},
    )
    assert any(line.startswith("/: other bytes") for line in lines)
    assert "/: names /x.js, which is not in the release" in lines
    assert "/: names /static/y.js, which is not in the release" in lines
    assert "/: 1 inline scripts, released 0" in lines
    assert "/: its import map is not the one that its policy allows" in lines


def test_another_release_and_a_manifest_that_is_not_signed_do_not_pass(verifier: Verifier, tmp_path: Path) -> None:
    verifier.change()
    other = json.loads(verifier.manifest.read_text())
    other["paths"] = {"/": other["paths"]["/"], "/gone.js": other["paths"]["/service_worker.js"]}
    file = tmp_path / "manifest.json"
    file.write_text(json.dumps(other))
    code, lines = Verifier(verifier.server, tmp_path).run()
    assert code == 1
    assert any("/gone.js: answered with 404" in line for line in lines)
    refused = ["verify-host: the manifest is not signed with this key"]
    assert Verifier(verifier.server, file).run("--key", verifier.vkey) == (1, refused)


def test_a_host_that_is_not_there_does_not_pass(verifier: Verifier, tmp_path: Path) -> None:
    gone = RunningServer(tmp_path / "data")
    manifest = json.loads(verifier.manifest.read_text())
    (tmp_path / "manifest.json").write_text(json.dumps(manifest | {"paths": {"/": manifest["paths"]["/"]}}))
    code, lines = Verifier(gone, tmp_path).run()
    assert code == 1
    assert "does not say what it runs" in lines
    assert any(line.startswith("/: no answer") for line in lines)
