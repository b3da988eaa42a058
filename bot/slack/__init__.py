"""The door to Slack, with the safe text that only it uses."""
