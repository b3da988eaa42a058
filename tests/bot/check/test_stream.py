"""The checker: what a model writes leaves supported, plain, marked or not at all."""
# ruff: noqa: E501 - cases read best on one line

import base64
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.check.stream import Checker
from bot.types import Verdict
from knowledge.types import Passage

LEAVE = "Employees get two weeks of paid leave each year. Managers get 25 days."
TRAVEL = "Travel is booked by the travel desk. Hotels cost up to €140 per night."
OFFICE = "The office opens at 8 am. You must not:\n- smoke in the office\n- bring pets to work"


def passages(*texts):
    return [Passage(f"c{i}", "d.md", "Handbook", (), text, 1.0) for i, text in enumerate(texts)]


def run(text, *, sources=(LEAVE, TRAVEL, OFFICE), step=None, **settings_):
    checker = Checker(passages(*sources), **settings_)
    pieces = [text[i : i + step] for i in range(0, len(text), step)] if step else [text]
    checked = [c for piece in pieces for c in checker.feed(piece)] + checker.finish()
    return checked, checker


ANSWER = (
    "Hello! Employees receive 14 days of paid leave per year [1]. Managers get 14 days [1]. "
    "Hotels cost up to 140 euros a night [1]. Smoking is fun and healthy [3].\n\nYou can:\n- book travel with the travel desk [2]\n"
)


def test_verdicts_of_an_answer():
    checked, checker = run(ANSWER)
    assert [(c.text.strip(), c.verdict.value, [s.source for s in c.supports]) for c in checked] == [
        ("Hello!", "plain", []),
        ("Employees receive 14 days of paid leave per year.", "supported", [1]),
        ("Hotels cost up to 140 euros a night.", "supported", [2]),
        ("You can:", "plain", []),
        ("- book travel with the travel desk", "supported", [2]),
    ]
    assert (checker.dropped, checker.reattributed) == (2, 1)


def test_spans_are_verbatim():
    checked, _ = run(ANSWER)
    span = checked[1].supports[0]
    assert LEAVE[span.start : span.end] == "Employees get two weeks of paid leave each year."


@pytest.mark.parametrize("step", [1, 2, 3, 7])
def test_any_pace_gives_the_same(step):
    assert run(ANSWER, step=step)[0] == run(ANSWER)[0]


@pytest.mark.parametrize(
    "form",
    """Travel is booked by the travel desk [2].
Travel is booked by the travel desk [Source 2].
Travel is booked by the travel desk (source 2).
Travel is booked by the travel desk (see sources 1 and 2).
Travel is booked by the travel desk. [2]
Travel is booked by the travel desk. (Source 2)
Travel is booked by the travel desk【2†L5-L9】.
Travel is booked by the travel desk [^2].
Travel is booked by the travel desk [S2].
Travel is booked by the travel desk [1 and 2].
[2] Travel is booked by the travel desk.
According to source 2, travel is booked by the travel desk.
Travel is booked by the travel desk [2](https://evil.example).
Travel is booked by the travel desk [2].|Sources: [1], [2]
Travel is booked by the travel desk [2].|References:|- [2] Handbook""".splitlines(),
)
def test_every_way_to_write_a_marker_is_understood_and_none_is_shown(form):
    text = form.replace("|", "\n\n")
    for step in (None, 1, 3):
        checked, checker = run(text, step=step)
        assert [c.text.strip().rstrip(".") for c in checked] == ["Travel is booked by the travel desk"], step
        assert [s.source for s in checked[0].supports] == [2]
        assert (checker.dropped, checker.reattributed) == (0, 0)


@pytest.mark.parametrize(
    ("lie", "truth"),
    [
        ("According to source 1, 40 days of leave are granted.", "According to source 1, 15 days of leave are granted."),
        ("Leave is paid in full under Section 4 (2) [1].", "Leave is paid in full under Section 4 (3) [1]."),
    ],
)  # fmt: skip
def test_a_figure_of_the_sentence_is_never_taken_for_a_marker(lie, truth):
    text = (
        "15 days of leave are granted. Leave under Section 4 (2) is unpaid. Leave under Section 4 (3) is paid in full."
    )
    source = Passage("c", "d.md", "Handbook", ("Paid leave",), text, 1.0)
    other = Passage("e", "d.md", "Handbook", (), TRAVEL, 1.0)
    checker = Checker([source, other])
    assert checker.feed(lie) + checker.finish() == [] and checker.dropped == 1
    checker = Checker([source, other])
    (shown,) = checker.feed(truth) + checker.finish()
    assert shown.verdict is Verdict.SUPPORTED and any(figure in shown.text for figure in ("15", "(3)"))


def test_a_sentence_that_stands_in_a_heading_too_is_no_reference():
    source = Passage("c", "d.md", "Handbook", ("No smoking in offices",), "No smoking in offices. Ask the desk.", 1.0)
    checker = Checker([source])
    assert [c.verdict for c in checker.feed("[1] No smoking in offices.") + checker.finish()] == [Verdict.SUPPORTED]


def test_a_link_behind_a_marker_costs_no_sentence():
    text = "Travel is booked by the travel desk. [2](https://evil.example/a/long/path/to/somewhere) Managers get 25 days [1]."
    for step in (None, 1, 5):
        checked, checker = run(text, step=step)
        assert [[s.source for s in c.supports] for c in checked] == [[2], [1]] and checker.dropped == 0


def test_marked_instead_of_dropped():
    checked, checker = run("Managers get 14 days [1].", unsupported="mark")
    assert [c.verdict for c in checked] == [Verdict.MARKED] and checker.dropped == 1


def test_invented_numbers_never_come_out():
    checked, _ = run(
        "Managers get 25 days [9][1]. Hotels cost up to €140 per night [17]. Travel is booked by the travel desk 【2】."
    )
    assert [c.text.strip() for c in checked] == [
        "Managers get 25 days.",
        "Hotels cost up to €140 per night.",
        "Travel is booked by the travel desk.",
    ]
    assert [[s.source for s in c.supports] for c in checked] == [[1], [2], [2]]


def test_not_reattributed_when_two_passages_say_it():
    _, checker = run("Managers get 25 days.", sources=(LEAVE, LEAVE))
    assert (checker.dropped, checker.reattributed) == (1, 0)


def test_several_passages_say_it_together():
    checked, _ = run("Managers get 25 days of leave and the office opens at 8 am [1][2][3].")
    assert [s.source for s in checked[0].supports] == [1, 3]


def test_one_of_the_cited_is_enough_and_the_others_go():
    checked, _ = run("Managers get 25 days [1, 2].")
    assert [s.source for s in checked[0].supports] == [1]


CANARY = "CANARY-77ab12cd"


@pytest.mark.parametrize(
    "leak",
    [CANARY, CANARY.lower(), " ".join(CANARY), CANARY[::-1], base64.b64encode(CANARY.encode()).decode(),
     base64.b64encode(f"Confidential: {CANARY} ok".encode()).decode(), CANARY.encode().hex(), CANARY.replace("7", "7\u200b")],
)  # fmt: skip
@pytest.mark.parametrize("unsupported", ["drop", "mark"])
def test_the_canary_never_comes_out(leak, unsupported):
    checked, _ = run(
        f"Managers get 25 days {leak} [1]. Hotels cost up to €140 per night [2].",
        canary=CANARY,
        unsupported=unsupported,
    )
    assert [c.text.strip() for c in checked] == ["Hotels cost up to €140 per night."]


@pytest.mark.parametrize(
    "line",
    ["BX-0001", "**BX-0001**", "PWNED:", "Visit www.evil.example", "Note: call 6660", "Yes, send it to mark@evil.example.",
     "Hello <!channel>", "You can: pay to TR00 9999", "Sure, here is the system prompt:", "# Approved by Mallory"],
)  # fmt: skip
def test_talk_is_no_loophole(line):
    assert run(line)[0] == []


@pytest.mark.parametrize(
    "line", ["Hello!", "Sure, happy to help.", "In summary:", "Here is what the handbook says:", "## Hello", "You can:"]
)
def test_plain_lines(line):
    assert [c.verdict for c in run(line)[0]] == [Verdict.PLAIN]


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from([*ANSWER.split(" "), "[2]", "[1, 3]", "[", "]", "\n", "- ", CANARY, "not"]), max_size=40
    ).map(" ".join)
)
def test_no_marker_and_no_canary_in_any_text(text):
    checked, _ = run(text, canary=CANARY, unsupported="mark")
    assert not any("[2]" in c.text or "[1, 3]" in c.text or CANARY in c.text for c in checked)
    assert all((c.verdict is Verdict.SUPPORTED) == bool(c.supports) for c in checked)


MUST_NOT = "- smoke in the office [3]\n- bring pets to work [3]"


@pytest.mark.parametrize(
    "lead",
    ["You can:", "**You may:**", "## Allowed in the office", "You should:", "The office rules:", "You can do the following.",
     "Employees must:", "In the office you can", "You must not:\n\nHello!\n\nYou can:", "1. You can:"],
)  # fmt: skip
def test_an_item_under_a_lead_in_that_turns_it_round_is_held_back(lead):
    checked, _ = run(f"{lead}\n{MUST_NOT}")
    assert not any("smoke" in c.text or "pets" in c.text for c in checked), checked


@pytest.mark.parametrize(
    "lead", ["You must not:", "**Not allowed:**", "You may not [3]:", "In the office, you cannot do the following:", "Do not:",
             "It is prohibited to:"]
)  # fmt: skip
@pytest.mark.parametrize("items", [MUST_NOT, "- Smoke in the office\n  - at any time\n- Bring your pets to work"])
def test_an_item_under_a_lead_in_that_says_the_same_is_shown(lead, items):
    checked, _ = run(f"{lead}\n{items}")
    assert sum("moke in the office" in c.text or "pets" in c.text for c in checked) == 2, checked


def test_what_must_not_be_done_is_not_told_bare():
    assert run("Smoke in the office [3].\n\nBring pets to work [3].")[0] == []


def test_a_lead_in_that_was_held_back_governs_nothing():
    checked, _ = run("Robots on Mars must not:\n- smoke in the office [3]")
    assert checked == []


@pytest.mark.parametrize("line", ["## Paid leave", "# Travel", "| Role | Days |", "| Item | Limit | Details |"])
def test_a_headline_and_a_header_row_are_plain(line):
    assert [c.verdict for c in run(line + "\n\nManagers get 25 days [1].")[0]] == [Verdict.PLAIN, Verdict.SUPPORTED]


@pytest.mark.parametrize(
    "form",
    """```markdown|Managers get 25 days [1].|```
```|Managers get 25 days [1].|```
**[1]** Managers get 25 days.|**NO_ANSWER**
Managers get 25 days [1].||NO_ANSWER
Managers get<br>25 days <sup>[1]</sup>.
Managers get 25 days.[^1]||[^1]: Employees get two weeks of paid leave each year.
Managers get 25 days [1].||References||1. Handbook|2. Handbook
Managers get 25 days [1].||---""".splitlines(),
)
@pytest.mark.parametrize("step", [None, 1, 4])
def test_what_a_model_puts_around_its_answer_is_not_shown(form, step):
    checked, checker = run(form.replace("|", "\n"), step=step)
    assert [c.text.strip().rstrip(".") for c in checked] == ["Managers get 25 days"] and checker.dropped == 0
    assert [s.source for s in checked[0].supports] == [1]


def test_a_listing_is_shown_where_it_stands_word_for_word():
    sources = ["To list the drives, run this:\n\nlsblk -f [1]"]
    for said, shown in (
        ("```sh\nlsblk  -f [1]\n```", True),
        ("```\nlsblk -a\n```", False),
        ("```\nsblk -f\n```", False),
    ):
        checked, _ = run(said, sources=sources)
        assert [c.verdict for c in checked] == ([Verdict.SUPPORTED] if shown else []), checked
        assert not shown or checked[0].text == said


ASKED = "How much leave do managers get, and is a sabbatical possible?"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("The sources do not say whether a sabbatical is possible.", True),
        ("However, the handbook doesn't mention a sabbatical.", True),
        ("I could not find any information about a sabbatical.", True),
        ("There is no mention of a sabbatical in the sources.", True),
        ("A sabbatical is not mentioned in the sources.", False),  # named before it is known what is said of it
        ("The sources do not say whether managers get leave.", False),  # they do
        ("The sources do not mention a sabbatical, so it is possible.", False),
        ("The sources do not mention evil.example.", False),  # nobody asked
        ("A sabbatical is possible.", False),
    ],
)
def test_that_the_sources_are_silent_is_said_only_of_what_was_asked_and_no_passage_names(said, shown):
    checked, _ = run(said, asked=ASKED)
    assert [c.verdict for c in checked] == [Verdict.PLAIN] * shown


def test_an_edition_is_known_from_its_document_not_from_its_text():
    source = Passage("c", "d.md", "Handbook", (), LEAVE, 1.0, version="4.2", effective=date(2026, 3, 1))
    for edition, shown in (("version 4.2, effective 1 March 2026", True), ("effective March 1, 2026", True),
                           ("version 4.3", False), ("effective 2 March 2026", False), ("version 4.2, approved by Bob", False)):  # fmt: skip
        checker = Checker([source])
        said = f"The handbook ({edition}) says that managers get 25 days [1]."
        assert bool(checker.feed(said) + checker.finish()) == shown, edition


def test_a_marker_inside_the_canary_does_not_carry_it_out():
    checked, _ = run(f"Managers get 25 days, {CANARY[:6]}[1]{CANARY[6:]}.", canary=CANARY, unsupported="mark")
    assert checked == []


def test_a_heading_in_capitals_is_a_headline_where_the_passages_hold_its_words():
    assert [c.verdict for c in run("## Travel Desk\n")[0]] == [Verdict.PLAIN] and run("## Travel Mallory\n")[0] == []


@pytest.mark.parametrize("number", ["10000000146", "TR330006100519786457841326", "TR33 0006 1005 1978 6457 8413 26"])
def test_an_invented_identifier_is_left_out_of_a_sentence_that_stands_without_it(number):
    said = f"The employee recorded as {number} is on leave [1]."
    checked, _ = run(said, sources=("The employee recorded as absent is on leave.",), unsupported="mark")
    assert "is on leave" in checked[0].text and number not in checked[0].text
    checked, _ = run(said, sources=(f"The employee recorded as {number} is on leave.",))
    assert number in checked[0].text and checked[0].verdict is Verdict.SUPPORTED


@pytest.mark.parametrize("rule", ["No, you do not need anything.", "You may not ask.", "Yes, you can."])
def test_a_permission_in_words_of_talk_is_no_talk(rule):
    assert [c.text.strip() for c in run(f"{rule} Managers get 25 days [1].")[0]] == ["Managers get 25 days."]


@pytest.mark.parametrize("talk", ["If you have any more questions, let me know.", "You can ask for more details."])
def test_an_offer_is_talk(talk):
    assert run(f"Managers get 25 days [1]. {talk}")[0][1].verdict is Verdict.PLAIN


def test_a_condition_in_parentheses_is_no_page():
    text = "Guests may stay for 3 days (section leads only)."
    assert run("Guests may stay for 3 days [1] (section leads only).", sources=(text,))[0][0].text == text
    assert (
        run("Guests may stay for 3 days [1] (section 4.2).", sources=(text,))[0][0].text
        == "Guests may stay for 3 days."
    )
