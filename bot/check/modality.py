"""Tokens -> which words stand under a must, may, should or not. Pure.

The rule kept: a modality reaches from its marker to the end of its clause, a few words at most; "is prohibited" and its
like reach back over the clause. English only: other languages read as plain statements.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.check.figures import Token

# Modality of a stretch of words. The empty state is a plain statement.
MUST, SHOULD, MAY, NOT, BANNED, EXEMPT, AVOID = "must", "should", "may", "not", "banned", "exempt", "avoid"
_NEGATED = {MUST: BANNED, SHOULD: AVOID, MAY: BANNED, "": NOT, NOT: NOT, BANNED: MAY, EXEMPT: MUST, AVOID: SHOULD}
_AUXILIARY = {
    "must": MUST, "shall": MUST, "should": SHOULD, "ought": SHOULD, "may": MAY, "can": MAY, "could": MAY, "might": MAY,
    "cannot": BANNED,
}  # fmt: skip
PREDICATES = {
    "required": MUST, "requires": MUST, "require": MUST, "mandatory": MUST, "obliged": MUST,
    "obligated": MUST, "obligatory": MUST, "compulsory": MUST, "necessary": MUST,
    "need": MUST, "needs": MUST, "needed": MUST, "has": MUST, "have": MUST, "had": MUST,
    "recommended": SHOULD, "encouraged": SHOULD, "encourage": SHOULD, "encourages": SHOULD,
    "advised": SHOULD, "recommend": SHOULD, "recommends": SHOULD,
    "allowed": MAY, "permitted": MAY, "allows": MAY, "permits": MAY, "allow": MAY, "permit": MAY, "entitled": MAY,
    "eligible": MAY, "optional": EXEMPT, "voluntary": EXEMPT, "exempt": EXEMPT,
    "prohibited": BANNED, "forbidden": BANNED, "banned": BANNED, "disallowed": BANNED, "prohibits": BANNED,
    "prohibit": BANNED, "forbids": BANNED,
}  # fmt: skip
_ONLY_WITH_TO = {"need", "needs", "has", "have", "had"}  # "have to submit", not "have a badge"
_AS = {"as", "if", "when", "where"}  # "as required by law" requires nothing of the clause
_PREDICATE_NOT = {MUST: EXEMPT, SHOULD: NOT, MAY: BANNED, EXEMPT: MUST, BANNED: MAY}
_NEGATIONS = {"not", "never", "no", "neither", "nor", "without", "none", "nobody", "nothing", "non", "refrain"}
_NOT_AFTER = {"unless", "except", "excluding"}  # "unless approved": if not approved
_WEAKENED = {"only", "just", "limited", "all", "every", "always", "necessarily", "both", "each"}  # "not all": some
_EXCEPTIONS = {"only", "unless", "except", "until", "without", "excluding", "solely", "exclusively", "other"}
_LEXICAL_NOT = re.compile(
    r"(?:fail\w*|lack\w*|refus\w*|den(?:y|ied|ies)|unable|ineligible|invalid"
    r"|un(?:authori\w+|available|paid|used|limited"
    r"|approved|known|insured|necessary)|absen\w+|miss(?:es|ing)|exclud\w+|exempt\w*|avoid\w*|prevent\w*"
    r"|free|zero|waive\w*|stop\w*"
    r"|cease\w*|reject\w*|instead|rather|neither|hardly|rarely|barely"
    r"|nothing|none|nobody|outside|beyond|expired?|impossible|illegal)",
    re.I,
)
_BREAKS = {
    "but",
    "if",
    "when",
    "unless",
    "because",
    "although",
    "though",
    "while",
    "whereas",
    "however",
    "until",
    "except",
}
_TRANSITIVE = {
    "require", "requires", "allow", "allows", "permit", "permits", "prohibit", "prohibits", "forbids", "recommend",
    "recommends",
}  # fmt: skip  # they say it of what follows, not of their subject
_BOUNDS = {"later", "more", "less", "fewer", "longer", "earlier", "higher", "lower", "exceed", "sooner"}  # "no more"
_SCOPE = 7  # tokens that a modal or negation reaches forward


@dataclass(frozen=True, slots=True)
class Modality:
    """Where a sentence says must, may, should and not. Positions count tokens."""

    states: dict[int, str]  # over the word at this position, where it is not a plain statement
    anchors: tuple[int, ...]  # positions of the content words that the modals and negations stand before
    exceptions: bool  # only, unless, except ...
    lexical_nots: tuple[int, ...]  # positions of fails, lacks, unauthorised ..., and of "all" in "not all"
    negations: int  # how many
    modals: frozenset[str]  # modalities that occur
    under: str | None  # the state that the lead-in puts over the whole; None: not known

    @property
    def limits(self) -> bool:
        """Whether anything in it denies, bans, exempts or excepts."""
        denial = self.negations or self.lexical_nots or self.exceptions or self.under in (NOT, BANNED, AVOID)
        return bool(denial or self.modals & {BANNED, EXEMPT})


_POINTER = {"following", "these", "below"}  # "you must not do these things when ...": what was said up to here holds
_BOTH = re.compile(r"\b(?:and|or) (?:\w+ )?(?:not|cannot)\b")  # "what you can and cannot do"


@lru_cache(maxsize=8192)
def _lexical_not(word: str) -> bool:
    return _LEXICAL_NOT.fullmatch(word) is not None


def governing(lead: list[Token]) -> str | None:
    """The state that a lead-in ("You must not:") puts over its items; None where it says both."""
    text = [t for t in lead if t.kind != "stop"]
    at = next((at for at, t in enumerate(text) if at and t.text in _POINTER), 0)
    if lead and lead[-1].text in ".!?" and not at:
        return ""  # a sentence of its own
    if _BOTH.search(" ".join(t.text for t in text)):
        return None
    if any(t.text in ("avoid", "refrain") for t in text):
        return AVOID
    for said in ([*text[:at]], text):
        if state := modality([*said, Token("word", "", "x")], {len(said)}, scope=99).states.get(len(said)):
            return state
    return ""


def modality(
    tokens: list[Token], content: set[int], under: str | None = None, begin: int = 0, scope: int = _SCOPE
) -> Modality:
    """Which modality stands over which of the content words, given by position; `under` holds from token `begin` on."""
    states: dict[int, str] = {}
    anchors: list[int] = []
    clause = 0  # first token of the clause
    state, left, pending = "", 0, False
    if any(t.text in _AUXILIARY for t in tokens[begin:]):
        under = None if under is None else ""  # speaks for itself

    def word(at: int) -> str:
        return tokens[at].text if 0 <= at < len(tokens) else ""

    def denies(at: int) -> bool:
        after = word(at + 1)
        if word(at) == "no":  # not "No, ..." and "No. 5"
            return bool(after) and not after[0].isdigit() and after not in ".,;:!"
        if word(at) == "without":  # not "without it you have ..."
            return after not in ("it", "this", "that", "them")
        return word(at) in _NEGATIONS and word(at - 1) != "why"

    def no_longer(at: int) -> bool:  # "will no longer be approved", not "no longer than ten days"
        return word(at) == "no" and word(at + 1) == "longer" and word(at + 2) != "than"

    for at, token in enumerate(tokens):
        text = token.text
        if at == begin and under:
            clause, state, left, pending = at, under, scope, True
        if (token.kind == "stop" and text in ".;!?,") or text in _BREAKS:
            clause, state, left, pending = at + 1, "", 0, False
            if text in _NOT_AFTER:
                state, left, pending = NOT, scope, True
        if text in _AUXILIARY:
            state = _AUXILIARY[text]
            left, pending = scope, True
        elif denies(at):
            if text == "not" and word(at + 1) in _WEAKENED:
                continue
            state = _NEGATED[state] if left and state in (MUST, SHOULD, MAY) else NOT
            if word(at + 1) in _BOUNDS and word(at + 1) != "exceed" and not no_longer(at):
                state = ""
            left, pending = scope, True
        elif text in PREDICATES and word(at - 1) not in _AS and (text not in _ONLY_WITH_TO or word(at + 1) == "to"):
            negated = (
                left > 0
                and state in (NOT, BANNED, AVOID)
                and any(word(j) in _NEGATIONS for j in range(max(clause, at - 3), at))
            )
            own = PREDICATES[text]
            if negated and state == AVOID and text in _TRANSITIVE:
                own = AVOID  # "should not require"
            else:
                own = _PREDICATE_NOT.get(own, own) if negated else own
            if text not in _TRANSITIVE and text not in _ONLY_WITH_TO and word(at + 1) != "to":
                subject = [k for k in range(clause, at) if k in content]
                states.update(dict.fromkeys(subject, own))
                anchors += subject[-1:]
            state, left, pending = own, scope, True
        elif at in content and left:
            states.setdefault(at, state)
            if pending:
                if state:
                    anchors.append(at)
                pending = False
        if left:
            left -= 1
            if not left:
                state = ""
    after = [*(t.text for t in tokens[1:]), ""]
    before = ["", *(t.text for t in tokens[:-1])]
    return Modality(
        states={at: s for at, s in states.items() if s},
        anchors=tuple(anchors),
        exceptions=any(t.text in _EXCEPTIONS for t in tokens),
        lexical_nots=tuple(
            at
            for at, t in enumerate(tokens)
            if (t.kind == "word" and _lexical_not(t.text))
            or (t.text in _WEAKENED and before[at] == "not")
            or (t.text == "out" and after[at] == "of" and before[at] != "opt")
        ),
        negations=sum(
            (denies(at) and (after[at] not in _BOUNDS or no_longer(at))) or t.text in _NOT_AFTER or t.text == "cannot"
            for at, t in enumerate(tokens)
        ),
        modals=frozenset(
            MAY if t.text == "cannot" else _AUXILIARY.get(t.text) or PREDICATES[t.text]
            for at, t in enumerate(tokens)
            if t.text in _AUXILIARY or (t.text in PREDICATES and (t.text not in _ONLY_WITH_TO or after[at] == "to"))
        ),
        under=under,
    )
