import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.types import Question, Turn
from bot.understanding.directives import Directive, directive
from bot.understanding.follow_up import (
    THREAD_WORDS,
    Resolved,
    leans,
    points,
    resolve,
)
from bot.understanding.parts import parts
from tests.rows import each

LEAVE = "How many leave days do employees get?"
THREAD = (Turn("user", LEAVE), Turn("agent", "Employees get 25 days a year."))


def wanted(codes: str) -> Directive:
    """ "shorter language:fr" as a directive."""
    manners = [code for code in codes.split() if ":" not in code]
    tongues = [code.removeprefix("language:") for code in codes.split() if ":" in code]
    return Directive(*(manners or [None]), *tongues)


def ask(text: str, history: tuple[Turn, ...] = THREAD) -> Resolved:
    return resolve(Question("q", text, history))


def in_thread(text: str, history: tuple[Turn, ...] = THREAD) -> Resolved:
    """As it goes on from the thread, whether or not it surely does."""
    return ask(text, history).threaded


def test_thanks_before_a_new_question_do_not_keep_the_old_topic() -> None:
    resolved = ask("ok thanks. what is the nightly hotel limit in Berlin?")
    assert resolved.standalone == "what is the nightly hotel limit in Berlin?"


def test_a_first_question_is_searched_as_it_is() -> None:
    assert ask("Where is the form?", ()) == Resolved(
        (("Where is the form?", 1.0),), Directive(), "Where is the form?", "Where is the form?"
    )


def test_an_ellipsis_is_searched_with_its_thread() -> None:
    resolved = ask("and for managers?")
    assert resolved.texts[0][0] == resolved.standalone  # two words mean nothing to a search
    assert all(word in resolved.texts[1][0] for word in ("leave days", "25 days", "managers"))
    assert resolved.texts[1][1] > 0.3
    assert "leave days" in resolved.standalone and "managers" in resolved.standalone


@each("before, own, standalone")
def test_another_code_of_the_same_make_takes_its_place(before: str, own: str, standalone: str) -> None:
    assert in_thread(own, (Turn("user", before), Turn("agent", "It says so."))).standalone == standalone


def test_a_follow_up_and_its_question_are_one_question() -> None:
    assert len(parts(ask("and how long is it for managers?").standalone)) == 1


def test_a_question_that_stands_alone_is_answered_by_itself() -> None:
    resolved = ask("Which expenses does the company reimburse for home internet?")
    assert resolved.standalone == "Which expenses does the company reimburse for home internet?"
    assert resolved.texts[0][1] > 0.5


@each(
    "text, searched",
    [
        ("no, I meant contractors", f"{LEAVE[:-1]} contractors"),
        ("Sorry, I meant for contractors.", f"{LEAVE[:-1]} for contractors"),
        ("That's not what I asked, I meant contractors", f"{LEAVE[:-1]} contractors"),
        ("not employees, contractors", "How many leave days do contractors get?"),
        ("I was asking about interns, not employees", "How many leave days do interns get?"),
        ("hours, not days", "How many leave hours do employees get?"),
        ("leave hours instead of leave days", "How many leave hours do employees get?"),
    ],
)
def test_a_correction_changes_the_question_before(text: str, searched: str) -> None:
    assert ask(text).standalone == searched
    assert ask(text).texts[0][0] == searched


@each("text, directive")
def test_a_directive_is_about_the_question_before(text: str, directive: str) -> None:
    resolved = ask(text)
    assert (resolved.directive, resolved.standalone) == (wanted(directive), LEAVE)


@each("text", ["No, not yet.", "no, it was cancelled", "Not right now", "No, none of those"])
def test_an_answer_with_no_corrects_nothing(text: str) -> None:
    assert ask(text).texts[1][0].startswith(LEAVE) and len(ask(text).texts[1][0].split()) > 10  # the whole thread


@each("text", ["no, contractors", "sorry, for contractors", "actually contractors"])
def test_a_bare_thing_after_a_no_corrects(text: str) -> None:
    assert ask(text).texts[1][0].removeprefix("for ") == "contractors"


def test_a_figure_takes_the_place_of_the_one_before_in_its_unit() -> None:
    history = (Turn("user", "who approves a purchase of 12,000 euros within 3 days?"), Turn("agent", "The board."))
    asked = in_thread("who signs off 800 euros", history).standalone
    assert asked == "who approves a purchase of 800 euros within 3 days who signs off 800 euros"
    history = (Turn("user", "notice period with 3 years of service"), Turn("agent", "2 months."))
    assert "3 years" not in ask("i have been here eleven years, how much notice", history).standalone
    history = (Turn("user", "3 days off if I was hired 60 days ago?"), Turn("agent", "Yes."))
    assert "3 days off if I was hired 60 days ago" in ask("and for 10 days?", history).standalone


def test_directives_in_a_row_reach_back_to_the_question() -> None:
    history = (
        *THREAD,
        Turn("user", "shorter"),
        Turn("agent", "25."),
        Turn("user", "thanks!"),
        Turn("agent", "Welcome."),
    )
    assert ask("in Spanish", history).standalone == LEAVE


def test_a_follow_up_repeated_by_a_directive_keeps_its_own_thread() -> None:
    history = (*THREAD, Turn("user", "and for managers?"), Turn("agent", "30 days."))
    resolved = ask("more detail", history)
    assert resolved.texts[0][0] == resolved.standalone
    assert "leave days" in resolved.standalone and "managers" in resolved.standalone


def test_a_language_once_wanted_stays_for_the_next_directive() -> None:
    history = (*THREAD, Turn("user", "in German"), Turn("agent", "30 Tage."))
    assert ask("shorter", history).directive == Directive("shorter", "de")
    assert ask("and for managers?", history).directive == Directive()


def test_a_directive_without_a_question_asks_for_nothing_unless_it_may_be_a_keyword() -> None:
    assert ask("more details please", ()).texts == ()
    assert ask("French", ()).texts == (("French", 1.0),)


def test_a_chain_of_ellipses_keeps_the_question_they_lean_on() -> None:
    history = (*THREAD, Turn("user", "and for contractors?"), Turn("agent", "None."))
    assert ask("and for interns?", history).standalone == f"{LEAVE[:-1]} for interns?"
    assert all(w in ask("who approves that?", history).standalone for w in ("leave days", "contractors", "approves"))


@each(
    "text, directive, question",
    [
        ("How many sick days can I take? Answer in French, please.", "language:fr", "How many sick days can I take?"),
        ("in German: how many sick days do I get?", "language:de", "how many sick days do I get?"),
        ("How many sick days do I get, please answer in Dutch", "language:nl", "How many sick days do I get"),
        ("Briefly, how do I book a hotel?", "shorter", "how do I book a hotel?"),
        ("How do I book a hotel? As a list, in simple words.", "list", "How do I book a hotel?"),
    ],
)
def test_a_directive_beside_a_question_is_taken_off_it(text: str, directive: str, question: str) -> None:
    resolved = ask(text, ())
    assert (resolved.directive, resolved.standalone) == (wanted(directive), question)


@each("text")
def test_a_question_about_form_is_no_directive(text: str) -> None:
    assert not ask(text, ()).directive


turns = st.lists(st.builds(Turn, st.sampled_from(["user", "agent"]), st.text(max_size=400)), max_size=12)


@given(st.text(min_size=1, max_size=200), turns)
def test_anything_resolves_to_texts_with_weights(text: str, history: list[Turn]) -> None:
    resolved = resolve(Question("q", text, tuple(history)))
    assert all(weight > 0 for _, weight in resolved.texts)
    assert abs(sum(weight for _, weight in resolved.texts) - 1) < 1e-9 or (not resolved.texts and resolved.directive)


@given(st.lists(st.integers(5, 120), min_size=1, max_size=30))
def test_the_newest_turns_are_kept_when_a_thread_is_long(lengths: list[int]) -> None:
    history = tuple(
        Turn("user" if i % 2 == 0 else "agent", " ".join(f"w{i}x{k}" for k in range(n))) for i, n in enumerate(lengths)
    )
    thread = ask("and then?", history).texts[-1][0].split()
    assert len(thread) <= THREAD_WORDS
    assert thread[-1] == "then?"
    assert f"w{len(lengths) - 1}x0" in thread


def test_a_language_named_in_a_question_is_no_directive() -> None:
    assert not directive("May I take a call and answer in French?")[0]


@each(
    "said, asked",
    [
        ("sorry, during probation i mean", "notice period during probation"),
        ("in der Probezeit, meinte ich", "notice period in der Probezeit"),
        ("pendant l'essai, je voulais dire", "notice period pendant l'essai"),
        ("durante la prueba, quise decir", "notice period durante la prueba"),
        ("deneme süresinde demek istedim", "notice period deneme süresinde"),
    ],
)
def test_what_is_meant_may_stand_before_the_word_that_says_so(said: str, asked: str) -> None:
    history = (Turn("user", "notice period"), Turn("agent", "One month."))
    assert resolve(Question(id="q", text=said, history=history)).standalone == asked
    assert leans(said)


@pytest.mark.parametrize("text", ["know what i mean?", "that is what i mean"])
def test_who_only_says_that_they_mean_it_corrects_nothing(text: str) -> None:
    history = (Turn("user", "notice period"), Turn("agent", "One month."))
    assert resolve(Question(id="q", text=text, history=history)).standalone == f"notice period {text}"


@each("before, own, standalone")
def test_a_figure_that_counts_nothing_takes_the_place_of_the_only_one(before: str, own: str, standalone: str) -> None:
    *earlier, last = before.split(" / ")
    history = [turn for text in (*earlier, last) for turn in (Turn("user", text), Turn("agent", "2 months"))]
    read = resolve(Question("q", own, tuple(history)))
    assert (read.standalone, read.leans) == (standalone, True)


def test_of_two_figures_none_is_taken_for_a_bare_one() -> None:
    two = Turn("user", "may i carry 3 days over after 2 years?"), Turn("agent", "Yes.")
    assert resolve(Question("q", "and 12?", two)).standalone.startswith("may i carry 3 days over after 2 years")


@each("before, own, left")
def test_a_number_of_something_else_takes_no_figure_s_place(before: str, own: str, left: str) -> None:
    assert left in in_thread(own, (Turn("user", before), Turn("agent", "20 days. [1]"))).standalone


@each("before, own, asked")
def test_another_place_takes_the_place_of_the_one_before(before: str, own: str, asked: str) -> None:
    found = resolve(Question("q", own, (Turn("user", before), Turn("agent", "So it is."))))
    assert found.standalone == asked


@each("text, pointing")
def test_a_pronoun_points_back_where_nothing_before_it_is_named(text: str, pointing: bool) -> None:
    assert points(text) == pointing


@each("text")
def test_a_short_question_about_another_thing_is_whole(text: str) -> None:
    resolved = ask(text)
    assert resolved.standalone == text and not resolved.leans


@each("text, asked")
def test_a_whole_question_behind_an_opening_is_read_alone_first(text: str, asked: str) -> None:
    resolved = ask(text)
    assert (resolved.texts, resolved.standalone, resolved.by_itself) == (((asked, 1.0),), asked, True)
    assert resolved.in_thread


@each("text")
def test_an_opening_before_what_only_the_thread_explains_leans(text: str) -> None:
    assert LEAVE.rstrip("?") in ask(text).standalone


def test_a_yes_or_no_says_what_the_bot_asked() -> None:
    asked = Turn("user", "what does a room cost?"), Turn("agent", "It depends. Is it for a conference?")
    answers = {text: ask(text, (*THREAD, *asked)) for text in ("yes please", "no", "Berlin", "the first one")}
    before = {
        text: "Is it for a conference" if text in ("yes please", "no") else "what does a room cost" for text in answers
    }
    assert {text: one.standalone for text, one in answers.items()} == {
        text: f"{before[text]} {text}" for text in answers
    }
    for one in answers.values():
        assert one.texts[1][0].endswith(f"? {one.texts[0][0]}"), "the search knows by it which text is the thread"


@each("text")
def test_a_short_question_about_a_part_of_it_leans(text: str) -> None:
    assert LEAVE.rstrip("?") in in_thread(text).standalone


def test_a_yes_or_no_before_a_wish_for_another_form_is_no_question() -> None:
    wished = [(Turn("user", word), Turn("agent", "Ok?")) for word in ("yes", "No.", "ja", "bien sûr", "evet", "claro")]
    asked = [(said[0].text, ask("shorter please", (*THREAD, *said)).standalone) for said in wished]
    assert [one for one in asked if one[1] != LEAVE] == []
