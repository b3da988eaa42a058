"""A question asked second in a thread, of the sample manual: as sure as alone, in its thread where it leans on it."""

from bot.types import Outcome, Turn
from tests.bot.answering.test_refined import FAIR, HOTEL
from tests.bot.answering.test_sample_manual import asked_in_thread
from tests.prepared import Ask
from tests.rows import each

SPAIN = "How many days may I work from Spain?"
SALAD = "what's the salad price"
CORE = "what is core time?"


def test_what_the_manual_does_not_answer_is_no_surer_behind_an_answer(ask: Ask) -> None:
    second = [
        (SALAD, "who paints the office walls"), (SPAIN, "what is the wifi password for guests?"),
        (CORE, "do we have stock options?"), (SALAD, "is there a company choir"), (SPAIN, "where do I park my boat"),
        (CORE, "can I sleep in the office?"), (SPAIN, "And is there a gym?"), (SPAIN, "and Japan?"),
        (SPAIN, "and from Thailand?"), (SPAIN, "from the UK?"), (CORE, "and is there a sauna?"),
    ]  # fmt: skip
    answers = [(text, asked_in_thread(ask, first, text)) for first, text in second]
    firm = [text for text, one in answers if one.outcome is Outcome.ANSWERED and "incomplete" not in one.notes]
    assert firm == []


def test_a_whole_question_is_answered_behind_another_as_alone(ask: Ask) -> None:
    second = [
        (SPAIN, "how long is the probation period?"),
        (CORE, "does the company give loans?"),
        (SALAD, "how long must passwords be?"),
        (SPAIN, "how long is a found item kept?"),
        (CORE, "how do I report harassment?"),
    ]
    answers = [
        (opening + text, asked_in_thread(ask, first, opening + text).text, ask(text).text)
        for first, text in second
        for opening in ("", "and ")
    ]
    assert [text for text, behind, alone in answers if behind != alone] == []


def test_what_goes_on_stays_in_its_thread_where_that_answers_as_well(ask: Ask) -> None:
    answer = asked_in_thread(ask, SPAIN, "and how early must the request be made?").text
    assert "three weeks ahead" in answer and "nine months" not in answer  # of a sabbatical, where it is read alone


def test_another_country_gets_its_own_rule(ask: Ask) -> None:
    second = {"und Thailand?": "Outside the European Union", "what about Portugal?": "up to 25 working days"}
    answers = {text: asked_in_thread(ask, "May I work from Madrid?", text).text for text in second}
    assert [text for text, told in second.items() if told not in answers[text]] == []


def test_what_leaves_its_topic_to_the_thread_is_told(ask: Ask) -> None:
    leaning = {
        "until which age of the child can I take parental leave?": (
            "what's the deadline for announcing?",
            "seven weeks before",
        ),
        "can i get an advance on my salary?": ("payback over how many months", "paid back within six months"),
        "My phone's screen cracked, who fixes it?": ("second time this year sadly, will i be charged", "50 euros"),
    }
    answers = [(text, told, asked_in_thread(ask, first, text).text) for first, (text, told) in leaning.items()]
    assert [(text, answer) for text, told, answer in answers if told not in answer] == []


def test_what_its_own_words_ask_is_told_without_what_was_told(ask: Ask) -> None:
    notice = "How long is my notice period?"
    for text in ("by email ok?", "is email ok?"):
        answer = asked_in_thread(ask, notice, text).text
        assert answer.startswith("An e-mail or a message in Slack is not enough.") and "|" not in answer


def test_another_section_that_its_own_words_do_not_ask_for_is_not_told(ask: Ask) -> None:
    answers = [asked_in_thread(ask, SPAIN, text).text for text in ("and 30 days?", "does that include weekends?")]
    assert [text for text in answers if "Annual leave" in text or "25 working days" not in text] == []


def test_another_section_that_its_own_words_ask_for_is_told(ask: Ask) -> None:
    assert "Secondary employment" in asked_in_thread(ask, SPAIN, "one more: can I take a second job?").text


def in_thread(ask: Ask, *asked: str) -> str:
    """The answer to the last of these, each asked behind the real answers to those before."""
    history: list[Turn] = []
    for text in asked:
        answer = ask(text, *history)
        history += [Turn("user", text, "A"), Turn("agent", answer.text, documents=answer.documents)]
    return answer.text


PARENTAL, LEAVE = "How long is parental leave?", "How many vacation days do I get?"


@each(
    "asked, told, not_told",
    [
        (["hotel limit", "so 150 is fine?"], HOTEL, "Invitations"),
        (["hotel limit", "and at a fair?"], FAIR, "Invitations"),
        (["How many days can I work from Spain?", "and from Turkey?"], "Outside the European Union", "EX-7"),
        (["How many days can I work from Spain?", "and Switzerland?"], "Outside the European Union", "EX-7"),
        ([PARENTAL, "is it paid?", "my wife too?"], "20 working days of paid leave", "School fees"),
        ([PARENTAL, "is it paid?", "my wife too?", "by when do I need to tell you"], "seven weeks before", "wedding"),
        ([LEAVE, "and can I carry them over?", "what if I was sick?"], "because of sickness", "first six weeks"),
        (["How much notice do I have to give after six years?", "is that calendar months?"], "3 months", "carried"),
        (["How much may I spend on a team event?", "per person?"], "60 euros per person", "I'm a bot"),
        (["How much may I spend on a team event?", "and per person?"], "60 euros per person", "I'm a bot"),
        (["who gets told about security incidents with personal data?", "by when"], "within 72 hours", "minor, major"),
        ([LEAVE, "and in Spain?", "and in France?"], "France:", "Spain:"),
    ],
)
def test_what_goes_on_is_looked_for_first_where_the_answer_before_was_found(
    ask: Ask, asked: list[str], told: str, not_told: str
) -> None:
    said = in_thread(ask, *asked)
    assert told in said and not_told not in said


TWO_BIKES, RATE = "Can I lease two bikes?", "How much may a hotel cost?"
NONE = "I have no other edition of this. What holds now:"


@each(
    "asked, told, not_told",
    [
        ([TWO_BIKES, "what did the old rule say?"], "One bicycle per employee may be leased (edition 2025)", "Two"),
        ([TWO_BIKES, "and last year?"], "One bicycle per employee may be leased (edition 2025)", "Two"),
        ([TWO_BIKES, "what did the old rule say?", "and before 2026?"], "One bicycle per employee", "Two"),
        ([TWO_BIKES, "and in 2025?", "and in 2026?"], "Two bicycles per employee may be leased.", "edition"),
        (["What's the limit for a leased bike?", "what was it before 2026?"], "4,000 euros (edition 2025)", "5,500"),
        (["Kann ich zwei Fahrräder leasen?", "und die alte Regel?"], "One bicycle per employee", "Two"),
        (["¿Cuánto puede costar una bicicleta de leasing?", "¿y antes de 2026?"], "4,000 euros", "5,500"),
        (["Combien peut coûter un vélo en leasing ?", "et avant 2026 ?"], "4,000 euros", "5,500"),
        ([RATE, "what did the old rule say?"], NONE, "One bicycle"),
        ([RATE, "and before 2026?"], NONE, "One bicycle"),
        ([RATE, "what if I came back from a fair?"], "trade fair", NONE),
        ([TWO_BIKES, "how long does the lease last?"], "36 months", "edition"),
    ],
)
def test_a_follow_up_for_another_edition_gets_that_of_what_was_told_or_hears_that_there_is_none(
    ask: Ask, asked: list[str], told: str, not_told: str
) -> None:
    said = in_thread(ask, *asked)
    assert told in said and not_told not in said


@each("text", ["and in the US?", "and in the USA?", "and in Germany?", "and in Japan?", "in Munich?"])
def test_a_place_that_the_manual_does_not_name_is_told_beside_the_rule_for_all(ask: Ask, text: str) -> None:
    said, place = in_thread(ask, LEAVE, text), text.split()[-1].strip("?")
    assert said.startswith(f"The manual doesn't name “{place}”.") and "30 working days" in said


@each(
    "asked",
    [
        [LEAVE, "and for us?"],
        [LEAVE, "and in Spain?"],
        [LEAVE, "and in the UK?"],
        ["May I work two weeks from Turkey?"],
        ["Can I work from the US?"],
        ["Does IT give us a laptop?"],
    ],
)
def test_a_place_that_the_manual_names_or_puts_otherwise_is_not_missed(ask: Ask, asked: list[str]) -> None:
    assert "doesn't name" not in in_thread(ask, *asked)


def test_what_is_told_again_without_a_word_of_the_follow_up_comes_with_a_doubt(ask: Ask) -> None:
    second = {
        "Do I need a doctor's note when I'm sick?": "and for my child?",
        "How much may we spend on a team event?": "and with partners?",
        "How long is the probation period?": "and in marketing?",
    }
    told = {text: asked_in_thread(ask, first, text).text for first, text in second.items()}
    assert [text for text, one in told.items() if "not sure" not in one and "doesn't name" not in one] == []
