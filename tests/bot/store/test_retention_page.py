"""docs/privacy/retention.md says what the settings and the tables say."""

import re
from pathlib import Path

from bot.settings import Retention
from bot.store import schema

PAGE = (Path(__file__).parents[3] / "docs" / "privacy" / "retention.md").read_text(encoding="utf-8")
TABLE = [line for line in PAGE.split("\n## ")[0].splitlines() if line.startswith("| ")][1:]
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in TABLE]
KEEP = Retention()
PLACES = ("`answer_messages`", "`threads`")
DAYS = {
    "question": KEEP.question, "answer": KEEP.question, "cache": KEEP.question,
    "usage": KEEP.question, "vote": KEEP.feedback, "audit": KEEP.audit, "figures": KEEP.audit,
    "runtime": KEEP.event, "event": KEEP.event,
}  # fmt: skip


def test_the_days_are_those_of_the_settings() -> None:
    assert f"`{KEEP}`" in PAGE
    for what, table, classes, days, _ in ROWS:
        for name in filter(None, classes.split(", ")):
            if days.isdecimal() and table not in PLACES and "event" not in classes:
                assert int(days) == DAYS[name], what
    assert {row[3] for row in ROWS if "event" in row[2]} == {str(KEEP.event)}
    assert [row[3] for row in ROWS if row[1] in PLACES] == [str(KEEP.feedback)] * 2


def test_every_table_and_class_is_on_the_page() -> None:
    told = {name for row in ROWS for name in re.findall(r"`(\w+)`", row[1])}
    assert told == set(schema.metadata.tables)
    for table in schema.metadata.sorted_tables:
        first = table.c.retention.default.arg
        named = " ".join(row[2] for row in ROWS if f"`{table.name}`" in row[1])
        assert first in named, (table.name, first)
