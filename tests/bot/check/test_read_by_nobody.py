"""What no judge reads names something and says nothing: with a verifier that denies all, no lie comes through."""

# ruff: noqa: E501 - cases read best on one line

from bot.types import Verdict
from knowledge.types import Passage
from tests.bot.check.test_checker import lines, run
from tests.fake_verifier import Reader
from tests.rows import each

TRUE = "The date on which the People team receives the notice counts."
NOTICE = Passage(
    "c", "d.md", "Handbook", ("2 Employment", "2.4 Notice"),
    f"Notice must be in writing. An e-mail or a message in Slack is not enough. {TRUE}\nTo leave, return:\n- badge\n- keys\n\n"
    "Length of service | Notice period\nup to 2 years | 1 month\nmore than 2 years | 2 months", 1.0,
)  # fmt: skip


def shown(said: str, manner: str = "no", asked: str = "Can I resign by e-mail?") -> list[str]:
    checked, _ = run(said, sources=[NOTICE], manner=manner, asked=asked)
    return lines(checked)


@each("talk")
def test_a_courtesy_behind_a_question_is_no_yes(talk: str) -> None:
    assert shown(f"{talk} {TRUE} [1]") == [TRUE]


@each("lie")
def test_what_stands_over_a_sentence_and_says_something_is_judged(lie: str) -> None:
    for manner in ("no", None):
        assert [line.strip("“”") for line in shown(f"{lie}\n\n{TRUE} [1]", manner)] == [TRUE], manner


@each("lie")
def test_what_stands_over_a_list_falls_where_the_list_is_only_quoted(lie: str) -> None:
    for mark in ("-", "1."):
        said = shown(f"{lie}\n{mark} {TRUE} [1]\n{mark} Penguins smoke [1]")
        assert said == [f"{mark} “{TRUE}”"]


@each("over")
def test_what_only_names_stays_and_costs_no_call(over: str) -> None:
    reader = Reader("no")
    checked, checker = run(f"{over}\n\n{TRUE} [1]", sources=[NOTICE], verifier=reader, asked="How do I resign?")
    assert lines(checked) == [over, TRUE] and not reader.requests and not checker.held_back


@each("over")
def test_what_says_something_stays_where_it_is_found_to_be_so(over: str) -> None:
    for below in (f"\n{TRUE} [1]", "- the keys [1]", f"- {TRUE} [1]"):
        assert shown(f"{over}\n{below}", "yes")[0] == over


def test_a_lead_in_waits_for_the_first_item_that_is_found_to_be_so() -> None:
    said = f"You can also:\n- {TRUE} [1]\n- badge and keys are returned to leave [1]"
    checked, _ = run(said, sources=[NOTICE], verifier=Second())
    assert lines(checked) == [f"- “{TRUE}”", "You can also:", "- badge and keys are returned to leave"]


class Second(Reader):
    """Denies the first claim alone."""

    async def verify(self, request, *, first: bool = True):  # type: ignore[no-untyped-def]
        self.manner = "yes" if self.requests else "no"
        return await super().verify(request, first=first)


@each("table")
def test_a_table_without_rows_is_not_shown(table: str) -> None:
    assert shown(f"{table}\n\n{TRUE} [1]") == [TRUE]


def test_a_lead_in_above_a_table_that_says_something_is_judged_apart() -> None:
    rows = "| Length of service | Notice period |\n|---|---|\n| up to 2 years | 1 month [1] |"
    for lead, kept in (("An e-mail is enough:", False), ("The periods:", True)):
        assert shown(f"{lead}\n\n{rows}")[: kept or None] == [lead] * kept + rows.replace(" [1]", "").split("\n") * (
            not kept
        )


@each("said")
def test_that_the_manual_is_silent_allows_nothing(said: str) -> None:
    assert shown(f"{said} {TRUE} [1]", asked="May I smoke in the lab, keep cats or build with Gartenmöbel?") == [TRUE]


@each("said")
def test_that_the_manual_is_silent_may_be_said(said: str) -> None:
    checked, _ = run(said, sources=[NOTICE], manner="no", asked="May I smoke in the lab or take a sabbatical?")
    assert [one.verdict for one in checked] == [Verdict.PLAIN]
