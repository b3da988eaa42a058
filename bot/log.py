"""structlog set-up: JSON lines on stderr, ids and figures only.

Keys that could carry what people write, or a secret, are dropped here as the last line of defence; values that look
like tokens are masked, and user ids become pseudonyms. Callers use `structlog.get_logger()`.
"""

import contextlib
import logging
import re
import sys
import traceback
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any, TextIO, cast

PRIVATE = frozenset(
    {"text", "question", "answer", "message", "prompt", "quote", "history", "body", "payload", "content"}
)
PEOPLE = frozenset({"user", "user_id", "asker", "person"})  # keys whose values are people, whatever they look like
MOST_FRAMES, MOST_CAUSES = 12, 3  # of a traceback in one line
_TOKEN = re.compile(r"\b(xox[a-z]-|xapp-|sk-)[\w-]{6,}|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)")
# As Slack writes ids of people, and of direct messages, each of which is one person's.
_USER = re.compile(r"\b[UWD](?=[A-Z0-9]*[0-9])[A-Z0-9]{5,31}\b")


def without_people(pseudonym: Callable[[str], str]) -> Callable[[Any, str, MutableMapping[str, Any]], Any]:
    """A structlog processor that puts a pseudonym in the place of each user id, however deep it stands."""

    def hidden(value: Any) -> Any:
        if isinstance(value, str):
            return _USER.sub(lambda found: pseudonym(found[0]), value)
        if isinstance(value, dict):
            return {hidden(key): hidden(item) for key, item in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            return [hidden(item) for item in value]
        return value

    def processor(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {
            key: pseudonym(value) if key in PEOPLE and isinstance(value, str) else hidden(value)
            for key, value in event.items()
        }

    return processor


def drop_private(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Remove message text and mask secrets, whatever a caller passed."""
    for key in list(event):
        value = event[key]
        if key in PRIVATE:
            del event[key]
        elif isinstance(value, str):
            event[key] = _TOKEN.sub("***", value)
    return event


def traced(error: BaseException) -> dict[str, str]:
    """Fields of a log line: the error's class, and where it was raised, innermost call first.

    `{"error": "KeyError", "where": "parse.py:140 _message < app.py:47 commit"}`: never what an exception says, for
    that may quote what people wrote.
    """
    parts: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(parts) < MOST_CAUSES:
        frames = traceback.extract_tb(seen.__traceback__)[-MOST_FRAMES:]
        calls = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))
        parts.append(f"{type(seen).__name__} at {calls}" if parts else calls)
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return {"error": type(error).__name__, "where": "; because of ".join(parts)}


class Stderr:
    """Standard error as it is now; a log line that can't be written is lost, and nothing else is."""

    def write(self, text: str) -> int:
        """How many characters were written; 0 if none could be."""
        with contextlib.suppress(OSError, ValueError):  # the reader of a pipe has gone, the stream is closed
            return sys.stderr.write(text)
        return 0

    def flush(self) -> None:
        """Pass on what is buffered, if anybody still reads."""
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()


class _Json(logging.Formatter):
    """Standard-library records (slack_bolt, alembic) in the same shape; exceptions by type only."""

    def format(self, record: logging.LogRecord) -> str:
        import json

        line = {"event": "library", "logger": record.name, "level": record.levelname.lower()}
        if record.exc_info and record.exc_info[0]:
            line |= traced(record.exc_info[1]) if record.exc_info[1] else {"error": record.exc_info[0].__name__}
        # Only the template: arguments may hold what people wrote.
        return json.dumps(line | {"template": _TOKEN.sub("***", str(record.msg))[:200]})


def configure(level: str = "info", pseudonym: Callable[[str], str] = lambda _: "person") -> None:
    """Set up logging for this process. Called once by the command line. `pseudonym` is of a user id."""
    import structlog

    number = getattr(logging, level.upper())
    handler = logging.StreamHandler(cast(TextIO, Stderr()))
    handler.setFormatter(_Json())
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler], force=True)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            drop_private,
            without_people(pseudonym),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, Stderr())),
        cache_logger_on_first_use=True,
    )
