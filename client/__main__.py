"""The `talk2me` command: `python -m client`, or bin/talk2me."""

from __future__ import annotations

import os
import sys

from client.actions import ACTIONS, BRIEF
from client.arguments import parse
from client.client import Client
from client.errors import Failed
from client.show import Output
from client.state import State


def main() -> int:
    """Do what the words say; return the exit code."""
    words = parse(sys.argv[1:])
    out = Output(as_json=words.json)
    try:
        state = State.chosen(words.state, words.key_file)
        if "server" in words:
            state = state.begin(words.server)
        brief = words.action in BRIEF
        with Client(state, wait=words.wait, brief=brief, on_alert=out.alert) as client:
            ACTIONS[words.action](client, words, out)
            if "server" in words:
                state.keep_server()
    except Failed as error:
        out.failure(error.code, error.words, kept=error.kept)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read this has gone; what it did not read comes again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 141
    except OSError as error:
        failed = Failed("state_unusable")
        out.failure(failed.code, f"{failed.words}: {error}", kept=False)
        return failed.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
