"""The colleague in Slack: understands a message, answers it from the manual, checks what it says."""
