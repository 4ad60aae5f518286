"""How a worker takes leave: nothing new is taken, what was sent is answered, and every browser is told to come back."""

import asyncio
import random

from messaging.worker import Worker

# So many browsers a second are sent away, and all of them within SPREAD_SECONDS: the other workers have to take them.
SENT_AWAY = 1000
SPREAD_SECONDS = 3.0
STEP_SECONDS = 0.05
# How long answers and closing may take after that; a disk that hangs must not keep the process.
PATIENCE_SECONDS = 4.0
LAST_WORD_SECONDS = 1.0


async def say_farewell(worker: Worker) -> None:
    """Send every socket away, spread over time, and return when all are gone or SPREAD and PATIENCE have passed."""
    worker.sockets.closing = True
    waiting = worker.sockets.present()
    random.shuffle(waiting)
    per_step = max(SENT_AWAY * STEP_SECONDS, len(waiting) * STEP_SECONDS / SPREAD_SECONDS)
    sent = 0.0
    while waiting:
        sent += per_step
        while waiting and sent >= 1:
            waiting.pop().end_when_answered("going_away")
            sent -= 1
        if waiting:
            await asyncio.sleep(STEP_SECONDS)
    await _until_gone(worker, PATIENCE_SECONDS)
    # Who is not answered by now is told at least to come back, and sends again.
    for session in worker.sockets.present():
        session.end("going_away")
    await _until_gone(worker, LAST_WORD_SECONDS)


async def _until_gone(worker: Worker, seconds: float) -> None:
    for _ in range(round(seconds / STEP_SECONDS)):
        if not len(worker.sockets):
            return
        await asyncio.sleep(STEP_SECONDS)
