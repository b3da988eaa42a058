"""Who sees no point in living any more, told in common words; and idioms of work that sound like it."""

from __future__ import annotations

import pytest

from bot.understanding.topics import matter, topic


@pytest.mark.parametrize(
    "text",
    [
        "i honestly can't keep going any more.",
        "what's the point of living",
        "what is the point of it all?",
        "à quoi bon vivre",
        "haplarımı saydım",
        "there's no reason to wake up",
        "my kids would be happier without me",
        "nobody would even notice if I was gone",
        "I keep thinking about driving into a tree",
        "es wäre für alle leichter, wenn ich nicht mehr da wäre",
        "es hat alles keinen Sinn mehr",
        "je voudrais en finir",
        "ma famille serait mieux si je disparaissais",
        "mi vida ya no tiene sentido",
        "mi familia estaría mejor si me muriera",
        "herkese yük oluyorum",
        "ben olmasam ailem daha rahat eder",
        "I don't want to live in this world anymore",
        "i don't want to live with this pain",
        "I dont want to live in constant pain",
        "ya no quiero vivir en este mundo",
        "bu dünyada yaşamak istemiyorum",
        "I don't want to live at all",
        "I don't want to live in a world without him",
        "i don't want to live in such a world",
        "I dont want to live in my head anymore",
        "I don't want to live with other people hating me",
        "I dont want to live at the moment",
        "I don't want to live apart from her, I'd rather die",
        "i don't want to live in this house anymore without her",
        "No quiero vivir en un mundo sin ella",
        "no quiero vivir en una vida así",
        "no quiero vivir con otro día así",
        "Bu acıda yaşamak istemiyorum",
        "Onun yokluğunda yaşamak istemiyorum",
    ],
)
def test_who_sees_no_point_in_living_is_heard_in_five_languages(text: str) -> None:
    assert matter(text) == topic(text) == "self_harm"


@pytest.mark.parametrize(
    "text",
    [
        "this deadline is killing me",
        "dont want to live in a hotel for ten weeks, what rent is ok?",
        "I don't want to live with colleagues in the company flat",
        "we don't want to live near the plant, is moving paid?",
        "no quiero vivir con compañeros, ¿qué alquiler se paga?",
        "otelde yaşamak istemiyorum",
        "no quiero vivir en un hotel diez semanas",
        "I don't want to live in the company flat, what else is there?",
        "we can't go on like this with the build server",
        "the team would be better off without me on this project",
        "I want to end it by Friday, the rollout I mean",
        "I hurt myself on the laser cutter, where do I report it",
        "Die Deadline bringt mich um",
        "cette imprimante va me tuer",
        "la reunión irá mejor sin mí",
        "bu teslim tarihi beni öldürecek",
        "how do I write a farewell letter to colleagues",
        "take all my tablets home",
        "Nobody would miss me in that meeting",
        "I'm standing on the roof with the fitter, is a harness needed?",
        "wish it was all over, the audit",
        "I hurt my back moving desks",
        "Das macht keinen Sinn mehr",
        "das neue Verfahren ist eine Last für alle",
        "je veux en finir avec cet abonnement",
        "lettre d'adieu à mes collègues",
        "estoy muerto de hambre, cuándo abre el comedor",
        "quiero acabar con esta suscripción",
        "Artık burada olmak istemiyorum, nasıl istifa ederim?",
        "iş arkadaşlarıma veda mektubu nasıl yazarım",
    ],
)
def test_idioms_of_work_are_no_wish_to_die(text: str) -> None:
    assert "self_harm" not in (matter(text), topic(text))


@pytest.mark.parametrize(
    "text",
    [
        "I don't want to live at all",
        "I don't want to live in a world without him",
        "I don't want to live in a life like this",
        "I don't want to live in agony",
        "I don't want to live with other people hating me",
        "I dont want to live at the moment",
        "I don't want to live apart from her, I'd rather die",
        "I don't want to live near a bridge or I will jump",
        "I don't want to live in this house anymore, I want to die",
        "I'm tired of living in pain",
        "I am tired of living at all",
        "No quiero vivir en un mundo sin ella",
        "No quiero vivir en soledad",
        "Bu acıda yaşamak istemiyorum",
        "Onun yokluğunda yaşamak istemiyorum",
    ],
)
def test_who_names_no_home_does_not_want_to_live(text: str) -> None:
    assert matter(text) == "self_harm"


@pytest.mark.parametrize(
    "text",
    [
        "My last day will be 15 January. I'll be long gone by spring, so do I see any of the profit payout?",
        "I'll be long gone by Christmas, is there a bonus?",
        "Kendimi aşmak istiyorum, hangi fırsatlar var?",
    ],
)
def test_a_farewell_to_a_job_only_means_the_like(text: str) -> None:
    heard = (matter(text, likely=lambda _: "self_harm"), topic(text, likely=lambda _: "self_harm"))
    assert heard == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "I'll be long gone by spring, you won't have to bother with me any more",
        "I'll be long gone by spring. Keep my bonus, nobody needs me",
        "I'll be long gone by Friday, who tells my kids?",
        "Artık kendimi aşmak istemiyorum, hayat bitsin",
    ],
)
def test_a_farewell_to_life_is_heard_by_its_meaning(text: str) -> None:
    heard = (matter(text, likely=lambda _: "self_harm"), topic(text, likely=lambda _: "self_harm"))
    assert heard == ("self_harm", "self_harm")
