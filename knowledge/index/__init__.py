"""Vectors: the door to Chroma, the embedder, and what brings both in line with the catalog."""
