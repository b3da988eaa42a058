"""Rules for one country: quoted to who asks about it, after the general rule for everybody else."""

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.assistant import final
from bot.answering.draft import closest
from bot.answering.quoting import quote
from bot.answering.scoring import Reading, nearest
from bot.answering.wanted import not_meant, scope, scoped
from knowledge.types import Excerpt, Nearness, Passage
from tests.bot.answering.scripted import HOTEL, Script, Shelf, ask, assistant
from tests.rows import each

ANNEX = "Annex A: Country supplements"


def passage(text: str, *section: str, score: float = 1.0) -> Passage:
    return Passage(text[:20], "handbook.pdf", "Handbook", section, text, score, similarity=0.6)


SPAIN = passage("Annual leave is 23 working days. Fourteen salaries are paid.", ANNEX, "Spain")
POLAND = passage("Annual leave is 26 working days.", ANNEX, "Poland", score=0.98)
RULE = passage("Annual leave is 30 working days a year for a five-day week.", "4 Leave", "4.1 Annual leave", score=0.7)
ALL = [SPAIN, POLAND, RULE]


def alike(question: str, excerpts: Sequence[Excerpt]) -> list[Nearness]:
    """Salaries are near salaries; all else is equally far."""
    near = [0.6 if "salaries" in question and "salaries" in one.text else 0.2 for one in excerpts]
    return [Nearness(cosine, cosine, cosine) for cosine in near]


@each(
    "section, found",
    [
        ((ANNEX, "Spain"), "Spain"),
        (("Handbook", "Sites", "Lyon", "Parking"), "Lyon"),
        (("4 Leave", "4.1 Annual leave"), None),
        (("Site-to-site VPN", "Architecture"), None),
        ((), None),
    ],
)
def test_a_scope_is_the_heading_below_countries_or_sites(section: tuple[str, ...], found: str | None) -> None:
    assert scope(section) == found


def test_the_general_rule_answers_who_names_no_country() -> None:
    assert "30 working days" in quote("How many days of annual leave do I get?", ALL)[0].text
    assert not_meant("How many days of annual leave do I get?", ALL) == {1, 2}


def test_the_rule_of_the_country_answers_who_names_it() -> None:
    question = "How many days of annual leave do I get in Spain?"
    assert quote(question, ALL)[0].text == "Spain: Annual leave is 23 working days."
    assert not_meant(question, ALL) == {2}


def test_what_only_a_country_has_is_still_quoted() -> None:
    assert "Fourteen salaries" in quote("Are fourteen salaries paid?", ALL, alike)[0].text


def test_one_section_below_sites_is_no_choice_between_sites() -> None:
    assert not_meant("How many days of leave?", [SPAIN, RULE]) == set()


def test_a_country_is_named_by_its_initials_beside_another() -> None:
    uk = replace(SPAIN, chunk_id="uk", section=(ANNEX, "United Kingdom"), text="Annual leave is 28 working days.")
    passages = [SPAIN, POLAND, uk]
    assert not_meant("Is annual leave longer in Spain or in the UK?", passages) == {2}
    assert not_meant("Does Spain give us more leave?", passages) == {2, 3}


def test_a_country_that_the_glossary_put_otherwise_is_not_meant() -> None:
    question = "May I work from Spain, our staff in Madrid?"
    assert not_meant(question, ALL, "May I work from another country, our staff in Madrid Spain?") == {2}
    assert not_meant("May I work from Spain?", ALL, "May I work from another country?") == {1, 2}


def test_the_general_rule_comes_first_where_the_section_of_a_country_was_found_first() -> None:
    sweden = passage("Parents may stay at home with an ill child.", ANNEX, "Sweden", score=1.0)
    rule = passage("Illness of a child: up to ten days a year.", "4 Leave", "4.5 Special occasions", score=0.5)
    said = quote("My child is ill, may I stay at home?", [sweden, POLAND, rule])
    assert said[0].text.startswith("Illness of a child")


def test_among_the_closest_sections_the_general_rule_comes_first_with_two_of_its_sentences() -> None:
    rule = replace(RULE, text=f"{RULE.text} Ten years of service bring two days more. Ask early.")
    overtime = passage("Overtime is paid after ten hours.", "3 Working hours", "3.4 Overtime", score=0.1)
    passages = [SPAIN, POLAND, rule, overtime]
    reading = Reading("How many days of annual leave do I get after ten years of service?", passages)
    said = nearest(reading, reading.candidates(alike))
    assert next(iter(said.values())) == f"{RULE.text} Ten years of service bring two days more."
    assert closest(passages, None, said)[0].section == RULE.section
    assert [place[1][-1] for place in said] == ["4.1 Annual leave", "3.4 Overtime", "Spain"]


def test_what_holds_on_the_other_side_is_no_condition_of_a_rule() -> None:
    text = (
        "Working from another country of the European Union is allowed for 25 days. It is requested three weeks ahead. "
        "Outside the European Union it isn't allowed, except on a business journey."
    )
    quoted = quote("May I work from another country of the European Union?", [passage(text, "8 Places", "8.3 Abroad")])
    assert "25 days" in quoted[0].text and not any("Outside" in one.text for one in quoted)


def titled(title: str, *section: str, text: str = "") -> Passage:
    return replace(passage(text or f"{title} {section}", *section), title=title)


LEAVE = titled("Leave", "4 Carrying over", text="Up to ten days are carried over, but not by staff at Kilbrannan.")
STATES = [titled("State and Province Supplements", name, text=f"At most {name}.") for name in ("Ohio (OH)", "General")]


@each(
    "title, names",
    [
        ("Supplement 13: Kilbrannan Campus", {"Kilbrannan Campus"}),
        ("Supplement: Kilbrannan", {"Kilbrannan"}),
        ("AX-09 Annex for the Plant at Kilbrannan", {"Plant at Kilbrannan"}),
        ("Annex for new computers", set()),
        ("Local rules for the Kilbrannan site", {"Kilbrannan site"}),
        ("Standortregelung für Kilbrannan", {"Kilbrannan"}),
        ("Supplément : Kilbrannan", {"Kilbrannan"}),
        ("Anexo local: Kilbrannan", {"Kilbrannan"}),
        ("Ek hükümler: Kilbrannan", {"Kilbrannan"}),
        ("Country supplement: Ireland", {"Ireland"}),
        ("Supplement 2: Maternity", set()),
        ("Supplement: Carried over days", set()),
        ("Pay supplement: Kilbrannan", set()),
        ("Supplement to the leave policy", set()),
        ("Kilbrannan Campus", set()),
    ],
)
def test_a_document_is_for_the_place_that_its_title_names(title: str, names: set[str]) -> None:
    rest = [LEAVE, titled("Parents", text="Leave for maternity is paid.")]
    assert set(scoped([titled(title, "3 Leave"), *rest]).values()) == names


@each(
    "question, elsewhere",
    [
        ("How many days are carried over?", {1}),
        ("I'm at Harbour Road campus, how many days are carried over?", {1}),
        ("im in kilbrannan, how many days are carried over?", set()),
        ("How many days are carried over at KC?", set()),
    ],
)
def test_a_supplement_answers_who_names_its_place(question: str, elsewhere: set[int]) -> None:
    supplement = titled("Supplement 13: Kilbrannan Campus", "3 Leave", text="Up to five days are carried over.")
    assert not_meant(question, [supplement, LEAVE]) == elsewhere
    first = quote(question, [supplement, LEAVE])[0].text
    assert ("five" in first) == (not elsewhere), first


def test_each_section_of_a_document_of_supplements_is_for_the_state_above_it() -> None:
    york = titled("State and Province Supplements", "New York (NY)", text="At most two.")
    assert scoped([*STATES, york]) == {1: "Ohio (OH)", 3: "New York (NY)"}
    for question, elsewhere in (
        ("a new one, near Buffalo?", set()),
        ("in our Ohio store?", {3}),
        ("in York?", {1}),
        ("in NY?", {1}),
    ):
        assert not_meant(question, [*STATES, york]) == elsewhere, question


@each(
    "said, shown",
    [  # the claim falls, the manual's own words stand in for it
        ("No, in Germany no thirteenth salary is paid in June [1].", "Austria: “A thirteenth salary is paid in June.”"),
        ("In Germany a thirteenth salary is paid in Austria in July [1].", "Austria: “A thirteenth salary"),
        ("A dog may come on 3 Fridays [2].", "“A dog may come on Fridays.” (edition 2024) [1]"),  # nothing to name
        ("A dog may come on Fridays [2].", "A dog may come on Fridays (edition 2024). [1]"),  # copied
        ("- A dog may come on Fridays [2]", "- A dog may come on Fridays (edition 2024) [1]"),
    ],
)
async def test_what_a_model_shows_of_the_manuals_words_says_whom_and_when_they_hold_for(said: str, shown: str) -> None:
    austria = replace(
        HOTEL, chunk_id="at", section=("14 Country supplements", "Austria"), text="A thirteenth salary is paid in June."
    )
    old = replace(HOTEL, chunk_id="old", text="A dog may come on Fridays.", standing="edition 2024")
    answer = await final(assistant(Shelf(austria, old), Script(said)), ask("thirteenth salary for my dog in Germany?"))
    assert answer.text.startswith(shown), answer.text
