"""The door to OpenAI-compatible chat endpoints, and nothing else."""
