"""Fixtures that every test may use, and where and how the suite runs."""

import gc
import os
import shutil
import sys
import tempfile
from pathlib import Path

from hypothesis import settings

from tests import often

pytest_plugins = ["tests.services", "tests.prepared", "tests.browser"]

IN_MEMORY = Path("/dev/shm")
NEEDED = 4 << 30  # bytes free; a run leaves 1.2 GB, most of it databases

settings.register_profile("suite", max_examples=often(40, 400), deadline=None)
settings.load_profile("suite")

if "TMPDIR" not in os.environ and IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > NEEDED:
    os.environ["TMPDIR"] = tempfile.tempdir = str(IN_MEMORY)  # databases there wait for no disk


# The suite starts some two hundred processes of ours; where no bytecode is written, each compiles them all again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


gc.set_threshold(20_000)  # objects, not 700: what libraries load stays, and takes long to look through each time


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: every third second of a test waits for a process, a timer or a socket."""
    return (os.cpu_count() or 1) + 1
