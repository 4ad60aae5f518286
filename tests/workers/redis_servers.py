"""Redis or Valkey in the shapes that REDIS_URL can name: watched by a sentinel, a cluster, behind TLS."""

import datetime as dt
from ipaddress import ip_address
from pathlib import Path

import redis
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cluster import programs, wait
from cluster.ports import free_port
from cluster.process import Process

PASSWORD = "tests only"
LINES = {"bind": "127.0.0.1", "dir": ".", "save": '""', "daemonize": "no"}


class Server(Process):
    """One server or sentinel with the given lines in its configuration."""

    def __init__(self, folder: Path, *words: str, port: int | None = None, **lines: object) -> None:
        folder.mkdir()
        self.port = port or free_port()
        configuration = folder / "server.conf"
        named = {name.replace("_", "-"): value for name, value in (LINES | {"port": self.port} | lines).items()}
        configuration.write_text("".join(f"{name} {value}\n" for name, value in named.items() if value is not None))
        super().__init__([str(programs.valkey()), str(configuration), *words], log=folder / "server.log", folder=folder)

    def client(self, **options: object) -> redis.Redis:
        """Return a client of it."""
        return redis.Redis(port=self.port, **options)

    def start_and_wait(self, **options: object) -> "Server":
        """Return when it answers."""
        self.start()
        wait.until(lambda: self._answers(**options), "it did not start", 30)
        return self

    def _answers(self, **options: object) -> bool:
        if not self.running:
            raise wait.NotReady(f"it ended at once:\n{self.end_of_log()}")
        try:
            return bool(self.client(**options).ping())
        except redis.exceptions.ConnectionError:
            return False


def sentinel(folder: Path, master: Server) -> Server:
    """A sentinel that alone decides, and soon, that `master` is gone."""
    found = Server(folder, "--sentinel", save=None, requirepass='"of sentinels"')
    with (folder / "server.conf").open("a") as configuration:
        configuration.write(
            f"sentinel monitor main 127.0.0.1 {master.port} 1\n"
            f'sentinel auth-pass main "{PASSWORD}"\n'
            "sentinel down-after-milliseconds main 500\n"
            "sentinel failover-timeout main 3000\n"
        )
    return found


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for 127.0.0.1 that signs itself; return its file and the key's."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths
