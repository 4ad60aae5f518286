"""`python -m benchmarks.wakeup_check`: what comparing 2,000 idle sockets with the database costs.

The real check, statements and threads on a fresh database (SQLite, or an empty one at DATABASE_URL); only the sockets
are missing. Figures are milliseconds of this process's processor time for each check, and the longest that the event
loop was held up.
"""

import asyncio
import datetime as dt
import json
import os
import secrets
import tempfile
import time
from pathlib import Path

SOCKETS = 2000
MAILBOXES = (2, 20)
ROUNDS = 5


def prepare(mailboxes: int) -> list[bytes]:
    """Make devices that read so many mailboxes each, their own and conversations of two; return the devices."""
    from keys.models import Account, Device  # noqa: PLC0415 - needs Django
    from messaging.models import Mailbox, Subscription  # noqa: PLC0415

    today = dt.datetime.now(dt.UTC).date()
    accounts = Account.objects.bulk_create(
        [
            Account(
                uid=secrets.token_bytes(16),
                username=f"p{mailboxes}x{n}",
                skeleton=f"p{mailboxes}x{n}",
                identity_key=bytes(32),
                recovery_keys=bytes(32),
                seq=1,
                head=bytes(32),
                created=today,
            )
            for n in range(SOCKETS)
        ]
    )
    devices = [secrets.token_bytes(16) for _ in accounts]
    Device.objects.bulk_create(
        [
            Device(
                uid=device,
                account=account,
                signature_key=secrets.token_bytes(32),
                added=1,
                sign_in_key=secrets.token_bytes(32),
                suites=[1],
                created=today,
            )
            for device, account in zip(devices, accounts, strict=True)
        ]
    )
    rows = []
    for number, device in enumerate(devices):
        own = secrets.token_bytes(16)
        rows.append((own, device))
        for step in range(1, mailboxes):
            # Pairs of neighbours share conversations.
            shared = (number // 2 * mailboxes + step).to_bytes(8, "big") + mailboxes.to_bytes(8, "big")
            rows.append((shared, device))
    Mailbox.objects.bulk_create(
        [Mailbox(id=mailbox, kind=2, head=5, slot=1, minute=0) for mailbox in {mailbox for mailbox, _ in rows}], 1000
    )
    Subscription.objects.bulk_create(
        [Subscription(mailbox_id=mailbox, device=device, account=device, first=1, acknowledged=5)
         for mailbox, device in rows], 1000,
    )  # fmt: skip
    return devices


async def measure(devices: list[bytes]) -> dict[str, float]:
    """Check a few times with all of them present; return the least processor time and the longest pause."""
    from messaging.check import Check  # noqa: PLC0415
    from messaging.registry import Registry, Told  # noqa: PLC0415
    from messaging.selectors import live_subscriptions  # noqa: PLC0415
    from messaging.send_window import SendWindow  # noqa: PLC0415
    from messaging.session import Session  # noqa: PLC0415
    from messaging.threads import run_read  # noqa: PLC0415

    async def never(_event: object) -> None:
        raise AssertionError

    registry = Registry()
    for device in devices:
        session = Session(SendWindow(never))
        session.sign_in(device, device)
        registry.enter(session)
    for start in range(0, len(devices), 100):
        for device, mailbox, head, slot in await run_read(live_subscriptions, devices[start : start + 100]):
            registry.subscribe(registry.by_device[device], mailbox, Told(head, slot))
    check, longest = Check(registry, lambda: None), 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0)
            await asyncio.sleep(0.0005)
            longest = max(longest, time.perf_counter() - before - 0.0005)

    figures: list[float] = []
    watching = asyncio.ensure_future(watch())
    await asyncio.sleep(1)
    noise, longest = longest, 0.0
    for _ in range(ROUNDS):
        started = time.process_time()
        await check.once()
        figures.append(time.process_time() - started)
    watching.cancel()
    return {
        "check_ms": round(min(figures) * 1000, 1),
        "pause_ms": round(longest * 1000, 1),
        "noise_ms": round(noise * 1000, 1),
    }


def main() -> dict[str, dict[str, float]]:
    """Measure, print and return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/talk2me.sqlite3")
        os.environ["DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "talk2me.settings"
        import django  # noqa: PLC0415 - needs the environment
        from django.core.management import call_command  # noqa: PLC0415

        django.setup()
        call_command("migrate", verbosity=0)
        figures = {}
        for mailboxes in MAILBOXES:
            figures[str(mailboxes)] = found = asyncio.run(measure(prepare(mailboxes)))
            print(f"{SOCKETS} sockets of {mailboxes:2} mailboxes each: {found['check_ms']} ms for each check,", end=" ")
            print(f"the event loop held up for {found['pause_ms']} ms at most ({found['noise_ms']} without)")
        return figures


if __name__ == "__main__":
    os.environ.setdefault("SECRET_KEY", secrets.token_hex(32))
    os.environ.setdefault("FRANKING_KEY", secrets.token_hex(32))
    os.environ.setdefault("KEYLOG_KEY", secrets.token_hex(32))
    target = Path(__file__).resolve().parent.parent / "var/bench/wakeup_check.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(main(), indent=2) + "\n")
