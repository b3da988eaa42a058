"""Who a line is about, without saying who: keyed hashes of user ids, and groups too small to be told apart.

In: Slack's user ids. Out: "person-" and 16 hex digits, the same for one id as long as the key is. The key lies in the
data folder, readable by its owner only; rotating it cuts every line written before from every line to come. Workers
that share a data folder share the key. A folder that can't be written gives a key that ends with the process.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
from collections.abc import Collection, Mapping
from pathlib import Path

FILE = "pseudonyms.key"
FEWEST = 5  # people in a group that is told apart; given: docs/privacy/retention.md
OTHERS = "others"


class Pseudonyms:
    """Pseudonyms under the key of a data folder. Reads the key each time: another process may have rotated it."""

    def __init__(self, folder: Path | None) -> None:
        self._file = folder / FILE if folder else None
        self._unkept = secrets.token_bytes(32)

    def of(self, user: str) -> str:
        """The pseudonym of a user id; "" of none."""
        digest = hmac.new(self._key(), user.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
        return f"person-{digest[:16]}" if user else ""

    def rotate(self) -> None:
        """Replace the key: nobody can tell any more which earlier pseudonyms were whose. Raises OSError."""
        if self._file is None:
            self._unkept = secrets.token_bytes(32)
        else:
            self._written().replace(self._file)

    def _key(self) -> bytes:
        if self._file is None:
            return self._unkept
        with contextlib.suppress(OSError):
            return self._file.read_bytes()
        try:
            made = self._written()
            with contextlib.suppress(FileExistsError):  # another process was faster
                os.link(made, self._file)
            made.unlink()
            return self._file.read_bytes()
        except OSError:
            return self._unkept

    def _written(self) -> Path:
        """A new key in a file beside, whole before anybody can see it under its name."""
        assert self._file is not None
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = self._file.with_name(f"{FILE}.{secrets.token_hex(4)}")
        number = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(number, "wb") as file:
            file.write(secrets.token_bytes(32))
        return beside


def told_apart(groups: Mapping[str, Collection[str]]) -> dict[str, str | None]:
    """The name under which each group's figures may be shown; groups are given with their people.

    A group of at least FEWEST people keeps its name. Smaller ones are OTHERS together, with the next smallest groups
    until they are enough: else a total minus what is shown would tell them. None where all together are too few.
    """
    sizes = {name: set(people) for name, people in groups.items()}
    ordered = sorted(sizes, key=lambda name: (len(sizes[name]), name))
    together: set[str] = set()
    merged = 0
    while merged < len(ordered) and (len(sizes[ordered[merged]]) < FEWEST or 0 < len(together) < FEWEST):
        together |= sizes[ordered[merged]]
        merged += 1
    others = OTHERS if len(together) >= FEWEST else None
    return {name: others if place < merged else name for place, name in enumerate(ordered)}
