"""Somebody with other software: MLS by mls-rs, and the rest written in Python from docs/."""

import mls_rs_uniffi
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.factories import FakeDevice
from tests.interop.api_peer import ApiPeer, put_content, take_content
from tests.interop.mls_peer import SUITE, MlsPeer


class Pat:
    """Signed up through the real API, with key packages made by mls-rs; joins when she is invited."""

    def __init__(self, origin: str) -> None:
        device = FakeDevice(account_id=b"pat's account id", suites=(SUITE,))
        self.mls = MlsPeer(device.account_id, device.device_id)
        device.signature_key = Ed25519PrivateKey.from_private_bytes(bytes(self.mls._keypair.secret_key.bytes)[:32])  # noqa: SLF001
        self.api = ApiPeer(origin, "pat", device)
        self.api.sign_up()
        self.api.sign_in()
        self.api.publish(SUITE, [self.mls.create_key_package() for _ in range(5)])
        self.mailbox = b""
        self.sequence = 0

    def join(self) -> None:
        """Take the welcome out of the device mailbox and join."""
        welcome = self.api.wait_for(self.api.hello["device_mailbox"], 0, "welcome")[-1]
        self.mls.join(welcome["body"])
        (self.mailbox,) = self.api.mailboxes("conversation")
        entry = self.api.ask("mailbox.list", after=None)["mailboxes"]
        self.sequence = next(one["first"] for one in entry if one["mailbox"] == self.mailbox) - 1

    def say(self, text: str) -> None:
        """Send a text the way any browser does."""
        chain = (self.api.account.seq, self.api.account.head)
        plain, commitment = put_content("text", {"text": text}, self.mailbox, (0, bytes(32)), chain)
        slot = self.api.ask("group_info.fetch", mailbox=self.mailbox)["slot"]
        self.api.ask(
            "envelope.send", mailbox=self.mailbox, id=plain[4:20], kind="application", slot=slot,
            body=self.mls.encrypt(plain), commitment=commitment, expires_in=None,
        )  # fmt: skip

    def hear(self, count: int = 1) -> list[str]:
        """Wait for the next `count` texts."""
        texts: list[str] = []
        while len(texts) < count:
            for envelope in self.api.wait_for(self.mailbox, self.sequence):
                self.sequence = envelope["sequence"]
                try:
                    received = self.mls.process(envelope["body"])
                except mls_rs_uniffi.Error:
                    # What it sent itself comes back too, and no implementation can decrypt that.
                    continue
                if received.kind == "application":
                    content = take_content(received.plain)
                    texts += [content["body"]["text"]] if content["type"] == "text" else []
            self.api.ask("envelope.acknowledge", mailbox=self.mailbox, sequence=self.sequence)
        return texts
