"""What a message tells of as a model has read it, against what was heard before. Pure."""

from dataclasses import replace

from bot.understanding.topics import Kind, Told, private

# what a model may say that a message tells of; given: prompts/rewrite/v5.md
READ: tuple[Kind, ...] = (
    "self_harm", "emergency", "accident", "bereaved", "relative", "health", "miscarried", "strain", "pregnancy",
    "harassment", "home", "witness", "dismissal", "debts", "addiction", "legal", "colleague", "pay",
)  # fmt: skip
NOTHING = "nothing"  # or that it tells of none of these


def agreed(of: Told | None, read: str | None, text: str) -> Told | None:
    """What a message tells of: what a model has `read`, one of READ or NOTHING; None where it did not say.

    What it has no name for is left as it was heard, and so is what is surely grave. Who gives notice tells of nothing.
    """
    if read is None or (of and (of.surely_grave or (of.kind == "resigns" and read == NOTHING))):
        return of
    if of and (read == of.kind or (of.kind not in READ and read == (private(of.kind) or NOTHING))):
        return replace(of, likely=1.0, beside=None if read == NOTHING else of.beside)
    return next((Told(kind, text) for kind in READ if kind == read), None)
