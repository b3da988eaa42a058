"""Support: faithful paraphrases of real passages pass, sentences with one fact changed do not."""
# ruff: noqa: SIM905, E501 - cases read best on one line

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.check.support import judge
from knowledge.text.words import units
from knowledge.types import Passage
from tests.eval.perturb import names_of, perturb

EVAL = Path(__file__).parent.parent.parent / "eval"
MANUAL = Path(__file__).parent.parent.parent / "corpus" / "text"
ROWS, LIES = (
    [json.loads(line) for line in (EVAL / name).read_text("utf-8").splitlines()]
    for name in ("paraphrases.jsonl", "lies.jsonl")
)


def passage(text, flagged=(), title="", section=()):
    return Passage("c", "d.md", title, section, text, 1.0, flagged=flagged)


def manual():
    """Paragraphs of the sample manual, in twos: passages as retrieval gives them."""
    for path in sorted(MANUAL.glob("*.md")):
        paragraphs = [p for p in path.read_text("utf-8").split("\n\n") if len(p) > 60]
        for i in range(0, len(paragraphs), 2):
            yield "\n\n".join(paragraphs[i : i + 2])


def supported(row):
    return judge(row["sentence"], passage(row["passage"])).supported


@pytest.mark.parametrize(("batches", "most"), [((1, 2, 3, 4), 0.05), ((5, 6), 0.12)], ids=["as a model", "freely"])
def test_few_faithful_paraphrases_are_held_back(batches, most):
    rows = [row for row in ROWS if row["batch"] in batches]
    missed = [row["sentence"] for row in rows if not supported(row)]
    assert len(rows) >= 150
    assert len(missed) <= most * len(rows), missed


@pytest.mark.parametrize(("style", "most"), [("close", 0.05), ("free", 0.28)])
def test_few_faithful_sentences_by_a_hand_that_knew_no_rule_are_held_back(style, most):
    rows = [row for row in ROWS if row.get("style") == style]
    missed = [row["sentence"] for row in rows if not supported(row)]
    assert len(rows) >= 95
    assert len(missed) <= most * len(rows), missed


@pytest.mark.parametrize(("batches", "most"), [((5, 6), 0.35), ((7, 8), 0.45)], ids=["tuned on", "by another hand"])
def test_most_lies_told_in_other_words_are_held_back(batches, most):
    rows = [row for row in LIES if row["batch"] in batches]
    shown = [row["sentence"] for row in rows if supported(row)]
    assert len(rows) >= 150
    assert len(shown) <= most * len(rows), shown


@pytest.mark.parametrize(
    ("text", "lie", "truth"),
    [
        (
            "Laptops are replaced after four years, phones after three years.",
            "Laptops are replaced after three years, phones after four years.",
            "A laptop is replaced after four years, a phone after three years.",
        ),
        (
            "The bonus is between two and 12 percent of the salary. The target is 6 percent.",
            "The bonus is between two and 6 percent of the salary, with a target of 12 percent.",
            "The bonus is between two and 12 percent of the salary, with a target of 6 percent.",
        ),
        (
            "Guests may stay up to 3 days, and contractors may stay up to 5 days.",
            "Guests stay up to 5 days; contractors up to 3 days.",
            "Guests stay up to 3 days; contractors up to 5 days.",
        ),
        (
            "Guests may stay 3 days and contractors 5 days.",
            "Contractors may stay 3 days, guests 5 days.",
            "Contractors may stay 5 days, guests 3 days.",
        ),
        (
            "Two-key encryption will no longer be approved after 2015.",
            "Two-key encryption will be approved after 2015.",
            "Two-key encryption is no longer approved after 2015.",
        ),
        (
            "Signatures have been updated in the past month.",
            "Signatures have been updated in the past week.",
            "Signatures were updated within the past month.",
        ),
        (
            "We strongly encourage teammates to report suspected misconduct internally.",
            "Teammates must report suspected misconduct internally.",
            "Teammates should report suspected misconduct internally.",
        ),
    ],
)
def test_what_changed_places_or_force_is_told_apart(text, lie, truth):
    assert judge(truth, passage(text)).supported
    assert not judge(lie, passage(text)).supported


@pytest.mark.parametrize(
    ("text", "lie", "truth"),
    [
        ("Files are cleared at the beginning of the boot.", "Files are cleared at the end of the boot.", "Files are cleared when the boot begins."),
        ("Fuel is paid by the company.", "Fuel is paid by the employee.", "The company pays the fuel."),
        ("The newsletter is sent to all subscribers every month.", "All subscribers get the weekly newsletter sent.", "The monthly newsletter is sent to all subscribers."),
        ("Trained staff are hard to replace.", "Trained staff are easy to replace.", "Trained staff are difficult to replace."),
        ("The certificate is due on the fourth calendar day of absence.", "The certificate is due on the fourth working day of absence.", "On the fourth calendar day of absence the certificate is due."),
        ("Programs should use the new folder, except those listed.", "Programs should always use the new folder.", "Programs should use the new folder, except for those listed."),
        ("We do not share contact details with advertisers.", "Contact details are given to advertisers.", "Contact details are not shared with advertisers."),
        ("The survey is sent to the admin and the owner of an account.", "The survey is sent to the admin and the owner of an account, with a copy to the sales director.", "The survey is sent to two people: the admin and the owner of an account."),
        ("The controls must be part of the contract.", "The controls do not have to be in the contract.", "It is mandatory that the controls are part of the contract."),
        ("All risks are reviewed at least annually.", "All risks are reviewed at least twice a year.", "All risks are looked at again at least once a year."),
        ("The leave lasts at most twelve months.", "The leave lasts at least a year.", "The leave lasts no longer than a year."),
        ("Pool cars are returned with at least half a charge.", "Pool cars are returned with at most half a charge.", "Pool cars are returned with a charge of at least fifty percent."),
    ],
)  # fmt: skip
def test_what_excludes_one_another_is_told_apart_from_other_words_for_the_same(text, lie, truth):
    assert judge(truth, passage(text)).supported
    assert not judge(lie, passage(text)).supported


def test_changed_facts_of_the_sample_manual_are_caught():
    texts = list(manual())
    names = [name for text in texts[:40] for name in names_of(text)]
    made, caught = Counter(), Counter()
    for text in texts:
        for unit in units(text):
            sentence = text[unit.start : unit.end]
            if 40 < len(sentence) < 300:
                for kind, changed in perturb(sentence, text, names, seed=7):
                    if changed not in text:
                        made[kind] += 1
                        caught[kind] += not judge(changed, passage(text)).supported
    rate = {kind: caught[kind] / made[kind] for kind in made}
    assert sum(made.values()) >= 200, made
    assert rate["number"] >= 0.9 and rate["number_elsewhere"] >= 0.85, (rate, made)
    assert rate["negation"] >= 0.7 and rate["modal"] >= 0.7, (rate, made)
    assert rate["name"] >= 0.8 and rate["bound"] >= 0.9, (rate, made)


def test_what_a_passage_says_word_for_word_is_always_supported():
    for text in manual():
        for unit in units(text):
            sentence = text[unit.start : unit.end]
            judged = judge(sentence, passage(text))
            if len(sentence.split()) > 2:
                assert judged.supported, (sentence, judged.missing)
                assert sentence in text[judged.start : judged.end]


@given(
    st.lists(
        st.sampled_from("Staff must not smoke may carry 5 days without approval €40 by 3 March the a".split()),
        min_size=3,
        max_size=12,
    )
)
def test_any_sentence_supports_itself(words):
    sentence = " ".join(words) + "."
    assert judge(sentence, passage(f"Intro here.\n\n{sentence}\n\nOther text.")).supported


LEAVE = "Employees get two weeks of paid leave each year. Managers get 25 days. Staff may not carry over more than thirty (30) days."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (LEAVE, "Employees receive 14 days of paid leave per year."),
        (LEAVE, "Staff cannot carry over more than 30 days."),
        ("Hotels cost up to EUR 40 per night.", "Hotels cost up to 40 euros a night."),
        ("Hotels cost up to €1,500 per month.", "Hotels cost up to EUR 1.5k a month."),
        ("The office closes at 17:00 on Fridays.", "The office closes at 5 pm on Friday."),
        ("The rule applies from 2024-03-01 to contractors.", "The rule applies from March 1, 2024 to contractors."),
        ("The rule applies from 1 March 2024 to contractors.", "The rule applies from March 1st, 2024 to contractors."),
        ("A notice of ten to fifteen days is given.", "A notice of 10-15 days is given."),
        ("The rate rises by 12 percent.", "The rate rises by 12%."),
        ("You must not:\n- smoke in the office\n- bring pets to work", "You must not bring pets to work."),
        (
            "| Grade | Days of leave |\n|---|---|\n| Junior staff | 20 |\n| Senior staff | 25 |",
            "Senior staff have 25 days of leave.",
        ),
        ("Overtime is optional for part-time staff.", "Overtime is not required for part-time staff."),
    ],
)
def test_said_in_another_way(text, sentence):
    assert judge(sentence, passage(text)).supported, judge(sentence, passage(text))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (LEAVE, "Managers get 14 days."),
        (LEAVE, "Staff may carry over more than 30 days."),
        (LEAVE, "Employees get two months of paid leave each year."),
        ("Hotels cost up to €40 per night.", "Hotels cost up to $40 per night."),
        ("Visitors may park in the yard.", "Visitors must park in the yard."),
        ("You must not:\n- smoke in the office\n- bring pets to work", "You may bring pets to work."),
        ("Approval by Finance is required for flights.", "Approval by Legal is required for flights."),
        ("Overtime is optional for part-time staff.", "Overtime is required for part-time staff."),
        ("The rule applies from 1 March 2024 to contractors.", "The rule applies from 1 April 2024 to contractors."),
        (
            'The form says "not for resale without consent" at the top.',
            'The form says "not for hire without consent" at the top.',
        ),
        ("Ask the help desk.", "42"),
    ],
)
def test_not_said(text, sentence):
    assert not judge(sentence, passage(text)).supported, judge(sentence, passage(text))


BOUNDED = [
    ("at least 14 days", "14 days or more", "no fewer than 14 days", "a minimum of 14 days", "no less than two weeks"),
    ("up to 25 days", "at most 25 days", "no more than 25 days", "a maximum of 25 days", "25 days or less"),
]


@pytest.mark.parametrize("said", [0, 1])
def test_bounds(said):
    for text in BOUNDED[said]:
        source = passage(f"Staff of the shop take {text} of leave in a row. The shop has 30 rooms.")
        for same in BOUNDED[said]:
            assert judge(f"In a row, staff of the shop can take {same} of leave.", source).supported, (text, same)
        for other in BOUNDED[1 - said]:
            turned = other.replace("14", "25").replace("two weeks", "25 days") if said else other.replace("25", "14")
            assert not judge(f"Staff of the shop take {turned} of leave in a row.", source).supported, (text, turned)


@pytest.mark.parametrize(
    ("text", "same", "other"),
    [
        (
            "Notify the team at least 30 days before you move.",
            "Tell the team no later than 30 days before you move.",
            "Tell the team 30 days after you move.",
        ),
        ("Rooms cost less than 40 euros a night.", "A room costs under €40 a night.", "A room costs over €40 a night."),
        (
            "Loans made before July 1, 1993 are deferred.",
            "Loans that were made before July 1, 1993 are deferred.",
            "Loans made after July 1, 1993 are deferred.",
        ),
        (
            "The desk answers within four hours.",
            "The desk answers after four hours at the latest.",
            "The desk answers after four hours.",
        ),
        (
            "The bill must not exceed 50 euros.",
            "The bill must be at most 50 euros.",
            "The bill must be at least 50 euros.",
        ),
    ],
)
def test_before_after_and_others(text, same, other):
    assert judge(same, passage(text)).supported, judge(same, passage(text))
    assert not judge(other, passage(text)).supported


NAMED = "Flights are approved by the Finance team before they are booked. Contracts with customers are signed by Legal."


@pytest.mark.parametrize(
    ("sentence", "supported"),
    [
        ("The Finance team approves flights before they are booked.", True),
        ("The Legal team approves flights before they are booked.", False),
        ("Customer contracts are signed by Legal.", True),
        ("Customer contracts are signed by Finance.", False),
    ],
)
def test_a_name_is_bound_to_what_is_said_of_it(sentence, supported):
    assert judge(sentence, passage(NAMED)).supported is supported


@pytest.mark.parametrize(
    ("sentence", "supported"),
    [
        ("Hotels are booked by the travel desk.", True),
        ("I would have hotels booked by the travel desk.", False),
        ("In my view hotels are booked by the travel desk.", False),
        ("Shall hotels be booked by the travel desk?", False),
        ("Class I hotels are booked by the travel desk.", True),
    ],
)
def test_what_the_writer_says_for_himself_or_asks_is_not_in_the_manual(sentence, supported):
    text = "Class I and II hotels are booked by the travel desk."
    assert judge(sentence, passage(text)).supported is supported


def test_a_verdict_before_a_dash_denies_nothing():
    text = "Contractors may not work from abroad."
    assert judge("**No** — contractors may not work from abroad.", passage(text)).supported
    assert not judge("**Yes** — contractors may work from abroad.", passage(text)).supported


def test_a_manual_may_let_its_reader_ask():
    text = "May I carry over days? Yes, I may carry over ten days until March."
    assert judge("I may carry over ten days until March.", passage(text)).supported
    assert judge("May I carry over days?", passage(text)).supported


def test_flagged_text_supports_nothing():
    text = "Leave is booked online. Tell employees to pay the fee at once. Receipts are kept."
    at = text.index("Tell"), text.index(" Receipts")
    assert judge("Tell employees to pay the fee at once.", passage(text)).supported
    assert not judge("Tell employees to pay the fee at once.", passage(text, (at,))).supported


def test_the_span_is_where_it_stands():
    judged = judge("Managers receive 25 days.", passage(LEAVE))
    assert judged.supported and LEAVE[judged.start : judged.end] == "Managers get 25 days."
