"""Citation markers as models write them -> the numbers cited, and the sentence as it reads without them. Pure.

[1], (1), ^1, ¹, [1, 2], [1]-[3], [^1], [Source 1, p. 3], [S1], [[1]], 【1†source】, (source 1), ([1]), (see [1]),
**[1]**; with a link of their own or a page behind them. Where the sentence needs a marker as a word it gets one: "while
[2] says that".
"""

import re

from bot import texts
from knowledge.text.sentences import Marks

LOOK = 100  # characters behind a full stop in which markers are looked for; guess

_GAP = r"[^\S\n]*"
_NUMBERS = rf"\d{{1,3}}(?:{_GAP}(?:[,;–&/-]|and){_GAP}\d{{1,3}})*"
_NAMES = r"sources?|passages?|quellen?|kaynak|fuentes?|出典|[来來]源|[资資]料|출처"
_SURE = rf"(?:{_NAMES})[ :#]*"  # "(ref 12)" and "(document 12)" may be the manual's own
_SOURCE = rf"(?:{_NAMES}|documents?|docs?|references?|refs?|cit(?:e|ation)s?|src)[ :#.]*"
_PLACE = rf"(?:{_GAP}[,:;|–-]{_GAP}(?=[^\W\d]|[§\"“*])[^\[\]【】\n]{{1,80}})?"
_PAGE = rf"(?:,?{_GAP}(?:pp?\.|pages?|sec\.|sections?|§){_GAP}(?=[\dIVXivx§\"“])[^()\n]{{1,40}})"
_ONE = (
    rf"\^?(?:\\?[\[【［]){{1,2}}{_GAP}(?:{_SOURCE}|[s#])?\^?{_NUMBERS}[\^.]?"
    rf"(?:(?::\d{{1,3}})?†[^\]】\n]{{0,30}}|{_PLACE}){_GAP}(?:\\?[\]】］]){{1,2}}\^?"
    rf"(?:\([^)\s]{{0,300}}\)|{_GAP}\({_PAGE}\))?"
)
_ALL = rf"{_ONE}(?:(?:{_GAP}(?:[,;&/–-]|and|or){_GAP}|{_GAP}){_ONE}){{0,12}}"
_TAG = r"(?:sup|cite|ref)>"
# Without square brackets they count where a clause ends and no number, section or unit stands before them.
_ENDS = r"(?=[.,;:!?…*_\"”’。！？、，；」]|[^\S\n]*(?:[\n|]|\Z))"
_ROUND = rf"[(（](?!\d{{3}}){_NUMBERS}[)）]|\^\d{{1,3}}"
_RAISED = r"(?<![¹²³⁴-⁹⁰])[¹²³⁴-⁹⁰]{1,2}(?![¹²³⁴-⁹⁰])"
_BARE = (
    rf"(?<![\d§]){_GAP}(?<!\bm)(?<!\b[kcdm]m)(?:(?:{_ROUND}){_ENDS}|{_RAISED}|<{_TAG}{_NUMBERS}</{_TAG})"
    rf"|{_GAP}[–—-]{_GAP}{_SURE}{_NUMBERS}{_ENDS}"
    rf"|(?<=[.!?…。！？]){_GAP}(?:[–—-]{_GAP})?(?:{_ROUND}|{_SURE}{_NUMBERS})(?=\s|\Z)"
)
# Never from within a run of blanks: that would cost the square of its length. Once in a pattern: it is long to compile.
MARK = (
    rf"(?<![^\S\n])(?:{_GAP}(?:(?P<around>\*\*|[*`]|){_ALL}(?P=around)"
    rf"|\((?:see|sources?|from|cf\.?|per)?:?{_GAP}{_ALL}{_PAGE}?\)"
    rf"|[(（](?:see )?{_SURE}{_NUMBERS}{_PLACE}[)）]|<{_TAG}{_ALL}</{_TAG})|{_BARE})"
)
# What may become a marker, or more of one, when more of the text arrives.
OPEN = re.compile(
    rf"(?:(?:[,;&/–-]|an?d?|or?){_GAP})?(?:(?:\^?\\?[\[【［(（]|\*{{1,2}}|[`^]|<\w{{0,4}}>?)?"
    rf"(?:(?<=[\[【［(（*>`^])[\[【［(^:#\\\s\dspdrfckq§出来來資资출][^\n]*)?"
    r"|(?<=[\]】］])\([^)\s]*)\Z",
    re.I,
)
MARKERS = Marks(re.compile(f"(?:{MARK})+", re.I), OPEN, LOOK)
_BY = r"(?:according to|based on|under|as \w+ (?:in|by)|as per)"
_NOUN = r"(?: (?:the )?(?:source|passage|document|section)s?)?"
# "See [1]", "details see section [1]", but not "the rooms that they will see [1]".
_SEE = r"(?:(?:(?<!\w )|(?<=please )|(?<=and ))see|see(?= (?:the )?(?:source|passage|document|section)))"
_SAYS = (
    r"(?-i:says?|states?|mentions?|specif(?:y|ies)|notes?|explains?|adds?|requires?|allows?|describes?|provides?|"
    r"indicates?|puts? it|lists?|gives?|defines?|confirms?|sets?|limits?|do(?:es)?|agrees?|contains?|covers?)"
)
_LOWERED = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹⁰", "1234567890")
_CITED = re.compile(
    rf"(?:[\[【［(（>^]\s*(?:see )?(?:{_SOURCE}|[s#])?\^?|\b(?:{_NAMES}) )({_NUMBERS})|({_RAISED})", re.I
)
_ITEM = r"(?:(?:[-*+•–]|\d{1,3}[.)])(?=[^\S\n]))"
# What goes whole before a sentence. One number only without brackets: the next may be the sentence's own.
_OPENING = re.compile(
    rf"\A({_ITEM}?)(?:{_GAP}(?:{_BY}|per) (?:source|passage) \d{{1,3}},(?=\s)"
    rf"|({_GAP}(?:per|in|from){_NOUN})?{MARK}(?(2),(?=\s)|(?:\s*[:–-](?=\s))?))\s*",
    re.I,
)
_WORD = re.compile(
    rf"(?:\b(?!(?<=\()see{_GAP}{_ALL}\))({_BY}|{_SEE}|see also|refer to|consult){_NOUN}"
    rf"|(\A{_ITEM}?|[,;]|\b(?:while|whereas|but|although|as|that|in|of|by|from))"
    rf"(?: ?(?:\bboth )?(?:\bthe )?\b(?:source|passage|document|section)s?)?)({MARK})"
    rf"(?(1)|(?=\s(?:also |only |both |further |\w+ly )?{_SAYS}\b))",
    re.I,
)


def numbers(sentence: str) -> list[int]:
    """The numbers cited, each once, in order; ranges written out."""
    seen: dict[int, None] = {}
    opening = _OPENING.match(sentence.lstrip())
    for marks in filter(None, (opening, *MARKERS.whole.finditer(sentence))):
        for listed in _CITED.findall(re.sub(r"[\]】］]\s*([–-])\s*[\[【［]\^?", r"\1", marks[0])):
            for part in re.split(r"[,;&/]|and", "".join(listed).translate(_LOWERED)):
                ends = [int(n) for n in re.findall(r"\d+", part)]
                if ends and 0 < ends[0] <= ends[-1] < ends[0] + 50:
                    seen.update(dict.fromkeys(range(ends[0], ends[-1] + 1)))
    return list(seen)


def without(sentence: str) -> str:
    """The sentence as it reads without its markers; the white space before it stays."""
    body = sentence.lstrip()
    bare = _WORD.sub(_named, body)
    if bare == body:
        bare = _OPENING.sub(lambda opening: f"{opening[1]} " if opening[1] else "", body, count=1)
    bare = MARKERS.whole.sub("", bare).strip()
    if bare and bare[0] != body[0]:
        bare = bare[0].upper() + bare[1:]
    return sentence[: len(sentence) - len(body)] + bare


def _named(match: re.Match[str]) -> str:
    before, marks = match[1] or match[2], match[3]
    name = texts.of().says["source" if len(numbers(marks)) == 1 else "sources"]
    return f"{before}{' ' if before else ''}{name}"
