"""Numbers that belong to a person: cards, accounts, national ids, phones, network addresses. Text in, spans out. Pure.

A number counts by its checksum or its form; where those leave too much to chance, only beside a word that says what it
is. A word that says it is something else (an order, a section) stands nearer: then it is that. Which words: words/.
"""

import ipaddress
import re
from collections.abc import Collection, Iterator
from functools import cache
from importlib import import_module
from itertools import pairwise
from typing import Any

from bot.privacy.words import beside
from knowledge.text.words import data_file, word_lists

BEFORE = 48  # characters before a number in which a word says what it is; guess
BEHIND = 12  # characters behind it: "0532 ... (mobile)"; guess
# Countries in whose national form a number counts without a word beside it (and the US form); given: issue 15
REGIONS = ("TR", "DE", "GB", "FR", "CH", "AT", "IT", "ES", "NL", "BE", "SE", "DK", "AU")
VERSION = 9  # an address whose four numbers are no higher may be a version or a section; guess
RESOLVERS = ("8.8.8.8", "8.8.4.4", "9.9.9.9")  # alone they are hosts; given: developers.google.com/speed, quad9.net
PHONE_DIGITS = (6, 15)  # of a number beside a word such as "phone"; given: ITU-T E.164 for the longest

_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ .\n-]?[A-Z0-9]){11,30}(?![A-Za-z0-9])", re.I)
_SAID_IBAN = re.compile(r"\bIBAN\W{1,3}([A-Z]{2}\d{2}(?:[ -]?\d){8,30})(?![A-Za-z0-9])", re.I)
_IBAN_GAP = re.compile(r"[ .\n-]")
_RUN = re.compile(r"(?<![\w@#%/.-])(?:\+ ?|00)?[(\[]?\d(?: ?[.\-/()]{0,2} ?\d)*")
_DIGITS = re.compile(r"\d")
_GAP = re.compile(r"[ .]")
_NEXT = re.compile(r"(?<=\d) +(?=0[1-9]|\(0)")
_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
_PORT = re.compile(r":\d{2,5}(?!\d)")
_IPV6 = re.compile(
    r"(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]{0,4})(?:%\w{1,10})?(?![\w:])", re.I
)
_DAY = (
    r"(?:(?:19|20)\d\d[-./ ](?:0?[1-9]|1[0-2])[-./ ](?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])[-./ ](?:0?[1-9]|1[0-2])[-./ ](?:19|20)?\d\d)"
)
_NOT_PHONE = re.compile(
    rf"{_DAY}(?: ?\(?\d{{1,2}}| ?-? ?{_DAY})?"  # a date, perhaps with an hour or with another
    r"|(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d|\d{1,3}(?:[., ]000)+|\d{1,2}(?:\.\d{1,2}){2,3}"
    r"|(?=(?:\d+\.)*\d(?:\.|$))\d+(?:\.\d+){2,}"  # a version: dots alone, a single digit between them
    r"|\d+\.\d+|\d{1,3}(?:\.\d{1,3}){3}(?:/\d+)?|\d{5}-\d{4}|[1-9]\d*(?: ?/ ?\d+)+"  # years, amounts, sections, ZIP+4
    r"|[1-9](?:[-./ ]{1,3}\d){1,5}"  # steps
)
_ONE_BY_ONE = re.compile(r"[1-9](?:[-./ ]{1,3}\d)+")  # steps, or a phone read out
_ONLY_SPACE = re.compile(r"\s(?:(?:no|nr|number|nummer)\b[.:]?\s)?#?")  # between an everyday word and its number
_PART = re.compile(r"\d+")
_AMOUNT = re.compile(r"[1-9]\d{0,2}(?:[ .]\d{3})+(?: ?- ?[1-9]\d{0,2}(?:[ .]\d{3})+)*")
_RANGE = re.compile(r"(\d{3,6}) ?- ?(\d{3,6})")
_CODE = re.compile(r"(?:19|20)\d\d[-/].+")  # begins with a year: a file's number
_CODE_SIGNS = re.compile(r"\d[-./]\d")
_US = re.compile(r"(?:1[ .-])?\(?[2-9]\d\d\)?[ .-]?[2-9]\d\d[ .-]\d{4}")
_GROUPED = re.compile(r"\d{4}([ .-]?)\d{4}\1\d{4}\1\d{1,7}|\d{4}([ .-])\d{6}\2\d{4,5}|\d{12,19}")
_IIN = re.compile(r"3[0-9]|4|5[0-8]|6[0-9]|2[2-7](?=\d{14}$)|2131|1800")


def is_called(text: str, start: int, end: int, kind: str) -> bool:
    """Whether a word beside the span says that it is of this kind, and none nearer that it is something else."""
    before = text[max(0, start - BEFORE) : start]
    last = last_said(kind, before)
    behind = text[end : end + BEHIND].partition("\n")[0]
    telling = {"phone": ("line", "phone"), "host": ("host",)}.get(kind, ())
    if any(beside()[word].search(behind) for word in telling):
        return _last_other(before, text[start]) < max(0, len(before) - BEHIND)
    return last >= 0 and last > _last_other(before, text[start])


def is_other(text: str, start: int) -> bool:
    """Whether the last telling word before says that a number is an order's, a section's, an amount's."""
    before = text[max(0, start - BEFORE) : start]
    last = _last_other(before, text[start])
    return last >= 0 and last >= max(last_said(kind, before) for kind in ("phone", "card", "id", "host"))


def _last_other(before: str, first: str) -> int:
    """Where the last word ends that says it is something else; an everyday one counts only right before no zero."""
    right_before = (
        match.end() for match in beside()["right_before"].finditer(before) if _ONLY_SPACE.fullmatch(before, match.end())
    )
    return max(last_said("other", before), -1 if first in "0(" else max(right_before, default=-1))


def last_said(kind: str, before: str) -> int:
    """Where the last word of this kind ends; -1 without one."""
    return max((match.end() for match in beside()[kind].finditer(before)), default=-1)


def ibans(text: str) -> Iterator[tuple[int, int]]:
    """Account numbers: country, length and checksum are right, or it says that it is one."""
    from stdnum import iban

    at = 0
    while match := _IBAN.search(text, at):
        whole, at = match[0], match.start() + 4
        ends = [gap.start() for gap in _IBAN_GAP.finditer(whole)]
        for end in (len(whole), *reversed(ends)):  # what follows may look like its next group
            if iban.is_valid(_IBAN_GAP.sub("", whole[:end]), check_country=False):  # banks that it knows are not all
                at = match.start() + end
                yield match.start(), at
                break
        else:
            stated = _SAID_IBAN.search(text, max(0, match.start() - 8), match.end())
            if stated and stated.start(1) == match.start():
                yield stated.span(1)
                at = stated.end()


def cards(text: str) -> Iterator[tuple[int, int]]:
    """Payment cards: 12 to 19 digits in the groups that cards have, an issuer's first digits, Luhn's checksum."""
    from stdnum import luhn

    for start, end in _runs(text):
        digits = _digits(text[start:end])
        if not _GROUPED.fullmatch(text[start:end]) or not _IIN.match(digits) or not luhn.is_valid(digits):
            continue
        if is_called(text, start, end, "card") or (len(digits) >= 13 and not is_other(text, start)):
            yield start, end


def ids(text: str, countries: Collection[str] | None = None) -> Iterator[tuple[int, int]]:
    """National and tax numbers: by form and checksum, less telling ones only beside a word that says so.

    `countries`: ISO 3166-1 codes of those whose numbers are looked for; None: all.
    """
    for match in _any_id().finditer(text):
        start, end = match.span()
        for country, form, checksum, sure in _ids():
            if countries is not None and country not in countries:
                continue
            if not form.fullmatch(match[0]) or (
                is_other(text, start) if sure else not is_called(text, start, end, "id")
            ):
                continue
            if checksum is None or checksum.is_valid(_GAP.sub("", match[0].upper())):
                yield start, end
                break


@cache
def _ids() -> tuple[tuple[str, re.Pattern[str], Any, bool], ...]:
    """Country, form, module with the checksum, and whether both together are sure; read once."""
    return tuple(
        (
            row["country"],
            re.compile(row["form"], re.I),
            import_module(f"stdnum.{row['stdnum']}") if "stdnum" in row else None,
            row.get("sure", False),
        )
        for row in data_file("bot.privacy", "ids.toml")["number"]
    )


@cache
def _any_id() -> re.Pattern[str]:
    """Whatever may be one: a form that begins in a way of its own ("756.") before the others, the longest first."""
    forms = sorted({form.pattern for _, form, _, _ in _ids()}, key=lambda form: (not form[0].isalnum(), -len(form)))
    return re.compile(
        r"(?<![^\W_]|[@.+-])(?:" + "|".join(f"(?:{form})" for form in forms) + r")(?!-?[^\W_]|\.\d)", re.I
    )


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """IP addresses of a host: no version, no section, no whole network, no netmask."""
    for pattern in (_IPV4, _IPV6):
        for match in pattern.finditer(text):
            start, end = match.span()
            try:
                address = ipaddress.ip_address(match[0])
            except ValueError:
                continue
            version = not address.is_private and max(address.packed) <= VERSION and address.version == 4
            is_network = text[end : end + 1] == "/" and text[end + 1 : end + 2].isdigit()
            is_no_host = match[0].startswith(("255.", "0.")) or (address.version == 6 and not _DIGITS.search(match[0]))
            if is_network or is_no_host or address.is_loopback or address.is_unspecified or is_other(text, start):
                continue
            placed = text[:start].endswith("://") or match[0] in RESOLVERS or _PORT.match(text, end)
            if not version or placed or is_called(text, start, end, "host"):
                yield start, end


def phones(text: str) -> Iterator[tuple[int, int]]:
    """Phone numbers: international ones, those valid where written so, any beside a word such as "call"."""
    for start, end in _one_by_one(text):
        run = text[start:end]
        digits = _digits(run)
        if not PHONE_DIGITS[0] <= len(digits) <= PHONE_DIGITS[1] or _NOT_PHONE.fullmatch(run):
            continue
        if run.lstrip("([").startswith(("+", "00")):
            known = _possible(run) and ("+" in run or " " in run or not is_other(text, start))
        else:
            known = not is_other(text, start) and (
                bool(_US.fullmatch(run)) or (len(digits) >= 9 and run != digits and not _listed(run) and _valid(run))
            )
        if known or is_called(text, start, end, "phone"):
            extension = _extension().match(text, end)
            yield start, extension.end() if extension else end


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Digits with what may stand between those of one number; brackets and marks around them left out."""
    for match in _RUN.finditer(text):
        start, end = match.span()
        joined = text[end : end + 1].isalpha() or text[end : end + 1] in ("_", "@")
        if joined and not _extension().match(text, end):
            continue
        if text[start] in "([" and not set(text[start:end]) & set(")]"):
            start += 1
        yield start, end


def _one_by_one(text: str) -> Iterator[tuple[int, int]]:
    """The runs, several phones with nothing but spaces between them apart."""
    for start, end in _runs(text):
        if len(_digits(text[start:end])) > PHONE_DIGITS[1]:
            for gap in _NEXT.finditer(text, start, end):
                yield start, gap.start()
                start = gap.end()
        yield start, end


@cache
def _extension() -> re.Pattern[str]:
    """What may follow a phone: " ext. 12", " dahili 208"."""
    words = sorted(word_lists("bot.privacy.words")["extension"], key=len, reverse=True)
    return re.compile(rf"[ ,]{{0,2}}(?:{'|'.join(map(re.escape, words))})[.:]? ?\d{{1,6}}(?!\w)", re.I)


def _listed(run: str) -> bool:
    """Whether it is an amount, steps, a range or a file's number, unless a word says that it is a phone."""
    parts = [int(part) for part in _PART.findall(run)]
    steps = {b - a for a, b in pairwise(parts)}
    if len(parts) > 2 and len(steps) == 1 and min(steps) > 0 and not run.startswith("0"):
        return True
    ends = _RANGE.fullmatch(run)
    rising = ends is not None and len(ends[1]) == len(ends[2]) and ends[1] < ends[2]
    return rising or any(form.fullmatch(run) for form in (_AMOUNT, _ONE_BY_ONE, _CODE))


def _digits(text: str) -> str:
    return "".join(_DIGITS.findall(text))


def _possible(run: str) -> bool:
    import phonenumbers

    try:
        return phonenumbers.is_possible_number(phonenumbers.parse("+" + re.sub(r"^[(\[]?(?:\+|00)", "", run)))
    except phonenumbers.NumberParseException:
        return False


def _valid(run: str) -> bool:
    import phonenumbers

    for region in REGIONS:
        country = phonenumbers.PhoneMetadata.metadata_for_region(region)
        without_0 = country and country.national_prefix == "0" and not run.lstrip("([").startswith("0")
        if without_0 and _CODE_SIGNS.search(run):
            continue  # "221104-7719-03" is a file's number; "532 123 45 67" leaves the 0 out
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(run, region)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False
