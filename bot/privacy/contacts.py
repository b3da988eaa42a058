"""Whether what is personal in a text says how to reach somebody: a plain address, a phone that is said to be one. Pure.

An account's, a customer's or an employee's number may look like a phone: the nearest word tells. Which words: words/.
"""

import re

from bot.privacy.find import Span
from bot.privacy.numbers import BEFORE, last_said
from bot.privacy.words import beside

BEHIND = 32  # characters behind a number: "0170 ... is my account number"; guess

_MAIL = re.compile(r"\W{0,3}(?:e-?)?(?:mail|mailto|posta|correo|courriel):", re.I)
_CLAUSE_END = re.compile(r"[,;!?\n]|(?<!\bno)(?<!\bnr)(?<!\bnum)(?<!\bnúm)\.\s", re.I)
_SAYS = re.compile(r"[\s(–-]{1,3}(?:(?:is|ist|est|es)\s(?:\w{1,6}\s){1,2})?", re.I)  # "(mobile)", " is my mobile"


def is_contact(text: str, span: Span) -> bool:
    """Whether the span says how somebody may be reached, and is no secret and no account's number."""
    before = text[max(0, span.start - BEFORE) : span.start]
    if span.kind == "EMAIL":
        joined = re.split(r"\s", before)[-1]  # "postgres://bob:", "bob:", or too long to tell
        return (":" not in joined and len(joined) < BEFORE) or _MAIL.fullmatch(joined) is not None
    if span.kind != "PHONE":
        return False
    behind = text[span.end : span.end + BEHIND]
    says = _SAYS.match(behind)
    reach, account = (last_said(word, before) for word in ("reach", "account"))
    if says and beside()["account"].match(behind, says.end()):
        return False
    if text[span.start : span.end].lstrip("([").startswith(("+", "00")):
        return account <= reach or bool(_CLAUSE_END.search(before, account))
    said = reach >= 0 or (says is not None and beside()["reach"].match(behind, says.end()) is not None)
    return said and account <= reach
