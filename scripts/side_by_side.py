"""Runs several make targets at the same time, each line of theirs with its target's name before it.

    python scripts/side_by_side.py test-python,test-malicious test-e2e

Those with a comma between them run one after the other. Ends with failure when one of them failed, but only when all
have ended. Browser tests wait most of the time, so this takes little longer than the longest lane.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor


def run(target: str) -> tuple[int, list[str]]:
    """Run one target to its end; return its exit code, and the lines that name what failed."""
    failed = []
    command = [os.environ.get("MAKE", "make"), "--no-print-directory", target]
    with subprocess.Popen(  # noqa: S603 - targets of our own Makefile
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            # In one piece, so that lines of two targets don't mix.
            sys.stdout.write(f"{target}: {line}")
            sys.stdout.flush()
            if line.startswith(("FAILED ", "ERROR ", "DOUBTFUL")):
                failed.append(line)
    return process.returncode, failed


def main() -> int:
    """Return 1 when a target failed."""
    lanes = [lane.split(",") for lane in sys.argv[1:]]
    with ThreadPoolExecutor(len(lanes)) as pool:
        ended = list(pool.map(lambda lane: [(target, *run(target)) for target in lane], lanes))
    results = [result for lane in ended for result in lane]
    for target, code, failed in results:
        # Once more at the very end, where whoever reads only that finds them.
        sys.stdout.write(f"{target}: {'passed' if code == 0 else f'failed ({code})'}\n{''.join(failed)}")
    return int(any(code for _, code, _ in results))


if __name__ == "__main__":
    sys.exit(main())
