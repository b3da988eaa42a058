"""The verbs that ask: search, ask, chat. All go through the one Assistant that Slack uses."""

import argparse
import asyncio
import io
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeVar
from uuid import uuid4

import structlog

from bot import json_rows, texts, wiring
from bot.answering.assistant import Assistant, final
from bot.answering.places import page_of, where
from bot.cli import terminal
from bot.cli.terminal import Paper
from bot.errors import SettingsError
from bot.evaluation import gold
from bot.log import traced
from bot.privacy.mask import Mask
from bot.settings import Settings
from bot.types import Answer, Finished, Outcome, Question, Sentence, Turn
from bot.understanding.follow_up import resolve
from bot.wiring.adapters import PersonalDataFinder
from knowledge.errors import KnowledgeError
from knowledge.types import Found, Query

AT_ONCE = 4  # questions of a batch under way; a model answers them side by side

T = TypeVar("T")


@contextmanager
def lines_of(path: Path) -> Iterator[IO[str]]:
    """The lines of a file, or of stdin for "-". SettingsError where it can't be read."""
    if str(path) == "-":
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")
        yield sys.stdin
        return
    try:
        file = path.open(encoding="utf-8-sig", errors="replace")  # one bad line must not stop the others
    except OSError as error:
        raise SettingsError(f"Can't read {path}: {error.strerror}. Name a JSON Lines file, or - for stdin.") from error
    with file:
        yield file


def _check(args: argparse.Namespace) -> None:
    if (args.question is None) == (args.batch is None):
        raise SettingsError("Give a question or --batch FILE, one of the two.")


async def _ordered(work: Iterator[Callable[[], Awaitable[T]]]) -> AsyncIterator[T]:
    """Results in order, a few under way at once."""
    waiting: list[asyncio.Task[T]] = []
    try:
        for item in work:
            waiting.append(asyncio.ensure_future(item()))
            if len(waiting) >= AT_ONCE:
                yield await waiting.pop(0)
        while waiting:
            yield await waiting.pop(0)
    finally:
        for task in waiting:
            task.cancel()


def search(args: argparse.Namespace, settings: Settings) -> int:
    """Passages for a question, or for each row of a batch."""
    _check(args)
    if args.k < 1:
        raise SettingsError("-k takes a number of 1 or more.")
    with wiring.knowledge(settings) as parts:
        find_personal = PersonalDataFinder(wiring.rules(settings), parts.catalog)

        def find(question: Question) -> Found:
            asked = Mask(find_personal).question(question)
            result = parts.retriever.search(
                Query(resolve(asked).threaded.searched, question.collections[0], limit=args.k)
            )
            if result.trouble:
                print(f"Only words were compared. {result.trouble}", file=sys.stderr)
            return result

        if args.batch is None:
            result = find(Question("", args.question, collections=(args.collection,)))
            if args.json:
                print(json_rows.dumps(json_rows.search(None, result.passages, result.vectors_pending)))
            else:
                for n, passage in enumerate(result.passages, 1):
                    first = passage.page_at(0)
                    page = page_of(first.page, first.label) if first else ""
                    place = ", ".join(filter(None, (" › ".join((passage.document, *passage.section)), page)))
                    print(f"{n}. {place}  {passage.score:.3f}")
                    print("   " + " ".join(passage.text.split())[:300])
            return 0 if result.passages else 1
        failed = 0
        with lines_of(args.batch) as lines:
            for number, row in gold.rows(lines):
                identity = _identity(number, row)
                problem = None if row else malformed(number)
                try:
                    if row is not None:
                        result = find(gold.question(row, args.collection))
                        shown = json_rows.search(identity, result.passages, result.vectors_pending)
                except KnowledgeError as error:
                    problem = {"code": error.code, "message": error.message}
                if problem is not None:
                    failed += 1
                    shown = {"id": identity, "results": [], "error": problem}
                print(json_rows.dumps(shown), flush=True)
        return 1 if failed else 0


def _identity(number: int, row: dict[str, Any] | None) -> str:
    """The row's own id; the number of its line if it has none."""
    given = row.get("id") if row else None
    return str(number if given is None else given)


def malformed(number: int) -> dict[str, str]:
    """What is wrong with a row that is no question."""
    return {"code": "malformed_row", "message": f"line {number} is no JSON object with a question: correct the file"}


def ask(args: argparse.Namespace, settings: Settings) -> int:
    """Answer one question or a batch. Exit 1 when the question, or any row, failed."""
    _check(args)
    return asyncio.run(_ask(args, settings))


async def _ask(args: argparse.Namespace, settings: Settings) -> int:
    async with wiring.assistant(settings) as parts:
        terminal.note_asked(parts.store, "ask", collection=args.collection, batch=args.batch is not None)
        if args.batch is None:
            question = Question(uuid4().hex, args.question, collections=(args.collection,))
            if args.json:
                answer = await final(parts.assistant, question)
                print(json_rows.dumps(json_rows.answer(None, answer)))
            else:
                answer = await show(parts.assistant, question)
                if args.explain:
                    explain(answer)
            return 1 if answer.outcome is Outcome.FAILED else 0
        failed = False
        with lines_of(args.batch) as lines:
            async for identity, row in _ordered(_asks(parts.assistant, args.collection, lines)):
                failed |= row["outcome"] == Outcome.FAILED.value
                if args.json:
                    print(json_rows.dumps(row), flush=True)
                else:
                    print(
                        f"{identity}: {row['outcome']}: {row['text'] or (row['error'] or {}).get('message', '')}",
                        flush=True,
                    )
        return 1 if failed else 0


def _asks(
    assistant: Assistant, collection: str, lines: IO[str]
) -> Iterator[Callable[[], Awaitable[tuple[str, dict[str, Any]]]]]:
    for number, row in gold.rows(lines):

        async def one(number: int = number, row: dict[str, Any] | None = row) -> tuple[str, dict[str, Any]]:
            identity = _identity(number, row)
            if row is None:
                bad = malformed(number)
                return identity, json_rows.failure(identity, bad["code"], bad["message"])
            question = gold.question(row, collection, fallback_id=identity)
            try:
                return identity, json_rows.answer(identity, await final(assistant, question))
            except Exception as error:  # a fault of ours in one row must not take the others along
                structlog.get_logger().error("assistant_failed", id=identity, **traced(error))
                return identity, json_rows.failure(identity, "internal", f"{type(error).__name__}. Report it.")

        yield one


async def show(assistant: Assistant, question: Question) -> Answer:
    """Stream an answer to the terminal: sentences as they pass the check, then where they stand."""
    paper, mask = Paper(sys.stdout), Mask(assistant.find_personal)
    async for event in assistant.answer(mask.question(question)):
        if isinstance(event, Sentence):
            paper.write(mask.back(event.text))
        elif isinstance(event, Finished):
            paper.end()
            _below(event.answer, question.id, paper)
            return mask.shown(event.answer)
    raise AssertionError("an answer always finishes")


def explain(answer: Answer) -> None:
    """Print what was searched for, why each sentence is shown, what was held back, and what stands in its place."""
    print("\n" + texts.of().says["searched"])
    for text, weight in answer.searched:
        print(f"  {weight:.2f}  {' '.join(text.split())}")
    if answer.sentences or answer.held_back:
        print("\n" + texts.of().says["explained"])
    for sentence in answer.sentences:
        print(f"  {sentence.reason or sentence.verdict.value}: {' '.join(sentence.text.split())}")
    for held in answer.held_back:
        why = f"{held.reason} ({held.about})" if held.about else held.reason
        print(f"  held back, {why}: {held.text or '...'}" + (f" -> {held.replaced_by}" if held.replaced_by else ""))


def _below(answer: Answer, identity: str, paper: Paper) -> None:
    if answer.outcome is Outcome.FAILED and answer.error:
        print(texts.of().error(answer.error[0], identity))
        print(answer.error[1], file=sys.stderr)
    if answer.outcome is Outcome.REFUSED:
        print(texts.of().refusal(answer))
        if answer.whom:
            paper.line(f"{texts.of().asked_in(answer).says['whom']} “{answer.whom.quote}” ({where(answer.whom)})")
        if answer.closest:
            print(texts.of().asked_in(answer).says["refused_closest"])
            for near in answer.closest:
                quote = f": “{near.quote}”" if near.quote else ""
                paper.line(f"- {where(near)}{quote}" + (f"  {near.url}" if near.url else ""), indent=2)
    if answer.citations:
        print()
    for citation in answer.citations:
        paper.line(f"[{citation.n}] {where(citation)}" + (f"  {citation.url}" if citation.url else ""))
    for remark in texts.of().remarks(answer):
        paper.line(remark)


def chat(args: argparse.Namespace, settings: Settings) -> int:
    """Questions from the terminal until an empty line or the end of the input; each sees those before it."""
    return asyncio.run(_chat(args, settings))


async def _chat(args: argparse.Namespace, settings: Settings) -> int:
    async with wiring.assistant(settings) as parts:
        terminal.note_asked(parts.store, "chat", collection=args.collection)
        history: tuple[Turn, ...] = ()
        text: str | None = args.question
        if text is not None:
            print(f"> {text}")
        while True:
            if text is None:
                text = _read_line()
                if not text:
                    return 0
            question = Question(uuid4().hex, text, history, (args.collection,))
            answer = await show(parts.assistant, question)
            history = (*history, Turn("user", text), Turn("agent", answer.text, documents=answer.documents))[-20:]
            print()
            text = None


def _read_line() -> str:
    """Blocks the loop, which has nothing else to do: a thread in input() would outlive ^C until Enter."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # asyncio's own would only cancel the task
    try:
        return input("> " if sys.stdin.isatty() else "").strip()
    except EOFError:
        return ""
    finally:
        signal.signal(signal.SIGINT, before)
