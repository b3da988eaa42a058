"""Is a message that mentions nobody meant for the bot? Pure rules over the [addressed] tables of phrases/*.toml.

In: the message, who stands where in its thread, how far the bot may follow. Out: yes, no, or that only its meaning may
tell (likely_meant, by its embedding). The rule kept: when in doubt it is not; people among themselves are not
interrupted. Knows no Slack.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import log
from pathlib import Path
from typing import Literal

from bot.understanding.directives import directive
from bot.understanding.fitted import scored
from bot.understanding.follow_up import another_code, complains, goes_on
from bot.understanding.phrases import phrases, plain
from bot.understanding.small_talk import small_talk
from knowledge.text.words import stems, stopwords

# A number a dimension and one for the bias. By `python -m tests.eval.conversation.train meant`.
WEIGHTS = Path(__file__).parent / "meant_weights.npy"
MEANT = (
    0.7  # probability from which a message without a sign is for the bot; measured: python -m tests.eval.conversation
)
BRIEF = 4  # words of a message that can only go on from the answer, though others have spoken since; guess
LONGEST = 2000  # characters at either end that are looked at; guess

Follow = Literal["mention", "thread", "every question"]
_VOCATIVE = re.compile(
    r"\A\W*(?:[a-zA-Z]{2,8}[.!,]?\s)?(?P<name>[A-Z][a-z]{2,15}|[A-Z])\s?[,:](?=\s)"
)  # "Ben, ..." "hey Ben, ..."
_BEFORE_YOU = re.compile(r"\A\W*(?P<name>[a-zA-Z]{3,15}) (?:can|could|will|would|do|did|have|are|were) (?:you|u)\b")
_AT_THE_END = re.compile(r"\byou\b.*,\s(?P<name>[A-Z][a-z]{2,15})\W*\Z", re.S)  # "could you sign it, Ben?"
_QUESTION_MARK = re.compile(r"[?？؟](?:\W|\Z)")
_FIRST = re.compile(r"[,.;!:]")  # ends the first clause
_QUOTED = re.compile(r"^[^\S\n]*>[^\n]*$|```.*?```", re.M | re.S)


@dataclass(frozen=True, slots=True)
class Scene:
    """Who stands where when a message comes that does not mention the bot."""

    answered: bool  # the bot has answered in this thread
    same_person: bool  # the message is by the person it answered last
    others_since: bool  # somebody else has spoken behind that answer
    names_others: bool  # a person or a group is mentioned
    said: str = ""  # the last question and the bot's answer to it

    @property
    def right_behind(self) -> bool:
        """Whether the message stands right behind the bot's answer to this person."""
        return self.answered and self.same_person and not self.others_since


def meant_for_bot(text: str, scene: Scene, follow: Follow) -> bool | None:
    """Whether the bot should answer; None where no word tells and the meaning may: not, if that can't be read."""
    unquoted = _QUOTED.sub(" ", text[:LONGEST])
    if follow == "mention" or scene.names_others or not plain(unquoted):
        return False
    if _called(unquoted):
        return scene.answered or follow == "every question"
    you, on_topic = _found("you", unquoted), _shares(unquoted, scene.said)
    bot_asked = bool(_QUESTION_MARK.search(scene.said[-2:]))  # the bot has asked something itself
    if scene.answered and scene.same_person and bot_asked and on_topic and not you:
        return True
    if _among_people(unquoted):
        return False
    asking = asks(unquoted)
    if follow == "every question" and asking:
        return True
    if not scene.answered:
        return False
    if asking and _found("manual", unquoted):
        return True  # whoever asks what the manual says asks it
    if scene.right_behind:
        wants = asking or goes_on(unquoted) or any(_found(name, unquoted) for name in ("corrects", "requests", "tells"))
        talk = small_talk(unquoted)
        if wants or talk == "person" or (talk == "complaint" and you) or complains(unquoted):
            return True
        if another_code(unquoted, scene.said) and small_talk(_FIRST.split(unquoted, maxsplit=1)[0]) is None:
            return True  # "ok waited, now it's E-611", but not "thanks, I am on L6 anyway"
        if talk:
            return False
        return True if bot_asked else None
    if you:
        return False
    brief = scene.same_person and len(unquoted.split()) <= BRIEF and directive(unquoted)[1]
    if scene.others_since and brief and goes_on(unquoted):
        return True  # "ok and Thailand" by whom it has answered, whoever was glad for them
    if scene.others_since:
        return _found("rules", unquoted) or (on_topic and _found("goes_on", unquoted))
    worded = _found("asks", unquoted)  # a question mark alone is talk
    return _found("rules", unquoted) or _found("goes_on", unquoted) or (on_topic and worded)


def doubtful(text: str, scene: Scene) -> bool:
    """Whether a model that reads the thread tells better than the words, where one is configured."""
    unquoted = _QUOTED.sub(" ", text[:LONGEST])
    if not scene.answered or scene.names_others or not plain(unquoted) or _called(unquoted) or _among_people(unquoted):
        return False
    return not small_talk(unquoted) and not (scene.right_behind and meant_for_bot(text, scene, "thread"))


def asks(text: str) -> bool:
    """Whether the message asks something, by its marks or its words."""
    unquoted = _QUOTED.sub(" ", text)
    return bool(_QUESTION_MARK.search(unquoted)) or _found("asks", unquoted)


def likely_meant(vector: Sequence[float]) -> bool:
    """Whether a message of this vector (bundled model) to whom an answer was given right before is for the bot."""
    return bool(scored(vector, WEIGHTS) > log(MEANT / (1 - MEANT)))


def silences(text: str) -> bool:
    """Whether the message is nothing but a wish that the bot be quiet."""
    return any(pattern.fullmatch(plain(text[:LONGEST])) for pattern in _patterns("mute"))


def _called(text: str) -> bool:
    """Whether the bot is addressed by its kind: "hey bot, ..."."""
    return _found("called", text)


def _among_people(text: str) -> bool:
    named = _VOCATIVE.match(text) or _BEFORE_YOU.match(text) or _AT_THE_END.search(text)
    if named and named["name"].lower() not in stopwords() | _openers():
        return True
    return _found("people", text) or (not asks(text) and _found("plans", text))


def _shares(text: str, before: str) -> bool:
    """Whether a word or a figure of the message stands in what was said."""
    return bool(set(stems(text)) & set(stems(before[:LONGEST])))


def _found(name: str, text: str) -> bool:
    lowered = " ".join(text.lower().replace("’", "'").split())
    return any(pattern.search(lowered) for pattern in _patterns(name))


@cache
def _patterns(name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, phrases("addressed").get(name, ())))


@cache
def _openers() -> frozenset[str]:
    return frozenset(phrases("addressed")["openers"])
