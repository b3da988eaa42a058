"""Names and postal addresses in free text, in five languages; what the manual has stays."""

import re
import tomllib
from pathlib import Path

from bot.privacy.mask import Mask
from bot.privacy.people import Manual, People
from tests.rows import each

MARKED = re.compile(r"\[\[(.+?)\]\]|\{\{(.+?)\}\}")
WRITTEN = tomllib.loads(Path(__file__).with_name("people.toml").read_text(encoding="utf-8"))
MANUAL = Manual.of(path.read_text(encoding="utf-8") for path in sorted(Path("tests/corpus/text").glob("*.md")))
LEFT = {"de": {"Müller"}}  # a surname alone is like any German noun: told, not replaced
FALSE = {"en": {"Deutsche Bahn"}, "es": {"Renfe"}}  # --keep


@each("code", WRITTEN)
def test_written_questions(code: str) -> None:
    left, false = set(), set()
    for written in WRITTEN[code]:
        people = People(MANUAL)
        text = MARKED.sub(lambda match: match[1] or match[2], written)
        marked = {match[1] or match[2]: "PERSON" if match[1] else "ADDRESS" for match in MARKED.finditer(written)}
        found = {text[span.start : span.end]: span.kind for span in people.find(text)}
        missed = {
            name for name in marked if (name, marked[name]) not in {(f[-len(name) :], k) for f, k in found.items()}
        }
        left |= missed
        false |= {one for one in found if not one.endswith(tuple(marked) or (one[1:] + one,))}
        assert missed <= set(people.doubtful), "what is left is told"
    assert (left, false) == (LEFT.get(code, set()), FALSE.get(code, set()))


def test_what_the_manual_has_stays() -> None:
    manual = "Cooks report to Ingrid Moss, 12 Harbour Road, Hull. Mark each page."
    people = People(Manual.of([manual]))
    asked = "Mark asks: is Ingrid Moss at 12 Harbour Road? Ms Cook and Ingrid Vale say so."
    assert [asked[span.start : span.end] for span in people.find(asked)] == ["Cook", "Ingrid Vale"]


def test_one_may_be_kept_and_another_hidden() -> None:
    people = People(keep=["Renfe"], hide=["the tall one from sales"])
    said = "¿Quién paga Renfe? Anna and the tall one from sales asked."
    assert Mask(people.find).text(said) == "¿Quién paga Renfe? <PERSON_1> and <PERSON_2> asked."
    assert not people.doubtful and list(people.replaced) == ["the tall one from sales", "Anna"]


def test_a_first_word_that_is_no_usual_english_one_is_a_name() -> None:
    people = People(MANUAL)
    said = "Ludmila is away until May. Planning a trip for her: who pays?"
    assert Mask(people.find).text(said) == "<PERSON_1> is away until May. Planning a trip for her: who pays?"
    assert list(people.doubtful) == ["Planning"]


def test_an_answer_s_longer_words_stay_whole() -> None:
    mask = Mask(People().find)
    assert mask.text("My colleague Ali asks") == "My colleague <PERSON_1> asks"
    assert mask.hidden("Ali: see Alignment.") == "<PERSON_1>: see Alignment."


def test_a_value_beside_a_mark_or_an_ending_is_hidden_too() -> None:
    mask = Mask(People(hide=["Müller"]).find)
    mask.text("I am jan.novak@halden.example, ask Müller and Ali; password: Ab1")
    said = mask.hidden("_jan.novak@halden.example_, Müllers desk, _Ali_, <EMAIL_1>")
    assert said == "_<EMAIL_1>_, <PERSON_1>s desk, _<PERSON_2>_, <EMAIL_1>"


def test_two_words_that_the_manual_has_apart_are_a_name_and_together_none() -> None:
    people = People(Manual.of(["Ask Marta Weber.", "Ask Ingrid Okafor about Travel Requests."]))
    asked = "Does Marta Okafor file Travel Requests with Ingrid Okafor or Janka M. Novak?"
    assert [asked[span.start : span.end] for span in people.names(asked, ())] == ["Marta Okafor", "Janka M. Novak"]
    assert {span.kind for span in people.names(asked, ())} == {"NAME"}


@each("said")
def test_a_greeting_or_a_mail_s_head_is_no_name(said: str) -> None:
    assert People().names(said, ()) == ()
