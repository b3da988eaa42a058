"""Markdown as GitHub, MkDocs, Docusaurus, Hugo and Jekyll write it in, CommonMark out: marks gone, words kept. Pure.

What a box is called ("note", a tab's name, a title) comes out as a paragraph `[!kind] title`, GitHub's own way to say
it, before what stood in the box. Listings stay as they are.
"""

import re
import unicodedata
from functools import cache

from knowledge.text.words import data_file

ALERT = re.compile(r"\[!([^\[\]\n]{1,40})\][+-]?[ \t]*([^\n]*)(?:\n|\Z)")
_OLD_ALERT = re.compile(r"^([ \t]*>[ \t]*)\*\*(Note|Warning|Important|Tip|Caution)\*\*:?[ \t]*$", re.M)
_BOX = re.compile(r"^([ \t]*)(?:!!!|\?\?\?\+?)(?:[ \t]+|(?=\w))(.*)$")
_TAB = re.compile(r"^([ \t]*)===[!+]?[ \t]+([\"'].*)$")
_COLONS = re.compile(r"^([ \t>]*):{3,}[ \t]*\{?[ \t]*\.?(?:callout-)?([A-Za-z][\w-]*)?\}?[ \t]*(.*)$")
_MARK = r"(?:<sup>([\da-z*†‡]{1,2})</sup>|([¹²³⁰⁴-⁹]{1,2}))"
_NOTE = re.compile(rf"^{_MARK}[ \t]*(?=\S)", re.M)
_CALL = re.compile(rf"(?<=\S)(?<!\b[cdk]m)(?<!\bm){_MARK}")
_FENCE = re.compile(r"^[ \t>]*(?:[-*+][ \t]+)?(`{3,}|~{3,})")
_QUOTED = re.compile(r"[\"'](.*)[\"'][ \t]*$")
_ATTRIBUTE = re.compile(r"([\w-]+)[ \t]*=[ \t]*\{?[\"'`]([^\"'`]*)[\"'`]")


class _Marks:
    """What dialects.toml holds, compiled."""

    def __init__(self) -> None:
        data = data_file("knowledge.read", "dialects.toml")
        kinds: str = data["kinds"]
        self.unnamed = frozenset(data["unnamed"].split())
        self.signs: dict[str, str] = {name: sign for sign, names in data["signs"].items() for name in names.split()}
        self.kind = re.compile(kinds)
        self.class_of_kind = re.compile(rf"\.({kinds})\b", re.I)
        self.second_word = re.compile(rf"[\w./-]+[ \t]+({kinds})\b", re.I)
        named = (f"(?P<{name}>{'|'.join(patterns)})" for name, patterns in data["noise"].items())
        self.noise = re.compile("|".join(named), re.M)


@cache
def _marks() -> _Marks:
    return _Marks()


def common(text: str) -> str:
    """The same text as CommonMark with footnotes, definition lists and alerts."""
    text = text.replace("\r\n", "\n")
    text = _OLD_ALERT.sub(r"\1[!\2]", text)
    text = _marks().noise.sub(_plain, text)
    return "\n".join(_unboxed(_noted(text).split("\n")))


def _noted(text: str) -> str:
    """Notes that begin with a raised mark, one below the other, as Markdown's own."""
    begun = {_key(note) for note in _NOTE.finditer(text)}
    text = _NOTE.sub(lambda note: f"\n[^raised-{_key(note)}]: ", text)
    return _CALL.sub(lambda one: f"[^raised-{_key(one)}]" if _key(one) in begun else one[0], text)


def _key(mark: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", mark[1] or mark[2])


def lead(kind: str, title: str) -> str:
    """How a box's name is said before what stands in it: "Warning (Visa):", "Important:", "Linux:"."""
    kind, title = kind.strip().replace("-", " "), re.sub(r"[*_`]+", "", title).strip().rstrip(":")
    if kind.lower() in _marks().unnamed:
        return f"{title}:" if title else ""
    named = kind.capitalize() if kind.islower() or kind.isupper() else kind
    return f"{named} ({title}):" if title and title.lower() != kind.lower() else f"{named}:"


def _plain(match: re.Match[str]) -> str:
    if match["code"] is not None:
        return match[0]
    if match["shortcode"] is not None:
        return _named(match[0].strip("{}%<> \t"))
    if match["component"] is not None:
        return "" if match[0].startswith("</") else _named(match[0].strip("<>/"))
    if match["critic"] is not None:
        return match["plus"] or match["added"] or match["new"] or ""
    if match["attributes"] is not None:
        kind = _marks().class_of_kind.search(match["classes"] or "")
        return f"[!{kind[1]}]" if kind else ""
    if match["short"] is not None:
        return f"\n{match['form']}: {match['long']}\n"
    if match["sign"] is not None:
        return _marks().signs.get(match["sign"], match["sign"].replace("_", " "))
    return match["words"] or match["marked"] or ""


def _named(tag: str) -> str:
    """A shortcode or component as the paragraph that says what its box is called; "" when it says nothing."""
    name = re.match(r"[\w./-]+", tag)
    given = {key.lower(): value for key, value in _ATTRIBUTE.findall(tag)}
    title = given.get("title") or given.get("label") or given.get("summary") or given.get("header") or ""
    kind = name[0].lower() if name else ""
    unnamed = re.search(r"[ \t]\"([^\"]+)\"", tag)
    bare = unnamed[1] if unnamed else ""
    if content := given.get("content") or given.get("text") or given.get("body"):  # all that it says
        shown = given.get("type") or (kind if _marks().kind.fullmatch(kind) else "")
        return f"\n\n[!{shown}] {title}\n{content}\n\n" if shown else f"\n\n{content}\n\n"
    if _marks().kind.fullmatch(kind):
        second = _marks().second_word.match(tag)
        kind = given.get("type") or given.get("style") or given.get("kind") or (second[1] if second else kind)
        return f"\n\n[!{kind}] {title or bare}\n\n"
    if kind.startswith(("tab", "accordion", "step", "details", "expand", "collapse", "dropdown", "card")):
        title = title or given.get("name") or bare
        return f"\n\n[!tab] {title}\n\n" if title else "\n\n"
    return ""


def _unboxed(lines: list[str]) -> list[str]:
    """Boxes opened by `!!!`, `===` and `:::` as their name and what stands in them."""
    out: list[str] = []
    at = 0
    while at < len(lines):
        row = lines[at]
        at += 1
        if fence := _FENCE.match(row):
            out.append(row)
            while at < len(lines):
                out.append(lines[at])
                at += 1
                if lines[at - 1].strip(" \t>").startswith(fence[1]):
                    break
        elif box := _BOX.match(row) or _TAB.match(row):
            kind, title = ("tab", box[2]) if _TAB.match(row) else _kind_and_title(box[2])
            quoted = _QUOTED.search(title)
            out += ["", f"{box[1]}[!{kind}] {quoted[1] if quoted else title}".rstrip(), ""]
            wide = len(box[1].expandtabs(4))
            inside: list[str] = []
            while at < len(lines) and (not lines[at].strip() or _indent(lines[at]) >= wide + 4):
                inside.append(box[1] + lines[at].expandtabs(4)[wide + 4 :] if lines[at].strip() else "")
                at += 1
            out += [*_unboxed(inside), ""]
        elif colons := _COLONS.match(row):
            kind, title = colons[2] or "", colons[3].strip(" \t[]").rstrip(":").strip()
            title = re.sub(r"\{[^}]*\}", "", title).strip(" \t[]")
            if given := dict(_ATTRIBUTE.findall(colons[3])).get("title"):
                title = given
            named = f"{colons[1]}[!{kind}] {title}".rstrip() if kind else colons[1].rstrip()
            out += [colons[1].rstrip(), named, colons[1].rstrip()]
        elif out and out[-1].strip() and re.fullmatch(r"\[!\w+\]", row):  # kramdown says it below the paragraph
            start = next((k for k in range(len(out), 0, -1) if not out[k - 1].strip()), 0)
            out[start:start] = [row]
        else:
            out.append(row)
    return out


def _kind_and_title(text: str) -> tuple[str, str]:
    """("danger", "Beware") for `danger inline end "Beware"`."""
    name = re.match(r"[\w-]+", text)
    title = _QUOTED.search(text)
    return (name[0] if name else "note"), (title[1] if title else "")


def _indent(row: str) -> int:
    wide = row.expandtabs(4)
    return len(wide) - len(wide.lstrip())
