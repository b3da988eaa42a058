"""Show in manual, over the wire: real PDFs ingested, drawn and uploaded to a Slack that is strict about files."""

import asyncio
import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.demo.workspace.state import Json, Message, View
from bot.rules.file import RulesFile
from bot.store import Store
from bot.types import Answer, Citation, Finished, Outcome, Sentence, Status, Verdict
from knowledge.pictures import Pictures
from knowledge.types import Chunk, passage_of
from tests.knowledge.building import SHIPPED, Base, write_pdf
from tests.slack.bots import FakeAssistant, answer_to, ends, running
from tests.slack_server import FakeSlack

MEALS = "Meals are refunded up to 40 euros a day."


@dataclass
class Manual:
    """An ingested PDF, and an answer that cites its second page."""

    base: Base
    answer: Answer
    pictures: Pictures

    @property
    def assistant(self) -> FakeAssistant:
        shown = self.answer.sentences
        return FakeAssistant(lambda _: [Status("searching"), *shown, Finished(self.answer)])


def write(path: Path, second: str = f"Travel. {MEALS} Alcohol is not.") -> None:
    write_pdf(path, "Hotels are booked by the travel desk of the house.", second)


def ingested_manual(folder: Path) -> Manual:
    base = Base(folder / "kb")
    write(base.docs / "travel.pdf")
    (base.docs / "travel.pdf.meta.yaml").write_text("title: Travel Policy\nowner: Finance\nversion: 3\n")
    base.ingest(reading=SHIPPED)
    keys = [key for key, *_ in base.catalog.outline("default")]
    found = base.catalog.chunks("default", keys).values()
    chunk: Chunk = next(chunk for chunk in found if MEALS in chunk.text)
    passage = passage_of(chunk, score=1.0, similarity=None, lexical=1.0)
    span = passage.page_at(chunk.text.index(MEALS))
    assert span is not None
    cited = Citation(
        1, chunk.id, chunk.document, "Travel Policy", ("5 Meals",), MEALS, page=span.page, page_end=span.page,
        page_label="45", url="https://docs.example.com/travel.pdf#page=2", edition=passage.edition, quotes=(MEALS,),
    )  # fmt: skip
    sentence = Sentence(f"{MEALS} [1]", Verdict.SUPPORTED, (replace(cited, url=None),))
    answer = Answer(Outcome.ANSWERED, sentence.text, (sentence,), (cited,), passages=(passage,), model="fake")
    return Manual(base, answer, Pictures(folder / "pictures", base.catalog, {}))


@pytest.fixture(scope="module")
def one_manual(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Manual]:
    made = ingested_manual(tmp_path_factory.mktemp("manual"))
    yield made
    made.base.engine.dispose()


@pytest.fixture
def manual(one_manual: Manual, tmp_path: Path) -> Manual:
    """With no picture drawn yet; nobody may write to its files."""
    return replace(one_manual, pictures=Pictures(tmp_path / "pictures", one_manual.base.catalog, {}))


async def an_answer(slack: FakeSlack, store: Store, channel: str = "C1") -> Message:
    return await answer_to(slack, slack.people.mention(channel, "U1", "How much are meals?"), store)


def words(view: View) -> str:
    def texts(node: Any) -> list[str]:
        if isinstance(node, list):
            return [text for item in node for text in texts(item)]
        if not isinstance(node, dict):
            return []
        own = [node["text"]] if isinstance(node.get("text"), str) else []
        return own + [text for item in node.values() for text in texts(item)]

    return "\n".join(texts(view.view["blocks"]))


def images(view: View) -> list[Json]:
    return [block for block in view.view["blocks"] if block["type"] == "image"]


async def shown(slack: FakeSlack, answer: Message, user: str = "U1", *, text: str = "") -> View:
    """The modal once it is complete: with a picture, or with `text`."""
    seen = set(slack.views)
    slack.people.button(answer, "show", user)

    def ready() -> View | None:
        new = next((view for id, view in slack.views.items() if id not in seen), None)
        return new if new and (text in words(new) if text else images(new)) else None

    return await slack.wait_for(ready, "the modal", timeout_s=20)


async def test_the_place_is_shown_with_its_page_and_the_words_marked(
    slack: FakeSlack, store: Store, manual: Manual
) -> None:
    async with running(slack, manual.assistant, store, drawing=manual.pictures):
        answer = await an_answer(slack, store)
        view = await shown(slack, answer, "U2")
    assert view.user == "U2"
    said = words(view)
    for part in (
        "[1] Travel Policy › 5 Meals",
        "p. 45 (PDF page 2)",
        "version 3",
        "Owner: Finance",
        "Open the document",
    ):
        assert part in said
    runs = view.view["blocks"][0]["elements"][1]["elements"]
    assert [run["text"] for run in runs if run.get("style")] == [MEALS]
    assert "Alcohol is not." in said
    (image,) = images(view)
    file = slack.files[image["slack_file"]["id"]]
    assert (file.shared_in, file.alt) == (None, image["alt_text"])
    assert MEALS in image["alt_text"]
    picture = Image.open(io.BytesIO(file.content)).convert("RGB")
    colours = {colour for _, colour in picture.getcolors(1 << 24) or ()}
    assert any(r > 220 and 200 < g < 250 and b < 140 for r, g, b in colours)  # type: ignore[misc]
    opened = [call.method for call in slack.calls if call.method.startswith("views.")]
    assert opened[0] == "views.open"


async def test_a_page_is_drawn_and_uploaded_once_whoever_presses(
    slack: FakeSlack, store: Store, manual: Manual
) -> None:
    async with running(slack, manual.assistant, store, drawing=manual.pictures):
        answer = await an_answer(slack, store)
        for user in ("U1", "U2", "U1"):
            slack.people.button(answer, "show", user)
        await slack.wait_for(lambda: sum(bool(images(v)) for v in slack.views.values()) == 3, "three modals")
    assert len(slack.files) == 1
    async with running(slack, manual.assistant, store, drawing=manual.pictures):  # another process, a day later
        await shown(slack, answer)
    assert len(slack.called("files.completeUploadExternal")) == 1


async def test_a_file_that_slack_does_not_know_yet_is_offered_again(
    slack: FakeSlack, store: Store, manual: Manual
) -> None:
    slack.file_lag = 2
    async with running(slack, manual.assistant, store, drawing=manual.pictures):
        await shown(slack, await an_answer(slack, store))
    assert [c.error for c in slack.called("views.update")].count("invalid_arguments") == 2


async def test_a_file_that_slack_never_knows_leaves_the_text_and_is_uploaded_anew(
    slack: FakeSlack, store: Store, manual: Manual, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.showing.PATIENCE_S", (0.0, 0.01))
    slack.file_lag = 9
    async with running(slack, manual.assistant, store, drawing=manual.pictures):
        answer = await an_answer(slack, store)
        view = await shown(slack, answer, text="Slack did not take it")
        assert MEALS in words(view)
        slack.file_lag = 0
        await shown(slack, answer)
    assert len(slack.files) == 2


@pytest.mark.parametrize("broken", ["scope", "announce", "upload", "complete", "throttled"])
async def test_an_upload_that_fails_leaves_the_text_with_one_line(
    slack: FakeSlack, store: Store, manual: Manual, broken: str
) -> None:
    if broken == "scope":
        slack.scopes.discard("files:write")
    elif broken == "announce":
        slack.fault("files.getUploadURLExternal", error="file_uploads_disabled", times=None)
    elif broken == "upload":
        slack.fault("upload", status=500, times=None)
    elif broken == "complete":
        slack.fault("files.completeUploadExternal", error="file_update_failed", times=None)
    else:
        slack.fault("files.getUploadURLExternal", retry_after=600, status=429, times=None)
    async with running(slack, manual.assistant, store, drawing=manual.pictures):
        view = await shown(slack, await an_answer(slack, store), text="Slack did not take it")
    assert MEALS in words(view)
    assert images(view) == []


async def test_where_the_file_is_gone_or_changed_the_text_stays(slack: FakeSlack, store: Store, tmp_path: Path) -> None:
    manual = ingested_manual(tmp_path)
    async with running(slack, manual.assistant, store, drawing=manual.pictures):
        answer = await an_answer(slack, store)
        write(manual.base.docs / "travel.pdf", "Meals are not refunded any more, whatever it is that they may cost.")
        manual.base.ingest(reading=SHIPPED)
        view = await shown(slack, answer, text="has changed since this answer")
        assert MEALS in words(view)
        shutil.rmtree(manual.base.docs)
        view = await shown(slack, answer, text="not where it was read from")
        assert MEALS in words(view)


async def test_an_old_answer_is_shown_as_long_as_its_record_lives(
    slack: FakeSlack, store: Store, manual: Manual, tmp_path: Path
) -> None:
    async with running(slack, manual.assistant, store, drawing=manual.pictures):
        answer = await an_answer(slack, store)
    async with running(slack, manual.assistant, store, drawing=manual.pictures):
        await shown(slack, answer)
        from sqlalchemy import delete

        from bot.store.schema import answer_messages, answers

        with store.answers.engine.begin() as db:
            db.execute(delete(answer_messages))
            db.execute(delete(answers))
        await shown(slack, answer, text="no longer kept")


async def test_who_may_not_see_the_collection_sees_nothing_of_it(
    slack: FakeSlack, store: Store, manual: Manual, tmp_path: Path
) -> None:
    rules = tmp_path / "policybot.toml"
    rules.write_text('[collection.default]\nonly = ["C0TRAVEL1"]\n')
    file = RulesFile(rules)
    slack.add_channel("C0TRAVEL1")
    async with running(
        slack, manual.assistant, store, drawing=manual.pictures, rules=file, collections=lambda: ["default"]
    ):
        answer = await an_answer(slack, store, "C0TRAVEL1")
        await shown(slack, answer)
        rules.write_text('[collection.default]\nonly = ["C0OTHER11"]\n')
        file.reread()
        file.reread()  # a change counts once it is seen twice
        view = await shown(slack, answer, "U2", text="no longer kept")  # in the words for what is not there
    assert MEALS not in words(view)
    assert len(slack.files) == 1


async def test_a_press_counts_only_where_its_answer_stands(slack: FakeSlack, store: Store, manual: Manual) -> None:
    async with running(slack, manual.assistant, store, drawing=manual.pictures):
        answer = await an_answer(slack, store)
        slack.hold = True
        await shown(slack, answer)
        genuine = next(d.payload for d in slack.deliveries if d.kind == "interactive")
        for change in (
            {"channel": {"id": "C404"}},
            {"message": {"ts": "1.1"}, "container": {}},
            {"actions": [genuine["actions"][0] | {"value": "0123456789ab"}]},
        ):
            trigger = slack.people._by("U2", "block_actions")["trigger_id"]
            slack.people.interact(genuine | change | {"trigger_id": trigger})
        await slack.wait_for(
            lambda: sum("no longer kept" in words(v) for v in slack.views.values()) == 3, "three empty modals"
        )
        before = len(slack.views)
        stranger = genuine["user"] | {"id": "U9", "team_id": "T9ELSEWHERE"}
        slack.people.interact(genuine | {"user": stranger})
        await slack.settle()
    assert len(slack.views) == before
    assert sum(MEALS in words(view) for view in slack.views.values()) == 1


async def test_a_trigger_that_is_too_old_gets_a_line(slack: FakeSlack, store: Store, manual: Manual) -> None:
    slack.trigger_s = -1
    async with running(slack, manual.assistant, store, drawing=manual.pictures):
        answer = await an_answer(slack, store)
        slack.people.button(answer, "show", "U2")
        (note,) = await slack.wait_for(lambda: slack.ephemerals("U2"), "a line")
    assert "too long to open" in note.text
    assert slack.files == {}


async def test_who_presses_without_end_is_asked_to_wait(
    slack: FakeSlack, store: Store, manual: Manual, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.services.MINUTE_S", 1e9)  # that no minute ends between the two
    async with running(slack, manual.assistant, store, drawing=manual.pictures, settings={"user_per_minute": 1}):
        answer = await an_answer(slack, store)
        await shown(slack, answer)
        await shown(slack, answer, text="a lot in the last minute")


async def test_who_closes_the_modal_stops_nothing(slack: FakeSlack, store: Store, manual: Manual) -> None:
    slack.fault("views.update", error="not_found")
    async with running(slack, manual.assistant, store, drawing=manual.pictures):
        answer = await an_answer(slack, store)
        slack.people.button(answer, "show")
        await slack.wait_for(lambda: slack.called("views.update"), "an update in vain")
        await shown(slack, answer)


async def test_a_refusal_has_no_button(slack: FakeSlack, store: Store) -> None:
    refusal = Answer(Outcome.REFUSED, "")
    async with running(slack, ends(refusal), store):
        answer = await an_answer(slack, store)
        await asyncio.sleep(0)
    assert not any(block["type"] == "actions" for block in answer.blocks)


async def test_without_a_folder_of_pictures_the_text_is_shown(slack: FakeSlack, store: Store, manual: Manual) -> None:
    async with running(slack, manual.assistant, store):
        view = await shown(slack, await an_answer(slack, store), text=MEALS)
    assert images(view) == []
