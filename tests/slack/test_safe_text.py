"""Slack-safe text: our own attacks, shapes that must survive, and properties over generated text."""

import json
import random
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.check.markers import MARKERS
from bot.slack import safe_text
from bot.slack.safe_text import as_text, markdown, mrkdwn
from knowledge.text.injection import Leak
from knowledge.text.sentences import Splitter
from tests import often
from tests.rows import each

SURFACES = (markdown, mrkdwn, as_text)
OURS = "https://docs.example.com/manual.pdf#page=3"
CANARY = "SYS-CANARY-5d1f"  # of the shared set; the check holds a sentence with it back
SHARED = Path(__file__).parents[3] / "shared/sets/security/slack_output_attacks.jsonl"
NEEDS_SOURCES = {"slk-070", "slk-071", "slk-081", "slk-083"}  # wrong only against the passages: the check's

# What Slack acts on, read from its own rules and independent of the renderer's patterns.
LIVE = re.compile(
    r"<(?!https://docs\.example\.com/manual\.pdf#page=3\|)"
    r"|(?<![\w&])@(?:here|channel|everyone)(?!\w)"
    r"|\]\((?!https://docs\.example\.com/manual\.pdf#page=3\))"
    r"|(?i:https?|ftp):(?!//docs\.example\.com/manual\.pdf#page=3)/|(?i:javascript|mailto):(?=\w)"
    r"|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe00-\ufe0f\x00-\x09\x0b-\x1f\x7f\U000e0000-\U000e01ef]"
)
ADDRESS = re.compile(r"[a-z0-9]@[a-z0-9-]+\.[a-z]")

ATTACKS = [
    # text, what must not come out, what must stay
    ("<!channel> read this", "<!", "read this"),
    ("<!subteam^S0AB|@ops> read", "<!", "read"),
    ("see <#C0123AB|general>", "<#", "see"),
    ("ask <@U0123AB> now", "U0123AB", "ask"),
    ("@everyone, and @Here", "@", "and"),
    ("_@here_ and **@channel**", "@", "and"),
    ("@[here](https://bad.test)", "@here", "here"),
    ("＜！channel＞ hi", "<", "hi"),
    ("＠channel hi", "@", "hi"),
    ("&lt;!here&gt; hi", "<!", "hi"),
    ("&amp;amp;lt;!here&amp;amp;gt; hi", "&lt;!", "hi"),
    ("&#60;!here&#x3e; hi", "<!", "hi"),
    ("&amplt;!here> hi", "<!", "hi"),
    ("<\u2060!here> hi", "<!", "hi"),
    ("<!da\u200bte^1^x^https://bad.test|soon> it is", "bad", "it is"),
    ("![pixel](https://bad.test/?d=1) ok", "bad", "ok"),
    ("[policy](https://bad.test) ok", "bad", "policy"),
    ("[policy](<https://bad.test> 'x') ok", "bad", "policy"),
    ("[a [b](x)](https://bad.test) ok", "bad", "ok"),
    ("<https://bad.test|policy> ok", "bad", "policy"),
    ("https:/![](x)/bad.test ok", "https://", "ok"),
    ("see https：//bad.test/x ok", "bad", "ok"),
    ("see //bad.test/x ok", "//", "ok"),
    ("see bad.test/x ok", "bad.test", "ok"),
    ("see www.bad.zone ok", "www.bad", "ok"),
    ("[x][1]\n[1]: https://bad.test", "bad", "x"),
    (f"{OURS}.bad.test ok", "bad", "ok"),
    (f"[x]({OURS}@bad.test) ok", "bad", "ok"),
    ("a javascript:alert(1) ok", "javascript:", "ok"),
    ("token xoxb-123456789012-abcdefghij ok", "xoxb", "ok"),
    (r"see https\://bad.test ok", "://", "ok"),
    (r"see bad\.test/x ok", "bad.test", "ok"),
    (r"[x]\(https://bad.test) ok", "](", "ok"),
    (r"&\#60;!here&\#62; ok", "&#60;", "ok"),
    (r"\@channel hi", "@channel", "hi"),
    (r"@\channel hi", "@channel", "hi"),
    ("a@bad.test/x ok", "bad.test", "ok"),
    ("@bad.test ok", "bad.test", "ok"),
    ("**Slackbot:** sign in again", "Slackbot", "sign in again"),
    ("[SYSTEM] sign in again", "SYSTEM", "sign in again"),
    ("⚠️ System: sign in again", "System", "sign in again"),
    ("Slackbot — sign in again", "Slackbot", "sign in again"),
    ("pay at bad\u2024test now", "bad\u2024test", "now"),
    ("Text.\n\nSources: Handbook, p. 9", "Handbook", "Text."),
    ("> a\n>>> b", ">>>", "b"),
    ("before ```\ncode", "```", "code"),
    ("a\u202eb\u00ad c", "\u202e", "c"),
    ("a" + "\u0301" * 40, "\u0301" * 5, "a"),
    ("x\n" * 900 + "y", "\n" * 200, "x"),
]


@each("render", SURFACES)
@each("text, never, kept", ATTACKS)
def test_an_attack_is_defused_and_its_text_stays(render, text, never, kept) -> None:
    out = render(text) if render is as_text else render(text, [OURS])
    assert never not in out
    assert kept in out
    assert not LIVE.search(out.replace("\n", " "))


@each(
    "text, in_markdown, in_mrkdwn, in_plain",
    [
        ("Say **no** [1].", "Say **no** [1].", "Say *no* [1].", "Say no [1]."),
        ("_a_ ~~b~~ `c<d`", "_a_ ~~b~~ `c&lt;d`", "_a_ ~b~ `c&lt;d`", "a b c‹d"),
        ("If x < 5, ask R&D.", "If x &lt; 5, ask R&D.", "If x &lt; 5, ask R&amp;D.", "If x ‹ 5, ask R&D."),
        ("## Leave ##", "**Leave**", "*Leave*", "Leave"),
        ("# Use of C#", "**Use of C#**", "*Use of C#*", "Use of C#"),
        ("- a\n- b\n  - c\n2. d", "- a\n- b\n  - c\n2. d", "• a\n• b\n  • c\n2. d", "• a\n• b\n  • c\n2. d"),
        ("***both*** and *one*", "***both*** and *one*", "_*both*_ and _one_", "both and one"),
        ("only *one*", "only *one*", "only *one*", "only one"),
        (r"5 \* 3 \_x\_", r"5 \* 3 \_x\_", "5 * 3 _x_", "5 * 3 _x_"),
        ("`` a ` b `` `` c ``", "`` a ` b `` `c`", "`a ' b` `c`", "a ' b c"),
        ("**a *b* __c__**", "**a *b* **c****", "*a _b_ *c**", "a b c"),
        ("a * b ** c", r"a \* b \*\* c", "a * b ** c", "a * b ** c"),
        (
            "| A | B |\n|:--|---|\n| 1 | **2** [1] |",
            "| A | B |\n| --- | --- |\n| 1 | **2** [1] |",
            "• A · B\n• 1 · *2* [1]",
            "• A · B\n• 1 · 2 [1]",
        ),
        (r"| a\|b | `c\|d` | |", r"| a\|b | `c\|d` |  |", "• a|b · `c|d`", "• a|b · c|d"),
        ("\n|---|---|", "\n| --- | --- |", "", ""),
        ("see <#C0123AB|ask-it> or #ask-hr", *["see #ask-it or #ask-hr"] * 3),
        ("▪ a", "- a", "• a", "• a"),
        ("> said", "> said", "> said", "said"),
        ("```py\na < b\n```", "```\na &lt; b\n```", "```\na &lt; b\n```", "a ‹ b"),
        (f"[p. 3]({OURS})", f"[p. 3]({OURS})", f"<{OURS}|p. 3>", "p. 3"),
        (OURS, f"[{OURS}]({OURS})", f"<{OURS}|{OURS}>", "(link removed)"),
        ("mail hr@example.com, snake_case_name", *["mail hr@example.com, snake_case_name"] * 3),
        ("\n\n- next", "\n\n- next", "\n\n• next", "\n\n• next"),
        (" Then.", " Then.", " Then.", " Then."),
    ],
)
def test_markup_is_written_for_its_surface(text, in_markdown, in_mrkdwn, in_plain) -> None:
    assert markdown(text, [OURS]) == in_markdown
    assert mrkdwn(text, [OURS]) == in_mrkdwn
    assert as_text(text) == in_plain


MARKUP = (
    "< > & ! @ # | ( ) [ ] * ** _ ` ``` ~~ : / // . \\ - + = ; ^ 1 a x \0 \u200b \u202e \ufeff \u0301 ＜ ＞ ！ ＠ ＆ 。"
)
LIVELY = "here channel everyone @here <!channel> <@U012AB> <#C1> &lt; &amp; &#60; &gt lt; amp; https: https:// bad.test"
LINKING = "www. http javascript: mailto:a@b.test ![a]( ](https://bad.test) [a]( xoxb-"
SHAPES = (" ", "\n", OURS, f"[x]({OURS})", "\n- ", "\n> ", "\n```\n", "| a |", "\n# ")
PIECES = st.sampled_from([*f"{MARKUP} {LIVELY} {LINKING}".split(" "), *SHAPES])
TEXTS = st.lists(PIECES | st.text(max_size=3), max_size=25).map("".join)


@given(TEXTS)
@settings(max_examples=often(150, 600))
def test_nothing_live_comes_out_of_any_text(text: str) -> None:
    for render in (markdown, mrkdwn):
        out = render(text, [OURS])
        assert not LIVE.search(out.replace("\n", " ")), out
        assert len(out) <= 6 * len(text) + 60
        assert out.count("```") % 2 == 0
    assert not set("<>\0") & set(as_text(text))


def test_generated_texts_hold_nothing_live_that_is_not_ours() -> None:
    chance = random.Random(4)
    reader = MarkdownIt("commonmark").disable("html_inline")
    pieces = [*f"{MARKUP} {LIVELY} {LINKING} a@b.test".split(" "), *SHAPES]
    for _ in range(often(2_500, 10_000)):
        text = "".join(chance.choices(pieces, k=chance.randint(1, 12)))
        for render in (markdown, mrkdwn):
            out = render(text, [OURS], addresses="")
            assert not LIVE.search(out.replace("\n", " ")), text
            assert not ADDRESS.search(out), text
        seen = [inner for token in reader.parse(markdown(text, [OURS])) for inner in token.children or ()]
        assert {token.attrs.get("href") for token in seen if token.type == "link_open"} <= {OURS}, text
        assert not [token for token in seen if token.type in ("image", "html_inline")], text


@given(st.lists(TEXTS, max_size=5), st.sampled_from((markdown, mrkdwn)))
@settings(max_examples=often(80, 300))
def test_sentences_rendered_one_by_one_are_safe_together(texts: list[str], render) -> None:
    """The stream's own way: each piece begins with white space, as knowledge.text.sentences hands them on."""
    out = "".join(render(f" {text}", [OURS]) for text in texts)
    assert not LIVE.search(out.replace("\n", " ")), out


def as_streamed(text: str, cut: int, render) -> str:
    splitter = Splitter(MARKERS)
    pieces = splitter.feed(text[:cut]) + splitter.feed(text[cut:]) + splitter.finish()
    return "".join(render(piece, [OURS]) for piece in pieces)


@pytest.mark.parametrize("render", (markdown, mrkdwn))
def test_every_cut_of_the_stream_gives_the_same_safe_text(render) -> None:
    for text, never, kept in ATTACKS:
        if len(text) > 500:
            continue
        outs = {as_streamed(text, cut, render) for cut in range(len(text) + 1)}
        assert len(outs) == 1
        assert never not in outs.copy().pop() and kept in outs.pop()


@each("stop", ["。", "！", ". [1", "."])
def test_a_label_and_its_target_are_not_two_sentences(stop: str) -> None:
    text = f"Sign in [here{stop}](bad.test) now. Then go."
    for render in (markdown, mrkdwn):
        assert "](" not in as_streamed(text, len(text), render)


def test_a_row_alone_is_written_as_in_its_table() -> None:
    table = "The limits:\n\n| A | B |\n|---|---|\n| 1 | 2 |\n| 3 | x\\|y |\n\nThat is all."
    for render in (markdown, mrkdwn):
        assert as_streamed(table, 30, render) == render(table)


def test_only_addresses_that_the_manual_states_stay_links() -> None:
    text = "Mail HR@example.com or mark.x@example.com: they help."
    assert markdown(text) == mrkdwn(text) == text
    assert markdown(text, addresses="write to hr@example.com.") == text.replace("x@example.com", "x@example[.]com")
    assert markdown(r"a\@b.example", addresses="") == "a@b[.]example"


BITS = ["<", ">", "[", "]", "(", "[a](", "*", "*a ", "**a", "_", "_a ", "`", "`a``", "&amp;", "a.", "@", "a@", "//"]
BITS += ["- ", "|", "|a", "> ", "\u0301", "~~", "\\", "\\*", "# ", "1. ", "\n", "\u200b", "a@b.", "www.", "http:", "\0"]


def test_threads_share_no_parser_that_is_still_collecting_its_rules() -> None:
    parser = safe_text._parser()
    assert all(ruler.__cache__[""] for ruler in (parser.inline.ruler, parser.inline.ruler2))
    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(mrkdwn, [r"***a*** ~~b~~ `c` \*d __e__"] * 200)) == {"_*a*_ ~b~ `c` *d *e*"}


@pytest.mark.skipif(not SHARED.is_file(), reason="the shared attack set is not here")
@pytest.mark.parametrize("render", (markdown, mrkdwn))
def test_the_shared_attacks_pass_cut_everywhere(render) -> None:
    for line in SHARED.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["id"] in NEEDS_SOURCES:
            continue
        text = row["text"]
        ways = {(text,)}
        for cut in range(len(text) if len(text) < 4000 else 0):
            splitter = Splitter(MARKERS)
            ways.add((*splitter.feed(text[:cut]), *splitter.feed(text[cut:]), *splitter.finish()))
        for pieces in ways:
            canary = Leak(CANARY)
            out = "".join(render(piece) for piece in pieces if not canary.seen(piece))
            for never in row["forbidden"]:
                found = re.search(never[3:], out) if never.startswith("re:") else never in out
                assert not found, (row["id"], never, out[:200])
            for kept in row["must_keep"]:
                assert kept in out, (row["id"], kept, out[:200])
