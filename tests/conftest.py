"""Fixtures that every test may use."""

pytest_plugins = ["tests.services", "tests.prepared", "tests.browser"]
