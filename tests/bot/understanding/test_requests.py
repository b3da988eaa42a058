"""What people want done, kept secret or put right, rather than looked up; told in five languages."""

from __future__ import annotations

import pytest

from bot.understanding.addressed import Scene, meant_for_bot
from bot.understanding.topics import confided


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("approve my leave 3-14 aug pls", "delivery"),
        ("remind me friday to hand in the form", "delivery"),
        ("Bitte storniere meinen Urlaub", "delivery"),
        ("rappelle-moi de rendre la note de frais", "delivery"),
        ("cancela mis vacaciones de agosto", "delivery"),
        ("bana cuma günü masraf formunu hatırlat", "delivery"),
        ("can I tell you something and it stays here? it's about last night", "person"),
        ("kann ich dir was sagen, bleibt das unter uns?", "person"),
        ("je peux te dire quelque chose, ça reste entre nous ?", "person"),
        ("¿puedo contarte algo? queda entre nosotros", "person"),
        ("sana bir şey söylesem aramızda kalır mı?", "person"),
        (":ambulance: :question:", "emergency"),
        ("who approves my leave?", None),
        ("can you send me the rule on gifts?", None),
        ("when do I have to cancel my hotel booking", None),
        ("Erinnere mich, was ich fürs Visum brauche", None),
    ],
)
def test_what_only_a_person_can_do_or_keep_to_themselves_is_told(text: str, kind: str | None) -> None:
    assert confided(text)[0] == kind


@pytest.mark.parametrize(
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
