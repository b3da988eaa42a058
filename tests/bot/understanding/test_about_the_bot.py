"""Who asks who the bot is, or complains of it: told from rules that are asked in the same words."""

from bot.understanding.follow_up import complains
from bot.understanding.small_talk import small_talk, without_chat
from tests.rows import each


@each("text")
def test_a_newcomer_who_asks_who_it_is_is_told(text: str) -> None:
    assert small_talk(text) == "identity"


@each("text")
def test_who_complains_of_it_is_not_answered_with_quotes(text: str) -> None:
    assert small_talk(text) == "complaint"


def test_an_emoji_ends_the_sentence_before_a_complaint() -> None:
    assert complains(
        "you told Ines it is certain and now she has ordered 🙄 thats just wrong and you should be scrapped"
    )
    assert not complains("you told us to ask here 🙂 can I carry over leave")


@each("text")
def test_a_rule_asked_in_such_words_is_a_question(text: str) -> None:
    assert small_talk(text) is None
    assert not complains(text)


def test_what_a_newcomer_says_of_himself_stays_with_the_question() -> None:
    assert without_chat("day two here. am I paid when I'm ill?") == "day two here. am I paid when I'm ill?"
