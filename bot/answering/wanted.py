"""What a question wants: a kind of answer (an amount, a person, an overview), a country or site, a thing. Pure.

"Annex A: Country supplements › Spain" answers who asks about Spain or Madrid, and nobody else: for "How many holidays
do I get?" the general rule comes first.
A near question that can't be answered is often about a thing that stands nowhere ("the gym shower", where no section
knows a gym): what is quoted for it is on its neighbour. Only things count, not what people tell beside them ("stolen on
the tram"): words of a clause that asks, behind an article or preposition, that neither the glossary nor the meaning
brings near to anything found.
"""

import re
from collections.abc import Mapping, Sequence, Set
from functools import cache, lru_cache, partial
from itertools import pairwise

from bot import texts
from bot.answering.editions import asks_both
from bot.answering.lexicon import pattern, phrases, says
from bot.types import Question
from knowledge.text.places import in_countries, named_in
from knowledge.text.quantities import quantities
from knowledge.text.words import stems, stopwords, words
from knowledge.types import Nearness, Passage

Sides = Mapping[str, set[str]]  # {"probation": {"during"}}

_VERB = re.compile(r"(?:n't|'(?:m|re|ve|ll|d))\Z")  # "I'm suing": no thing behind "by Christmas"
_PLACE = re.compile(r"\sin (?:the )?[A-Z][\w'-]+(?: [A-Z][\w'-]+)?(?=\W|\Z)")
_CODE = r"\W*(?:[a-z]{1,5}-?\d[\w.-]*\W+)?"  # before a title: "AX-09 Annex for the plant at Trnovec"
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[.,;:!?]")
_border = partial(pattern, "things", r"[.!?;:,]\s|\s(?=%joins% %subjects%\b)")  # of clauses
_asking = partial(pattern, "things", r"\W*(?:\w+\W+){0,2}?%asks%\b")


def kinds_wanted(question: str) -> frozenset[str]:
    """The kinds of answer that this question wants; none of most."""
    return frozenset(kind for kind, (asked, _) in _kinds().items() if asked.search(question))


def offered(sentence: str) -> frozenset[str]:
    """The kinds of answer that a sentence offers."""
    return frozenset(kind for kind, (_, shape) in _kinds().items() if shape.search(sentence))


@cache
def _kinds() -> Mapping[str, tuple[re.Pattern[str], ...]]:
    return {kind: tuple(re.compile(sign, re.I) for sign in signs) for kind, signs in phrases("kinds").items()}


def untold(question: str, quoted: str) -> bool:
    """Whether it asks for an amount, a person, a way or a number to call, and nothing in the quotes could be one.

    "Where do I sign up?" -> True for "It is offered in October."
    """
    said = question.replace("’", "'")
    pairs = phrases("least").values()
    return any(re.search(asked, said, re.I) and not re.search(told, quoted, re.I) for asked, told in pairs)


def wants_reason(message: str) -> bool:
    """Whether it asks for nothing but the reason: "why?", "what's the reason?"."""
    flat = " ".join(message.casefold().replace("’", "'").split())
    return any(re.fullmatch(rf"\W*(?:{asked})\W*", flat) for asked in phrases("reason")["asks"])


def gives_reason(sentence: str) -> bool:
    """Whether the sentence gives a reason: "..., so that the certificate can be obtained"."""
    return says("reason", "gives", sentence)


BEFORE_ASKING = 4  # words in front of "what changed": "can you tell me"; guess
ASKED_KEPT = 256  # questions whose topic is kept; guess
NEAR = 0.6  # cosine of a word and its nearest among the sentences read, from which these name it; guess
SECTIONS_KEPT = 4_096  # sections of which it is kept whom they are for; guess
SISTERS = 2  # scopes below one heading, among the passages, that make it one over scopes; guess


@lru_cache(maxsize=ASKED_KEPT)
def overview_topic(question: str) -> str | None:
    """What an overview is wanted of: "chapter 4", "travel"; None where none is asked for."""
    aside = pattern("things", r"[,;.!?-] %subjects%\b")  # "..., we have a new colleague"
    text = aside.split(" ".join(question.split()), maxsplit=1)[0].strip(" ?.!,")
    for opening in sorted(phrases("overview")["asks"], key=len, reverse=True):
        match = re.match(rf"(?:.*\b)?{re.escape(opening)}\b[ :]*(?P<topic>.+)$", text, re.I)
        if match:
            left = [w for w in match["topic"].split() if w.strip(",").casefold() not in phrases("overview")["fill"]]
            part = [word for word in opening.split()[-1:] if left and word in phrases("overview")["parts"]]
            return " ".join([*part, *left]).strip(" ,") or None
    return None


@lru_cache(maxsize=ASKED_KEPT)
def changes_topic(question: str) -> str | None:
    """What the changes are wanted of: "bike leasing", "" for all; None where none, or the bot's, are asked for."""
    lists = phrases("changes")
    text = " ".join(re.findall(r"[\w'-]+", question.casefold().replace("’", "'")))
    text = pattern("changes", r" %since% .*?(?=$| %on%\b)").sub("", text)  # "since I came"
    for opening in sorted(lists["asks"], key=len, reverse=True):
        shape = (opening if "…" in opening else f"{opening}…").replace("…", r"\b(?P<topic>.*)\b")
        match = re.fullmatch(rf"(?:\w+ ){{0,{BEFORE_ASKING}}}?{shape}", text)
        if match:
            topic = " ".join(w for w in match["topic"].split() if w not in lists["fill"] and not w.isdigit())
            return None if topic in lists["chat"] else topic
    words = re.findall(r"[\w']+", text)
    if set(words) & {*lists["compares"]} and asks_both(text):
        drop = {*lists["compares"], *lists["fill"]}
        return " ".join(w for w in words if w not in drop and not w.isdigit())
    return None


@lru_cache(maxsize=SECTIONS_KEPT)
def scope(section: tuple[str, ...]) -> str | None:
    """The heading that says whom the section is for: "Spain" below "Country supplements"; None for a general rule."""
    over = set(phrases("scopes")["sisters"])
    return next((name for above, name in pairwise(section) if over & set(words(above))), None)


@lru_cache(maxsize=SECTIONS_KEPT)
def _below_supplements(title: str, section: tuple[str, ...]) -> str | None:
    """The state whose section it is in a document of "State supplements"."""
    lists = phrases("scopes")
    of_one = section and not set(lists["general"]) & set(words(section[0]))
    return section[0] if of_one and set(lists["supplements"]) & set(words(title)) else None


@lru_cache(maxsize=SECTIONS_KEPT)
def supplement(title: str) -> str | None:
    """Whom a whole document is for: "Kilbrannan Campus" of "Supplement 13: Kilbrannan Campus"."""
    named = rf"{_CODE}%supplement%\b(?: [\w.]{{1,4}})?(?:\s*[:–—-]\s*| %for_whom% )(.+)"
    match = pattern("scopes", named).match(title)
    return match[1] if match else None


def scoped(passages: Sequence[Passage]) -> dict[int, str]:
    """The numbers (1-based) of passages for one country, site or group alone, with its name.

    A document's supplement is for one whose name has a capital wherever it stands: "at Kilbrannan", not "on maternity".
    """
    titled = {n: name for n, p in enumerate(passages, 1) if (name := supplement(p.title))}
    text = " ".join(p.text for p in passages) if titled else ""
    titled = {n: name for n, name in titled.items() if _is_place(name, text)}
    of_one = ((n, scope(p.section) or _below_supplements(p.title, p.section)) for n, p in enumerate(passages, 1))
    headed = {n: name for n, name in of_one if name}
    return headed | titled if titled or len(set(headed.values())) >= SISTERS else {}


@lru_cache(maxsize=SECTIONS_KEPT)
def _is_place(name: str, text: str) -> bool:
    """Whether it says it is one ("Kilbrannan Campus"), is known as one, or the text has somebody "at" it."""
    if named_in(name) or _place_kinds() & set(stems(name)):
        return True
    word = re.escape((re.findall(r"\w+", name) or [name])[0])
    return bool(re.search(rf"\bat {word}\b", text)) and not re.search(rf"\b{word.lower()}\b", text)


def _initials(name: str) -> str:
    """ "United Kingdom" -> "UK"; the name itself where it is one word."""
    parts = name.split()
    return "".join(part[0].upper() for part in parts) if len(parts) > 1 else name


def _named(names: Sequence[str], text: str) -> set[str]:
    """Those of the names, or their initials, that the text has a word of."""
    asked, spoken = set(stems(text)), re.findall(r"\w+", text)
    told = {name: set(stems(name)) for name in names}  # "New York (NY)" is named by "York", not by "new"
    return {name for name, own in told.items() if asked & (own - _place_kinds() or own) or _initials(name) in spoken}


@cache
def _place_kinds() -> set[str]:
    """Stems of what places are: "campus"."""
    return set(stems(" ".join(phrases("scopes")["kinds"])))


def placeless(question: str) -> str:
    """The question without the place it asks about, for which a rule for all places may hold; "" where it names none.

    "Sick pay in France" -> "Sick pay"; not who works "from Spain", which another rule is about.
    """
    rest = _PLACE.sub("", question)
    return rest if rest != question and len(set(stems(rest))) > 1 else ""


def not_meant(question: str, passages: Sequence[Passage], in_manual_words: str = "", own: str = "") -> set[int]:
    """The numbers (1-based) of passages for a country or site that the question does not name.

    Of a document of supplements all may hold for who names none: nobody says which state Buffalo is in.

    What a follow-up names by its `own` words is meant alone: "and in Spain?" asked after the Netherlands.

    A name that the glossary put otherwise is not meant: who works "from Spain" asks about working from abroad.
    """
    scopes = scoped(passages)
    names = list(dict.fromkeys(scopes.values()))
    meant = _named(names, own) or _named(names, in_manual_words or question)
    of_all = {n for n in scopes if not meant and _below_supplements(passages[n - 1].title, passages[n - 1].section)}
    return {n for n, name in scopes.items() if name not in meant} - of_all


def named_scope(own: str, passages: Sequence[Passage]) -> bool:
    """Whether a follow-up names a country or site that some of the passages are for: "and in Spain?"."""
    return bool(_named([name for p in passages if (name := scope(p.section))], own))


def on_another_side(asked: Sides, sentence: str) -> bool:
    """Whether the sentence is on another side of what is asked for: "after probation", asked for "during" it."""
    sides_of = sides(sentence) if asked else {}
    return any(
        len(sides_of.get(what, ())) == 1
        and not sides_of[what] & sides
        and "before" not in sides  # "before it ends" is during it
        for what, sides in asked.items()
    )


def sides(text: str) -> Sides:
    """{"probation": {"during"}} of "during my probation"."""
    by_kind: dict[str, set[str]] = {}
    for side in (one for one in phrases("sides") if one != "between"):
        form = rf"\b%{side}% (?:%between% )*(\w{{4,}})"
        for what in pattern("sides", form, flags=re.NOFLAG).findall(text.casefold()):
            by_kind.setdefault(what, set()).add(side)
    return by_kind


def unnamed(
    question: str, unknown: Set[str], near: Sequence[Nearness], *, named: bool, own: str = ""
) -> tuple[str, ...]:
    """The things asked about that stand nowhere, as they are written; `near` is what came nearest.

    With `named`, what is quoted names what the glossary puts for them; but not the place in a follow-up's `own` words.
    """
    if not unknown:
        return ()
    nearest: dict[int, float] = {}
    for one in near:
        for start, cosine in one.words:
            nearest[start] = max(cosine, nearest.get(start, -1.0))
    lacking = (word for at, word in things(question) if word.lower() in unknown and nearest.get(at, 1.0) < NEAR)
    left = named_in(own) if _PLACE.search(f" {own}") else []  # "and in Japan?"
    return tuple(dict.fromkeys(word for word in lacking if not named or word in left))


def shouted(question: str, passages: Sequence[Passage]) -> list[str]:
    """["US"] of "in the US", where it stands in no passage: in small letters it is a word."""
    name = partial(pattern, "articles", flags=re.NOFLAG)
    named = any(name(r"\b%shouted%\b").search(p.text) for p in passages)
    return [] if named else name(r"\bthe (%shouted%)\b").findall(question)


def things(question: str) -> list[tuple[int, str]]:
    """(where it begins, word) of the things in the clauses that ask.

    "My phone got stolen on the tram, who pays for the repair?" -> [(47, "repair")]
    """
    named_things: list[tuple[int, str]] = []
    signs = phrases("things")
    before, generic, empty, tells = set(signs["before"]), set(signs["generic"]), stopwords(), set(signs["tells"])
    pieces = _clauses(question)
    asking = [piece for piece in pieces if _asking().match(piece[1])]
    for offset, piece in asking or pieces:
        inside, counted = False, {at for one in quantities(piece) for at in range(one.start, one.end)}
        for match in _WORD.finditer(piece):
            word = match[0].lower().replace("’", "'")
            if named_things and word in tells and piece[: match.start()].rstrip().endswith(named_things[-1][1]):
                named_things.pop()  # "my lawyer says": who says it is not what is asked about
            if word in before:
                inside = True
            elif word in empty or word in tells or not word[0].isalnum() or _is_no_thing(word):
                inside = False
            elif inside and word not in generic and match.start() not in counted:
                named_things.append((offset + match.start(), match[0]))
    return named_things


def _is_no_thing(word: str) -> bool:
    """Whether it is a verb or an adverb by its form: "I'm", "ran", "finally"."""
    signs = phrases("things")
    return bool(_VERB.search(word)) or word in signs["pasts"] or (word.endswith("ly") and word not in signs["in_ly"])


def _clauses(text: str) -> list[tuple[int, str]]:
    """(where it begins, clause) of each."""
    starts = [0, *(match.end() for match in _border().finditer(text)), len(text)]
    return [(a, text[a:b]) for a, b in pairwise(starts) if text[a:b].strip()]


def placed(question: Question, read_as: str, cited: Sequence[str]) -> list[str]:
    """That a city asked about was put into a country whose own rules are cited; [] where the question names it."""
    say, text = texts.of(question.locale).says, question.text
    the = phrases("articles")["the"] if question.locale == "en" else ()
    named = in_countries(text, {name.lower() for name in cited}.__contains__)
    return [
        say["placed"].format(city=city.title(), country=f"the {one}" if one.lower() in the else one)
        for city, one in named.items()
        if f"{city} {one}" in read_as and one.lower() not in text.lower()
    ]
