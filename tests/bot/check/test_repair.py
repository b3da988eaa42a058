"""What fails gives way to the manual's own sentence, and nothing is left hanging."""

# ruff: noqa: E501 - cases read best on one line

import json

from tests.bot.check.test_checker import lines, run
from tests.bot.check.test_examples import Says
from tests.rows import each


def test_nothing_is_quoted_twice_and_a_row_comes_with_its_header():
    table = "City | Limit\nBerlin | 130 euros\nParis | 160 euros"
    checked, _ = run(
        "In Berlin the limit is generous: a full 130 euros [1]. For Berlin it is 130 euros, no less [1].",
        sources=(table,),
        manner="no",
    )
    assert lines(checked) == ["“City: Berlin; Limit: 130 euros”"]


def test_a_sentence_that_leans_on_a_missing_one_is_shown_by_its_own_proof():
    checked, checker = run("Penguins rule the harbour [1]. It is booked by the travel desk, all travel [2].")
    assert lines(checked) == ["“Travel is booked by the travel desk.”"]
    assert [h.reason for h in checker.held_back] == ["unsupported", "leans"]


@each("item", ["2.", "*", "-", "3)"])
def test_a_quoted_item_keeps_its_place_in_the_list(item):
    said = f"On travel:\n{item} Travel is booked at the travel desk by nobody [2]"
    assert lines(run(said, manner="no")[0]) == ["On travel:", f"{item} “Travel is booked by the travel desk.”"]


def test_a_quoted_row_stays_a_row_of_its_table():
    table = "City | Limit\nBerlin | 130 euros\nParis | 160 euros"
    said = "| City | Costs |\n|---|---|\n| Berlin, always | 130 euros [1] |"
    assert lines(run(said, sources=(table,), manner="no")[0])[-1] == "| “City: Berlin; Limit: 130 euros” |"


WIDE = """Fees are per night. The latest date is told at the desk.
Animal | up to 5 kg | over 5 to 15 kg | Latest pick-up
Cat | £14 | £16 | 18:30
Dog | £17 | £21 | 19:00"""
CAT, DOG = (
    f"“Animal: {name}; up to 5 kg: {one}; over 5 to 15 kg: {other}; Latest pick-up: {at}”"
    for name, one, other, at in (("Cat", "£14", "£16", "18:30"), ("Dog", "£17", "£21", "19:00"))
)
HEADER = "| Animal | up to 5 kg | over 5 to 15 kg |\n|---|---|---|\n"


@each(
    "said, whole",
    [
        (f"{HEADER}| Cat | £14 | £19 [1] |\n| Dog | £17 | £21 [1] |", f"{CAT}\n\n{HEADER}| Dog | £17 | £21 |"),
        (f"Fees:\n\n{HEADER}| Cat | £14 | £19 [1] |\n| Dog | £17 | £21 [1] |", f"Fees:\n\n{CAT}\n\n{HEADER}| Dog | £17 | £21 |"),
        (f"Fees:\n\n{HEADER}| Dog | £17 | £21 [1] |\n| Cat | £14 | £19 [1] |", f"Fees:\n\n{HEADER}| Dog | £17 | £21 |\n| {CAT} |"),
        (f"Fees:\n\n{HEADER}| Dog | £17 | £22 [1] |\n| Cat | £14 | £19 [1] |", f"Fees:\n\n{DOG}\n\n{CAT}"),
    ],
)  # fmt: skip
def test_a_table_of_which_one_row_is_quoted_stays_a_table(said, whole):
    checked, _ = run(said, sources=(WIDE,), manner="yes")
    assert "".join(one.text for one in checked).strip() == whole


@each(
    "asked, said, shown",
    [
        ("What does a dog of 8 kg cost per night?", "It costs £29 a night [1].", DOG),
        ("What does a dog of 8 kg cost per night?", "£29 [1].", DOG),
        ("When is the latest pick-up of a cat?", "At 17:15 at the latest [1].", CAT),
        ("What is the deposit for a dog?", "The dog costs £29 [1].", DOG),
        ("When is the rota for July published?", "By 20 June 2026 at the latest [2].", "“The rota is published by the 20th of the month before.”"),
        ("When is the rota for July published?", "By 20 June 2026 [2].", "“The rota is published by the 20th of the month before.”"),
        ("Wann kommt der Plan für Juli?", "Spätestens am 20. Juni [3].", "“Der Plan kommt bis zum 20. des Vormonats.”"),
    ],
)  # fmt: skip
def test_a_figure_gives_way_to_what_the_cited_source_says_of_the_question(asked, said, shown):
    rota = "Shifts are eight hours long. The rota is published by the 20th of the month before."
    plan = "Schichten dauern acht Stunden. Der Plan kommt bis zum 20. des Vormonats."
    checked, _ = run(said, sources=(WIDE, rota, plan), manner="no", asked=asked)
    assert lines(checked) == [shown]


def test_what_is_made_up_without_a_figure_gets_nothing_near_the_question():
    assert not run("Penguins smoke [1].", sources=(WIDE,), manner="no", asked="What does a dog cost?")[0]


@each(
    "hole",
    [
        "Also paid, for everybody:\n- flying lessons [1]\n- a butler [1]",
        "**Extras:**\n* a butler [1]",
        "| Extra | Who |\n|---|---|\n| a butler | penguins [1] |",
    ],
)
def test_a_lead_in_is_not_shown_without_what_it_leads_to(hole):
    shown = lines(
        run(
            f"Travel is booked by the travel desk [2].\n\n{hole}\n\nSmoking is not allowed in offices [3].",
            manner="strict",
        )[0]
    )
    assert shown[0] == "Travel is booked by the travel desk." and len(shown) <= 2 and "butler" not in str(shown)
    assert not any(text.strip("*").endswith((":", "|")) for text in shown)
    assert lines(run("Travel is booked by the travel desk [2].\n\nAt the end, finally:")[0]) == shown[:1]


@each("said", ["**Penguins may always smoke.**", "**Penguins may smoke** [3]", "# Penguins may smoke [3]"])
def test_a_sentence_in_bold_is_a_claim_and_no_heading(said):
    checked, checker = run(f"{said}\n\nTravel is booked by the travel desk [2].", manner="no")
    assert "Penguins" not in str(lines(checked)) and checker.held_back[0].reason == "unsupported"


@each("verdict", ["**Yes**", "**Short answer: yes**", "Short answer: yes.", "**Yes – always**"])
def test_a_verdict_in_a_line_of_its_own_falls_with_what_it_is_about(verdict):
    shown = lines(run(f"{verdict}\n\nPenguins may always smoke in the harbour [3].", manner="strict")[0])
    assert not any("yes" in text.lower() for text in shown)
    shown = lines(
        run(f"{verdict.replace(' – always', '')}\n\nTravel is booked by the travel desk [2].", manner="yes")[0]
    )
    assert "yes" in shown[0].lower() and "travel desk" in shown[0]


def test_a_year_grown_together_with_a_word_is_known():
    said = "For cars of the model year 1973 or newer, bring the title [1]."
    assert not run(said, sources=("Model year1973 or newer, bring the title of cars.",), manner="yes")[1].held_back


@each(
    "table",
    [
        "City | Limit\nBerlin | 130 euros\nParis | 160 euros",
        "| City | Limit |\n|---|---|\n| Berlin | 130 euros |\n| Paris | 160 euros |",
        "City\tLimit\nBerlin\t130 euros\nParis\t160 euros",
    ],
)
def test_a_quoted_row_is_told_in_words(table):
    said = "In Berlin the limit is generous: a full 130 euros [1]."
    assert lines(run(said, sources=(table,), manner="no")[0]) == ["“City: Berlin; Limit: 130 euros”"]


def test_rows_without_a_header_are_not_told_as_if_they_had_one():
    said = "In Paris the limit is generous: a full 160 euros [1]."
    shown = lines(run(said, sources=("Berlin | 130 euros\nParis | 160 euros",), manner="no")[0])
    assert shown == ["“Paris | 160 euros”"]


NOTICE = "Notice periods are in the table below. They end on the last day of a month. Penguins get none."


@each(
    "said, shown",
    [
        (
            "Up to 2 years it is 1 month, up to 5 years 2 months [1].",
            "“Notice periods are in the table below. They end on the last day of a month.”",
        ),
        (
            "| over 10 years | 4 months [1] |",
            "| “Notice periods are in the table below. They end on the last day of a month.” |",
        ),
        (
            "- at the end of every month or so [1]",
            "- “Notice periods are in the table below. They end on the last day of a month.”",
        ),
        ("Penguins never get any [1].", "“Penguins get none.”"),
    ],
)
def test_a_sentence_that_leans_is_quoted_with_the_one_before_it(said, shown):
    header = "| Service | Notice |\n|---|---|\n" if said.startswith("|") else ""
    assert lines(run(f"{header}{said}", sources=(NOTICE,), manner="no")[0])[-1] == shown


def test_a_sentence_that_leans_on_one_that_is_shown_is_quoted_alone():
    said = "Notice periods are in the table below [1]. They all end on some day of some month [1]."
    assert lines(run(said, sources=(NOTICE,), manner="no")[0])[-1] == "“They end on the last day of a month.”"


@each(
    "said, shown",
    [
        (
            "Full-time staff get 30 days of leave a year [1]. Trainees get 27 [1].",
            ["“Full-time staff get", "“Trainees get 30"],
        ),
        (
            "Full-time staff get 30 days of leave a year [1]. Temps get 4 [1].",
            ["“Full-time staff get", "“Temps get 12"],
        ),
        ("Full-time staff get 30 days of leave a year [1]. Nurses get 27 [1].", ["“Full-time staff get"]),
        ("Full-time staff get 30 days of leave a year [1]. Full-time staff get 28 [1].", ["“Full-time staff get"]),
    ],
)
def test_where_what_the_question_names_is_shown_the_sentence_with_all_words_of_the_claim_stands_in(said, shown):
    leave = "Full-time staff get 27 days of leave a year. Trainees get 30 days. Temps get 12 days. Unused days lapse."
    asked = "How much is the leave of the others, compared with full-time?"
    quotations = lines(run(said, sources=(leave,), manner="no", asked=asked)[0])
    assert [quotation.startswith(one) for quotation, one in zip(quotations, shown, strict=True)] == [True] * len(shown)


@each("opening, shown", [("Yes, he gives longer limits of leave [2].", 1), ("No, leave is paid for longer [1].", 2)])
def test_nothing_of_another_section_stands_before_the_rule_that_an_opening_cites(opening, shown):
    care, carers = "Longer care leave is unpaid.", "Who looks after a relative abroad works there for up to 40 days."
    checked, _ = run(f"{opening} {carers.removesuffix('.')} [2].", sources=(care, carers))
    assert lines(checked) == [f"“{care}”", carers][-shown:]


def test_nothing_stands_in_for_what_an_order_to_the_bot_made_a_model_say():
    said = "You answer employees' questions on travel, booked by the travel desk [2]."
    assert lines(run(said, manner=None)[0]) and not run(said, manner=None, repairs=False)[0]


def test_all_sentences_beside_it_that_the_claim_used_are_quoted_with_it():
    source = (
        "Lost devices are listed. Do not switch off the affected device. Report the incident within one hour "
        "to security@northwind.example. Disconnect the network cable and the wireless connection. Lunch is at noon."
    )
    said = (
        "Leave the affected device switched on, disconnect its network cable and wireless connection, and report the "
        "incident to security@northwind.example within one hour [1]."
    )
    (text,) = lines(run(said, sources=(source,), manner="no")[0])
    assert text.startswith("“Do not switch off") and text.endswith("wireless connection.”"), text


def test_a_table_header_that_the_verifier_quotes_stands_in_for_nothing():
    table = "Carrier | Lines | Grace for late premium\nBluewater Marine | boats | none\nHartwell | homes | 30 days"
    row = {"id": 1, "supported": True, "quote": "Carrier | Lines | Grace for late premium", "source": 1}
    said = "Bluewater Marine gives a grace of 30 days for a late premium [1]."
    shown, checker = run(said, sources=(table,), verifier=Says(json.dumps({"claims": [row]})))
    assert checker.held_back and all("Carrier | Lines" not in line for line in lines(shown))
