"""Records as JSON: rows that earlier versions wrote are read, and what comes in is what comes out."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.types import Answer, Outcome, Question, Record, Turn, Usage
from knowledge.read.pages import Page
from knowledge.records import build, dumps, loads
from knowledge.types import Block, PageSpan, Passage
from tests.bot.store.test_records import RECORD
from tests.rows import each

# Written by version 0.1.0, before pydantic read these rows.
OLD_ROW = (
    r'{"id":"a1","question":{"id":"q1","text":"how many days?","history":[{"role":"user","text":"hi"}],'
    r'"collection":"hr","access":["all"],"team":"T1","channel":"C1","user":"U1"},"answer":{"outcome":"answered",'
    r'"text":"30 days [1].","sentences":[{"text":"30 days [1].","verdict":"supported","citations":[{"n":1,'
    r'"chunk_id":"c1","document":"leave.pdf","title":"Leave","section":["1 Leave","1.2 Days"],"quote":"30 days <b>",'
    r'"page":4,"page_end":null,"page_label":"iv","url":null,"edition":"2026"}]},{"text":" Ask!","verdict":"plain",'
    r'"citations":[]}],"citations":[{"n":1,"chunk_id":"c1","document":"leave.pdf","title":"Leave","section":'
    r'["1 Leave","1.2 Days"],"quote":"30 days <b>","page":4,"page_end":null,"page_label":"iv","url":null,'
    r'"edition":"2026"}],"closest":[{"document":"x.pdf","title":"X","section":["a","b"],"page":null,"page_label":null,'
    r'"url":null}],"passages":[{"chunk_id":"c1","document":"leave.pdf","title":"Leave","section":["1 Leave"],'
    r'"text":"30 days \u0000 \ud800 \ud83d\ude00","score":0.30000000000000004,"pages":[{"start":0,"page":4,'
    r'"label":"iv"},{"start":9,"page":5,"label":null}],"anchor":null,"similarity":1e-17,"lexical":0.0,"flagged":'
    r'[[0,3]],"effective":"2026-01-01","version":null,"ocr":false,"ordinal":0}],"dropped":1,"reattributed":0,'
    r'"degraded_reason":null,"error":["code","message"],"notes":["quoted"],"usage":{"input_tokens":10,'
    r'"output_tokens":20,"cost_usd":0.000123,"estimated":true,"model":null},"timings_ms":{"total":12.345678901},'
    r'"prompt":"answer@v2","prompt_sha256":null,"model":null,"confidence":0.7,"rewrite":null,"generation":3},'
    r'"created_at":"2026-11-23T09:00:00.123456+00:00","message_ts":"5.1","thread_ts":"5.0"}'
)


IN_HR = replace(RECORD, question=replace(RECORD.question, collections=("hr",)))
EARLIER = replace(IN_HR, answer=replace(RECORD.answer, held_back=(), usage_by={}))  # 0.1 did not keep these


def test_a_row_of_an_earlier_version_is_read_exactly() -> None:
    assert loads(Record, OLD_ROW) == EARLIER


def covers(new: object, old: object) -> bool:
    """Whether all that `old` says stands in `new`, which may say more."""
    if isinstance(old, dict) and isinstance(new, dict):
        return all(key in new and covers(new[key], value) for key, value in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(covers, new, old))
    return new == old


def test_what_is_written_now_says_all_that_was_written_then() -> None:
    kept = OLD_ROW.replace("+00:00", "Z").replace('"dropped":1,', "")  # counted from what was held back
    kept = kept.replace('"collection":"hr","access":["all"]', '"collections":["hr"]')
    assert covers(json.loads(dumps(IN_HR)), json.loads(kept))


def test_fields_of_other_versions_are_skipped_or_take_their_defaults() -> None:
    assert build(PageSpan, {"start": 0, "page": 1, "label": None, "later": [1]}) == PageSpan(0, 1, None)
    assert loads(Answer, '{"outcome":"failed","text":""}') == Answer(Outcome.FAILED, "")


@each(
    "kind, value",
    [(Page, {}), (Page, {"number": "x"}), (Page, 3), (Block, {"text": ["a"]}), (Block, {"text": "a", "kind": "song"})],
)
def test_a_value_of_the_wrong_kind_is_a_value_error(kind, value) -> None:
    with pytest.raises(ValueError):
        build(kind, value)


TEXT = st.text(st.characters(codec=None), max_size=20)
PASSAGES = st.builds(
    Passage,
    TEXT,
    TEXT,
    TEXT,
    st.tuples(TEXT),
    TEXT,
    st.floats(allow_nan=False, allow_infinity=False),
    flagged=st.tuples(st.tuples(st.integers(), st.integers())),
    effective=st.none() | st.dates(),
)
ANSWERS = st.builds(
    Answer,
    st.sampled_from(Outcome),
    TEXT,
    passages=st.tuples(PASSAGES),
    error=st.none() | st.tuples(TEXT, TEXT),
    usage=st.builds(Usage, st.integers(0), cost_usd=st.none() | st.floats(0, 9)),
    timings_ms=st.dictionaries(st.sampled_from(("retrieve", "total")), st.floats(0, 1e9)),
)
QUESTIONS = st.builds(Question, TEXT, TEXT, st.tuples(st.builds(Turn, st.sampled_from(("user", "agent")), TEXT)))


@given(QUESTIONS, ANSWERS, st.datetimes(timezones=st.just(UTC)))
def test_every_record_comes_back_and_its_row_is_ascii(question: Question, answer: Answer, now: datetime) -> None:
    record = Record("a", question, answer, now)
    row = dumps(record)
    assert row.isascii() and "\n" not in row
    assert json.loads(row)["created_at"].endswith("Z")
    assert loads(Record, row) == record
