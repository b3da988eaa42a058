"""Supports -> numbered citations with page, quote and link; passages -> the closest sections of a refusal. Pure.

A number stands for a place, that is a document, a section and a page: all sentences that rest on it share the number,
and each keeps the span that it rests on as its own quote.
Links come from the document table and the configured base only, never from a model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from bot import texts
from bot.answering.confidence import worth_a_look
from bot.types import Checked, Citation, Closest, Sentence, Support
from knowledge.types import PageSpan, Passage


def link(docs_url: str | None, document: str, page: int | None, anchor: str | None) -> str | None:
    """Where a person opens the document at the page or heading; None without a configured base."""
    if docs_url is None:
        return None
    url = f"{docs_url}/{quote(document)}"
    if page is not None:
        return f"{url}#page={page}"
    return f"{url}#{quote(anchor)}" if anchor else url


def where(place: Citation | Closest, locale: str = "en") -> str:
    """How a place reads: `Travel policy 3 › 5.2 Hotels, p. 45 (PDF page 72)`; one page number where both agree."""
    title = place.title or place.document
    if place.version and not re.search(rf"(?<!\w){re.escape(place.version)}(?!\w)", title, re.I):
        title += f" {place.version}"
    text = " › ".join((title, *place.section[-1:]))
    if place.page is None:
        return text
    say = texts.of(locale).modals
    if place.page_label in (None, "", str(place.page)):
        return f"{text}, {say['page'].format(page=place.page)}"
    return f"{text}, {say['page_of_pdf'].format(label=place.page_label, page=place.page)}"


class Numbering:
    """Gives places their numbers in the order in which they are shown."""

    def __init__(self, sources: Sequence[Passage], docs_url: str | None) -> None:
        self._sources = sources
        self._docs_url = docs_url
        self._places: dict[tuple[str, str, tuple[str, ...], int | None], list[tuple[Support, Citation]]] = {}

    @property
    def citations(self) -> tuple[Citation, ...]:
        """One citation a place, with all that was quoted of it."""
        return tuple(self._place(cited) for cited in self._places.values())

    def number(self, checked: Checked) -> Sentence:
        """The sentence with its markers before the closing white space, in a row's last cell, below a listing."""
        cited = list(dict.fromkeys(self._cite(support) for support in checked.supports))
        body = checked.text.rstrip()
        tail = checked.text[len(body) :]
        numbers = dict.fromkeys(c.n for c in cited)
        markers = " " + "".join(f"[{n}]" for n in numbers) if numbers else ""
        if markers and body.endswith("```"):
            markers = "\n" + markers[1:]
        elif markers and body.lstrip().startswith("|") and body.endswith("|"):
            body, tail = body[:-1].rstrip(), f" |{tail}"  # in the last cell: a row stays a row
        return Sentence(body + markers + tail, checked.verdict, tuple(cited), checked.reason)

    def _cite(self, support: Support) -> Citation:
        passage = self._sources[support.source - 1]
        first, last = passage.page_at(support.start), passage.page_at(max(support.start, support.end - 1))
        key = (passage.collection, passage.document, passage.section, first.page if first else None)
        cited = self._places.setdefault(key, [])
        citation = Citation(
            n=cited[0][1].n if cited else len(self._places),
            chunk_id=passage.chunk_id,
            quote=passage.text[support.start : support.end],
            page_end=last.page if last else None,
            edition=passage.edition,
            **_standing_at(passage, first, self._docs_url),
        )
        if (support, citation) not in cited:
            cited.append((support, citation))
        return citation

    def _place(self, cited: Sequence[tuple[Support, Citation]]) -> Citation:
        first = cited[0][1]
        near = [support for support, citation in cited if citation.chunk_id == first.chunk_id]
        text = self._sources[near[0].source - 1].text
        return replace(
            first,
            quote=text[min(s.start for s in near) : max(s.end for s in near)],
            quotes=tuple(dict.fromkeys(citation.quote for _, citation in cited)),
            page_end=max((c.page_end for _, c in cited if c.page_end is not None), default=None),
        )


def _standing_at(passage: Passage, at: PageSpan | None, docs_url: str | None) -> dict[str, Any]:
    """Where a passage stands, as citations and closest sections tell it."""
    same = ("document", "title", "section", "version", "collection")
    page, label = (at.page, at.label) if at else (None, None)
    place = {"page": page, "page_label": label, "url": link(docs_url, passage.document, page, passage.anchor)}
    return place | {name: getattr(passage, name) for name in same}


Place = tuple[str, tuple[str, ...]]  # document and section


def closest(
    passages: Sequence[Passage], docs_url: str | None, said: Mapping[Place, str] = MappingProxyType({}), limit: int = 3
) -> tuple[Closest, ...]:
    """The best passages' sections, each once; no title, no contents. First those that `said` quotes, in its order.

    Pages in front of the first heading of a document are its title page, or a preface.
    """
    headed = {passage.document for passage in passages if passage.pages and passage.section}
    sections: dict[tuple[str, str, tuple[str, ...]], Closest] = {}
    order = {place: n for n, place in enumerate(said)}
    ranked = sorted(passages, key=lambda passage: order.get((passage.document, passage.section), len(order)))
    for passage in filter(worth_a_look, ranked):
        if not passage.section and passage.document in headed:
            continue
        key = (passage.collection, passage.document, passage.section)
        if key not in sections:
            quoted = said.get((passage.document, passage.section), "")
            sections[key] = Closest(quote=quoted, **_standing_at(passage, passage.page_at(0), docs_url))
        if len(sections) == limit:
            break
    return tuple(sections.values())
