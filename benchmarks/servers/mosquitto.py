"""Mosquitto: an MQTT broker. With persistence on, which means: written to the disk now and then, not at each PUBACK."""

import contextlib
from collections.abc import Iterator

from benchmarks.servers.installed import folder_of, program
from benchmarks.servers.running import Running, free_port, started
from benchmarks.servers.stores import Stores


@contextlib.contextmanager
def mosquitto(stores: Stores) -> Iterator[Running]:
    """Run it in a folder of its own."""
    command = program("mosquitto")
    folder, user = folder_of(stores, "mosquitto")
    port = free_port()
    lines = [
        f"listener {port} 127.0.0.1",
        "allow_anonymous true",
        "persistence true",
        f"persistence_location {folder}/",
        # As many in flight and waiting as the load asks for.
        "max_inflight_messages 0",
        "max_queued_messages 0",
        "log_type error",
        "log_dest stderr",
    ]
    configuration = folder / "mosquitto.conf"
    configuration.write_text("".join(f"{line}\n" for line in lines))
    stores.give(folder, user)
    with started([command, "-c", str(configuration)], port, stores.folder / "mosquitto.log", user=user) as process:
        yield Running([port], {"server": [process.pid]})
