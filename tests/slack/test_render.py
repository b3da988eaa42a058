"""What people read: sources, refusals, errors; nothing of a document or a model becomes live in Slack."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import bot.errors
import knowledge.errors
from bot import texts
from bot.demo.workspace.rules import check_blocks
from bot.slack import render
from bot.slack.api import GONE, Gone
from bot.types import Answer, Closest, Outcome
from tests.rows import each
from tests.slack.bots import answered, citation, sentences


def tree(root: type[Exception]) -> list[type[Exception]]:
    """The errors that pass from room to room; what one verb alone raises and tells stands in its own module."""
    return [
        root,
        *(leaf for child in root.__subclasses__() if child.__module__ == root.__module__ for leaf in tree(child)),
    ]


@each("error", [*tree(bot.errors.PolicybotError), *tree(knowledge.errors.KnowledgeError)])
def test_every_error_has_words_for_people(error: type[Exception]) -> None:
    code = error.code  # type: ignore[attr-defined]
    assert code in texts.of().errors
    assert "abc123" in texts.of().error(code, "abc123")


def test_slacks_own_words_are_never_shown() -> None:
    shown = " ".join([*texts.of().errors.values(), *texts.of().says.values(), *texts.of().status.values()])
    assert not [reason for reason in GONE if reason in shown]
    assert Gone("chat.update", "is_archived").code in texts.of().errors


def test_a_place_is_a_line_and_what_comes_behind_the_third_is_folded() -> None:
    cited = [
        citation(1),
        citation(2, section=("Trains",), page=80, page_label=None),
        citation(3, page=9, page_label="9"),
        citation(4, document="it.md", title="IT", section=(), page=None, page_label=None, url=None, version="3"),
        citation(5, section=("Cars",), page=81),
    ]
    (block,) = render.sources(cited)
    assert render.fallback("", [block]).splitlines() == [
        "Sources",
        "• [1] Travel Policy › Per diem, p. 45 (PDF page 72)",
        "• [2] Travel Policy › Trains, p. 80",
        "• [3] Travel Policy › Per diem, p. 9",
        "Also: [4] IT 3; [5] Travel Policy › Cars, p. 45 (PDF page 81)",
    ]
    (three,) = render.sources(cited[:3])
    assert "Also" not in str(three) and check_blocks([block, three]) is None


def test_the_markers_at_a_sentences_end_link_to_the_place() -> None:
    cited = [citation(1), citation(2, url=None)]
    shown = render.markdown("See [1]: leave is 30 days. [1][2]\n", cited)
    assert shown == "See [1]: leave is 30 days. [[1]](https://docs.example.com/travel.pdf#page=72)[2]\n"
    assert render.fallback(shown) == "See [1]: leave is 30 days. [1][2]"
    hostile = render.markdown("Leave. [1]", [citation(1, url="https://docs.example.com/a)<!channel>.pdf")])
    assert hostile == "Leave. [[1]](https://docs.example.com/a%29%3C!channel%3E.pdf)"


def test_a_stopped_or_degraded_answer_says_so() -> None:
    shown = sentences("One.")
    below = render.blocks(answered(shown, notes=("stopped",)), "id")
    assert "Stopped." in str(below)
    below = str(render.blocks(answered(shown, degraded_reason="model_timeout", notes=("quoted",)), "id"))
    assert texts.of().degraded["model_timeout"].format(instead=texts.of().says["quoted_instead"]) in below
    assert texts.of().notes["quoted"] not in below
    kept = str(render.blocks(answered(shown, degraded_reason="model_cut", notes=("cut",)), "id"))
    assert texts.of().notes["cut"] in kept and texts.of().says["quoted_instead"] not in kept, (
        "what is shown is the model's"
    )
    quoted = str(render.blocks(answered(shown, degraded_reason="model_cut", notes=("quoted",)), "id"))
    assert texts.of().says["quoted_instead"] in quoted and texts.of().notes["cut"] not in quoted
    refused = Answer(Outcome.REFUSED, "", degraded_reason="budget_reached")
    assert texts.of().says["refused_instead"] in str(render.blocks(refused, "id")), "nothing is quoted in a refusal"


def test_an_address_that_no_cited_passage_states_is_no_link() -> None:
    quoting = citation(1, quote="Write to hr@example.com.")
    assert render.markdown("Ask hr@example.com [1].", [quoting]) == "Ask hr@example.com [1]."
    assert render.markdown("Ask mark@bad.test [1].", [quoting]) == "Ask mark@bad[.]test [1]."
    assert render.markdown("Ask hr@example.com.") == "Ask hr@example[.]com."


def test_only_a_cut_or_failed_answer_offers_another_try() -> None:
    shown = sentences("One.")
    offers = {
        "whole": render.blocks(answered(shown), "id", "value"),
        "cut": render.blocks(answered(shown, degraded_reason="model_cut"), "id", "value"),
        "failed": render.blocks(Answer(Outcome.FAILED, "", error=("internal", "x")), "id", "value"),
    }
    assert {name for name, below in offers.items() if "'again'" in str(below)} == {"cut", "failed"}


HOSTILE = st.text(
    st.sampled_from("<>&!@#|[]()*_`~\n\u202e\u200b ab") | st.characters(codec="utf-8", exclude_categories=["Cs"]),
    max_size=200,
) | st.sampled_from(["<!channel>", "<@U1>", "<https://evil.example|click>", "![x](https://evil.example/x.png)"])


@given(HOSTILE, HOSTILE, HOSTILE, st.text("abc ", max_size=3000))
def test_no_document_and_no_model_can_speak_for_slack(title: str, section: str, text: str, long: str) -> None:
    facts: dict[str, Any] = {"title": title, "section": (section, long)}
    answer = answered(sentences(text))
    cited = [citation(n + 1, **facts) for n in range(30)]
    near = (Closest("d", title, (section, long), 1, section, None, quote=title + section),)
    below = [*render.sources(cited), *render.closest(near), render.feedback_block("id")]
    said = render.markdown(answer.text)
    whole = render.message_blocks(said, below)
    assert check_blocks(whole) is None
    everything = json.dumps([whole, render.fallback(said, below)], ensure_ascii=False)
    assert "<" not in everything
    assert "evil.example" not in everything
    assert "\u202e" not in everything
    assert len(render.fallback(said, below)) <= 4000


@given(st.text(st.sampled_from("ab.\n "), max_size=400), st.integers(5, 60))
def test_parts_are_the_text_and_short_enough(text: str, limit: int) -> None:
    found = render.parts(text, limit)
    assert "".join(found) == text
    assert all(len(part) <= limit for part in found)


def test_parts_end_at_a_boundary() -> None:
    text = "One sentence here. " * 20
    assert all(part.endswith(". ") for part in render.parts(text, 100))


def test_who_is_to_be_asked_is_named_by_a_document_and_is_never_live() -> None:
    ask = "[People team](https://evil.example) <!channel>"
    told = render.tail(Answer(Outcome.REFUSED, "", ask=ask), "abc123")
    assert "People team" in told and "evil.example" not in told and "<!channel>" not in told
