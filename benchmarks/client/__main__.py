"""The load client, a process of its own: reads a plan, prints figures."""

import asyncio
import gc
import importlib
import os
import sys
from typing import TYPE_CHECKING, Any

import msgspec
import uvloop

from benchmarks.client.drain import Drain
from benchmarks.client.idle import wait_idle
from benchmarks.client.load import Load
from benchmarks.client.plan import Plan

if TYPE_CHECKING:
    from benchmarks.wires.wire import Wire


async def carry_out(plan: Plan) -> msgspec.Struct:
    """Do what the plan says. Whatever fails in a callback ends it too."""
    loop = asyncio.get_running_loop()
    failed: asyncio.Future[Any] = loop.create_future()

    def fail(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if not failed.done():
            failed.set_exception(context.get("exception") or ConnectionError(context["message"]))

    loop.set_exception_handler(fail)
    work = asyncio.ensure_future(_work(plan))
    await asyncio.wait([work, failed], return_when=asyncio.FIRST_COMPLETED)
    return failed.result() if failed.done() else work.result()


async def _work(plan: Plan) -> msgspec.Struct:
    module = importlib.import_module(f"benchmarks.wires.{plan.wire}")
    wire: type[Wire] = getattr(module, "".join(word.title() for word in plan.wire.split("_")) + "Wire")
    if plan.mode == "drain":
        return await Drain(plan).run()
    if plan.mode == "idle":
        return await wait_idle(plan, wire)
    return await Load(plan, wire).run()


def main() -> None:
    """Read, carry out, print; end without closing thousands of sockets one by one."""
    plan = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    result = uvloop.run(carry_out(plan))
    sys.stdout.buffer.write(msgspec.json.encode(result))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
