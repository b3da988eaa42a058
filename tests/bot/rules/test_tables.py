"""Who may see what, against an oracle that spells the rule out."""

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.tables import Admins, Channel, Collection, Direct, Owner, Person, Rules

IDS = ["C01", "C02", "S01", "S02", "U01", "U02"]
people = st.builds(
    Person,
    user=st.sampled_from(["U01", "U02", None]),
    channel=st.sampled_from(["C01", "C02", "D01", None]),
    groups=st.frozensets(st.sampled_from(["S01", "S02"])),
    alone=st.booleans(),
)
onlies = st.none() | st.lists(st.sampled_from(IDS), unique=True).map(tuple)


@given(people, onlies)
def test_who_may_see(person: Person, only: tuple[str, ...] | None) -> None:
    rules = Rules(collection={"legal": Collection(only=only)})
    expected = only is None
    for one in only or ():
        expected |= one.startswith("C") and one == person.channel
        expected |= one.startswith("U") and one == person.user and person.alone
        expected |= one.startswith("S") and one in person.groups and person.alone
    assert rules.may_see("legal", person) == expected
    assert rules.may_see("unheard of", person)


@given(people, st.dictionaries(st.sampled_from("abc"), onlies), st.none() | st.just(("b", "c")), st.booleans())
def test_what_is_searched_is_what_may_be_seen(
    person: Person, closed: dict[str, tuple[str, ...] | None], named: tuple[str, ...] | None, direct: bool
) -> None:
    rules = Rules(
        channel={"C01": Channel(collection=("a", "b"))},
        collection={name: Collection(only=only) for name, only in closed.items()},
        dm=Direct(collections=named),
    )
    found = rules.collections_for(person, ["a", "b", "c"], direct=direct)
    assert all(rules.may_see(name, person) for name in found)
    wanted = named or ("a", "b", "c", "default") if direct else rules.in_channel(person.channel).collections
    assert [name for name in wanted if rules.may_see(name, person)] == list(found)


def test_nobody_may_who_is_not_named() -> None:
    rules = Rules(admins=Admins(reports=("U01", "S01")))
    assert rules.may("reports", Person(user="U01")) and rules.may("reports", Person("U02", groups=frozenset({"S01"})))
    assert not rules.may("reports", Person(user="U02")) and not rules.may("reports", Person())
    assert not rules.may("ingest", Person(user="U01"))


def test_a_channel_of_two_owners_names_neither() -> None:
    people, legal = Owner(owner_channel="C0PEOPLE"), Owner(owner_channel="C0LEGAL")
    rules = Rules(owner={"People team": people, "HR": people, "Legal": legal})
    assert (rules.team("C0PEOPLE"), rules.team("C0LEGAL"), rules.team("C0OTHER")) == (None, "Legal", None)
