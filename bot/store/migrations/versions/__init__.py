"""Append-only schema versions, one file each."""
