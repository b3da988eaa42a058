"""`policybot demo` as people run it, for tests and pictures: started, its address known, ended."""

import os
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def demo(data: Path) -> Iterator[str]:
    """The address of its page."""
    with started(data) as (process, address):
        yield address
        process.terminate()
        assert process.wait(60) == 130


@contextmanager
def started(data: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Its process and the address of its page, once its bot is started."""
    env = {**os.environ, "POLICYBOT_DATA": str(data), "OPENAI_API_KEY": ""}
    command = [sys.executable, "-m", "tests.demo.verb", "demo", "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
    assert process.stdout
    try:
        assert select.select([process.stdout], [], [], 240)[0], "the demo said nothing for four minutes"
        found = re.fullmatch(r"Open (http://127\.0\.0\.1:\d+/[\w-]+/)\n", process.stdout.readline())
        assert found
        yield process, found[1]
    finally:
        process.kill()
        process.wait()
