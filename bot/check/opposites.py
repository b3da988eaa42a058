"""Words of a claim and of the passage -> two that exclude one another. Pure.

The rule kept: a class of words stands in the claim and nowhere in the passage, while another class of the same group
stands in the passage and nowhere in the claim: "the end of the boot" beside "the beginning of the boot", "paid by the
employee" beside "by the company". General English; a group that is not listed excludes nothing.
"""

from __future__ import annotations

from collections.abc import Set

from bot.check.facts import fold

# A line a group, "|" between its classes. A negation on one side turns these round ("not easy", "hard").
_TURNED = """
begin start | end finish
before prior beforehand | after afterwards following
easy | hard difficult
greater higher | less lower
increase raise grow | decrease reduce shorten
accept approve | reject refuse
include | exclude
internal | external
manual | automatic
public | private
passive | active
permanent | temporary ephemeral
same | different
written writing | oral verbal
domestic | international
single | multiple
enable | disable
lock | unlock
add | remove
install | uninstall
connect | disconnect
indoors inside | outdoors outside
valid | invalid expired
known | unknown
paid | unpaid
strong | weak
cheap | expensive
early | late
high | low
fast | slow
buy | sell
agree consent | object
lend | borrow
old | new
asset | liability
previous preceding former | following next
majority most | minority few
online | offline
upper | lower
incoming | outgoing
arrival | departure
income revenue | expense
"""
# These stand for what is not the same thing, negated or not. After "=": as written, for "weekly" is not "a week".
_FIXED = """
employee | manager | company employer | contractor | visitor guest | customer | student | teacher | parent | applicant
    | vendor supplier manufacturer provider | user | officer | doctor | landlord | tenant
= daily nightly | weekly | fortnightly biweekly | monthly | quarterly | annual annually yearly
= weekday weekdays | weekend weekends
= working business | calendar
morning | afternoon | evening
sender | recipient
= always everyone everybody regardless whatever matter circumstances exception guaranteed | only some most generally
    usually typically sometimes except unless if often rarely exempted effort
"""


def _groups(text: str) -> list[list[frozenset[str]]]:
    found = []
    for line in text.strip().replace("\n    ", " ").splitlines():
        forms = (str,) if line.startswith("=") else (str, fold)
        found.append([frozenset(f(w) for w in c.split() for f in forms) for c in line.lstrip("= ").split("|")])
    return found


_TURNED_GROUPS, _FIXED_GROUPS = _groups(_TURNED), _groups(_FIXED)


def opposed(claim: Set[str], held: Set[str], *, negated: bool) -> str:
    """A word of the claim that the held words exclude, "" for none; `negated`: one of the two sides says not."""
    for group in _FIXED_GROUPS if negated else (*_TURNED_GROUPS, *_FIXED_GROUPS):
        mine = [c for c in group if c & claim]
        if not mine:
            continue
        theirs = [c for c in group if c & held]
        strange = [c for c in mine if c not in theirs]
        if strange and any(c not in mine for c in theirs):
            return min(strange[0] & claim)
    return ""
