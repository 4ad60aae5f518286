"""Who is measured: a name, what it stores, how it is started, and how it is spoken to."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial

from benchmarks.servers.echo import echo
from benchmarks.servers.ejabberd import ejabberd
from benchmarks.servers.mosquitto import mosquitto
from benchmarks.servers.ours import ours
from benchmarks.servers.prosody import prosody
from benchmarks.servers.relay import relay
from benchmarks.servers.running import Running
from benchmarks.servers.stores import Stores
from benchmarks.servers.tutorial import tutorial

Start = Callable[[Stores, int], AbstractContextManager[Running]]


@dataclass(frozen=True)
class Contender:
    """`start` takes the stores and the number of people."""

    name: str
    wire: str
    start: Start


def _ours(name: str, **choice: object) -> Contender:
    return Contender(name, "ours", lambda stores, people: partial(ours, **choice)(stores, people=people))


RECOMMENDED = _ours("ours: uvicorn, PostgreSQL", server="uvicorn", store="postgresql")
DAPHNE = _ours("ours: daphne, PostgreSQL", server="daphne", store="postgresql")
UVICORN_SQLITE = _ours("ours: uvicorn, SQLite", server="uvicorn", store="sqlite")
DAPHNE_SQLITE = _ours("ours: daphne, SQLite", server="daphne", store="sqlite")
TWO_WORKERS = _ours("ours: 2 uvicorn, PostgreSQL", server="uvicorn", store="postgresql", workers=2)
FOUR_WORKERS = _ours("ours: 4 uvicorn, PostgreSQL", server="uvicorn", store="postgresql", workers=4)
TUTORIAL = Contender("tutorial: PostgreSQL", "tutorial", lambda stores, people: tutorial(stores, people=people))
TUTORIAL_KEPT = Contender(
    "tutorial: PostgreSQL, connections kept",
    "tutorial",
    lambda stores, people: tutorial(stores, people=people, keep=True),
)
TUTORIAL_SQLITE = Contender(
    "tutorial: SQLite", "tutorial", lambda stores, people: tutorial(stores, people=people, store="sqlite")
)
RELAY = Contender("Flask-SocketIO relay (nothing stored)", "relay", lambda stores, _: relay(stores))
PROSODY = Contender("Prosody: files, archive", "xmpp", lambda stores, people: prosody(stores, people=people))
EJABBERD = Contender("ejabberd: PostgreSQL, archive", "xmpp", lambda stores, people: ejabberd(stores, people=people))
MOSQUITTO = Contender("Mosquitto QoS 1 (in memory)", "mqtt", lambda stores, _: mosquitto(stores))
ECHO_UVICORN = Contender("bare echo: uvicorn", "echo", lambda stores, _: echo(stores, server="uvicorn"))
ECHO_DAPHNE = Contender("bare echo: daphne", "echo", lambda stores, _: echo(stores, server="daphne"))
