"""The tests. `POLICYBOT_TESTS=thorough` tries what is random or long as often as before a release."""

import os

THOROUGH = os.environ.get("POLICYBOT_TESTS") == "thorough"


def often(usual: int, thorough: int) -> int:
    """How many times something is tried in this run."""
    return thorough if THOROUGH else usual
