"""A month of synthetic traffic, the same for the same seed: 40 people ask, vote and cost money; all of it invented.

In: a store and the last day. Out: records, votes and spending in it, as serve writes them. Questions are about the
sample manual (tests/corpus); some it answers, some it does not know.

    python -m tests.traffic DATA    writes the month that ends today into the database of a data folder
"""

import sys
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from bot.store import Store
from bot.types import Answer, Citation, Closest, Outcome, Question, Record, Sentence, Usage, Verdict, Vote

TEAM, DAYS = "T1", 30
PEOPLE = [f"U{n:03}" for n in range(40)]
CHANNELS = {"CHELP": PEOPLE, "CTRAVEL": PEOPLE[:14], "CLAB": PEOPLE[30:38], "CBOARD": PEOPLE[:3]}
KNOWN = [
    ("bike-leasing-2026.md", "Terms", ["How much may a leased bike cost?", "What is the price limit for a bike?"]),
    ("travel-visa.md", "How long it takes", ["How long does an India visa take?", "visa for China, how long?"]),
    ("mobile-phones.md", "Broken screens", ["My phone's display is broken, who pays?", "cracked screen, what now?"]),
    ("lab-booking.md", "Error codes", ["What does E-417 mean?", "climate chamber shows E-502"]),
    ("onboarding.md", "Week one", ["What happens in my first week?"]),
    ("handbook.pdf", "4 Leave", ["How many days of leave do I get?", "holiday entitlement per year?"]),
    ("canteen.html", "Opening hours", ["When does the canteen open?"]),
]
UNKNOWN = [
    (
        "bike-leasing-2026.md",
        "Terms",
        [
            "Can I lease a cargo trailer for my bike?",
            "Is a bike trailer part of the leasing?",
            "may i lease a trailer with the bicycle",
            "Does bike leasing cover trailers?",
        ],
    ),
    (
        "onboarding.md",
        "Day one",
        [
            "Can I bring my dog to the office?",
            "Are dogs allowed at work?",
            "is it ok to take my dog to the office",
            "Who do I ask about an office dog?",
        ],
    ),
    ("handbook.pdf", "4 Leave", ["Is there paid leave for moving house?", "Do I get a day off when I move?"]),
    ("travel-visa.md", "Second passport", ["Who pays for an airport lounge?", "airport lounge on business trips?"]),
    ("handbook.pdf", "7 Equipment", ["Can I buy my old laptop from the company?"]),
]
REASONS = ["wrong", "outdated", "not_asked", "source_missing", "too_long", None]
MODELS = ["gpt-4o-mini", "gpt-4o"]


def month(store: Store, last: date, seed: int = 13) -> None:
    """Write DAYS days of traffic that end with `last`."""
    rng = Random(seed)
    for back in range(DAYS - 1, -1, -1):
        day = last - timedelta(back)
        weekend = day.weekday() >= 5
        for n in range(rng.randint(0, 3) if weekend else rng.randint(18, 42)):
            _question(store, rng, day, n)


def _question(store: Store, rng: Random, day: date, n: int) -> None:
    channel = rng.choices(["CHELP", "CTRAVEL", "CLAB", "CBOARD", "D"], [45, 20, 10, 3, 22])[0]
    person = rng.choice(CHANNELS.get(channel, PEOPLE))
    channel = f"D{person[1:]}" if channel == "D" else channel
    at = datetime.combine(day, time(7), UTC) + timedelta(seconds=rng.randint(0, 10 * 3600))
    identity = f"{day:%m%d}{n:03}{rng.getrandbits(16):04x}"
    known = rng.random() < 0.82
    document, heading, wordings = rng.choice(KNOWN if known else UNKNOWN)
    text = rng.choice(wordings)
    degraded = known and rng.random() < (0.5 if day.day % 11 == 0 else 0.03)
    outcome = Outcome.DEGRADED if degraded else Outcome.ANSWERED if known else Outcome.REFUSED
    if rng.random() < 0.006:
        outcome = Outcome.FAILED
    answer = _answer(rng, outcome, document, heading)
    ts = f"{at.timestamp():.6f}"
    question = Question(identity, text, team=TEAM, channel=channel, user=person)
    store.answers.save(Record(identity, question, answer, at, ts, ts))
    if answer.usage_by:
        store.spend.add(TEAM, person, channel, answer.usage_by, at)
    for voter in rng.sample(PEOPLE, rng.choices([0, 1, 2], [75, 21, 4])[0]):
        down = rng.random() < (0.15 if outcome is Outcome.ANSWERED else 0.6)
        reason = rng.choice(REASONS) if down else None
        comment = "The amount changed in June." if reason == "outdated" and rng.random() < 0.4 else None
        at_vote = at + timedelta(minutes=5)
        store.feedback.cast(
            Vote(TEAM, channel, ts, voter, "down" if down else "up", "button", at_vote, reason, comment)
        )


def _answer(rng: Random, outcome: Outcome, document: str, heading: str) -> Answer:
    wait = rng.lognormvariate(7.2, 0.45)
    times = {"retrieve": round(wait / 8, 1), "first_sentence": round(wait, 1), "total": round(wait * 2.5, 1)}
    if outcome is Outcome.FAILED:
        return Answer(outcome, "", error=("internal", "A fault. Report it."), timings_ms={"total": times["total"]})
    if outcome is Outcome.REFUSED:
        near = Closest(document, document.partition(".")[0].replace("-", " ").title(), (heading,))
        spent = {"rewrite": _usage(rng, MODELS[0], 400, 20)}
        return Answer(outcome, "", closest=(near,), confidence=0.1, usage_by=spent, usage=_sum(spent), timings_ms=times)
    place = Citation(1, "c", document, document.partition(".")[0], (heading,), "The rule.", quotes=("The rule.",))
    spent = {}
    if outcome is Outcome.ANSWERED:
        model = rng.choices(MODELS, [9, 1])[0]
        spent = {"answer": _usage(rng, model, 2500, 120), "verify": _usage(rng, MODELS[0], 700, 30)}
    return Answer(
        outcome,
        "The rule. [1]",
        (Sentence("The rule. [1]", Verdict.SUPPORTED, (place,), "copied"),),
        (place,),
        degraded_reason="model_unavailable" if outcome is Outcome.DEGRADED else None,
        confidence=0.9,
        usage=_sum(spent),
        usage_by=spent,
        timings_ms=times,
        model=MODELS[0] if spent else "extractive",
    )


def _usage(rng: Random, model: str, asked: int, written: int) -> Usage:
    asked, written = int(asked * rng.uniform(0.6, 1.4)), int(written * rng.uniform(0.5, 1.5))
    price = 2.5e-6 if model == "gpt-4o" else 1.5e-7
    return Usage(asked, written, round(asked * price + written * price * 4, 8), model=model)


def _sum(spent: dict[str, Usage]) -> Usage:
    total = Usage()
    for usage in spent.values():
        total = total.plus(usage)
    return total


if __name__ == "__main__":
    import dataclasses
    from pathlib import Path

    from bot import wiring
    from bot.settings import Settings

    with wiring.store(dataclasses.replace(Settings(), data=Path(sys.argv[1]))) as kept:
        month(kept, datetime.now(UTC).date())
