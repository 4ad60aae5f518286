"""The library behind the `talk2me` command: send and receive from Python (docs/command_line.md)."""

from client.client import Client, Messages
from client.errors import Failed
from client.state import State

__all__ = ["Client", "Failed", "Messages", "State"]
