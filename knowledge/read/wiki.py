"""Wiki markup (Confluence, Jira) that was saved as a page in, Markdown out: headings, lists, tables, boxes. Pure."""

from __future__ import annotations

import re

_HEADING = re.compile(r"^(?:(h[1-6]\.)|#{1,6}) +\S", re.M)
_IS_MARKDOWN = re.compile(r"^[ \t>]*(?:`{3}|~{3})|(?:\A|(?<=\n\n))#{1,6} [^\n]+(?:\n\n|\Z)", re.M)  # a fence, a heading
_LIST = re.compile(r"^[ \t]*([*#-]{1,6})[ \t]+(?=\S)")
_BOX = re.compile(
    r"\{(info|note|tip|warning|expand|panel|details)(?::(?:title=)?([^}|\n]{1,200}))?(?:\|[^}\n]{0,200})?\}"
)
_CODE = re.compile(r"\{(code|noformat)[^}\n]{0,100}\}(.*?)\{\1\}", re.S)
_MACRO = re.compile(
    r"\{/?(?:color|quote|toc(?:-zone)?|anchor|section|column|center|align|status|jira\w*|children|pagetree|include|excerpt"
    r"|info|note|tip|warning|expand|panel|details|bgcolor|div|span|style|html|attachments|gallery|numberedheadings)"
    r"(?:[:|=][^{}\n]{0,200})?\}"
)
_STRUCK = re.compile(r"(?<![\w-])-(?=[^\s\d-])[^\n.!?;-]{1,80}[.!?]?(?<!\s)-(?![\w-])")
_LINK = re.compile(r"\[(?!!)(?:([^][|\n]{1,200})\|)?([^][|\n]{1,400})(?:\|[^]\n]{0,200})?\]")
_BOLD = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]{1,200}?)(?<=\S)\*(?![\w*])")
_IMAGE = re.compile(r"!([\w./ -]{1,200}\.\w{2,4})(?:\|[^!\n]{0,100})?!")


def is_wiki(text: str) -> bool:
    """Whether its first heading is as wikis write it, and nothing is as only Markdown has it."""
    first = _HEADING.search(text)
    return first is not None and first[1] is not None and not _IS_MARKDOWN.search(text)


def markdown(text: str) -> str:
    """The same words as Markdown; what is struck through is gone."""
    parts = _CODE.split(text)  # text, kind, listing, text, ...
    return "\n".join(
        f"\n```\n{part.strip()}\n```\n" if at % 3 == 2 else "\n".join(map(_row, _macros(part).split("\n")))
        for at, part in enumerate(parts)
        if at % 3 != 1
    )


def _macros(text: str) -> str:
    open_boxes: list[str] = []

    def boxed(found: re.Match[str]) -> str:
        if found[1] in open_boxes and found[2] is None:
            open_boxes.remove(found[1])
            return "\n\n"
        open_boxes.append(found[1])
        kind = "tab" if found[1] in ("expand", "panel", "details") else found[1]
        return f"\n\n[!{kind}] {(found[2] or '').removeprefix('title=')}\n\n"

    return _MACRO.sub("", _BOX.sub(boxed, text))


def _row(row: str) -> str:
    if heading := re.match(r"h([1-6])\. +(.*)", row):
        return f"\n{'#' * int(heading[1])} {_inline(heading[2])}\n"
    if row.startswith("||"):
        cells = row.strip().strip("|").split("||")
        return f"\n| {' | '.join(_inline(cell) for cell in cells)} |\n|{' --- |' * len(cells)}"
    if row.startswith("|"):
        return _inline(row)
    if item := _LIST.match(row):
        depth, numbered = len(item[1]) - 1, item[1][-1] == "#"
        return "   " * depth + ("1. " if numbered else "- ") + _inline(row[item.end() :])
    return _inline(re.sub(r"^bq\. ", "> ", row))


def _inline(text: str) -> str:
    text = _STRUCK.sub("", _IMAGE.sub("", text))
    return _BOLD.sub(r"**\1**", _LINK.sub(lambda one: one[1] or one[2], text))
