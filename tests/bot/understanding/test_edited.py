"""Which edits make another question of a message."""

from bot.understanding.edited import asks_another

ANOTHER = [
    ("how long do visas for China take", "how long do visas for India take"),
    ("how much is lunch?", "how much is lunch for a guest?"),
    ("how much is the bike lease limit in 2025", "how much is the bike lease limit in 2026"),
    ("is there parking", "is there parking for ebikes, and can i charge the battery at my desk"),
    ("how long is paternal leaf notise", "how long is parental leave notice"),
    ("is maternity leave paid?", "is paternity leave paid?"),
    ("is the leave paid?", "is the leave unpaid?"),
    ("may I bring a dog?", "may I not bring a dog?"),
    ("5 days?", "6 days?"),
    ("E-417 error?", "E-471 error?"),
    ("wie lange in Portugal?", "wie lange in Spanien?"),
    ("how long may I work abroad?", "how long may I work abroad? EDIT: it's Japan"),
]
SAME = [
    ("how much is a second display repiar?", "how much is a second display repair?"),
    ("How long may i work abraod", "How long may I work abroad?"),
    ("how long may I work abroad", "how long may I work abroad please :pray:"),
    ("how long may I work abroad?", "how long may I work abroad? EDIT: thanks!"),
    ("how long may I work abroad?", "how long may I work abroad? :pray: EDIT: thanks!"),
    ("how long may I work abroad?", "hi! how long may I work abroad?"),
    ("how long may I work abroad?", "thanks"),
    ("how long may I work abroad?", "*how long* may I work abroad???"),
]


def test_edits() -> None:
    wrong = [pair for pair in ANOTHER if not asks_another(*pair)] + [pair for pair in SAME if asks_another(*pair)]
    assert wrong == []
