"""REDIS_URL, as each of our two users of Redis or Valkey needs it: the channel layer and the rate limits.

    redis://[user:password@]host:6379/0                          one server; rediss:// for TLS, or unix:///path
    redis+sentinel://[user:password@]host:26379,host:26379/name  the sentinels, and the name of what they watch
    redis+cluster://[user:password@]host:6379,host:6379          some nodes of a cluster

`valkey` may be written for `redis`. The last two take TLS as `rediss+...` too.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# A server that doesn't answer counts as gone after so long.
PATIENCE_SECONDS = 2.0
HOSTS_WRONG = "REDIS_URL must name each host as host:port."
KINDS = ("", "sentinel", "cluster")
SCHEMES = ("redis", "rediss", "unix", "redis+unix")


class BadRedisUrl(ImproperlyConfigured):
    """REDIS_URL is none of the forms above; the text says why, and holds no password."""


@dataclass(frozen=True)
class RedisSettings:
    """What REDIS_URL says. `url` is the server's for kind "", else of the first host; `kind` one of KINDS."""

    kind: str
    url: str
    hosts: tuple[tuple[str, int], ...]
    username: str | None
    password: str | None
    tls: bool
    database: int
    master: str
    sentinel_password: str | None

    @property
    def _server(self) -> dict[str, Any]:
        """How to talk to a server that a sentinel names, or to a node of a cluster."""
        found: dict[str, Any] = {"username": self.username, "password": self.password, "ssl": self.tls}
        return {name: value for name, value in found.items() if value}

    @property
    def _timeouts(self) -> dict[str, Any]:
        return {"socket_timeout": PATIENCE_SECONDS, "socket_connect_timeout": PATIENCE_SECONDS}

    @property
    def _sentinel(self) -> dict[str, Any]:
        # Without a name and password of their own they get none: not those of the servers.
        found = {"username": None, "password": self.sentinel_password, **self._timeouts}
        return found | ({"ssl": True} if self.tls else {})

    def layer_hosts(self) -> list[dict[str, Any]]:
        """Return `hosts` of the channel layer. Of a cluster any node will do: it passes on what is published."""
        if self.kind == "sentinel":
            server = self._server | self._timeouts | {"db": self.database}
            named = {"sentinels": list(self.hosts), "master_name": self.master, "sentinel_kwargs": self._sentinel}
            return [named | server]
        return [{"address": self.url, **self._timeouts}]

    def limits_storage(self) -> tuple[str, dict[str, Any]]:
        """Return the storage of the library `limits`: its address, and options."""
        if not self.kind:
            return self.url.replace("unix://", "redis+unix://", 1), self._timeouts
        hosts = ",".join(_written(host, port) for host, port in self.hosts)
        if self.kind == "cluster":
            return f"redis+cluster://{hosts}", self._server | self._timeouts
        options = self._server | self._timeouts | {"db": self.database, "sentinel_kwargs": self._sentinel}
        # Counts are read where they are written: a replica lags.
        return f"redis+sentinel://{hosts}/{self.master}", options | {"use_replicas": False}


def parse_redis_url(text: str) -> RedisSettings:
    """Read REDIS_URL. Raises BadRedisUrl."""
    if text.startswith("valkey"):
        text = text.replace("valkey", "redis", 1)
    url, listed = _split(text)
    scheme, _, kind = url.scheme.partition("+")
    if kind == "unix":
        scheme, kind = "unix", ""
    if scheme not in ("redis", "rediss", "unix") or kind not in KINDS or (kind and scheme == "unix"):
        raise BadRedisUrl(
            "REDIS_URL must begin with redis://, rediss://, unix://, redis+sentinel:// or redis+cluster://."
        )
    username, password = url.username and unquote(url.username), url.password and unquote(url.password)
    name, _, database = url.path.strip("/").partition("/")
    if kind == "sentinel" and not name:
        raise BadRedisUrl("REDIS_URL must end with the name of what the sentinels watch.")
    hosts = _hosts(listed, 26379 if kind == "sentinel" else 6379) if kind else ()
    sentinel_password = parse_qs(url.query).get("sentinel_password", [None])[0]
    plain = f"{scheme}:{text.partition(':')[2]}"
    if kind:
        login = f"{quote(username or '', safe='')}:{quote(password, safe='')}@" if password else ""
        plain = f"{scheme}://{login}{_written(*hosts[0])}"
    return RedisSettings(
        kind=kind,
        url=plain,
        hosts=hosts,
        username=username or None,
        password=password or None,
        tls=scheme == "rediss",
        database=int(database) if database.isdecimal() else 0,
        master=name if kind == "sentinel" else "",
        sentinel_password=sentinel_password,
    )


def _split(text: str) -> tuple[SplitResult, str]:
    """Return the URL with the first of its hosts, and all of them: several are no URL for `urlsplit`."""
    scheme, mark, rest = text.partition("://")
    place = re.split("[/?#]", rest, maxsplit=1)[0]
    login, at, listed = place.rpartition("@")
    try:
        return urlsplit(f"{scheme}{mark}{login}{at}{listed.split(',')[0]}{rest.removeprefix(place)}"), listed
    except ValueError:
        raise BadRedisUrl(HOSTS_WRONG) from None


def _hosts(listed: str, usual_port: int) -> tuple[tuple[str, int], ...]:
    try:
        split = [urlsplit(f"//{part}") for part in listed.split(",")]
        hosts = tuple((part.hostname or "", part.port or usual_port) for part in split)
    except ValueError:
        hosts = (("", 0),)
    if not all(host for host, _ in hosts):
        raise BadRedisUrl(HOSTS_WRONG)
    return hosts


def _written(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
