"""One question, start to finish: read assistant.py first."""
