"""Alembic scripts of the one schema; run by bot.store.engine.migrate."""
