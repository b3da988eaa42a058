"""What a document states about itself: title, edition, date, owner, language. Mappings or opening text in, Facts out.

Front matter, document information and sidecar files use many names for the same thing; this is where they are known.
A value that isn't sensible (a date that is none, a title that is a file name) counts as not stated. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from knowledge.text.characters import line
from knowledge.text.figure_words import merged


@dataclass(frozen=True, slots=True)
class Facts:
    """None: not stated."""

    title: str | None = None
    pages: int | None = None
    language: str | None = None  # ISO 639-1
    effective: date | None = None
    version: str | None = None
    owner: str | None = None
    suspects: tuple[str, ...] | None = None  # sentences that read like instructions to a model

    def over(self, other: Facts) -> Facts:
        """These, and the other's where these say nothing."""
        missing = {f.name: getattr(other, f.name) for f in fields(self) if getattr(self, f.name) is None}
        both = (*(other.suspects or ()), *(self.suspects or ()))
        return replace(self, **missing | {"suspects": both or None})


_NAMES = {
    "title": ("title", "name", "titel", "titre", "título", "başlık"),
    "language": ("language", "lang", "sprache", "langue", "idioma", "dil"),
    "effective": (
        *("effective", "effective_date", "effective_from", "date_effective", "valid_from", "in_force", "date"),
        *("gültig_ab", "gueltig_ab", "inkrafttreten", "entrée_en_vigueur", "date_d'effet", "vigente_desde"),
        *("fecha_de_vigencia", "entrada_en_vigor", "yürürlük_tarihi", "geçerlilik_tarihi", "datum", "fecha", "tarih"),
        "lastmod",
    ),
    "version": (
        *("version", "edition", "revision", "version_number", "document_version", "policy_version"),
        *("ausgabe", "fassung", "révision", "édition", "versión", "revisión", "edición", "sürüm", "versiyon"),
    ),
    "owner": (
        *("owner", "owners", "policy_owner", "document_owner", "process_owner"),
        *("verantwortlich", "herausgeber", "responsable", "propriétaire", "propietario", "sorumlu", "doküman_sahibi"),
        *("team", "department", "abteilung", "author"),
    ),
}
_MONTH = r"[^\W\d_]{3,10}"
_DATE = (
    r"(?:(?P<y>\d{4})(?=[-/.]|\d{4}(?!\d))(?P<sep>[-/.]?)(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th|er|º)?\.?[ -](?:of |de )?(?P<mn>{_MONTH})\.?,?[ -](?:de )?(?P<y2>\d{{4}})"
    rf"|(?P<mn3>{_MONTH})\.? (?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y3>\d{{4}})"
    r"|(?P<d4>\d{1,2})\.(?P<m4>\d{1,2})\.(?P<y4>\d{4})|(?P<n6>\d{1,2})/(?P<n7>\d{1,2})/(?P<y6>\d{4})"
    rf"|(?P<mn5>{_MONTH})\.? (?P<y5>\d{{4}}))"
)
_ANY_DATE = re.compile(_DATE)
_EFFECTIVE = re.compile(
    r"\b(?i:(?:date )?effective(?: date)?(?: from| as of| on| since)?|in (?:effect|force) (?:from|since|as of|on)"
    r"|valid (?:from|as of|since)|applies (?:from|as of)|(?:comes|came|enters|entered|entry) into (?:force|effect)"
    r"(?: on)?|takes effect (?:on|from)|effective with|gültig (?:ab|vom|seit)|in kraft (?:seit|ab)|gilt ab"
    r"|inkrafttreten|(?:en vigueur|applicable) (?:depuis|à (?:partir|compter) du)|(?:date d['’])?entrée en vigueur"
    r"|date d['’]effet|(?:vigente|en vigor) (?:desde|a partir del?)|entrada en vigor|fecha de vigencia"
    r"|yürürlük tarihi|yürürlüğe giriş(?: tarihi)?|geçerlilik (?:tarihi|başlangıcı))\s*[:|]?\s*(?:(?:the|dem|le|el) )?"
    + _DATE
)
_WRITTEN = re.compile(  # where nothing says from when it applies: as with front matter's `date`
    r"(?i:^[ \t]*(?:(?:last |date of (?:last )?)?(?:revised|revision(?: date)?|updated?)(?: on)?|stand)"
    r"\s*[:|]?\s*)" + _DATE,
    re.M,
)
_VERSION = re.compile(
    r"(?:\b(?:Version|Edition|Revision|Rev\.?|Ver\.?|Ausgabe|Fassung|Sürüm|Versiyon"
    r"|Versión|Revisión|Edición|Révision|Édition|(?:version|edition|revision)(?=\s*[:|])"
    r"|Issue(?= no\.?| number|\s*[:|]))"
    r"(?i: (?:number|no\.?|nr\.?))?\s*[:|]?\s*|(?<!\w)v\s?)v?(\d+(?:\.\d+)*[a-z]?)\b(?!\s*%)"
    r"|\b(?:Rev\.|Revision[:|]?) ?([A-Z])(?=[\s.,;|)]|$)"
)
_ORDINAL = re.compile(r"\b(\d{1,3})(?:st|nd|rd|th) [Ee]dition\b")
_EARLIER = re.compile(
    r"(?i)\b(?:replac(?:es|ing)|supersed(?:es|ing)|ersetzt|remplace|sustituye|reemplaza)\b[^.\n]*\Z"
)  # whose version follows
_OWNER = re.compile(
    r"\b(?:(?:(?:Policy|Document|Process) )?[Oo]wner|Responsible(?: (?:department|team|unit|person))?|Owned by"
    r"|Maintained by|Issued by|Verantwortlich(?:e Stelle)?|Herausgeber"
    r"|(?:Service |Departamento |Área )?[Rr]esponsable|Propriétaire|Propietario"
    r"|Sorumlu(?: birim)?|(?:(?:Doküman|Belge) [Ss]|S)ahibi)(?:\s*[:|]\s*|(?<=by)\s+)(?:the )?"
    r"([^\W\d_][\w&/' -]{1,60}?)(?=[.;,|\n]|\s\(|$)",
    re.M,
)
_NOBODY = re.compile(r"(?i)\W*(?:anonymous|unknown|user|admin\w*|owner|author|python-docx)?\W*$")
_BAD_TITLE = re.compile(
    r"(?i)^(?:microsoft (?:word|powerpoint|excel)|word document$|untitled|document\d*$|slide \d"
    r"|.*\.(?:docx?|pdf|indd|qxd|rtf|tmp|dvi|fm|odt|tex|html?)$"
    r"|(?:table of )?contents$|inhalt(?:sverzeichnis)?$|sommaire$|índice$|içindekiler$"
    r"|\(?anonymous|title$|no title|unspecified|.*[\\/].*\.\w{2,4}$|[\W\d_]+$|\()"
)


def stated(given: Mapping[Any, Any]) -> Facts:
    """From front matter, a sidecar file or document information."""
    by_name = {
        str(key).strip().lstrip("/").lower().replace("-", "_").replace(" ", "_"): value for key, value in given.items()
    }
    found: dict[str, Any] = {}
    for fact, names in _NAMES.items():
        for name in names:
            value = by_name.get(name)
            if isinstance(value, list) and fact == "owner":
                value = ", ".join(one for one in value if isinstance(one, str)) or None
            if value is None or isinstance(value, (dict, list, tuple, set)):
                continue
            if fact == "effective":
                value = _as_date(value)
            elif fact == "language":
                value = _as_language(str(value))
            elif fact == "title":
                value = sensible_title(str(value))
            elif fact == "owner" and _NOBODY.match(str(value)):
                value = None
            else:
                value = line(str(value))[:200] or None
            if value is not None:
                found[fact] = value
                break
    return Facts(**found)


def without_author(given: Mapping[Any, Any]) -> Facts:
    """As `stated`, but who typed the file does not count: a document's own words say better who answers for it."""
    return stated({key: value for key, value in given.items() if str(key).lstrip("/").lower() != "author"})


def in_opening(text: str) -> Facts:
    """From the first page or two as people write it: "in effect from 2 February 2026", "Version 9.0", "Owner: ..."."""
    effective = _EFFECTIVE.search(text) or _WRITTEN.search(text)
    version, owner = _own(_VERSION, text) or _own(_ORDINAL, text), _OWNER.search(text)
    return Facts(
        effective=_matched_date(effective) if effective else None,
        version=version[version.lastindex or 0] if version else None,
        owner=owner[1].strip() if owner else None,
    )


def _own(form: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first version in this form that is not the one which the document replaces."""
    found = form.finditer(text)
    return next((one for one in found if not _EARLIER.search(text[max(0, one.start() - 60) : one.start()])), None)


def sensible_title(text: str) -> str | None:
    """The title on one line, if people would write it above a document: not "untitled" or "doc1.docx"."""
    title = line(text)[:300]
    words = title.split()
    spaced = sum(len(word) == 1 for word in words) > len(words) / 2  # "P O L I C Y"
    return (
        title
        if any(map(str.isalpha, title)) and len(title) > 2 and not spaced and not _BAD_TITLE.match(title)
        else None
    )


def _as_date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = _ANY_DATE.search(str(value))
    return _matched_date(found) if found else None


def _matched_date(found: re.Match[str]) -> date | None:
    part = found.groupdict()

    def pick(*names: str) -> str | None:
        return next((part[name] for name in names if part[name]), None)

    month_name = pick("mn", "mn3", "mn5")
    month = merged("months").get(month_name.lower(), 0) if month_name else int(pick("m", "m4") or 0)
    day = int(pick("d", "d2", "d3", "d4") or 1)
    if part["n6"]:  # "04/13/2025" can only be April; of "04/05/2025" nobody knows
        day, month = sorted((int(part["n6"]), int(part["n7"])), reverse=True)
        if month < day <= 12:
            return None
    try:
        return date(int(pick("y", "y2", "y3", "y4", "y5", "y6") or 0), month, day)
    except ValueError:
        return None


def _as_language(value: str) -> str | None:
    code = re.match(r"\s*([A-Za-z]{2})(?:[-_]|\s*$)", value)
    return code[1].lower() if code else None
