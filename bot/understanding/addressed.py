"""Is a message that mentions nobody meant for the bot? Pure; rules over the [addressed] tables of phrases/*.toml.

In: the message, who stands where in its thread, how far the bot may follow. Out: yes or no. What no rule of the thread
settles is told by fitted weights over its meaning, its words and where it stands (likely_meant), or by rules alone
where there is no such reading. The rule kept: when in doubt it is not; people among themselves are not interrupted.
But who confides something to the bot that has just answered them is heard, and whose life is in danger always. Knows
no Slack.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from bot.understanding import codes
from bot.understanding.directives import directive
from bot.understanding.fitted import counted, scored
from bot.understanding.follow_up import complains, corrects, goes_on, scorns
from bot.understanding.parts import QUESTION_MARK, QUOTED, asks
from bot.understanding.phrases import normalised, phrases, told_by
from bot.understanding.small_talk import small_talk
from bot.understanding.topics import OF_US, Kind, Told
from bot.understanding.topics import told as told_of
from knowledge.text.words import stems, stopwords

# A number for each that `told` reads and one for the bias. By `python -m tests.eval.conversation.train meant`.
WEIGHTS = Path(__file__).parent / "meant_weights.npy"
# Log odds from which a message is for the bot: right behind its answer to the same person, where most are, and
# elsewhere; chosen on the writers' threads crosswise and the first two sets of dialogues.
MEANT_BEHIND, MEANT = 0.5, 1.75  # measured: python -m tests.eval.conversation
# probability from which something told is heard, though nothing is asked; measured: python -m tests.eval.conversation
SURELY_TOLD = 0.95
PLACES = 1024  # places that its words, single and in pairs, are counted in; guess
BRIEF = 4  # words of a message that can only go on from the answer, though others have spoken since; guess
STORY = 30  # words from which a message is no longer; guess
LONGEST = 2000  # characters at either end that are looked at; guess

IN_DANGER: tuple[Kind, ...] = ("self_harm", "emergency")  # heard from anybody, wherever words leave no doubt
TALKED: tuple[Kind, ...] = (*OF_US, "legal", "strain", "addiction", "phishing")  # what colleagues joke about
SIGNS = ("you", "manual", "people", "plans", "corrects", "requests", "tells", "rules", "goes_on", "asks")
Follow = Literal["mention", "thread", "every question"]
_VOCATIVE = re.compile(
    r"\A\W*(?:[a-zA-Z]{2,8}[.!,]?\s)?(?P<name>[A-Z][a-z]{2,15}|[A-Z])\s?[,:](?=\s)"
)  # "Ben, ..." "hey Ben, ..."
_BEFORE_YOU = re.compile(r"\A\W*(?P<name>[a-zA-Z]{3,15}) (?:can|could|will|would|do|did|have|are|were) (?:you|u)\b")
_AT_THE_END = re.compile(r",\s(?P<name>[A-Z][a-z]{2,15})\W*\Z")  # "could you sign it, Ben?"
_YOU = re.compile(r"\byou\b")
_WORD = re.compile(r"[\w']+|[?!.,]")
_FIRST = re.compile(r"[,.;!:]")  # ends the first clause


@dataclass(frozen=True, slots=True)
class Scene:
    """Who stands where when a message comes that does not mention the bot."""

    answered: bool  # the bot has answered in this thread, or a question to it is being answered
    same_person: bool  # the message is by the person it answered last
    others_since: bool  # somebody else has spoken behind that answer
    names_others: bool  # a person or a group is mentioned
    said: str = ""  # the last question and the bot's answer to it

    @property
    def right_behind(self) -> bool:
        """Whether the message stands right behind the bot's answer to this person."""
        return self.answered and self.same_person and not self.others_since


LikelyMeant = Callable[[str, Scene], bool | None]  # whether a message is for the bot by its meaning; None: not told
Telling = Callable[[str], Told | None]  # what a message tells of


def untold(text: str, scene: Scene) -> None:
    """What is told by meaning where nothing reads it."""


def meant_for_bot(
    text: str, scene: Scene, follow: Follow, likely_meant: LikelyMeant = untold, telling: Telling = told_of
) -> bool:
    """Whether the bot should answer. What the rules of the thread leave open, `telling` and `likely_meant` tell."""
    unquoted = QUOTED.sub(" ", text[:LONGEST])
    ours = settled(unquoted, scene, follow, telling)
    if ours is None:
        ours = likely_meant(unquoted, scene)
    return _by_words(unquoted, scene) if ours is None else ours


def settled(unquoted: str, scene: Scene, follow: Follow, telling: Telling = lambda _: None) -> bool | None:
    """Whether the bot should answer, where the rules of the thread say so, or what is told; else None."""
    if follow == "mention" or scene.names_others or not normalised(unquoted):
        return False
    if told_by("called", unquoted):  # "hey bot, ..."
        return scene.answered or follow == "every question"
    chosen = _bot_asked(scene) and _shares(unquoted, scene.said) and not told_by("you", unquoted)
    if scene.answered and scene.same_person and chosen:
        return True
    if _names(unquoted):
        return False
    if confides(unquoted, scene, telling):
        return True
    if _among_people(unquoted):
        return False
    if scene.right_behind and (corrects(unquoted) or scorns(unquoted)):
        return True
    if follow == "every question" and asks(unquoted):
        return scene.answered or None  # "what's for lunch?" is asked among people
    return None if scene.answered else False


def confides(unquoted: str, scene: Scene, telling: Telling) -> bool:
    """Whether what is told is for the bot: by whom it just answered, or, by words without doubt, by anybody."""
    told = telling(unquoted) if scene.answered else None
    if told is None:
        return False
    if told.kind in IN_DANGER and told.likely == 1.0:
        return True
    wanted = scene.right_behind and told.kind not in TALKED and told.likely >= SURELY_TOLD
    return wanted and not told_by("people", unquoted)


def _by_words(unquoted: str, scene: Scene) -> bool:
    """Whether words tell that what nothing settles is for the bot."""
    if not scene.answered:
        return small_talk(unquoted) is None
    you, on_topic, asking = told_by("you", unquoted), _shares(unquoted, scene.said), asks(unquoted)
    if asking and told_by("manual", unquoted):
        return True  # whoever asks what the manual says asks it
    if scene.right_behind:
        wants = (
            asking or goes_on(unquoted) or any(told_by(name, unquoted) for name in ("corrects", "requests", "tells"))
        )
        talk = small_talk(unquoted)
        if wants or talk == "person" or (talk == "complaint" and you) or complains(unquoted):
            return True
        if codes.another(unquoted, scene.said) and small_talk(_FIRST.split(unquoted, maxsplit=1)[0]) is None:
            return True  # "ok waited, now it's E-611", but not "thanks, I am on L6 anyway"
        return talk is None and _bot_asked(scene)
    if you:
        return False
    brief = scene.same_person and len(unquoted.split()) <= BRIEF and directive(unquoted)[1]
    if scene.others_since and brief and goes_on(unquoted):
        return True  # "ok and Thailand" by whom it has answered, whoever was glad for them
    if scene.others_since:
        return told_by("rules", unquoted) or (on_topic and told_by("goes_on", unquoted))
    worded = told_by("asks", unquoted)  # a question mark alone is talk
    return told_by("rules", unquoted) or told_by("goes_on", unquoted) or (on_topic and worded)


def doubtful(text: str, scene: Scene, telling: Telling = told_of) -> bool:
    """Whether a model that reads the thread tells better than the words, where one is configured."""
    unquoted = QUOTED.sub(" ", text[:LONGEST])
    names_whom = told_by("called", unquoted) or _among_people(unquoted)
    if not scene.answered or scene.names_others or not normalised(unquoted) or names_whom:
        return False
    if small_talk(unquoted) or confides(unquoted, scene, telling):
        return False
    return not (scene.right_behind and meant_for_bot(text, scene, "thread"))


def likely_meant(text: str, scene: Scene, message: Sequence[float], said: Sequence[float]) -> bool:
    """Whether a message is for the bot; the last two are vectors, by the bundled model, of it and of what was said."""
    return bool(scored(told(text, scene, message, said), WEIGHTS) > (MEANT_BEHIND if scene.right_behind else MEANT))


def told(text: str, scene: Scene, message: Sequence[float], said: Sequence[float]) -> Any:
    """What is weighed of a message: its meaning, its words, and what rules find in it, by where it stands."""
    import numpy as np

    same, late = scene.same_person, scene.others_since
    place = np.array([same and not late, same and late, not same and not late, not same and late])
    signs = np.array(_signs(text, scene))
    words = ["^", *_WORD.findall(text.lower().replace("’", "'")), "$"]
    counts = counted(((one, 1.0) for one in (*words[1:-1], *map(" ".join, pairwise(words)))), PLACES)
    by_place = [np.outer(place, signs).ravel(), np.outer(place[[0, 3]], message).ravel()]
    return np.concatenate([message, [np.dot(message, said)], signs, *by_place, counts])


def _signs(text: str, scene: Scene) -> list[float]:
    """What the rules find in a message, a number each."""
    talk, length = small_talk(text), len(text.split())
    return [
        *(float(told_by(name, text)) for name in SIGNS),
        asks(text),
        bool(QUESTION_MARK.search(text)),
        _shares(text, scene.said),
        goes_on(text),
        complains(text),
        codes.another(text, scene.said) is not None,
        talk is not None,
        talk == "thanks",
        bool(directive(text)[0]),
        _by_words(text, scene),
        _bot_asked(scene),
        length <= BRIEF,
        min(length, STORY) / STORY,
    ]


def _bot_asked(scene: Scene) -> bool:
    """Whether the bot has asked something itself."""
    return bool(QUESTION_MARK.search(scene.said[-2:]))


def _among_people(text: str) -> bool:
    """Whether it is for people: it calls one by name, has words for several, or makes plans."""
    return _names(text) or told_by("people", text) or (not asks(text) and told_by("plans", text))


def _names(text: str) -> bool:
    """Whether it calls a person by name: "Ben, can you sign this?"."""
    at_the_end = _AT_THE_END.search(text)
    asked = at_the_end and _YOU.search(text, 0, at_the_end.start())
    named = _VOCATIVE.match(text) or _BEFORE_YOU.match(text) or (asked and at_the_end)
    return named is not None and named["name"].lower() not in stopwords().union(phrases("addressed")["openers"])


def _shares(text: str, before: str) -> bool:
    """Whether a word or a figure of the message stands in what was said."""
    return bool(set(stems(text)) & set(stems(before[:LONGEST])))
