"""Markdown in, blocks out: front matter, then the page that it makes, read as HTML (knowledge.read.html).

Images are their description; notes stand behind the sentence that calls them. Headings have the anchors that web sites
give them. Dialects (GitHub, MkDocs, Docusaurus, Hugo, Jekyll) are CommonMark first, their marks gone and words kept:
what a box is called ("note", a tab's name, a title) comes out as a paragraph `[!kind] title`, GitHub's own way to say
it, before what stood in the box. Listings stay as they are.
Front matter that is no mapping is text; YAML that breaks its own rules ("title: Travel: the rules") counts.
A first heading of level 1 that stands alone is the document's title and not part of section paths.
"""

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from knowledge.read import notes
from knowledge.read.about import UNREADABLE, Facts, in_opening, not_read, stated
from knowledge.read.html import UNSEEN, fragment, text_blocks
from knowledge.read.text import decoded
from knowledge.text.characters import line
from knowledge.text.injection import suspects
from knowledge.text.words import data_file
from knowledge.types import Block, Problem

_FRONT = re.compile(r"\A\ufeff?\s*(---|\+\+\+)[ \t]*\r?\n(.*?\r?\n)?\1[ \t]*(?:\r?\n|\Z)", re.S)
_JSON = re.compile(r"\A\ufeff?\s*()(\{\s*\".*?\n\})[ \t]*(?:\r?\n|\Z)", re.S)
_FIELD = re.compile(r"^([A-Za-z][\w -]{0,40}?)[ \t]*:[ \t]+['\"]?(.+?)['\"]?[ \t\r]*$", re.M)
_SAYS = ("inline", "fence", "code_block", "html_block")
# HTML in a sentence that may change what is read of it; of the rest, "<title>" might swallow all that follows.
_INLINE = re.compile(r"</?(?:del|s|strike|ins|span|font|b|i|u|em|strong|small|mark|sup|sub|br|abbr|noscript)\b", re.I)
_TAG = re.compile(r"\s*</?\w")
_TAGS = re.compile(r"<(?P<end>/?)(?P<name>\w{1,20})\b[^<>]{0,400}>")
_WHOLE = {"html", "head", "body"}  # their tags would end the page
# What takes all that follows with it where nothing closes it: by its name, or in a box by what hides it.
_UNREAD = {
    "audio", "button", "canvas", "iframe", "noembed", "noframes", "noscript", "object", "plaintext", "select", "svg",
    "template", "textarea", "title", "video", "xmp",
}  # fmt: skip
_BOXES = {"article", "aside", "details", "div", "section", "span"}
_HIDES = re.compile(rf"\shidden(?![\w-])|\saria-hidden\s*=\s*[\"']?true|{UNSEEN.pattern}", re.I)
_ONE_TILDE = re.compile(r"(?<![\w~])~(?![\s~])[^~\n]{0,400}[^\s~]~(?![\w~])")
_MARGIN = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.M)  # of what is quoted
_TASK = re.compile(r"^\[([ xX])\](?:\s+|$)")
_UNCALLED = re.compile(r"\[\^[\w-]{1,40}\]")
_ID = re.compile(r"\s*\{\s*#([\w.:-]+)[^}]*\}\s*$")
_ALERT = re.compile(r"\[!([^\[\]\n]{1,40})\][+-]?[ \t]*([^\n]*)(?:\n|\Z)")
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


def read_markdown(path: Path) -> Iterator[Block | Facts | Problem]:
    """What the text states about itself, then its blocks in reading order."""
    text = decoded(path)
    front = _FRONT.match(text) or _JSON.match(text)
    fields = front_matter(front[1], front[2] or "") if front else None
    facts = Facts() if fields is None else stated(fields)
    raw = text if front is None or fields is None else text[front.end() :]
    tokens = _parser().parse(common(raw))
    top = fragment(_closed(_parser().renderer.render(_plain(tokens), _parser().options, {})))
    headings = list(top.iter("h1", "h2", "h3", "h4", "h5", "h6"))
    is_titled = [heading.tag for heading in headings].count("h1") == 1 and headings[0].tag == "h1"
    page_notes = notes.lifted(top)
    title = line("".join(headings[0].itertext())) if is_titled else None
    for told in not_read(fields or {}):
        yield Problem("front_matter", f"Between the `{front[1] if front else ''}` lines: {told}")
    yield facts.over(Facts(title=title)).over(in_opening(raw[:4000]))
    if raw.strip() and not any(token.type in _SAYS for token in tokens):  # nested beyond what the parser goes into
        yield Block(re.sub(r"[>*_#`|]+", " ", raw))
    yield from text_blocks(top, page_notes, headings[0] if is_titled else None, is_page=False)
    yield Facts(suspects=suspects(_MARGIN.sub("", raw)))


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin).use(deflist_plugin)
    written = {
        "hardbreak": lambda _, tokens, at, *__: " " if _goes_on(tokens[at + 1].content[:1]) else "<br>",
        "image": lambda _, tokens, at, *__: escape(tokens[at].content),
        "html_inline": lambda _, tokens, at, *__: tokens[at].content if _INLINE.match(tokens[at].content) else "",
        "footnote_caption": lambda _, tokens, at, *__: str(tokens[at].meta["id"] + 1),
        "footnote_anchor": lambda *_: "",  # the way back
    }
    for name, rule in written.items():
        parser.add_render_rule(name, rule)
    return parser


def front_matter(fence: str, text: str) -> Mapping[Any, Any] | None:
    """YAML ("---", and JSON with it) or TOML ("+++"); None when it is text between two rules."""
    try:
        given = tomllib.loads(text) if fence == "+++" else yaml.safe_load(text[:65536])
    except (ValueError, yaml.YAMLError, RecursionError):
        given = {key: UNREADABLE if value[0] in "[{" else value for key, value in _FIELD.findall(text)} or text
    return {} if given is None else given if isinstance(given, dict) else None


def _goes_on(letter: str) -> bool:
    """Whether a sentence that a forced line break cuts goes on with this letter."""
    return letter.islower() or letter.isdigit()


def _closed(page: str) -> str:
    """The page without the tags that would take what follows out of it, because nothing closes them."""
    opened, gone = defaultdict[str, list[re.Match[str]]](list), set[int]()
    for tag in _TAGS.finditer(page):
        name = tag["name"].lower()
        if name in _WHOLE:
            gone.add(tag.start())
        elif not tag["end"]:
            opened[name].append(tag)
        elif opened[name]:
            opened[name].pop()
    for name, left in opened.items():
        gone |= {tag.start() for tag in left if name in _UNREAD or (name in _BOXES and _HIDES.search(tag[0]))}
    return _TAGS.sub(lambda tag: "" if tag.start() in gone else tag[0], page)


def _plain(tokens: Sequence[Token]) -> list[Token]:
    """The tokens as HTML knows them: without the marks of tasks, anchors and lost notes.

    What a box is called stands before the paragraph that begins the box, or is one. An empty line cuts HTML, and what
    is indented then counts as code: it is HTML again.
    """
    lead, kept = "", list[Token]()
    ticked = any(token.type == "inline" and re.match(r"\[[xX]\]\s", token.content) for token in tokens)
    signs = {" ": "☐ ", "x": "☒ "} if ticked else {}  # a list of tasks that nobody ticks is to be done
    for at, token in enumerate(tokens):
        if token.type == "inline":
            if token.children and token.children[0].type == "text":
                first = token.children[0]
                first.content = _TASK.sub(lambda task: signs.get(task[1].lower(), ""), first.content)
            lead = _spoken(token, lead, is_followed=[one.type for one in tokens[at + 2 : at + 3]] == ["paragraph_open"])
            if tokens[at - 1].type == "heading_open" and token.children:
                if given := _ID.search(token.children[-1].content):
                    tokens[at - 1].attrSet("id", given[1])
                token.children[-1].content = _ID.sub("", token.children[-1].content)
        elif token.type == "code_block" and kept and kept[-1].type == "html_block" and _TAG.match(token.content):
            token = Token("html_block", "", 0, content=token.content)
        kept.append(token)
    return kept


def _spoken(inline: Token, lead: str, *, is_followed: bool) -> str:
    """Puts a paragraph in words, `lead` before them; what is left to say before the next one, `is_followed` by it."""
    children = inline.children or []
    box = _ALERT.match(inline.content)
    if box:
        breaks = (at for at, child in enumerate(children) if child.type in ("softbreak", "hardbreak"))
        children = children[next(breaks, len(children)) :]
        lead = " ".join(filter(None, (lead, box_name(box[1], box[2]))))
    for child in children:
        if child.type == "text":
            child.content = _UNCALLED.sub("", _ONE_TILDE.sub("", child.content))
    if box and not children and is_followed:
        inline.children = []
        return lead
    inline.children = [Token("text", "", 0, content=f"{lead} "), *children] if lead else children
    return ""


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
    text = _marks().noise.sub(_unmarked, text)
    return "\n".join(_unboxed(_noted(text).split("\n")))


def _noted(text: str) -> str:
    """Notes that begin with a raised mark, one below the other, as Markdown's own."""
    begun = {_key(note) for note in _NOTE.finditer(text)}
    text = _NOTE.sub(lambda note: f"\n[^raised-{_key(note)}]: ", text)
    return _CALL.sub(lambda one: f"[^raised-{_key(one)}]" if _key(one) in begun else one[0], text)


def _key(mark: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", mark[1] or mark[2])


def box_name(kind: str, title: str) -> str:
    """How a box's name is said before what stands in it: "Warning (Visa):", "Important:", "Linux:"."""
    kind, title = kind.strip().replace("-", " "), re.sub(r"[*_`]+", "", title).strip().rstrip(":")
    if kind.lower() in _marks().unnamed:
        return f"{title}:" if title else ""
    named = kind.capitalize() if kind.islower() or kind.isupper() else kind
    return f"{named} ({title}):" if title and title.lower() != kind.lower() else f"{named}:"


def _unmarked(match: re.Match[str]) -> str:
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
