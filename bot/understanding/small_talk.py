"""Messages that are chat and nothing else -> a code for a fitting reply; a question without the courtesy around it.

How politely something is asked never decides what is found. Pure: rules over phrases/*.toml.

The rule kept: a message is chat only when every clause of it is, and a clause only when every word of it is; anything
left over makes it a question. A clause is made of known phrases, or is a verdict: words that judge, and besides them
none but those about the bot and what it said. Where the manual has nothing on a message, its embedding is read as well:
a logistic regression of example phrases against real questions (likely_chat).
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache, partial
from pathlib import Path

from bot.privacy.mask import PLACEHOLDER, masked
from bot.understanding.fitted import scored
from bot.understanding.phrases import KEPT, normalised, pattern, phrases, phrases_in, says, signs
from knowledge.text.words import stems, stopwords

SMALL_TALK = (  # of several kinds in a message the first is answered
    "complaint", "person", "praise", "off_topic", "identity", "languages", "capabilities", "goodbye", "thanks",
    "greeting",
)  # fmt: skip
# "stored": what is kept of what people write here, told by its phrases alone; "sad": emoji that weep, and no word
KINDS = ("stored", "sad", *SMALL_TALK)
LONGEST = 300  # characters; a longer message says something; guess
# A row a dimension and one for the bias; SMALL_TALK, then question. By `python -m tests.eval.conversation.train`.
WEIGHTS = Path(__file__).parent / "chat_weights.npy"
QUESTION = 0.55  # probability of a question from which it is one; measured: python -m tests.eval.conversation
IN_THREAD = 0.15  # the same where it may go on from an answer ("in Berlin", "part-time"); guess
ANNOUNCED_WORDS = 2  # words that say something, behind "quick question:", or all before it stays; guess
LEFT_WORDS = 2  # words that must remain, or the text stays as it is; guess
LAYERS = 6  # layers of courtesy on either side; guess
LONGEST_COURTESY = 600  # characters at either end that are looked at; guess

_EDGE = " \t\r\n,.!?;:…-–—\"'“”„«»¿¡？！。*_~>#`•→"
EMOJI = re.compile(r"<[@!#][^<>]*>|:[a-z0-9_+-]+:(?!\d)")
_announcing = partial(pattern, "courtesy", r"(?:\A|(?<=[.!?,:]))\s*%announces%")
_before = partial(pattern, "courtesy", r"%before%(?!\w)")
_after = partial(pattern, "courtesy", r"(?:^|(?<=[\s,.!?;:]))%after%\Z")
# what asks for a clause, which is found by its number alone
_clause = partial(pattern, "courtesy", r"(?:%clauses%|(\d+(?:\.\d+)+(?: ?\(\w{1,4}\))*))\W*")
_CLAUSE = re.compile(r"(?<!\b[Aa]rt)[.!?;,:\n]+(?=\s|\Z)|\s[-–—]+\s")  # "art. 17" is one


@lru_cache(maxsize=KEPT)
def small_talk(text: str) -> str | None:
    """Code of the kind of chat this message is, all of it; None when any part could be a question or a request."""
    if len(text) > LONGEST:
        return None
    clauses = [words for clause in _CLAUSE.split(EMOJI.sub(" ", text)) if (words := normalised(clause))]
    if not clauses:  # a bare mention, an emoji
        return next((code for code in phrases("emoji") if says("emoji", code, text)), "greeting")
    kinds: set[str] = set()
    for clause in clauses:
        codes = _codes(clause)
        if codes is None:
            return None
        kinds |= codes
    if "scorn" in kinds:  # a question that wants no answer: "what are you good for then?"
        return "complaint"
    if kinds & {"complaint", "praise", "thanks"} and text.rstrip().endswith("?"):
        return None  # "that's correct?" asks
    return next((code for code in KINDS if code in kinds), "thanks" if "noted" in kinds else None)


def wordless(text: str) -> bool:
    """Whether nothing is said: a bare mention, "?", emoji that are no reply."""
    return not normalised(EMOJI.sub(" ", text)) and small_talk(text) in ("greeting", "capabilities")


def silences(text: str) -> bool:
    """Whether the message is nothing but a wish that the bot be quiet."""
    return len(text) <= LONGEST and any(sign.fullmatch(normalised(text)) for sign in signs("addressed", "mute"))


def without_chat(text: str) -> str:
    """The message without the chat it opens with: "ok thanks. and for Berlin?" -> "and for Berlin?"."""
    starts = [stop.end() for stop in re.finditer(r"[.!;\n]+\s*+(?=\S)|,\s++(?=and |but |so )", text[:LONGEST])]
    for start in reversed(starts[:4]):  # where the rest begins
        if small_talk(text[:start]) is not None:
            return text[start:]
    return text


def _codes(clause: str) -> set[str] | None:
    clause = clause.replace("right now", "now")
    codes = phrases_in("chat", clause)
    if codes is None or codes.keys() == {"filler"}:
        verdict = _verdict(clause)
        return verdict if verdict or codes is None else set()
    return set(codes)


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(phrases("words")[name])


def _verdict(clause: str) -> set[str] | None:
    """praise, complaint or thanks for a clause about the bot or its answer; None when it asks or is about more."""
    spoken = [word for word in clause.split() if word not in _words("aside")]
    denied = any(word in _words("denied") for word in spoken)
    affirmed = [word for word in spoken if word not in _words("denied")]
    bad, broken, good, about, thanks = (_words(name) for name in ("bad", "broken", "good", "about", "thanks"))
    known = bad | broken | good | thanks | about
    judged = {w for w in affirmed if w in known | _words("neutral") or not (w in stopwords() or w.endswith("ly"))}
    if says("judged", "asks", clause) or "would" in affirmed or not judged or judged - known - _words("neutral"):
        return None
    brief = len(affirmed) <= (5 if judged & about else 2) and (judged & about or judged <= known - _words("things"))
    if not (says("judged", "aimed", clause) or judged & thanks or (brief and not says("judged", "personal", clause))):
        return None
    if judged & thanks and not denied:
        return {"thanks"}
    if bool(judged & bad or (judged & broken and judged & about)) != denied:
        return {"complaint"}
    return {"praise"} if judged & (good | bad) and not judged & broken else None


def likely_chat(vector: Sequence[float], *, in_thread: bool = False) -> str | None:
    """The kind of chat that a message of this vector (bundled model) probably is; None where it may be a question."""
    import numpy as np

    scores = scored(vector, WEIGHTS)
    odds = np.exp(scores - scores.max())
    if odds[-1] / odds.sum() >= (IN_THREAD if in_thread else QUESTION):
        return None
    kind = SMALL_TALK[int(odds[:-1].argmax())]
    return None if in_thread and kind == "off_topic" else kind


@lru_cache(maxsize=KEPT)
def wording(text: str) -> str:
    """The question itself; the text without its outer marks where nothing would be left."""
    text = _announced(_without_placeholders(text))
    bare = " ".join(text.split()).strip(_EDGE)
    if clause := clause_asked(bare):
        return clause
    worded = bare
    for _ in range(LAYERS):
        match = _before().match(worded[:LONGEST_COURTESY])
        if match is None or not match.end():
            break
        worded = worded[match.end() :].lstrip(_EDGE)
    for _ in range(LAYERS):
        match = _after().search(worded[-LONGEST_COURTESY:])
        if match is None:
            break
        worded = worded[: len(worded) - (len(worded[-LONGEST_COURTESY:]) - match.start())].rstrip(_EDGE)
    worded = re.sub(r"\A(?:if|whether) ", "", worded, flags=re.I)
    return worded if len(worded.split()) >= LEFT_WORDS else bare


def clause_asked(text: str) -> str:
    """The number of the clause that it asks for and no more, "4.2(b)" of "What does clause 4.2(b) say?"; else ""."""
    clause = _clause().fullmatch(" ".join(text.split()).strip(_EDGE))
    return next(filter(None, clause.groups()), "") if clause else ""


def _without_placeholders(text: str) -> str:
    """The text less `<EMAIL_1>` and the like, and less sentences that only say whose they are ("My mail is ...")."""
    if not masked(text):
        return text
    sentences = re.split(r"(?<=[.!?])\s+", text)
    asking = [one for one in sentences if not masked(one) or one.endswith("?")]
    return PLACEHOLDER.sub(" ", " ".join(asking) if len(" ".join(asking).split()) > LEFT_WORDS else text)


def _announced(text: str) -> str:
    """What stands behind the words that announce a question, small talk before it left out; else the text."""
    for match in reversed(list(_announcing().finditer(text[:LONGEST_COURTESY]))):
        rest = text[match.end() :]
        if len(set(stems(rest)) - stopwords()) >= ANNOUNCED_WORDS:
            return rest
    return text
