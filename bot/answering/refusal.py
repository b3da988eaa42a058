"""A question that was not answered -> why, as the code of a text that fits it, and the sections worth a look. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.confidence import missing
from bot.answering.lexicon import phrases
from bot.understanding.addressed import asks
from bot.understanding.topics import of_somebody
from knowledge.text.words import stems
from knowledge.types import Passage

_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|(?m:^.{3,80}\s\d{1,4}$)")  # lines of a contents page
_TITLE_WORDS = 25  # words; a title page has no more; guess


def why(question: str, passages: Sequence[Passage]) -> str | None:
    """Why a question can't be answered, where something special can be said.

    personal: about the asker's own data; somebody: about a named person's; vague: one word or none to go by;
    codes: names a number or code that stands nowhere; statement: asks nothing.
    """
    if is_personal(question):
        return "personal"
    if of_somebody(question):
        return "somebody"
    if missing(question, passages):
        return "codes"
    if len(set(stems(question))) < 2:
        return "vague"
    return "statement" if _only_tells(question) else None


def emergency(text: str) -> str | None:
    """What to look up for somebody who needs help now; None where nothing says so."""
    said = phrases("emergency")
    flat = " ".join(text.casefold().replace("’", "'").split())
    now = any(re.search(sign, flat) for sign in said["signs"])
    return said["ask"][0] if now and not any(re.search(past, flat) for past in said["not_now"]) else None


def _only_tells(text: str) -> bool:
    """Whether it opens as what is told and has no word of asking or need: "You told me that yesterday"."""
    words = re.findall(r"[\w']+", text.casefold().replace("’", "'"))
    said = phrases("statement")
    return not asks(text) and words[0] in said["opens"] and not {*words} & {*said["needs"]}


def is_personal(question: str) -> bool:
    """Whether it asks for the asker's own data: "what is my current salary?", not "when is my salary paid?"."""
    text = " " + " ".join(re.findall(r"[\w'’]+", question.casefold())) + " "
    said = phrases("personal")
    rests = [text.split(f" {asks} ", 1)[1].strip() for asks in said["asks"] if f" {asks} " in text]
    own = any(rest in said["data"] or rest.partition(" ")[2] in said["data"] for rest in rests)
    return own or any(f" {whole} " in text for whole in said["whole"])


def worth_a_look(passage: Passage) -> bool:
    """Whether a person would find a rule there: no contents page, no title page, no history of versions."""
    heading = re.sub(r"^[\W\d]+", "", passage.section[-1] if passage.section else "").casefold().strip()
    if heading in phrases("front_matter")["headings"]:
        return False
    lines = [line for line in passage.text.splitlines() if line.strip()]
    if len(_LEADERS.findall(passage.text)) * 2 > len(lines) > 1:
        return False
    title_page = passage.ordinal == 0 and not passage.section and not re.search(r"[.!?](?:\s|$)", passage.text)
    return not (title_page and len(passage.text.split()) <= _TITLE_WORDS)
