"""Every finding that there is: its code, how bad it is, and what helps."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["note", "warning", "error"]
# From harmless to bad.
LEVELS: tuple[Level, ...] = ("note", "warning", "error")

REMEDIES: dict[str, tuple[Level, str]] = {
    # settings and keys
    "settings_wrong": ("error", "Correct it in .env; the server does not start with it."),
    "debug_on": ("warning", "Take DEBUG out of .env: it is for those who change the code."),
    "key_weak": ("error", "Nobody has relied on it yet? Put the output of `openssl rand -hex 32` there."),
    "hosts_any": ("warning", "Name the host of ORIGIN in ALLOWED_HOSTS, and nothing else."),
    "origin_here": ("note", "For others to reach it, set ORIGIN to an https address that is yours for good."),
    "proxy_unnamed": ("warning", "Behind a proxy that ends TLS set BEHIND_PROXY=true and TRUSTED_PROXIES=1."),
    "proxies_uncounted": (
        "warning",
        "Set TRUSTED_PROXIES to the number of proxies before the workers: else all people share one address's limits.",
    ),
    "env_readable": ("error", "Run `chmod 600 .env`, and take new keys if others have accounts on this machine."),
    "redis_open": (
        "warning",
        "Give Redis or Valkey a password, name it in REDIS_URL, and keep it off other networks.",
    ),
    "push_off": ("note", "Put a PUSH_KEY into .env if people shall be notified while no page is open."),
    "work_off": ("warning", "Take REGISTRATION_WORK out, or let people in by REGISTRATION=invite."),
    # this machine
    "database_unreachable": ("error", "Start it, and compare DATABASE_URL with its name, user and password."),
    "not_migrated": ("error", "Run `manage.py prepare`."),
    "journal_not_wal": ("warning", "Put the file on a disk of this machine: WAL works on no network share."),
    "not_durable": ("error", "Turn fsync, synchronous_commit and full_page_writes on: accepted has to mean durable."),
    "autovacuum_off": ("warning", "Turn autovacuum on: without it what is deleted never gives its room back."),
    "connections_few": ("warning", "Raise max_connections of PostgreSQL, or run fewer workers: each takes up to ten."),
    "clock_not_kept": ("note", "Let chrony or systemd-timesyncd keep the clock, if nothing outside this machine does."),
    "clock_of_database": ("warning", "Let both machines ask a time server (chrony or systemd-timesyncd)."),
    "channel_layer_unreachable": (
        "error",
        "Start Redis or Valkey, and compare REDIS_URL with its address and password.",
    ),
    "disk_full": ("error", "Make room now: soon nothing more can be stored."),
    "disk_small": ("warning", "Take a larger disk, or lower the quotas and days of the settings."),
    "disk_forecast": (
        "warning",
        "Take a larger disk, or keep less: `manage.py retention` says what that frees, `forecast` what grows.",
    ),
    "disk_files": ("warning", "Take a file system with more inodes: each part of an attachment is a file."),
    "data_not_writable": ("error", "Give DATA_DIR, with all in it, to the user that the server runs as."),
    "attachments_unreachable": ("error", "Compare the settings that begin with ATTACHMENT_ with the object store."),
    "jobs_silent": ("error", "Start `manage.py jobs` and look into its log; `make run` runs the jobs by itself."),
    "backup_unknown": ("warning", "Run `manage.py backup` every night, and keep the file on another machine."),
    "backup_old": ("warning", "See why `manage.py backup` no longer runs every night."),
    "push_unreachable": ("warning", "Let workers reach it by https, or take PUSH_KEY out."),
    "gate_unreachable": (
        "error",
        "Compare OIDC_ISSUER with what the provider says, and let workers reach it by https.",
    ),
    # as it is seen from outside
    "url_wrong": ("error", "Give the address as people type it: https://chat.example, without a path."),
    "url_unreachable": ("error", "Start the workers and the proxy, and see that the name leads to this machine."),
    "tls_invalid": ("error", "Let the proxy get a certificate for this name; Caddy does so by itself."),
    "tls_ends": ("warning", "Renew the certificate, and see why the proxy has not done so."),
    "not_talk2me": ("error", "See where the proxy sends this name: it has to be a worker."),
    "other_origin": ("error", "Set ORIGIN to the address that people use, or open that one."),
    "other_release": (
        "warning",
        "Restart the workers, or run the doctor in the folder and with the settings of theirs.",
    ),
    "other_key_log": ("error", "Give the workers and this command the same KEYLOG_KEY."),
    "headers_changed": ("error", "Let the proxy pass on each header as the worker sends it, and add none twice."),
    "files_changed": (
        "error",
        "Let the proxy pass /static/ on, or run `manage.py prepare` where it serves that itself.",
    ),
    "bodies_refused": ("error", "Let the proxy take bodies of 2 MiB; with nginx: client_max_body_size 2m."),
    "plain_http": ("warning", "Let the proxy answer http with a redirect to https, and with nothing else."),
    "page_changed": ("error", "Turn off what rewrites pages: browsers refuse scripts whose bytes differ."),
    "answers_cached": ("warning", "Turn the cache of the proxy off: only what is under /static/ may be kept."),
    "clock_off": ("error", "Let the machines of proxy and workers ask a time server (chrony or systemd-timesyncd)."),
    "socket_refused": ("error", "Let the proxy pass on WebSockets at /ws: the Upgrade and Connection headers."),
    "metrics_passed_on": ("warning", "Let the proxy answer 404 at /metrics: it is for your machines alone."),
}


@dataclass(frozen=True)
class Finding:
    """One thing that was found; `sentence` is about this server and names no secret."""

    code: str
    sentence: str

    @property
    def level(self) -> Level:
        """How bad it is."""
        return REMEDIES[self.code][0]

    @property
    def remedy(self) -> str:
        """What helps."""
        return REMEDIES[self.code][1]

    def as_fields(self) -> dict[str, str]:
        """Return it for programs."""
        return {"level": self.level, "code": self.code, "sentence": self.sentence, "remedy": self.remedy}
