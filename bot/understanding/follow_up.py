"""What kind of message this is, what a follow-up means in its thread. Pure rules.

In: a message and the turns before it (oldest first). Out: a code for small talk, the texts to search for with their
weights, a directive ("shorter", "in German"), the text to answer.
The rule kept: when in doubt a message is a question; nothing that could be one is taken for chat. Knows no manual.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.types import Question, Turn
from bot.understanding.directives import Directive, directive
from bot.understanding.in_place import in_place, joined, opens, says_figures_alone, settles, without_opening
from bot.understanding.phrases import pattern, phrases_in
from bot.understanding.small_talk import small_talk, without_chat, wording, wordless
from knowledge.text.words import stems, stopwords, words

# weight of the search for question and thread together, the rest is the question's: more finds more for a true
# follow-up and loses more when the thread was about something else; measured: policybot eval GOLD --retrieval
THREAD_WEIGHT = 0.4
ASIDE_WEIGHT = 0.2  # the same weight for a question that could stand alone; guess
STORY_WORDS = 50  # words; in a longer message the sentences that ask are looked for; guess
STORY_WEIGHT = 0.3  # weight of the whole message beside them; guess
LEANING_WORDS = 5  # words that say something; who writes so many outside a thread has said what it is about; guess
ELLIPSIS_WORDS = 8  # words of "and for people who work part-time"; more of them, unmarked, tell something; guess
WHOLE_WORDS = 4  # telling words of a question that may stand alone whatever it points to; guess
TALK = 4  # messages of people among themselves that a question goes on from; guess
THREAD_WORDS = 170  # words of question and history together; about MiniLM's 256 tokens; guess


@dataclass(frozen=True, slots=True)
class Resolved:
    """A message understood in its thread."""

    texts: tuple[tuple[str, float], ...]  # to search for, with weights; () for a directive without a question
    directive: Directive
    standalone: str  # the text to answer and to quote for
    own: str  # the person's words for it
    leans: bool = False  # on the thread: means little without it; a correction asks the question again instead
    by_itself: bool = False  # whatever was said above it
    joined: bool = False  # with the question before, which may be all that is found
    stays: bool = False  # on what was just told, having no topic of its own: the sections told of come first
    in_thread: Resolved | None = None  # the same as it goes on from the thread, where nothing tells whether it does

    @property
    def threaded(self) -> Resolved:
        """As it goes on from its thread, where it may: a model reads that alone, and its search finds most."""
        return self.in_thread or self

    @property
    def searched(self) -> tuple[tuple[str, float], ...]:
        """`texts` as they are searched for: the questions in them, without courtesy and marks around them."""
        return tuple((wording(text), weight) for text, weight in self.texts)

    @property
    def goes_on(self) -> bool:
        """Whether it asks for more on what the thread is about, rather than for the same in another form."""
        return self.leans and not self.directive


OUTCRY = 8  # words before scorn that tell of nothing else; guess
_CLAUSE = re.compile(r"[^,.;!:]+[,.;!:]+\s*(?=\w)")
_BREAK = re.compile(r"[.!\n]+\s+|\s:[a-z_]+:\s|\s[\U0001F300-\U0001FAFF]+\s")  # ends a sentence, an emoji too
_ASKING = r"\W*\b%asking%(?!\w)"
_leaning = partial(pattern, "leaning")  # the words by which a message leans on others
# how people say WHAT the question before should have said, some with the OLD words that it takes the place of
_SORRY, _LEAD = r"(?:%sorry%\b[,.!: -]*)", r"(?:%leads%\s+)*"
_CORRECTING = {
    "I meant WHAT": rf"\A\s*{_SORRY}*%meant%\b[: ,]*(?P<what>.+)",
    "no, for WHAT": rf"\A\s*{_SORRY}+(?P<lead>{_LEAD})(?P<what>(?!%none%\b)[\w-]+(?:\s+[\w-]+){{0,2}})\W*\Z",
    "not OLD but WHAT": rf"\A\s*{_SORRY}?%deny% {_LEAD}(?P<old>[\w -]{{2,40}}?)(?:[,;.!]|\s%but%)+ +{_LEAD}"
    r"(?P<what>[\w -]{2,60})[.!? ]*\Z",
    "WHAT, not OLD": rf"\A\s*{_LEAD}(?P<what>[\w -]{{2,60}}?)(?:[,;]? (?:%and% )?%deny%|,? %instead_of%) {_LEAD}"
    r"(?P<old>[\w -]{2,40})[.!? ]*\Z",
    "4, sorry": r"\A\s*(?P<what>\d[\d.,]*(?: [^\W\d]{1,12})?),? %apology%\b[^?]{0,80}\Z",
    "WHAT I mean": rf"\A\s*{_SORRY}*(?P<what>[^.?!]{{2,80}}?)(?<!\bwhat)[, ]+%meant_behind%[.!? ]*\Z",
}


def points(text: str) -> bool:
    """Whether it names something only by what stands before it: "is it paid?"."""
    return bool(_leaning(r"\b%points%(?!\w)").search(text))


def depends(text: str) -> bool:
    """Whether it asks on with no word of its own: "if so, when?", "how long?"."""
    return bool(_leaning(r"\W*\b%on_condition%(?!\w)|\W*\b%alone%(?!\w)\W*\Z").match(text))


def former(text: str) -> bool:
    """Whether it asks for another edition of what was told, and for nothing else: "and before 2026?"."""
    return bool(_leaning(r"\W*\b%former%(?!\w)\W*").fullmatch(without_opening(text)))


def _correcting(said: str) -> re.Pattern[str]:
    return pattern("correction", _CORRECTING[said], flags=re.I | re.S)


def resolve(question: Question) -> Resolved:
    """What to search for and what to answer, given the thread; costs nothing worth counting."""
    wanted, own = directive(without_chat(question.text))
    history = question.history
    asked = asked_before(history)
    among_people = bool(asked) and not any(turn.to_bot for turn in history)
    talk = ". ".join(text.rstrip(" ?.!") for text in asked[-TALK:])  # all of it is what "that" means
    if not own and among_people:  # "is that right?"
        return replace(resolve(replace(question, text=talk, history=())), directive=wanted)
    if not own and asked:
        asked = [text for text in asked if not _is_bare(text)] or asked
        at = max(i for i, turn in enumerate(history) if turn.role == "user" and turn.text == asked[-1])
        before = [directive(turn.text)[0].language for turn in history[at:] if turn.role == "user"]
        tongue = wanted.language or next((code for code in reversed(before) if code), None)  # "in German", "shorter"
        inner = resolve(Question(id=question.id, text=asked[-1], history=history[:at]))
        return replace(inner, directive=Directive(wanted.manner, tongue))
    if not own:  # one word may be a keyword
        whole = question.text.strip()
        keyword = Resolved(((whole, 1.0),), Directive(), whole, whole)
        return keyword if len(whole.split()) < 2 else Resolved((), wanted, "", "")
    if asked and points_above(own) and (pointed_at := _asked_by_others(question)):
        inner = resolve(pointed_at)
        return replace(inner, directive=wanted or inner.directive)
    if not asked or (among_people and is_whole(own)):
        gist = _gist(own)
        texts = ((own, 1.0),) if gist == own else ((gist, 1 - STORY_WEIGHT), (own, STORY_WEIGHT))
        return Resolved(texts, wanted, gist, own, by_itself=among_people)
    base = talk if among_people else _base(asked, own)
    corrected = _corrected(own, base)
    if corrected:
        combined, what = corrected
        return Resolved(((combined, 0.7), (what, 0.3)), wanted, combined, own, joined=True)
    alone = Resolved(((own, 1.0),), wanted, own, own, by_itself=True)
    if _stands_alone(own, f"{base} {history[-1].text}"):
        return replace(alone, in_thread=Resolved(_in_thread(own, history, ASIDE_WEIGHT), wanted, own, own))
    if elsewhere := in_place(base, own) or (joined(base, own) if former(own) else None):
        there = _in_thread(elsewhere, history, ASIDE_WEIGHT)
        return Resolved(there, wanted, elsewhere, own, by_itself=True, stays=True)
    bare = len(_content(own)) < 2 or says_figures_alone(own)  # "why?" alone means nothing to a search
    settled = bare and history[-1].role == "agent" and settles(history[-1].text, own)
    both = joined(settled or base, own)
    searched = _in_thread(both if bare or among_people else own, history, THREAD_WEIGHT)
    leaning = bare or bool(opens(own) or points(own))
    threaded = Resolved(searched, wanted, both, own, leans=leaning, joined=True)
    surely = leaning and len(_content(own)) < WHOLE_WORDS  # of more words, "it" may mean one of them
    if anew := is_whole(rest := without_opening(own)):  # "and how long is parental leave?"
        alone = replace(alone, texts=((rest, 1.0),), standalone=rest)
    if among_people or (surely and not anew):
        return replace(threaded, stays=bare)
    return replace(alone, in_thread=threaded)


def leans(text: str) -> bool:
    """Whether a message on its own, outside a thread, means little without what came before it."""
    if small_talk(text) is not None:
        return False
    if complains(text):
        return True
    wanted, own = directive(without_chat(text))
    if not own or _meant(own) or depends(own):
        return bool(own or wanted)
    brief = len(_content(own)) < LEANING_WORDS
    return brief and bool(opens(own) or _leaning(r"\b%refers%(?!\w)").search(own))


def goes_on(text: str) -> bool:
    """Whether a message in a thread surely goes on from the answer before it: "and for interns?", "shorter please"."""
    wanted, own = directive(without_chat(text))
    if not own:
        return bool(wanted)
    opening = opens(own)
    return bool(_meant(own) or depends(own) or (opening and len(own.split()) <= ELLIPSIS_WORDS))


def _meant(text: str) -> re.Match[str] | None:
    """What it says that the question before should have said, if it does."""
    ways = ("I meant WHAT", "4, sorry", "WHAT I mean")
    return next(filter(None, (_correcting(said).match(text) for said in ways)), None)


def corrects(text: str) -> bool:
    """Whether it names what the question before should have said: "sorry, meant May not March", "4 sorry, not 6"."""
    meant = _meant(" ".join(text.split()))
    return meant is not None and bool(_content(meant["what"]))


def scorns(text: str) -> bool:
    """Whether it ends in asking what the bot is for, behind few words: "'ask HR' AGAIN. what are you even good for"."""
    *said, last = _BREAK.split(text.rstrip(" .!?"))
    return len(" ".join(said).split()) <= OUTCRY and "scorn" in (phrases_in("chat", last) or ())


def complains(text: str) -> bool:
    """Whether a complaint stands before or behind what it says of the bot, and nothing is asked.

    >>> complains("not what I asked, you're giving me old stuff"), complains("you sent me in circles. useless")
    (True, True)
    """
    opening = _CLAUSE.match(text)
    you = _leaning(r"\b%you%(?!\w)")
    if opening and small_talk(opening[0]) == "complaint" and you.match(text[opening.end() :]):
        return True
    *said, last = _BREAK.split(text.rstrip(" .!"))
    return "?" not in text and small_talk(last) == "complaint" and bool(you.search(" ".join(said)))


def _corrected(own: str, base: str) -> tuple[str, str] | None:
    """The question before with what it should have said, and that alone; None when `own` corrects nothing."""
    while (opening := _CLAUSE.match(own)) and small_talk(opening[0]):  # "that's wrong, I meant"
        own = own[opening.end() :]
    own = own.replace("*", "")
    meant = _meant(own)
    if meant and not _content(meant["what"]):  # "that is what I mean"
        return None
    what = meant["what"].strip(" .!") if meant else own
    denied = _correcting("not OLD but WHAT").match(what)
    swap = denied or _correcting("WHAT, not OLD").match(what)
    if swap and stems(swap["old"]) and (stems(swap["what"]) or swap["what"][0].isupper()):  # "May" is a month
        new = swap["what"].strip()
        old = re.compile(rf"\b{re.escape(swap['old'].strip().removesuffix('s'))}\w{{0,2}}\b", re.I)
        if old.search(base):
            return old.sub(lambda _: new, base), new
        if meant or denied:
            return in_place(base, new) or joined(base, new), new
        return None
    if not meant:
        rather = _correcting("no, for WHAT").match(own)
        if rather is None or any(word in stopwords() for word in words(rather["what"])):
            return None
        what = rather["lead"] + rather["what"]
    return in_place(base, what) or joined(base, what), what


def points_above(text: str) -> bool:
    """Whether it means another message above it and says nothing else: "^^ what @Ben asked", "see above"."""
    return bool(re.search(r"[\w^👆☝]", text) and _leaning(r"(?:\b%above%(?!\w)|\W)+").fullmatch(text))


def _asked_by_others(question: Question) -> Question | None:
    """The last thing that somebody else asked in the thread, with what was said before it where it leans on that."""
    history = question.history
    others = [(at, t.text) for at, t in enumerate(history) if t.role == "user" and t.speaker != question.speaker]
    for at, text in reversed(others):
        if _asks(text):
            alone = not opens(text) and len(_content(text)) >= 3
            return replace(question, text=text, history=() if alone else history[:at])
    return None


def _asks(text: str) -> bool:
    return "?" in text or _wonders(text)


def _wonders(text: str) -> bool:
    return bool(_leaning(r"\b%wonders%(?!\w)").search(text))


def _base(asked: Sequence[str], own: str) -> str:
    """The question that `own` goes on from: the last one, with the one it leaned on in turn."""
    last = asked[-1]
    if len(asked) == 1 or not _leans_on(last):
        return last
    first = next((text for text in reversed(asked[:-1]) if not _leans_on(text)), asked[0])
    parallel = all(map(_is_ellipsis, (own, last)))  # "and for X?" after "and for Y?": X takes Y's place
    return first if parallel else joined(first, last)


def _is_ellipsis(text: str) -> bool:
    """Whether it puts something in another's place and asks nothing of its own: "and for interns?"."""
    return bool(opens(text)) and not _leaning(_ASKING).match(without_opening(text))


def _leans_on(text: str) -> bool:
    """Whether it says too little by itself for another to go on from: "is it paid?", "my wife too?"."""
    return bool(
        opens(text)
        or former(text)
        or says_figures_alone(text)
        or (points(text) and len(_content(text)) < WHOLE_WORDS)
        or len(_content(text)) < 2
    )


def asked_before(history: Sequence[Turn]) -> list[str]:
    """The questions before, neither chat nor directives: what was said to the bot, or with none of it to anyone."""
    questions = [t for t in history if t.role == "user" and small_talk(t.text) is None and directive(t.text)[1]]
    return [t.text for t in questions if t.to_bot] or [t.text for t in questions]


def called_for(question: Question) -> Question:
    """The question that people asked each other last, where the message only calls the bot: "@policybot 👀".

    Or wonders, below an answer of the bot's, whether theirs to it is right.
    """
    talk = [text for text in said_since(question.history) if small_talk(text) is None]
    answered = any(turn.role == "agent" for turn in question.history) and any(map(_asks, talk))
    wonders = answered and _leaning(r"\W*\b%confirms%(?!\w)\W*").fullmatch(question.text)
    if not talk or not (wonders or wordless(question.text)):
        return question
    text = next(filter(_asks, reversed(talk)), talk[-1])
    at = max(at for at, turn in enumerate(question.history) if turn.text == text)
    return replace(question, text=text, history=question.history[:at])


def said_since(history: Sequence[Turn]) -> list[str]:
    """What people have said among themselves since the bot last answered."""
    answered = max((at for at, turn in enumerate(history) if turn.role == "agent"), default=-1)
    return [turn.text for turn in history[answered + 1 :] if not turn.to_bot]


def _gist(text: str) -> str:
    """The sentences of a long story that ask; the text itself when it is short or they can't be told."""
    if len(text.split()) <= STORY_WORDS:
        return text
    sentences = re.split(r"(?<=[.!?])\s+|\n+", text)
    asking = [s for s in sentences if s.rstrip().endswith("?")] or [*filter(_wonders, sentences)]
    gist = " ".join(asking)
    return gist if len(_content(gist)) >= 3 else text


def _is_bare(text: str) -> bool:
    """Whether it is a yes or no and nothing else."""
    return _leaning(r"\W*(?:\b%bare%(?!\w)\W*)+").fullmatch(text) is not None


def _content(text: str) -> set[str]:
    return set(stems(text)) - stopwords()  # "what's" has the stem "what"


def _stands_alone(text: str, said: str) -> bool:
    """Whether it asks for all that it means, after what was `said`: "where's the canteen?", but not "the deadline?"."""
    asked = without_opening(text)
    named, another = _content(asked), _leaning(r"\W*\b%whole%(?!\w)\W*").fullmatch(asked)
    whole = (another and not named & set(stems(said))) or (len(named) >= WHOLE_WORDS and asked == text)
    return bool(whole) and not (opens(asked) or points(asked))


def is_whole(text: str) -> bool:
    """Whether it asks all that it means: "what is the hotel limit?", but not "is the hotel paid, too?"."""
    text = wording(text)
    asking = _leaning(_ASKING).match(text)
    behind = text[asking.end() :] if asking else ""  # "wie hoch ist das Limit": this "das" points nowhere
    more = opens(text) or points(behind) or _leaning(r"\b(?:%along%|%you%)(?!\w)").search(text)
    return len(_content(behind)) >= 2 and not more


def _in_thread(asked: str, history: Sequence[Turn], weight: float) -> tuple[tuple[str, float], ...]:
    """The question, and with this weight the same behind as many of the newest turns as fit, oldest first."""
    kept: list[str] = []
    left = THREAD_WORDS - len(asked.split())
    for turn in reversed(history):
        turn_words = turn.text.split()
        if left <= 0:
            break
        kept.append(" ".join(turn_words[:left]))
        left -= len(turn_words)
    return ((asked, 1 - weight), (" ".join([*reversed(kept), asked]), weight))
