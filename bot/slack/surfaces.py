"""An example of every surface that people see in Slack, made by what makes the real ones, for `policybot doctor`.

In: a locale. Out: messages (lists of blocks) and views by name, as Slack's blocks.validate takes them. Rules kept:
nothing is sent and nothing is drawn here, so what Slack refuses of these it refuses of the real ones.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from bot import texts
from bot.answering.places import places
from bot.settings import Retention
from bot.slack import first_contact, hand_off_views, home, meanings, private, render, shortcut, showing, voting
from bot.slack.blocks import Block, button, buttons
from bot.types import Answer, Citation, Closest, Outcome, Question, Record

ID = "A" * 32  # as long as an answer's id
TS = "1764300000.000100"
PLACE = ("Travel policy", ("5 Travel", "5.2 Hotels"))
WORDS = "Hotels are paid up to 120 euros a night."
ASKED = "What is the hotel limit in Berlin?"


def surfaces(locale: str = "en") -> dict[str, list[Block] | Block]:
    """Every surface by its name: a list of blocks is a message, a dictionary a view."""
    say = texts.of(locale)
    title, section = PLACE
    cited = Citation(1, "c1", "travel.pdf", title, section, WORDS, 3, url="https://example.com/travel.pdf#page=3")
    answer = Answer(Outcome.ANSWERED, f"{WORDS} [1]", citations=(cited,), notes=("cut", "quoted"))
    near = Closest("travel.pdf", title, section, 3, quote=WORDS)
    refusal = Answer(Outcome.REFUSED, "", closest=(near,), ask="People team")
    failed = Answer(Outcome.FAILED, "", error=("model_timeout", ""))
    asked = Question(ID, ASKED, channel="D0", user="U0", private=True, locale=locale)
    record = Record(ID, asked, refusal, datetime(2026, 1, 1, tzinfo=UTC), TS, TS)
    text = render.markdown(answer.text, answer.citations)
    person = hand_off_views.person_button(ID, locale)
    head = say.modals["person_asks"].format(person="<@U0>")
    reply = say.modals["person_reply"].format(asker="<@U0>", person="<@U1>")

    def message(one: Answer, words: str = "") -> list[Block]:
        return render.message_blocks(
            words or render.tail(one, ID, locale), render.blocks(one, ID, meanings.packed(ID, TS), locale)
        )

    figures = Counter(asked=12, answered=11, refused=1)
    shelves, lines = [(title, [f"{title}, 3"])], [f"{ASKED} +1"]
    on = meanings.OnMessage("T0", "C0", TS, TS, "U0")
    why = buttons(button(meanings.WHY, say.modals["tell_why"], meanings.packed(TS, TS)))
    return {
        "an answer": message(answer, text),
        "a refusal": [*message(refusal), person],
        "a failure": message(failed),
        "a private notice": private.asked_again(say.private["asked"], ASKED),
        "a private answer": [*message(answer, text), private.share_button(ID, "C0", locale)],
        "a vote": [why, person],
        "a question to people": hand_off_views.asked_view(
            head,
            ASKED,
            meanings.URGENCIES[0],
            [near],
            [cited],
            "https://example.com/archives/C0/p1",
            say.modals["person_how"],
            locale,
        ),
        "a reply of people": hand_off_views.quoted(reply, "Ask <@U1>.", mentions=True),
        "the greeting of a channel": first_contact.greeting([ASKED, ASKED], locale)[1],
        "the window Show in manual": showing.manual_view(places(answer), {}, coming=True, locale=locale),
        "the window Ask a person": hand_off_views.form_view(record, ("D0", TS), "C0", locale),
        "the window after a thumb down": voting.why_view(on, [person], locale),
        "the window of the shortcut": shortcut.window(
            [*shortcut.answer_blocks(answer, text, ID, locale), *shortcut.post_below(say.modals)], say.modals
        ),
        "the Home tab": home.home_view(shelves, lines, Retention(), figures, raw_text=True, locale=locale),
    }
