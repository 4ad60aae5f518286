"""The talk2me command and somebody with other software: suite 1, which is all that other software has."""

from pathlib import Path

from client import Client, State
from tests.e2e.running_server import RunningServer
from tests.interop.pat import Pat


def test_the_command_line_talks_with_an_independent_implementation_both_ways(
    server: RunningServer, tmp_path: Path
) -> None:
    pat = Pat(server.origin)
    with Client(State(tmp_path / "state").begin(server.origin)) as bot:
        bot.sign_up("robot")
        conversation = bot.find("pat", begin=True)
        assert bot.query("conversation", id=conversation)["suite"] == 1
        assert bot.send(conversation, "disk full")["status"] == "stored"
        pat.join()
        assert pat.hear() == ["disk full"]
        pat.say("which disk? — grüße from mls-rs")
        heard = next(message for message in bot.receive(follow=True) if message["type"] == "text")
        assert (heard["from"], heard["text"]) == ("pat", "which disk? — grüße from mls-rs")
        bot.send(conversation, "sda")
        assert pat.hear() == ["sda"]
    pat.api.socket.close()
