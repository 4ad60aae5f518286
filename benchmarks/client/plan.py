"""What the load client is told on its standard input, and what it tells on its standard output, both as JSON."""

from typing import Any, Literal

from msgspec import Struct, field


class Plan(Struct, kw_only=True):
    """One run. `processes` names the processes of each part of a server, whose processor time is taken too."""

    wire: str
    ports: list[int]
    sockets: int
    mode: Literal["closed", "rate", "drain", "idle"] = "closed"
    in_flight: int = 64
    rate: float = 0
    seconds: float = 10
    warm_up: float = 2
    envelopes: int = 0
    processes: dict[str, list[int]] = field(default_factory=dict)
    # What the server's preparation printed: tokens, conversations.
    prepared: dict[str, Any] = field(default_factory=dict)


class Figures(Struct, kw_only=True):
    """What came of a load of envelopes.

    An envelope counts when its sender knows that it is stored and its recipient has it: `done_*` is the time until
    both, `delivered_*` until the recipient has it, in milliseconds. `processor_us` is the processor time of each part
    of the server and of the client for one envelope, in microseconds: steadier than the rate where other work shares
    the machine.
    """

    per_second: float
    delivered_p50: float
    delivered_p99: float
    done_p50: float
    done_p99: float
    acknowledgements: int
    envelopes: int
    processor_us: dict[str, float]
    # Share of the machine that others used meanwhile: above a few per cent, a rate says little.
    others: float

    def as_text(self) -> str:
        """Return one line."""
        shares = "  ".join(f"{name} {used:,.0f}" for name, used in self.processor_us.items())
        times = f"p50 {self.delivered_p50:7.1f} ms  p99 {self.delivered_p99:7.1f} ms"
        return f"{self.per_second:8,.0f} /s  {times}  us of each: {shares}  (others {self.others:.0%})"


class Drained(Struct, kw_only=True):
    """What came of draining: bodies only are counted in the megabytes."""

    envelopes: int
    append_per_second: float
    per_second: float
    megabytes_per_second: float
    processor_us: dict[str, float]
    others: float

    def as_text(self) -> str:
        """Return one line."""
        shares = "  ".join(f"{name} {used:,.1f}" for name, used in self.processor_us.items())
        drained = f"{self.per_second:8,.0f} /s  {self.megabytes_per_second:6.1f} MB/s  us of each: {shares}"
        return f"{drained}  filled at {self.append_per_second:,.0f} /s  (others {self.others:.0%})"


class Idle(Struct, kw_only=True):
    """What sockets cost that do nothing: growth of the resident memory of the server's processes."""

    sockets: int
    bytes_per_socket: float
    opened_per_second: float

    def as_text(self) -> str:
        """Return one line."""
        return f"{self.bytes_per_socket / 1000:8.1f} kB a socket  opened {self.opened_per_second:,.0f} /s"
