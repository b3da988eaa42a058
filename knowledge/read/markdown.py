"""Markdown in, blocks out: front matter, then the page that it makes, read as HTML (knowledge.read.html).

Images are their description; notes stand behind the sentence that calls them; the marks of other dialects are gone
before (knowledge.read.dialects). Headings have the anchors that web sites give them.
Front matter that is no mapping is text; YAML that breaks its own rules ("title: Travel: the rules") counts.
A first heading of level 1 that stands alone is the document's title and not part of section paths.
"""

import re
import tomllib
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

from knowledge.read import dialects, notes
from knowledge.read.about import UNREADABLE, Facts, in_opening, not_read, stated
from knowledge.read.html import UNSEEN, fragment, text_blocks
from knowledge.read.text import decoded
from knowledge.text.characters import line
from knowledge.text.injection import suspects
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


def read_markdown(path: Path) -> Iterator[Block | Facts | Problem]:
    """What the text states about itself, then its blocks in reading order."""
    text = decoded(path)
    front = _FRONT.match(text) or _JSON.match(text)
    fields = front_matter(front[1], front[2] or "") if front else None
    facts = Facts() if fields is None else stated(fields)
    raw = text if front is None or fields is None else text[front.end() :]
    tokens = _parser().parse(dialects.common(raw))
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
    box = dialects.ALERT.match(inline.content)
    if box:
        breaks = (at for at, child in enumerate(children) if child.type in ("softbreak", "hardbreak"))
        children = children[next(breaks, len(children)) :]
        lead = " ".join(filter(None, (lead, dialects.lead(box[1], box[2]))))
    for child in children:
        if child.type == "text":
            child.content = _UNCALLED.sub("", _ONE_TILDE.sub("", child.content))
    if box and not children and is_followed:
        inline.children = []
        return lead
    inline.children = [Token("text", "", 0, content=f"{lead} "), *children] if lead else children
    return ""
