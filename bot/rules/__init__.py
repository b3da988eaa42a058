"""policybot.toml: which channel answers from what, who may see it, who is responsible."""
