"""How people use it: assumptions, each of which can be given another value on the command line."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Usage:
    """Of an average account, those that are hardly used included; of an ordinary day."""

    devices: float = 1.6
    # Of all devices, those with an open socket in the busiest hour.
    online: float = 0.4
    messages: float = 30
    # Accounts in the conversation that a message is written in, whoever writes it among them.
    readers: float = 5
    body_bytes: float = 1_234
    # What an archive gets for each message that its account wrote or read.
    archived_bytes: float = 372
    archiving: float = 1.0
    # For so many days, on average, an envelope waits for the last device.
    waiting_days: float = 3
    files: float = 0.3
    file_bytes: float = 1_000_000
    file_days: float = 30
    # Devices that fetch a file.
    file_readers: float = 5
    # In the busiest second there is so much more than on average.
    peak: float = 5.76
    # Chains with their proofs that a device asks for in a day, new accounts in a day, events of each.
    chains: float = 30
    new_accounts: float = 0.001
    events: float = 3
    # Kept forever, so of how many days the table is.
    days: float = 365
