"""What is masked in what people write, as policybot.toml says at this moment, for every door of a process.

In: a text. Out: the places of what is personal in it. Rule kept: all doors of a process share one of these, so nothing
is masked at one and let through at another. A name that a document has is no secret and stays, so that it can be found;
which names those are is read again with the documents, never while a message waits.
"""

from __future__ import annotations

from bot.privacy.find import Span, find
from bot.privacy.mask import PLACEHOLDER
from bot.privacy.people import Manual, People
from bot.rules.file import RulesFile
from knowledge.catalog import Catalog

HIDDEN = "HIDDEN"  # the kind of what is a placeholder already


class Personal:
    """Finds what is personal; may be called from any thread."""

    def __init__(self, file: RulesFile, catalog: Catalog) -> None:
        self._file, self._catalog = file, catalog
        self._manual, self._read = Manual(), {}  # type: tuple[Manual, dict[str, int]]
        self.refresh()

    def __call__(self, text: str) -> tuple[Span, ...]:
        """The places, ascending; a placeholder is none."""
        privacy = self._file.rules.privacy
        found = find(text, privacy.ids)
        if not privacy.names:
            return found
        hidden = [Span(HIDDEN, *one.span()) for one in PLACEHOLDER.finditer(text)]
        names = People(self._manual).names(text, [*found, *hidden])
        return tuple(one for one in names if one.kind != HIDDEN)

    def refresh(self) -> None:
        """Read what the documents have, where they changed; nothing where names are not looked for."""
        held: dict[str, int] = {}
        if self._file.rules.privacy.names:
            states = ((name, self._catalog.collection(name)) for name in self._catalog.collections())
            held = {name: state.generation for name, state in states if state is not None}
        if held != self._read:
            live = {one.revision for name in held for one in self._catalog.live(name)}
            entries = self._catalog.entries(live)
            self._manual = Manual.of(f"{entry.prefix}\n{entry.text}" for entry in entries)
            self._read = held
