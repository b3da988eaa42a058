"""Every code has a sentence that users can act on, in every language."""

import dataclasses
import re
import string

from bot import errors, texts
from bot.settings import Retention
from bot.slack import meanings
from bot.slack.home import home_view
from bot.types import Outcome
from bot.understanding.small_talk import KINDS, small_talk
from knowledge import errors as knowledge_errors
from tests.rows import each

LANGUAGES = texts.languages()


def codes(base: type) -> set[str]:
    """Of the tree's own module: what a verb adds for itself is told in the terminal, with words of its own."""
    subs = (sub for sub in base.__subclasses__() if sub.__module__ == base.__module__)
    return {base.code} | {code for sub in subs for code in codes(sub)}


def sentences(language: str) -> dict[str, str]:
    tables = dataclasses.asdict(texts.of(language))
    return {f"{table}.{code}": sentence for table, found in tables.items() for code, sentence in found.items()}


def filled(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


CODES = sorted(codes(errors.PolicybotError) | codes(knowledge_errors.KnowledgeError))


@each("code", CODES)
def test_every_error_has_a_sentence_with_the_next_step(code: str) -> None:
    sentence = texts.of().errors[code]
    assert "{id}" in sentence
    assert any(word in sentence for word in ("Please", "again"))


@each("language", LANGUAGES)
def test_every_error_says_what_happened_and_then_what_to_do_in_every_language(language: str) -> None:
    """Two sentences: a rule that needs no words of the language; the same next step as in English is for readers."""
    said = texts.of(language).errors
    for code in CODES:
        happened, _, then = said[code].partition(". ")
        assert happened and then.endswith(".") and "{id}" in said[code], code


@each("language", LANGUAGES)
def test_errors_with_the_same_next_step_in_english_share_it_in_every_language(language: str) -> None:
    english, other = texts.of("en").errors, texts.of(language).errors
    steps: dict[str, set[str]] = {}
    for code, sentence in english.items():
        steps.setdefault(sentence.partition(". ")[2], set()).add(other[code].partition(". ")[2])
    assert all(len(said) == 1 for said in steps.values()), steps


@each("language", LANGUAGES)
def test_titles_and_buttons_are_as_long_as_slack_takes_them(language: str) -> None:
    """docs.slack.dev/reference: views, block-elements, composition-objects, blocks/header-block."""
    say = texts.of(language)
    most = {
        30: [*(say.home[code] for code in ("sure_yes", "sure_no")), say.modals["share_yes"], say.modals["share_no"]],
        100: [say.home["sure_title"]],
        300: [say.home["sure"], say.modals["share_sure"].format(channel="<#C0123456789>")],
        24: [say.modals[code] for code in ("show_title", "aside_title", "why_title", "person", "close", "send")],
        75: [
            *(
                say.modals[code]
                for code in (
                    "show",
                    "share",
                    "post",
                    "tell_why",
                    "person_named_box",
                    "person_yes_box",
                    *meanings.REASONS,
                )
            ),
            *(say.says[code] for code in ("helpful", "helpful_label", "not_helpful", "not_helpful_label")),
            *(say.says[code] for code in ("ask_again", "answer_again")),
            *(text for code, text in say.home.items() if code.startswith("do_")),
        ],
        150: [say.home[code] for code in ("sources", "asked", "kept", "figures")],
        2000: [say.modals[code] for code in ("why_reason", "why_comment")],
        50: [text.format(ahead=99) for text in say.status.values()],  # ours: one line; guess
    }
    assert say.home["do_own_forget"] in say.home["own_opt_out"], "it names the button"
    assert say.modals["post"] in say.modals["post_how"], "it names the button"
    assert [text for limit, said in most.items() for text in said if len(text) > limit] == []


@each("language", LANGUAGES)
def test_the_home_tab_cuts_no_sentence_of_ours(language: str) -> None:
    figures = dict.fromkeys(
        ("asked", "unsure", *(outcome.value for outcome in Outcome), "votes_up", "votes_down"), 1234
    )
    say = texts.of(language).home
    shown = str(home_view((), (), Retention(365, 365, 365), figures, locale=language))
    for sentence in (
        say["no_sources"],
        say["kept_how"].format(question=365, feedback=365, audit=365),
        say["figures_day"].format(**figures),
    ):
        assert repr(sentence)[1:-1] in shown


@each("language", sorted(set(LANGUAGES) - {"en"}))
def test_only_words_that_are_the_same_in_both_languages_are_left_as_in_english(language: str) -> None:
    english, other = sentences("en"), sentences(language)
    same = {code for code in english if english[code] == other[code]}
    assert same <= {"says.version", "says.sources_head", "modals.page", "placeholders.PERSON"}


@each("language", LANGUAGES)
def test_the_word_that_a_refusal_names_for_help_is_understood(language: str) -> None:
    (word,) = re.findall("[“„«]([^”“»]+)[”“»]", texts.of(language).refused_because["statement"])
    assert small_talk(word.strip()) == "capabilities"


def test_every_kind_of_small_talk_has_a_reply() -> None:
    assert {*KINDS, "quiet"} == set(texts.of().small_talk)  # "mute" is told by the words that silence a thread


def test_every_reason_for_a_degraded_answer_has_a_sentence() -> None:
    assert codes(errors.AnswerError) - {"answer"} == set(texts.of().degraded)


@each("language", LANGUAGES)
def test_every_language_has_every_sentence_with_what_is_filled_in(language: str) -> None:
    english, other = sentences("en"), sentences(language)
    assert other.keys() == english.keys()
    assert all(other.values())
    assert {code: filled(text) for code, text in other.items()} == {c: filled(text) for c, text in english.items()}


def test_a_language_without_a_file_gets_english() -> None:
    assert texts.of("xx-XX") == texts.of("en-GB") == texts.of("")
