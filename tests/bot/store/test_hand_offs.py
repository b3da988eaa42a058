"""What is carried between askers and owners: one worker at a time, one row a message, no words kept, gone in time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.settings import Retention
from bot.store import Store
from bot.store.hand_offs import LEASE_S, Carried, ask_key

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ASKED = Carried(ask_key("a"), "ask", "T1", "a", "U1", "U1", ("C1", "5.0"), ("C2", None), "who knows?")


def test_one_worker_has_a_message_until_its_lease_ends_and_only_the_last_one_ends_it(store: Store) -> None:
    assert store.hand_offs.add(ASKED, NOW) and not store.hand_offs.add(replace(ASKED, text="another"), NOW)
    first = store.hand_offs.claim(NOW)
    assert first is not None and (first.text, first.attempt) == ("who knows?", 1)
    store.hand_offs.hold(first, NOW + timedelta(seconds=3))
    assert store.hand_offs.claim(NOW + timedelta(seconds=LEASE_S + 2)) is None
    second = store.hand_offs.claim(NOW + timedelta(seconds=LEASE_S + 4))
    assert second is not None and second.attempt == 2
    store.hand_offs.hold(first, NOW + timedelta(days=1))  # it lost it
    assert not store.hand_offs.ended(first, "1.0", NOW)
    assert store.hand_offs.ended(second, "2.0", NOW) and not store.hand_offs.ended(second, "3.0", NOW)
    told = store.hand_offs.claim(NOW)
    assert told is not None and (told.kind, told.text) == ("told", "sent")
    assert (told.home, told.place) == (("C1", "5.0"), ("C2", None))
    (asked,) = store.hand_offs.asked_in("T1", "C2", "2.0")
    assert asked is not None and asked.text == ""
    assert not store.hand_offs.asked_in("T1", "C2", "1.0") and not store.hand_offs.asked_in("T2", "C2", "2.0")


def test_a_message_that_waits_behind_another_is_nobodys_yet_so_that_it_is_not_posted_twice(store: Store) -> None:
    for number, name in enumerate("abc"):
        store.hand_offs.add(replace(ASKED, key=ask_key(name)), NOW + timedelta(seconds=number))
    (slow, *others) = (store.hand_offs.claim(NOW) for _ in range(4))
    assert [one and one.key for one in (slow, *others)] == ["ask:a", "ask:b", "ask:c", None]
    store.hand_offs.add(replace(ASKED, key=ask_key("d")), NOW)
    much_later = store.hand_offs.claim(NOW + timedelta(seconds=LEASE_S - 1))  # while somebody still posts the first
    assert much_later is not None and (much_later.key, much_later.attempt) == ("ask:d", 1)


def test_a_question_that_was_refused_may_be_sent_again_and_its_asker_is_told_again(store: Store) -> None:
    store.hand_offs.add(ASKED, NOW)
    for ts in (None, "2.0"):
        asked = store.hand_offs.claim(NOW)
        assert asked is not None and store.hand_offs.ended(asked, ts, NOW)
        told = store.hand_offs.claim(NOW)
        assert told is not None and told.text == ("sent" if ts else "not_sent")
        store.hand_offs.ended(told, "9.0", NOW)
        assert store.hand_offs.add(ASKED, NOW) == (ts is None)


def test_a_purge_and_an_erasure_reach_it_from_either_side(store: Store) -> None:
    store.hand_offs.add(ASKED, NOW)
    store.hand_offs.add(replace(ASKED, key="reply:C2:3.0", kind="reply", user="U2"), NOW)
    assert len([row for row in store.persons.export("U2", NOW) if row["table"] == "hand_offs"]) == 1
    assert store.persons.erase("U1", NOW)["hand_offs"] == 2
    store.hand_offs.add(ASKED, NOW)
    assert "hand_offs" not in store.purge.run(Retention(), NOW + timedelta(days=29))
    assert store.purge.run(Retention(), NOW + timedelta(days=31))["hand_offs"] == 1


def test_what_changes_while_it_is_posted_is_carried_once_more_at_once(store: Store) -> None:
    reply = replace(ASKED, key="reply:C2:a:3.0", kind="reply", user="U2", text="")
    store.hand_offs.add(reply, NOW)
    for attempt in (1, 2, 3):
        one = store.hand_offs.claim(NOW)
        assert one is not None and (one.attempt, one.changed) == (attempt, attempt > 1)
        assert store.hand_offs.claim(NOW) is None  # nobody else has it
        if attempt < 3:
            assert store.hand_offs.changed("T1", "C2", "3.0", NOW + timedelta(seconds=attempt))
            assert store.hand_offs.claim(NOW) is None
        assert store.hand_offs.ended(one, "9.0", NOW) == (attempt == 3)
    assert store.hand_offs.claim(NOW) is None
    for other in (("T2", "C2", "3.0"), ("T1", "C1", "3.0"), ("T1", "C2", "13.0"), ("T1", "C2", "3.1")):
        assert not store.hand_offs.changed(*other, NOW)
    kept = store.hand_offs.find(reply.key)
    assert kept is not None and (kept.state, kept.text) == ("posted", "")
