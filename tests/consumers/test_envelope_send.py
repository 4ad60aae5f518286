"""Sending envelopes: accepted means durable, each once, in one order."""

from tests.consumers.socket_client import COMMITMENT, open_conversation


async def test_an_envelope_reaches_the_open_socket_of_the_other_device(connect, alice, bob):
    sender, reader = await connect(alice.device), await connect(bob.device)
    mailbox = await open_conversation(sender, [alice.device, bob.device])
    accepted = await sender.envelope(mailbox, b"ciphertext", slot=1)
    assert accepted["type"] == "envelope.accepted"
    assert (accepted["sequence"], accepted["slot"], accepted["duplicate"]) == (2, 1, False)
    news = await reader.push("envelope.new")
    assert (news["mailbox"], news["head"], news["slot"]) == (mailbox, 2, 1)
    [envelope] = news["envelopes"]
    assert envelope["body"] == b"ciphertext"
    assert envelope["commitment"] == COMMITMENT
    assert envelope["franking"] == accepted["franking"]
    assert envelope["id"] == accepted["id"]
