"""FORKS: starts processes from one that has the heavy imports behind it, which take each a second."""

import multiprocessing

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    ["tests.knowledge.building", "chromadb", "tests.slack.child"]
)  # one server serves them all
