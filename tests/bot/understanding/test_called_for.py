"""Who calls the bot, or wonders whether what was said is right, means what people asked each other last."""

from bot.types import Question, Turn
from bot.understanding.follow_up import called_for

ANSWERED = (Turn("user", "How many vacation days do I get?", "A"), Turn("agent", "30."))
CARRY = "does anyone know how many I can carry over?"
ROWS = [  # what is asked, whether behind an answer, what people said since, what is meant; None: what is asked itself
    ("bot, is that right?", True, (CARRY, "I think 8"), CARRY),
    ("stimmt das?", True, (CARRY, "8"), CARRY),
    ("Bot, ist das richtig?", True, (CARRY,), CARRY),
    ("bu doğru mu?", True, (CARRY,), CARRY),
    ("c'est vrai ?", True, (CARRY, "8"), CARRY),
    ("¿es verdad?", True, (CARRY,), CARRY),
    ("👀", True, (CARRY, "thanks!"), CARRY),
    ("", False, ("How many days in Spain?", "no idea"), "How many days in Spain?"),
    ("...", False, ("The dress code is silly",), "The dress code is silly"),
    ("is that right?", True, (), None),
    ("is that right?", True, ("nice, I thought it was 28",), None),
    ("is that right for interns?", True, (CARRY,), None),
    ("is that allowed?", True, (CARRY,), None),
    ("why?", True, (CARRY,), None),
    ("is that right?", False, (CARRY, "8"), None),
    ("👍", False, (CARRY,), None),
    ("hi", False, (CARRY,), None),
    ("", True, (), None),
]


def test_who_calls_the_bot_means_what_people_asked_each_other_last() -> None:
    wrong = []
    for text, behind, since, meant in ROWS:
        talk = tuple(Turn("user", one, "B", to_bot=False) for one in since)
        asked = Question(id="q", text=text, history=(ANSWERED if behind else ()) + talk)
        if (found := called_for(asked).text) != (text if meant is None else meant):
            wrong.append((text, since, found))
    assert wrong == []
