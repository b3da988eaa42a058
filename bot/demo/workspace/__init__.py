"""A Slack workspace on this machine, strict about documented rules: the demo's and the tests', never `serve`'s."""
