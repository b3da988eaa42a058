"""What people type and what they must find first, with the bundled model: neither words nor vectors alone pass this."""

from collections.abc import Sequence

import pytest

from knowledge.index.embed import MiniLM
from knowledge.search.rank import STAY, keep_to_document
from knowledge.search.retrieve import Retriever
from knowledge.types import Query
from tests.knowledge.building import PARAGRAPHS, Base
from tests.rows import each

MANUALS = {
    "SP 800-63B - Sign-in Rules": """# Sign-in Rules
5.1.1.2 Memorized secrets have at least eight characters and are checked against breached lists.

5.1.1.3 Verifiers should permit claimants to use paste functionality when entering a memorized secret.

A one-time password from an authenticator app changes at least every two minutes.

After thirty minutes of inactivity the session ends and reauthentication is required.""",
    "SP 800-45 - Mail Server Rules": """# Mail Server Rules
5.1.1.4 Administrator passwords of the relay are replaced every 30 to 120 days.

Secrets of mail administrators have at least twelve characters.

Attachments over 25 megabytes are rejected by the gateway with error QX-4417.""",
    "Leave and Absence Policy": """# Leave and Absence Policy
Parents may take up to sixteen weeks of paid leave for each birth or adoption.

Requests for annual leave are made two weeks before the first day away.

A medical certificate is required from the fourth day of sickness.

Unused days are carried over until 31 March and lapse afterwards.""",
    "Travel and Expense Policy": """# Travel and Expense Policy
Economy class is booked for flights under six hours.

Receipts are submitted within thirty days; late claims are not reimbursed.

A per diem (PD) covers meals; alcohol is never reimbursed.

Private cars are paid at 40 cents a kilometre.""",
    "Facilities Guide": """# Facilities Guide
Badges are worn visibly; lost badges are reported to the front desk at once.

Visitors are escorted in laboratories at all times.

The uninterruptible power supply (UPS) carries the servers for 30 to 60 minutes.

Dogs are welcome on the second floor only.""",
}


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    base = Base(tmp_path_factory.mktemp("ranking"))
    for name, text in MANUALS.items():
        base.write(f"{name}.txt", text)
    base.ingest(embedder=MiniLM())
    return Retriever(base.catalog, base.index, MiniLM(), splitter=PARAGRAPHS)


def first(retriever: Retriever, texts: str | Sequence[tuple[str, float]]) -> str:
    weighted = ((texts, 1.0),) if isinstance(texts, str) else tuple(texts)
    return retriever.search(Query(weighted, limit=3)).passages[0].text


@each("question, holds")
def test_the_right_passage_comes_first(retriever: Retriever, question: str, holds: str) -> None:
    assert holds in first(retriever, question)


def test_a_follow_up_needs_its_thread(retriever: Retriever) -> None:
    own = "and how early do I have to ask?"
    thread = f"I want to take annual leave in August. Sure, see the leave policy. {own}"
    assert "two weeks before" in first(retriever, [(own, 0.5), (thread, 0.5)])


def test_a_thread_stays_on_its_document(retriever: Retriever) -> None:
    own = "when must they be handed in, and is there a limit?"
    thread = f"What does the travel and expense policy say on receipts? They are submitted within thirty days. {own}"
    found = retriever.search(Query(((own, 0.8), (thread, 0.2)), limit=4)).passages
    assert [p.document for p in found] == ["Travel and Expense Policy.txt"] * 4
    alone = retriever.search(Query(((own, 1.0),), limit=4)).passages
    assert {p.document for p in alone} != {"Travel and Expense Policy.txt"}


def test_each_chunk_shares_the_best_score_of_its_document() -> None:
    stayed = keep_to_document({"a": 0.5, "b": 0.1, "c": 0.3}, {"a": 1, "b": 1, "c": 2})
    assert stayed == pytest.approx({"a": 0.5 + STAY * 0.5, "b": 0.1 + STAY * 0.5, "c": 0.3 + STAY * 0.3})
