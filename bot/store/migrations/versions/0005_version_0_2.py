"""All tables as version 0.2.0 had them. A released version never changes: the next change is a further file.

Pattern for further versions: revision is the file's number, down_revision the one before; upgrade() creates or alters
by plain operations; downgrade() is not offered (append-only). Once a version is released, its files may become one
under the last number, for a database is upgraded by way of the version before.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, Integer, String, Text

revision = "0005"
down_revision = None

MOMENT = sa.DateTime(timezone=True)
NUMBER = BigInteger().with_variant(Integer(), "sqlite")
OPEN = sa.text("state IN ('received', 'answering', 'streaming')")
LEASED = sa.text("lease_until IS NOT NULL")
ONCE = sa.text("kind <> 'again'")


def upgrade() -> None:
    _of_the_bot()
    _of_the_knowledge_base()


def _key(*names: str, length: int = 32) -> list[Column[Any]]:
    return [Column(name, String(length), primary_key=True) for name in names]


def _must(name: str, kind: Any, **more: Any) -> Column[Any]:
    return Column(name, kind, nullable=False, **more)


def _kept() -> tuple[Column[Any], Column[Any]]:
    return _must("created_at", MOMENT), _must("retention", String(16))


def _of_the_bot() -> None:
    op.create_table(
        "answer_messages",
        *_key("team_id", "channel", "message_ts"),
        _must("answer_id", String(64), index=True),
        *_kept(),
    )
    op.create_table(
        "answers",
        *_key("id", length=64),
        Column("team_id", String(32)),
        Column("channel", String(32)),
        Column("user_id", String(32)),
        Column("thread_ts", String(32)),
        _must("collection", String(255)),
        _must("outcome", String(16)),
        _must("body", Text),
        *_kept(),
    )
    op.create_index("answers_by_thread", "answers", ["team_id", "channel", "thread_ts", "created_at"])
    op.create_index("answers_by_time", "answers", ["created_at"])
    op.create_table(
        "cache",
        *_key("key", length=64),
        Column("team_id", String(32)),
        _must("collection", String(255)),
        _must("generation", NUMBER),
        _must("body", Text),
        *_kept(),
    )
    op.create_index("cache_by_generation", "cache", ["collection", "generation"])
    op.create_table(
        "inbox",
        Column("id", NUMBER, primary_key=True, autoincrement=True),
        _must("team_id", String(32)),
        _must("channel", String(32)),
        _must("message_ts", String(32)),
        _must("event_id", String(255), unique=True),
        _must("user_id", String(32)),
        _must("text", Text),
        Column("thread_ts", String(32)),
        _must("kind", String(16)),
        Column("recipient_team", String(32)),
        _must("outsider", Boolean),
        _must("received_at", MOMENT),
        _must("state", String(16)),
        Column("reason", String(64)),
        Column("worker", String(128)),
        _must("attempt", Integer),
        Column("lease_until", MOMENT),
        Column("stream_ts", String(32)),
        _must("stream_text", Text),
        _must("cancelled", Boolean),
        *_kept(),
    )
    place = ["team_id", "channel", "message_ts"]
    op.create_index("inbox_open", "inbox", ["id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("inbox_leased", "inbox", ["lease_until"], sqlite_where=LEASED, postgresql_where=LEASED)
    op.create_index("inbox_by_stream", "inbox", ["team_id", "channel", "stream_ts"])
    op.create_index("inbox_once_per_message", "inbox", place, unique=True, sqlite_where=ONCE, postgresql_where=ONCE)
    op.create_table(
        "limits",
        *_key("key", length=255),
        Column("team_id", String(32)),
        _must("window_start", NUMBER),
        _must("hits", Integer),
        *_kept(),
    )
    op.create_table(
        "presence", *_key("worker", length=128), Column("team_id", String(32)), _must("seen_at", MOMENT), *_kept()
    )
    op.create_table(
        "spend",
        *_key("team_id"),
        Column("day", sa.Date, primary_key=True),
        *_key("user_id", "channel"),
        *_key("feature", length=16),
        *_key("model", length=128),
        _must("tokens", NUMBER),
        _must("cost_usd", Float),
        *_kept(),
    )
    op.create_table(
        "votes",
        *_key(*place, "user_id"),
        Column("value", String(8)),
        _must("via", String(16)),
        Column("reason", String(64)),
        Column("comment", Text),
        _must("cast_at", MOMENT),
        *_kept(),
    )


def _of_the_knowledge_base() -> None:
    op.create_table(
        "kb_collections",
        Column("name", Text, primary_key=True),
        _must("embedder", Text),
        _must("splitter", Text),
        _must("generation", Integer),
        _must("created_at", MOMENT),
    )
    op.create_table(
        "kb_roots",
        Column("collection", Text, primary_key=True),
        Column("name", Text, primary_key=True),
        _must("path", Text),
        _must("created_at", MOMENT),
    )
    op.create_table(
        "kb_documents",
        Column("id", Integer, primary_key=True),
        _must("collection", Text),
        _must("root", Text),
        _must("path", Text),
        Column("live", Integer),
        Column("next", Integer),
        _must("created_at", MOMENT),
        sa.UniqueConstraint("collection", "root", "path", name="uq_kb_documents_place"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "kb_revisions",
        Column("id", Integer, primary_key=True),
        _must("document_id", Integer, index=True),
        _must("sha256", Text),
        _must("size", BigInteger),
        _must("mtime_ns", BigInteger),
        _must("title", Text),
        _must("pages", Integer),
        *(Column(name, Text) for name in ("language", "effective", "version", "owner")),
        _must("problems", JSON),
        _must("ocr", Boolean),
        _must("splitter", Text),
        _must("chunks", Integer),
        _must("created_at", MOMENT),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "kb_chunks",
        Column("revision_id", Integer, primary_key=True),
        Column("ordinal", Integer, primary_key=True),
        _must("chunk_id", Text, index=True),
        _must("section", JSON),
        _must("text", Text),
        _must("pages", JSON),
        Column("anchor", Text),
        _must("kind", Text),
        _must("ocr", Boolean),
        _must("flagged", JSON),
        _must("embed_hash", Text),
        _must("meta_hash", Text),
        _must("created_at", MOMENT),
    )
    op.create_table(
        "kb_vectors",
        *(Column(name, Text, primary_key=True) for name in ("collection", "embedder", "chunk_id")),
        _must("embed_hash", Text, index=True),
        _must("meta_hash", Text),
        _must("stored", Boolean),
        Column("words", sa.LargeBinary),
        _must("created_at", MOMENT),
    )
    op.create_table(
        "kb_runs",
        Column("id", Integer, primary_key=True),
        _must("collection", Text),
        _must("state", Text),
        _must("report", JSON),
        Column("finished_at", MOMENT),
        _must("created_at", MOMENT),
    )
    op.create_table(
        "kb_leases",
        Column("name", Text, primary_key=True),
        _must("holder", Text),
        _must("expires_at", MOMENT),
        _must("created_at", MOMENT),
    )
