"""Our own devices, run by Node: the same modules that browsers load, driven by `node_peer.mjs`."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Self

HERE = Path(__file__).parent


class NodeRefusedError(Exception):
    """A device of ours threw; `code` is one of static/js/errors.js."""

    def __init__(self, code: str, reason: str | None) -> None:
        super().__init__(f"{code} ({reason})")
        self.code = code
        self.reason = reason


class NodeProcess:
    """One Node process; `device` makes a device in it. Use it as a context."""

    def __enter__(self) -> Self:
        node = shutil.which("node")
        if node is None:
            message = "these tests need Node"
            raise RuntimeError(message)
        command = [node, str(HERE / "node_peer.mjs")]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HERE.parent.parent
        )
        self._names = 0
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()  # type: ignore[union-attr]
        self._process.wait(10)
        self._process.stdout.close()  # type: ignore[union-attr]

    def ask(self, command: str, name: str, **fields: object) -> dict[str, Any]:
        """One command; bytes go and come as hex."""
        line = json.dumps({"command": command, "name": name, **fields})
        self._process.stdin.write(line + "\n")  # type: ignore[union-attr]
        self._process.stdin.flush()  # type: ignore[union-attr]
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())  # type: ignore[union-attr]
        if "error" in answer:
            raise NodeRefusedError(answer["error"], answer.get("reason"))
        return answer

    def device(self, account: bytes, device: bytes, suite: int = 1) -> NodePeer:
        """A new device of ours, with a signature key that can't be read."""
        self._names += 1
        peer = NodePeer(self, str(self._names), account, device)
        self.ask("new_device", peer.name, account=account.hex(), device=device.hex(), suite=suite)
        return peer


class NodePeer:
    """One device of ours."""

    def __init__(self, process: NodeProcess, name: str, account: bytes, device: bytes) -> None:
        self._process = process
        self.name = name
        self.account = account
        self.device = device

    @property
    def identity(self) -> bytes:
        """The credential: `account || device`."""
        return self.account + self.device

    def ask(self, command: str, **fields: object) -> dict[str, Any]:
        """One command to this device."""
        return self._process.ask(command, self.name, **fields)

    def create_key_package(self) -> bytes:
        """A fresh key package."""
        return bytes.fromhex(self.ask("key_package")["key_package"])

    def change(self, command: str, **fields: object) -> tuple[bytes, bytes | None]:
        """A commit and its welcome: `add`, `remove`, `update` or `join_externally`. It waits for `accept`."""
        made = self.ask(command, **fields)
        return bytes.fromhex(made["commit"]), bytes.fromhex(made["welcome"]) if made["welcome"] else None

    def encrypt(self, plain: bytes) -> bytes:
        """The body of an application envelope."""
        return bytes.fromhex(self.ask("encrypt", plain=plain.hex())["body"])

    def process(self, body: bytes) -> dict[str, Any]:
        """What the browser makes of an envelope's body."""
        return self.ask("process", body=body.hex())

    def export_secret(self, label: str, context: str, length: int) -> bytes:
        """RFC 9420 section 8.5."""
        return bytes.fromhex(self.ask("export_secret", label=label, context=context, length=length)["secret"])
