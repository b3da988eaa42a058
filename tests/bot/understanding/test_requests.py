"""What people want done, kept secret or put right, rather than looked up; told in five languages."""

from __future__ import annotations

from bot.understanding.addressed import Scene, meant_for_bot
from bot.understanding.topics import confided
from tests.rows import each


@each("text, kind")
def test_what_only_a_person_can_do_or_keep_to_themselves_is_told(text: str, kind: str | None) -> None:
    assert confided(text)[0] == kind


@each(
    "text",
    [
        "that's wrong, the canteen closes at 13:45 on fridays too",
        "das stimmt nicht, es sind 5 Tage",
        "c'est faux, c'est 5 jours",
        "eso no es correcto, son 5 días",
        "yanlış, 5 gün",
    ],
)
def test_an_objection_right_behind_the_answer_is_meant_for_the_bot(text: str) -> None:
    assert meant_for_bot(text, Scene(True, True, False, False), "thread")
    assert not meant_for_bot(text, Scene(True, True, True, False), "thread")
