"""Caddy in front of the workers."""

import os
import ssl
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from cluster import programs, wait
from cluster.process import ROOT, Process

START_SECONDS = 30.0
# It must neither ask for a password to trust its own authority nor listen for commands nor keep a file elsewhere.
CADDYFILE = """{{
	admin off
	persist_config off
	skip_install_trust
	auto_https disable_redirects
	storage file_system "{storage}"
	grace_period 5s
	servers {{
		protocols h1 h2
	}}
	log default {{
		output stderr
		format console
		level WARN
		exclude http.log.error http.handlers.reverse_proxy
	}}
}}

{origin} {{
	bind 127.0.0.1
	{tls}
	import "{site}"
}}
"""


class Caddy(Process):
    """Serves `https://localhost:port` with a certificate of its own authority, or plain `http://127.0.0.1:port`.

    `upstreams` are the ports of the workers; `data` is their DATA_DIR, whose scripts and styles it serves itself.
    """

    def __init__(
        self, folder: Path, port: int, upstreams: Sequence[int], *, data: Path | None = None, tls: bool = True
    ) -> None:
        self.port = port
        self.tls = tls
        self.origin = f"https://localhost:{port}" if tls else f"http://127.0.0.1:{port}"
        self.certificate = folder / "storage/pki/authorities/local/root.crt"
        self._caddyfile = folder / "Caddyfile"
        words = {
            "UPSTREAMS": " ".join(f"127.0.0.1:{upstream}" for upstream in upstreams),
            "DATA_DIR": str(data or folder),
            "HOME": str(folder),
            "XDG_DATA_HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
        }
        super().__init__([], env=os.environ | words, log=folder / "caddy.log", folder=folder)

    def start(self, *, wait_until_ready: bool = True) -> None:
        """Start, and return when it answers. Raises NotReady, ProgramMissing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        text = CADDYFILE.format(
            storage=self.folder / "storage",
            origin=self.origin,
            tls="tls internal" if self.tls else "",
            site=ROOT / "deploy/talk2me.caddy",
        )
        self._caddyfile.write_text(text)
        self.command = [str(programs.caddy()), "run", "--config", str(self._caddyfile), "--adapter", "caddyfile"]
        super().start()
        if wait_until_ready:
            wait.until(self._is_ready, "Caddy did not start", START_SECONDS)

    def trust(self) -> ssl.SSLContext | None:
        """Return what a client needs to check its certificate; None without TLS."""
        return ssl.create_default_context(cafile=self.certificate) if self.tls else None

    def _is_ready(self) -> bool:
        if not self.running:
            raise wait.NotReady(f"Caddy ended at once:\n{self.end_of_log()}")
        if self.tls and not self.certificate.exists():
            return False
        try:
            urllib.request.urlopen(self.origin + "/metrics", timeout=5, context=self.trust()).close()  # noqa: S310
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True
