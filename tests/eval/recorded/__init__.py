"""Answers of a strong model, recorded, and what becomes of them: see README.md here for who wrote what."""
