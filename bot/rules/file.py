"""policybot.toml on disk -> the Rules that hold now, read again when the file changes.

Rule kept: an edit that is broken, or a file that is gone while the bot runs, changes nothing: the last good rules hold,
and `problem` says so. So a slip of the pen never opens what was closed.
"""

from pathlib import Path

import structlog

from bot.errors import SettingsError
from bot.rules.reading import Mistake, RulesError, read
from bot.rules.tables import NoFile, Rules

DEFAULT_PATH = Path("policybot.toml")
MOST_BYTES = 256 * 1024  # a file of a thousand channels has 100 kB; guess


class RulesFile:
    """The rules of one file. `rules` and `problem` may be read from any thread; `reread` is called by one."""

    def __init__(self, path: Path | None) -> None:
        """Reads the file. Without a path ./policybot.toml, where there is one. Raises SettingsError if it is wrong."""
        self.path = path or DEFAULT_PATH
        self.problem: str | None = None
        self._stamp = self._seen = self._now()
        if self._stamp is None and path is not None:
            raise SettingsError(f"POLICYBOT_CONFIG names {path}, which is not there. Correct the path or unset it.")
        self.rules: Rules = self._read() if self._stamp else NoFile()

    def reread(self) -> Rules:
        """The rules that hold now: those of the file, or the last good ones. Cheap while the file is unchanged.

        A change counts once it is seen twice: editors empty a file before they write it, and an empty one is valid.
        """
        before, self._seen = self._seen, self._now()
        if self._seen == self._stamp or self._seen != before:
            return self.rules
        self._stamp = self._seen
        try:
            if self._stamp is None:
                raise SettingsError(f"{self.path} is gone. Put it back, or restart the bot to run without it.")
            self.rules, self.problem = self._read(), None
            structlog.get_logger().info("rules_read", path=str(self.path))
        except SettingsError as error:
            lines = ", ".join(str(one.line) for one in error.problems) if isinstance(error, RulesError) else ""
            where = f" in line {lines}" if lines else ""
            # anybody may ask /readyz: what the lines say is for the log and `doctor`
            self.problem = f"The last edit of the rules is wrong{where}; those before it hold. Run policybot doctor."
            structlog.get_logger().error("rules_refused", problem=error.message)
        return self.rules

    def _now(self) -> tuple[int, int, int] | None:
        """What changes whenever the file does; None where there is none."""
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino

    def _read(self) -> Rules:
        try:
            with self.path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
            if len(content) > MOST_BYTES:
                raise SettingsError(f"{self.path} is larger than {MOST_BYTES // 1024} kB. Shorten it.")
            return read(content.decode("utf-8-sig"), self.path.name)
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise RulesError(self.path.name, [Mistake(line, "is not UTF-8: save the file as UTF-8")]) from error
        except OSError as error:
            raise SettingsError(f"{self.path} can't be read ({error.strerror}). Correct its rights.") from error
