"""Verdicts as small models write them: an honest sentence arrives where they can be understood, never without a quote."""
# ruff: noqa: E501 - replies read best on one line

import json
from pathlib import Path

from bot.check.claims import Claim, prepare
from bot.check.verifier import rulings
from bot.llm.ladder import without_thoughts
from bot.llm.verdicts import verdicts
from knowledge.text.injection import flag
from knowledge.types import Passage
from tests.bot.check.test_checker import TRAVEL, run
from tests.bot.check.test_examples import Says
from tests.rows import each

SAID = "The travel desk books travel [2]."
UNDERSTOOD = [
    '{"claims": [{"id": 1, "supported": true, "quote": "booked by the travel desk", "source": 2, "wrong": ""}]}',
    '[{"id": 1, "supported": true, "quote": "booked by the travel desk", "source": 2}]',
    '{"id": "1", "supported": "true", "quote": "booked by the travel desk", "source": "2", "wrong": "None."}',
    '{"claims": [{"id": 1, "supported": "Yes", "quote": "booked by the travel desk", "source": 2, "wrong": "n/a"}]}',
    '{"claims": [{"id": "claim 1", "supported": true, "quote": "booked by the travel desk", "source": "source 2"}]}',
    '{"claims": [{"supported": true, "quote": "booked by the travel desk", "source": 2}]}',
    '{"claims": {"1": {"supported": true, "quote": "booked by the travel desk", "source": 2}}}',
    '{"1": {"supported": true, "quote": "booked by the travel desk", "source": 2}}',
    '{"result": {"claims": [{"id": 1, "supported": true, "quote": "booked by the travel desk", "source": 2}]}}',
    '{"claims": [{"id": 1, "supported": True, "quote": "booked by the travel desk", "source": 2, "wrong": ""}]}',
    '{"claims": [{"id": 1, "supported": true, "quote": "booked by the travel desk", "source": 2,}]}',
    '{"claims": [{"id": 1, "supported": true, "quote": "Travel is ... the travel desk", "source": 2}]}',
    '{"claims": [{"id": 1, "supported": true, "quote": "“Travel is booked” […] “travel desk”", "source": 2}]}',
    '{"claims": [{"id": 1, "supported": true, "quote": "„Travel is booked by the travel desk.“", "source": 2}]}',
    '{"claims": [{"id": 1, "supported": true, "quote": "Source 2: \\"Travel is booked by the travel desk.\\"", "source": 2}]}',
    '{"claims": [{"id": 1, "supported": true, "quote": "**Travel** is booked by the *travel desk*.", "source": 2}]}',
    '{"claims": [{"id": 1, "supported": true, "quote": ["Travel is booked", "travel desk"], "source": 2}]}',
    '{"claims": [{"id": 1, "supported": true, "quote": "booked by the travel desk", "source": 1}]}',
    '{"claims": [{"id": 1, "supported": true, "quote": "booked by the travel desk", "source": null, "wrong": null}]}',
    '{"claims": [{"id": 1, "supported": true, "quote": "booked by the travel desk", "source": 2}, {"id": 2, "suppor',
    'Sure! Here {is} the JSON:\n```json\n{"claims": [{"id": 1, "supported": true, "quote": "BOOKED BY THE TRAVEL DESK"}]}\n```',
    '<json>{"id": 1, "supported": 1, "quote": "booked by the travel desk", "source": "2", "wrong": "nothing differs"}</json>',
]
NOT_BELIEVED = [
    "",
    "yes",
    "true",
    "[true]",
    '"supported"',
    "Claim 1 is supported by source 2.",
    '{"claims": [true]}',
    '{"claims": [{"id": 1, "supported": true, "quote": "", "source": 2}]}',
    '{"claims": [{"id": 1, "supported": true, "source": 2}]}',
    '{"claims": [{"id": 1, "supported": true, "quote": [], "source": 2}]}',
    '{"claims": [{"id": 1, "supported": true, "quote": "...", "source": 2}]}',
    '{"claims": [{"id": 1, "supported": true, "quote": "The travel desk books travel", "source": 2}]}',
    '{"claims": [{"id": 1, "supported": true, "quote": "the desk books \\"all of the travel\\"", "source": 2}]}',
    '{"claims": [{"id": 1, "supported": "partially", "quote": "booked by the travel desk", "source": 2}]}',
    '{"claims": [{"id": 1, "supported": true, "quote": "booked by the travel desk", "wrong": "who books"}]}',
    '{"claims": [{"id": 1, "supported": tr',
    '{"claims": [{"id": 7, "supported": true, "quote": "booked by the travel desk", "source": 2}]}',
    '{"a": ' * 3000,
    '{"a": [' * 400 + "{}" + "]}" * 400,
]


@each("reply", UNDERSTOOD)
def test_a_verdict_that_can_be_understood_counts(reply: str) -> None:
    checked, _ = run(SAID, verifier=Says(reply))
    assert [(c.reason, [s.source for s in c.supports]) for c in checked] == [("verified", [2])]


@each("reply", UNDERSTOOD)
@each("other", ['"quote": "booked by nobody else", "q"', '"quote": "", "q"'])
def test_never_without_words_of_a_source(reply: str, other: str) -> None:
    checked, _ = run(SAID, verifier=Says(reply.replace('"quote"', other)))
    assert [c.reason for c in checked] == ["quoted"]


@each("reply", NOT_BELIEVED)
def test_a_bare_yes_counts_for_nothing(reply: str) -> None:
    checked, _ = run(SAID, verifier=Says(reply))
    assert [c.reason for c in checked] == ["quoted"]


def test_verdicts_without_ids_count_only_where_there_is_one_for_each() -> None:
    reply = '[{"supported": true, "quote": "booked by the travel desk"}, {"supported": true, "quote": "travel desk"}]'
    checked, checker = run(SAID, verifier=Says(reply))
    assert [h.reason for h in checker.held_back] == ["no_verdict"] and [c.reason for c in checked] == ["quoted"]


@each("first", [0, 1, None])
@each("form", ["JSON", "lines", "by id"])
def test_of_several_verdicts_each_counts_for_its_claim(form: str, first: int | None) -> None:
    quotes = ["booked by the travel desk", "", "Hotels cost up to €140 per night"]
    rows = [{"id": n, "supported": bool(q), "quote": q} for n, q in enumerate(quotes, first or 0)]
    bare = [{k: v for k, v in row.items() if k != "id" or first is not None} for row in rows]
    reply = {
        "JSON": json.dumps({"claims": bare}, ensure_ascii=False),
        "lines": "\n".join(map(json.dumps, bare)),
        "by id": json.dumps({str(n): row for n, row in enumerate(bare, first or 0)}),
    }[form]
    sources = prepare([Passage("c", "d.md", "Handbook", (), TRAVEL, 1.0)])
    said = ["The travel desk books travel.", "You book hotels.", "A hotel is at most €140 a night."]
    claims = {n: Claim(text, "sentence", (1,)) for n, text in enumerate(said, 1)}
    assert [ruled.supported for _, ruled in sorted(rulings(verdicts(reply), claims, sources, "").items())] == [
        True,
        False,
        True,
    ]


def test_a_quote_with_a_placeholder_in_braces_is_read() -> None:
    rows = [
        {"id": n, "supported": True, "quote": quote} for n, quote in enumerate(("Write {your name}.", "Sign it."), 1)
    ]
    assert [row["quote"] for row in verdicts(json.dumps({"claims": rows}))] == ["Write {your name}.", "Sign it."]


@each("other", [None, "none", 0])
def test_a_verdict_counts_for_no_other_claim(other: object) -> None:
    rows = [{"id": 1, "supported": True, "quote": "booked by the travel desk"}, {"id": other, "supported": False}]
    said = ["The travel desk books travel.", "The travel desk books hotels too."]
    claims = {n: Claim(text, "sentence", (1,)) for n, text in enumerate(said, 1)}
    ruled = rulings(
        verdicts(json.dumps(rows)), claims, prepare([Passage("c", "d.md", "Handbook", (), TRAVEL, 1.0)]), ""
    )
    assert 2 not in ruled or not ruled[2].supported


# Written by a blind helper that had read only the manual and three rows for the format; `believed` is by us, after its
# `meaning`. v22 (a quote with marks and a line break that are not escaped) is not read: the manual is quoted then.
BLIND = [json.loads(line) for line in (Path(__file__).parent / "verdict_replies.jsonl").read_text("utf-8").splitlines()]


@each("row", BLIND)
def test_a_reply_is_understood_as_a_person_understands_it(row: dict) -> None:
    text = row["source"]
    sources = prepare([Passage(f"c{n}", "d.md", "Handbook", (), text, 1.0, flagged=flag(text)) for n in range(3)])
    said = {int(one["id"]): one.get("quote") for one in verdicts(without_thoughts(row["reply"]))}
    claims = {n: Claim(row.get("said") or said.get(n) or "Nobody knows.", "sentence", (1,)) for n in range(1, 5)}
    ruled = rulings(verdicts(without_thoughts(row["reply"])), claims, sources, "")
    assert [n for n, one in ruled.items() if one.supported] == (row["believed"] if row["id"] != "v22" else [])
