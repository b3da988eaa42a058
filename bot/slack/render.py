"""What people see in Slack: an answer -> text and blocks.

Pure. In: answers, citations, codes. Out: Slack-safe Markdown and block dictionaries. Rule kept: the model's words and
the manual's pass bot.slack.safe_text or stand in rich_text, where nothing is parsed; links come from citations only;
Slack's own fault texts are never shown. Knows no client and no clock.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from urllib.parse import quote

from bot import texts
from bot.answering.places import where
from bot.slack import safe_text
from bot.slack.blocks import Block, bullets, button, buttons, line, one_line, plain_text, remark, rich_text, words
from bot.slack.meanings import AGAIN, FEEDBACK, SHOW
from bot.types import UNVOTED, Answer, Citation, Closest, Outcome
from knowledge.text.injection import Recital
from prompts import load

Title = Callable[[str], str]  # of a collection

BLOCKS_CHARS = 13_000  # all text of a message's blocks together
FALLBACK_CHARS = 3_900  # of `text`, which Slack shows in notifications and where it can't show blocks
LABEL_CHARS = 300
SHOWN_PLACES = 3  # with a line of their own
SHOWN_KEPT = 1_024  # lines made safe that are kept: titles, sections and our own words stand below every answer; guess
_URL = ":/?#@!$&+,;=%~"  # what may stand in a link besides letters, digits and "-._"
_MARKER = re.compile(r"\[(\d{1,3})\]")
_MARKERS = re.compile(r"(?:\[\d{1,3}\])+(?=\s*\Z)")
_LINKED_MARKER = re.compile(r"\[(\[\d{1,3}\])\]\([^()\s]*\)")


def markdown(text: str, citations: Iterable[Citation] = (), own: str = "") -> str:
    """Text as it may stand in a Markdown block or a stream; the white space around it is kept.

    Nothing is left of a text that recites our prompts. E-mail addresses in citations and in `own`, the asker's words,
    stay. The markers at its end link to where their citations say: `[[1]](https://docs.example/leave.pdf#page=3)`.
    """
    if _prompts().stands_in(text):
        return ""
    cited = tuple(citations)
    urls = {c.n: c.url for c in cited if c.url}
    shown = safe_text.markdown(text, list(urls.values()), addresses=" ".join([own, *(c.quote for c in cited)]))
    return _MARKERS.sub(lambda run: _MARKER.sub(lambda one: _marker_link(one, urls), run[0]), shown)


@cache
def _prompts() -> Recital:
    """What models are told, which nobody is shown."""
    return Recital(*(load(name).parts[0][1] for name in ("answer", "rewrite", "verify", "whom")))


def _marker_link(marker: re.Match[str], urls: Mapping[int, str]) -> str:
    url = urls.get(int(marker[1]))
    return f"[{marker[0]}]({quote(url, safe=_URL)})" if url else marker[0]


def tail(answer: Answer, question_id: str, locale: str = "en") -> str:
    """What follows the shown sentences, as safe Markdown: a refusal, an error, or nothing."""
    if answer.outcome is Outcome.FAILED:
        return texts.of(locale).error(answer.error[0] if answer.error else "internal", question_id)
    if answer.outcome is Outcome.REFUSED:
        return texts.of(locale).refusal(replace(answer, ask=markdown(answer.ask).strip()))  # a document says who it is
    return ""


def blocks(
    answer: Answer, question_id: str, again: str = "", locale: str = "en", title: Title | None = None
) -> list[Block]:
    """What stands below the text: places and remarks, retry (`again` is its value), feedback."""
    below = places_and_remarks(answer, locale, title)
    if again and (answer.outcome is Outcome.FAILED or answer.degraded_reason == "model_cut" or "cut" in answer.notes):
        below.append(buttons(button(AGAIN, texts.of(locale).says["ask_again"], again)))
    if answer.citations:
        below.append(buttons(button(SHOW, texts.of(locale).modals["show"], question_id)))
    talk = answer.outcome is Outcome.ANSWERED and not answer.citations and not answer.passages
    if answer.outcome is not Outcome.FAILED and not talk and UNVOTED not in answer.notes:
        below.append(feedback_block(question_id, locale))
    return below


def places_and_remarks(answer: Answer, locale: str = "en", title: Title | None = None) -> list[Block]:
    """Sources or closest sections, and remarks: what may stand below the text also where no button would work.

    With `title`, each place is told with the title of its collection.
    """
    near = answer.closest if answer.outcome is Outcome.REFUSED else ()
    remarks = texts.of(locale).remarks(answer)
    places = [*sources(answer.citations, locale, title), *_whom(answer, locale, title), *closest(near, locale, title)]
    return [*places, remark(" ".join(remarks)[:1900])] if remarks else places


def sources(citations: Sequence[Citation], locale: str = "en", title: Title | None = None) -> list[Block]:
    """The places an answer cites, by number; those behind the first SHOWN_PLACES in one line."""
    if not citations:
        return []
    lines: list[list[Block]] = []
    room = BLOCKS_CHARS // 3
    for cited in citations:
        label = _place(cited, locale, title)
        room -= len(label)
        if room > 0:
            lines.append([_text(f"[{cited.n}] "), _link(label, cited.url)])
    say = texts.of(locale).says
    head = line(words(_shown(say["sources_head"]), bold=True))
    shown = [head, bullets([line(*one) for one in lines[:SHOWN_PLACES]])]
    if folded := [piece for one in lines[SHOWN_PLACES:] for piece in (*one, _text("; "))]:
        shown.append(line(_text(say["sources_more"]), *folded[:-1]))
    return [rich_text(*shown)]


def closest(sections: Sequence[Closest], locale: str = "en", title: Title | None = None) -> list[Block]:
    """The sections that came near; not sources."""
    if not sections:
        return []
    lines = []
    for one in sections:
        quoted = [_text(f": “{one.quote}”")] if one.quote else []
        lines.append(line(_link(_place(one, locale, title), one.url), *quoted))
    return [rich_text(line(_text(texts.of(locale).says["refused_closest"])), bullets(lines))]


def _whom(answer: Answer, locale: str, title: Title | None) -> list[Block]:
    """Of a refusal: whom to ask, as the manual names them, and where."""
    if answer.whom is None:
        return []
    said = f"{texts.of(locale).asked_in(answer).says['whom']} “{answer.whom.quote}”"
    return [rich_text(line(_text(f"{said} ("), _link(_place(answer.whom, locale, title), answer.whom.url), _text(")")))]


def as_list(lines: Iterable[str]) -> Block:
    """A list of lines in which nothing is parsed."""
    return rich_text(bullets([line(_text(one)) for one in lines]))


def _place(place: Citation | Closest, locale: str, title: Title | None) -> str:
    """Where it stands: "Legal precedents: NDA › Term, p. 3", with the collection where several were searched."""
    text = where(place, locale)
    return f"{title(place.collection)}: {text}" if title and place.collection else text


def feedback_block(answer_id: str, locale: str = "en") -> Block:
    """The two buttons below an answer."""
    say = texts.of(locale).says

    def thumb(code: str, value: str) -> Block:
        label = say[f"{code}_label"]
        return {"text": plain_text(say[code]), "value": f"{value}:{answer_id}", "accessibility_label": label}

    up, down = thumb("helpful", "up"), thumb("not_helpful", "down")
    both = {"type": "feedback_buttons", "action_id": FEEDBACK, "positive_button": up, "negative_button": down}
    return {"type": "context_actions", "elements": [both]}


def message_blocks(text: str, below: Sequence[Block]) -> list[Block]:
    """Safe Markdown and what stands below it, as the blocks of a whole message."""
    return [*([{"type": "markdown", "text": text}] if text.strip() else []), *below]


def fallback(text: str, below: Sequence[Block] = ()) -> str:
    """The same as one mrkdwn string without blocks, for notifications and where blocks are refused."""
    more = "\n".join(one for block in below for one in _lines(block))
    body = safe_text.mrkdwn(_LINKED_MARKER.sub(r"\1", text.strip()))
    whole = f"{body}\n\n{safe_text.mrkdwn(more)}" if more else body
    if len(whole) <= FALLBACK_CHARS:
        return whole.strip() or "…"
    cut = whole[:FALLBACK_CHARS]
    return cut[: max(cut.rfind("\n"), cut.rfind(" "), 1)] + " …"


def parts(text: str, limit: int) -> list[str]:
    """Cut text into pieces of at most `limit` characters, at the best place there is: paragraph, line, sentence, word.

    The pieces joined are the text.
    """
    pieces = []
    while len(text) > limit:
        behind = (text.rfind(mark, 0, limit) + len(mark) for mark in ("\n\n", "\n", ". ", " "))
        cut = next((end for end in behind if end > limit // 3), limit)
        pieces.append(text[:cut])
        text = text[cut:]
    return [*pieces, text] if text or not pieces else pieces


@lru_cache(maxsize=SHOWN_KEPT)
def _shown(text: str) -> str:
    """One safe line; rich_text parses nothing, but what is shown there also stands in the fallback text."""
    return one_line(safe_text.as_text(text), LABEL_CHARS) or "…"


def _text(text: str) -> Block:
    return words(_shown(text) + (" " if text.endswith(" ") else ""))


def _link(text: str, url: str | None) -> Block:
    return {"type": "link", "url": url, "text": _shown(text)} if url else _text(text)


def _lines(block: Block) -> list[str]:
    """The lines of a rich_text or context block as plain text."""
    if block["type"] == "context":
        return [str(element["text"]) for element in block["elements"]]
    if block["type"] == "section":
        return [str(block["text"]["text"])]
    lines = []
    for element in block["elements"] if block["type"] == "rich_text" else ():
        items = element["elements"] if element["type"] == "rich_text_list" else [element]
        dash = "• " if element["type"] == "rich_text_list" else ""
        lines += [dash + "".join(str(part["text"]) for part in item["elements"]) for item in items]
    return lines
