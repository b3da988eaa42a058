"""Answers in scripts without blanks or with digits of their own: true figures pass, false ones don't, nothing leans."""

from typing import Any

from bot.check.claims import prepare
from bot.check.stream import Stream
from bot.types import Usage
from knowledge.text.quantities import quantities
from tests.bot.check.test_checker import lines, passages, run
from tests.bot.check.test_translated_figures import ruled
from tests.rows import each

MANUAL = """Receipts must be handed in within 14 days. Employees get 27 days of leave, and 20 weeks at full pay. Gifts
of more than 40 euros must be declined. Sick employees call before 9:30. They may work at home 3 days a week. Tutors get
0.35 euros per kilometre and 2.5 hours off. Bonuses of 50,000 yen are paid on 1 April 2026. Visas take 10 to 21 days.
Write to desk@example.com or call +49 30 1234567; see https://intranet.example/travel. Parents get 80% of pay.
Leave starts in July. A flat costs up to 1,500 euros. Bills are paid on the 18th."""


@each("text")
def test_a_true_figure_that_a_letter_touches_is_left_alone(text: str) -> None:
    assert ruled(text, MANUAL) == ""


@each("text, about")
def test_a_false_figure_that_a_letter_touches_is_never_shown(text: str, about: str) -> None:
    assert ruled(text, MANUAL) == about


@each(
    "said, manual, about",
    [
        ("It takes 10 to 14 days", "It takes 10-14 days.", ""),
        ("Das dauert 10-14 Tage", "It takes 10 to 14 days.", ""),
        ("20-30 % of it", "Between 20% and 30% of it", ""),
        ("It takes 10-15 days", "It takes 10-14 days.", "15 days"),
        ("Form 10-14", "Form 10-15 is needed: 10 days, 14 nights", "10-14"),
        ("within 14 days", "領収書は14日以内に提出しなければならない。", ""),
        ("by 1 May 2026", "2026年5月1日までに申請する。", ""),
        ("within 15 days", "領収書は14日以内に提出しなければならない。", "15 days"),
        ("within 14 weeks", "領収書は14日以内に提出しなければならない。", "14 weeks"),
        ("4 months before", "4週間前に申請する。", "4 months"),
        ("four weeks before", "4週間前に申請する。", ""),
        ("4か月前に", "4週間前に申請する。", "4か月"),
        ("试用期为六个月", "試用期間は3ヶ月です。", "六个月"),
        ("试用期为三个月", "試用期間は3ヶ月です。", ""),
        ("The probation is three months", "試用期間は三か月です。", ""),
        ("The probation is six months", "試用期間は三か月です。", "six months"),
        ("It is 15,000 euros", "手当は1万5千円です。", "15,000 euros"),
        ("It is 15,000 yen", "手当は1万5千円です。", ""),
        ("until 5:30 pm", "午後5時30分まで", ""),
        ("until 5:30 am", "午後5時30分まで", "5:30 am"),
        ("Paid in March", "賞与は3月に支払われます。", ""),
        ("Paid in April", "賞与は3月に支払われます。", "april"),
        ("It is paid on the 15th", "給与は15日に支払われます。", ""),
        ("It takes 10 to 14 paid working days", "It takes 10-14 paid working days.", ""),
        ("It takes 10-14 paid working days", "It takes 10 to 14 paid working days.", ""),
        ("It takes 10-15 paid working days", "It takes 10 to 14 paid working days.", "15 paid working days"),
        ("Up to 150 euros", "€100-150 are paid.", ""),
        ("EUR 100-150", "Between 100 and 150 euros are paid.", ""),
        ("€100-160", "Between 100 and 150 euros are paid.", "160"),
        ("von 9 Uhr bis 17.30 Uhr", "Geöffnet 9:00-17:30 Uhr", ""),
        ("from 9:00-17:30", "Open from 9 to 17:30.", ""),
        ("von 9 bis 18 Uhr", "Geöffnet 9:00-17:30 Uhr", "18 Uhr"),
        ("Dial 22-15 on weekdays", "Dial 22-14 on weekdays.", "22-15"),
        ("Dial 14-23 on weekdays", "Dial 14-22 on weekdays.", "14-23"),
        ("Dial 22-15 weekdays", "Dial 22-14 weekdays or 33-15 days.", "22-15"),
    ],
)
def test_a_range_is_no_code_and_a_manual_may_be_in_any_script(said: str, manual: str, about: str) -> None:
    assert ruled(said, manual) == about


@each(
    "text",
    ["9" * 400 + "万", "1,234.5万6,7千", "１２３４５６７８９０" * 50, "30時99分", "日" * 5000, "0月0日半", "1年半期"],
)
def test_nothing_breaks_it(text: str) -> None:
    assert all(0 <= one.start < one.end <= len(text) for one in quantities(text))


@each(
    "answer",
    [
        "領収書は14日以内に提出します[1]。それ以降は払い戻されません[2]。",
        "領収書は14日以内に提出します。[1]それ以降は払い戻されません。[2]",
        "領収書は「14日以内」[1]。それ以降は払い戻されません（2）。",
        "收据14天内提交[来源 1]。之后不予报销。（来源2）",
    ],
)
def test_sentences_without_a_blank_between_have_their_own_markers(answer: str) -> None:
    for step in (1, 3, len(answer)):
        stream = Stream(prepare(passages(MANUAL, "Late ones are not paid.")))
        claims = [
            one for i in range(0, len(answer), step) for one in stream.feed(answer[i : i + step])
        ] + stream.finish()
        assert [one.cites for one in claims] == [(1,), (2,)]
        assert not {*"[]（）源"} & {*"".join(one.text for one in claims)}


class Believes:
    """A verifier that reads no such language: the first sentence is wrong, the next ones are right."""

    async def verify(self, request: Any, *, first: bool = True) -> tuple[list[dict[str, str]], Usage]:
        quote = {"quote": "booked by the travel desk", "source": "2"}
        rows = [
            {"id": str(one["id"]), "supported": str(one["cites"] == [2]).lower()} | quote for one in request["claims"]
        ]
        return rows, Usage()


@each(
    "said, leans",
    [
        ("ペンギンが港を治めています[1]。それ以降は出張デスクが予約します[2]。", True),
        ("企鹅统治港口[1]。之后由差旅部门预订[2]。", True),
        ("Пингвины правят портом [1]. После этого билеты бронирует отдел [2].", True),
        ("I pinguini regnano nel porto [1]. Dopo tale termine prenota sempre l'ufficio viaggi [2].", True),
        ("出張は出張デスクが予約します[2]。それ以降も出張デスクが予約します[2]。", False),
        ("Die Pinguine regieren [1]. Reisen bucht immer die Reisestelle [2].", False),
        ("Penguins rule the harbour [1]. All journeys are reserved at the counter for travel [2].", False),
    ],
)
def test_behind_a_missing_sentence_nothing_stands_that_may_lean_on_it(said: str, leans: bool) -> None:
    checked, checker = run(said, verifier=Believes())
    assert ("leans" in [one.reason for one in checker.held_back]) is leans
    assert (lines(checked)[-1] == "“Travel is booked by the travel desk.”") is leans
