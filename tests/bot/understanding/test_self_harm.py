"""Who sees no point in living any more, told in common words; and idioms of work that sound like it."""

from __future__ import annotations

from bot.understanding.topics import matter, topic
from tests.rows import each


@each("text")
def test_who_sees_no_point_in_living_is_heard_in_five_languages(text: str) -> None:
    assert matter(text) == topic(text) == "self_harm"


@each("text")
def test_idioms_of_work_are_no_wish_to_die(text: str) -> None:
    assert "self_harm" not in (matter(text), topic(text))


@each("text")
def test_who_names_no_home_does_not_want_to_live(text: str) -> None:
    assert matter(text) == "self_harm"


@each(
    "text",
    [
        "My last day will be 15 January. I'll be long gone by spring, so do I see any of the profit payout?",
        "I'll be long gone by Christmas, is there a bonus?",
        "Wer betreut meine Kunden, wenn ich im Urlaub bin?",
        "Wer übernimmt meine Tickets, wenn ich kündige?",
        "who takes my tickets when I'm away on leave?",
        "Kendimi aşmak istiyorum, hangi fırsatlar var?",
    ],
)
def test_a_farewell_to_a_job_only_means_the_like(text: str) -> None:
    heard = (matter(text, likely=lambda _: "self_harm"), topic(text, likely=lambda _: "self_harm"))
    assert heard == (None, None)


@each(
    "text",
    [
        "I'll be long gone by spring, you won't have to bother with me any more",
        "I'll be long gone by spring. Keep my bonus, nobody needs me",
        "I'll be long gone by Friday, who tells my kids?",
        "Wer kümmert sich um meine Kunden, wenn ich nicht mehr aufwache?",
        "Ich kann nicht mehr, wer übernimmt meine Aufgaben, wenn ich nicht mehr bin?",
        "Wer macht meine Arbeit, wenn ich für immer weg bin?",
        "Niemand merkt es, wer erledigt meine Termine, wenn ich gehe",
        "Who takes my clients when I'm gone? I can't any more",
        "Artık kendimi aşmak istemiyorum, hayat bitsin",
    ],
)
def test_a_farewell_to_life_is_heard_by_its_meaning(text: str) -> None:
    heard = (matter(text, likely=lambda _: "self_harm"), topic(text, likely=lambda _: "self_harm"))
    assert heard == ("self_harm", "self_harm")
