"""Parts of the fake Slack; tests import `tests.slack_server`."""
