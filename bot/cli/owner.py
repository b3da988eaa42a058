"""The verbs of the policy owner: questions, explain, show, report, gold."""

import argparse
import asyncio
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from bot import json_rows, wiring
from bot.answering.places import Place, page_of, places
from bot.cli import terminal
from bot.cli.asking import lines_of
from bot.cli.evaluating import tell_unstated
from bot.cli.terminal import Paper
from bot.errors import PolicybotError, SettingsError
from bot.evaluation import gold as cases
from bot.evaluation import growing
from bot.privacy.people import Manual, People
from bot.settings import Settings
from bot.store.answers import Asked, AskedQuestions
from bot.types import Outcome
from knowledge.errors import PictureError
from knowledge.types import Chunk, Passage, Query

_PERMALINK = re.compile(r"/archives/(\w+)/p(\d+)(\d{6})")
NOT_KEPT = "(the words are not kept: who asked opted out)"
NEAR = 10  # passages in which the evidence of a person's answer is looked for


def questions(args: argparse.Namespace, settings: Settings) -> int:
    """What people asked, newest first."""
    from bot.reporting import figures

    outcome = Outcome.REFUSED if args.refused else Outcome.DEGRADED if args.degraded else None
    with wiring.store(settings) as store:
        terminal.note(store, "raw_text", what="questions")
        paper, any_listed = Paper(sys.stdout), False
        for asked in store.asked.since(args.since, collection=args.collection, outcome=outcome, down=args.down):
            if args.unsure and asked.record.answer.ended != "unsure":
                continue
            any_listed = True
            row = figures.row(asked, store.audit.pseudonyms.of)
            if args.json:
                print(json_rows.dumps(row))
            else:
                paper.lines(_line(row))
    if not any_listed and not args.json:
        print("No such question is recorded: look further back with --since, or leave a filter out.")
    return 0


def _line(row: dict[str, Any]) -> str:
    """When, outcome, votes, question; below it who asked, the closest section and what voters said."""
    votes = " ".join({"up": "+1", "down": "-1"}[vote["value"]] for vote in row["votes"])
    outcome = row["outcome"] + (f" ({row['why']})" if row["why"] else "")
    lines = [
        f"{row['at'][:16]}  {row['id']}  {outcome}  {votes}".rstrip(),
        f"  {' '.join(row['question'].split()) or NOT_KEPT}",
    ]
    about = "; ".join(filter(None, (row["person"], row["closest"] and f"closest: {row['closest']}")))
    reasons = [
        f"{vote['value']}: " + ", ".join(filter(None, (vote["reason"], vote["comment"])))
        for vote in row["votes"]
        if vote["reason"] or vote["comment"]
    ]
    return "\n".join([*lines, *(f"  {line}" for line in (about, *reasons) if line)])


def recorded(questions: AskedQuestions, wanted: str) -> Asked:
    """The question of this id, or of the message that a Slack permalink names."""
    link = _PERMALINK.search(wanted)
    identity = questions.answer_at(link[1], f"{link[2]}.{link[3]}") if link else wanted
    asked = questions.by_id(identity) if identity else None
    if asked is None:
        raise PolicybotError(
            f"No question {wanted} is recorded. List them with policybot questions, or give the link of the answer.",
            code="unknown_question",
        )
    return asked


def explain(args: argparse.Namespace, settings: Settings) -> int:
    """All that is known of one question; with --replay, what today's index makes of it, side by side."""
    from bot.cli import explaining
    from bot.reporting import figures

    with wiring.store(settings) as store:
        asked = recorded(store.asked, args.question)
        terminal.note(store, "raw_text", about=asked.record.id, what="explain")
        row = figures.row(asked, store.audit.pseudonyms.of)
    now = asyncio.run(explaining.replayed(asked.record, settings)) if args.replay else None
    if args.json:
        print(json_rows.dumps(explaining.as_json(asked.record, row, now)))
    elif now is None:
        explaining.show(asked.record, row)
    else:
        explaining.compare(asked.record.answer, now)
    return 0


def report(args: argparse.Namespace, settings: Settings) -> int:
    """The owner's page, or its figures as JSON."""
    figures = _figures(args, settings)
    if args.json:
        print(json_rows.dumps(figures))
        return 0
    from bot.reporting.page import page

    args.output.write_text(page(figures), encoding="utf-8")
    print(f"{args.output}: {figures['first']} to {figures['last']}, questions: {figures['totals']['questions']}.")
    return 0


def _figures(args: argparse.Namespace, settings: Settings) -> dict[str, Any]:
    from bot.reporting import figures
    from bot.store import Store
    from bot.wiring.adapters import alike
    from bot.wiring.models import agreed

    first, today = args.since.astimezone(UTC).date(), datetime.now(UTC).date()
    start = datetime.combine(first, time(), UTC)
    with wiring.knowledge(settings) as parts:
        store, catalog = Store(parts.engine, settings.data), parts.catalog
        terminal.note(store, "raw_text", what="report")
        held = {one.name: (catalog.stated(one.name), one.stale) for one in catalog.status()}
        shown = figures.report(
            store.asked.since(start),
            store.spend.since(first),
            figures.wanting(held, today),
            first=first,
            last=today,
            daily_tokens=settings.daily_tokens,
            daily_usd=settings.daily_usd,
            alike=alike,
        )
    return shown | {"endpoints": agreed(wiring.rules(settings).rules.endpoints, settings)}


def show(args: argparse.Namespace, settings: Settings) -> int:
    """Print each cited place with its words; with -o, its text and its page's picture as files."""
    with wiring.pictures(settings) as (store, drawing):
        asked = recorded(store.asked, args.question)
        terminal.note(store, "raw_text", about=asked.record.id, what="show")
        cited = places(asked.record.answer)
        if not cited:
            raise PolicybotError("This answer cites nothing. See policybot explain ID.", code="nothing_cited")
        if args.output is None:
            paper = Paper(sys.stdout)
            for place in cited:
                for line in _lines(place):
                    paper.write(f"{line}\n", indent=0)
            return 0
        try:
            args.output.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PolicybotError(f"{args.output}: {error.strerror}. Name another folder with -o.", code="io") from error
        for place in cited:
            collection = place.cited.collection or next(iter(asked.record.question.collections), "default")
            for file in _written(args.output / f"{asked.record.id}-{place.cited.n}", place, drawing, collection):
                print(file)
    return 0


def _written(base: Path, place: Place, drawing: Any, collection: str) -> Iterator[Path]:
    """The files of one place: its text, and its picture where there is one; why not stands in the text."""
    lines, cited = list(_lines(place)), place.cited
    if cited.page is not None:
        pages = cited.page, max(cited.page, cited.page_end or 0)
        try:
            drawn = drawing.pages(collection, cited.document, cited.chunk_id, pages, place.wanted)
        except PictureError as error:
            lines.append(f"No picture of the page: {error.message} [{error.code}]")
        else:
            for shown in drawn:
                picture = base.with_name(f"{base.name}-page-{shown.page}.png")
                picture.write_bytes(shown.png)
                yield picture
            if not all(shown.found for shown in drawn):
                lines.append("The cited words could not be found on the picture of the page.")
    text = base.with_suffix(".txt")
    text.write_text("\n".join(lines) + "\n", encoding="utf-8")
    yield text


def _lines(place: Place) -> Iterator[str]:
    """The place as text; the cited words stand between ** and **."""
    cited = place.cited
    yield " › ".join((f"[{cited.n}] {cited.title or cited.document}", *cited.section))
    owner = f"owner: {place.owner}" if place.owner else ""
    yield "; ".join(
        filter(None, (cited.document, page_of(cited.page, cited.page_label), cited.edition, owner, cited.url))
    )
    for runs in place.paragraphs:
        yield "\n" + "".join(f"**{text}**" if marked else text for text, marked in runs)


def gold(args: argparse.Namespace, settings: Settings) -> int:
    """List, add or check."""
    if args.action != "list" and not args.what:
        raise SettingsError(f"Name {'a file' if args.action == 'check' else 'a question'}: policybot gold --help.")
    return {"list": _list, "add": _add, "check": _check}[args.action](args, settings)


def _list(args: argparse.Namespace, settings: Settings) -> int:
    """Questions that people answered after a hand-off and that are no row yet, newest first."""
    known, listed = {row.get("id") for row in _rows(args.file)}, 0
    with wiring.store(settings) as store:
        terminal.note(store, "raw_text", what="gold list")
        for handed in store.hand_offs.answered():
            asked = store.asked.by_id(handed.answer)
            if asked is None or handed.answer in known:
                continue
            listed += 1
            channel, thread_ts = handed.place
            print(f"{asked.record.created_at.isoformat()[:16]}  {handed.answer}  answered in {channel}, {thread_ts}")
            print(f"  {' '.join(asked.record.question.text.split())}")
    if not listed:
        print(f"No question that people answered is missing in {args.file}.", file=sys.stderr)
    return 0


def _add(args: argparse.Namespace, settings: Settings) -> int:
    """Show the row, ask, append it."""
    from bot.store import Store
    from bot.store.hand_offs import ask_key

    with wiring.knowledge(settings) as parts:
        store = Store(parts.engine, settings.data)
        asked = recorded(store.asked, args.what)
        terminal.note(store, "raw_text", about=asked.record.id, what="gold add")
        answer = args.answer or growing.corrected(asked)
        handed = store.hand_offs.find(ask_key(asked.record.id))
        if answer is None and handed is not None and handed.state == "answered":
            place = f"{handed.place[0]}, thread {handed.place[1]}"
            raise growing.NotGold(f"People answered this question in {place}: give what they said with --answer.")
        evidence: tuple[Passage, ...] = ()
        if answer:
            texts = ((answer, 1.0), (asked.record.question.text, 1.0))
            evidence = parts.retriever.search(Query(texts, asked.record.question.collections[0], limit=NEAR)).passages
        live = {name.revision for name in parts.catalog.live(asked.record.question.collections[0])}
        manual = Manual.of(entry.text for entry in parts.catalog.entries(live))
        people = People(manual, keep=args.keep, hide=args.hide)
        row = growing.row(asked, answer, evidence, people)
    if any(known.get("id") == row["id"] for known in _rows(args.file)):
        raise PolicybotError(f"{args.file} has the row {row['id']} already: change it there.", code="known_row")
    print(json.dumps(row, ensure_ascii=False, indent=2))
    if not row["answerable"] and row.get("answers"):
        print("The manual says nothing like this answer, so the row counts as not answerable.", file=sys.stderr)
    if people.replaced:
        print(f"Replaced: {', '.join(people.replaced)}. What names nobody: --keep NAME.", file=sys.stderr)
    if people.doubtful:
        print(f"These may be names: {', '.join(people.doubtful)}. Replace one with --hide NAME.", file=sys.stderr)
    if not args.yes and not _agreed(args.file):
        print("Not added.", file=sys.stderr)
        return 1
    with args.file.open("a+b") as file:
        if file.tell():
            file.seek(-1, 2)
            if file.read(1) != b"\n":
                file.write(b"\n")
        file.write(json_rows.dumps(row).encode() + b"\n")
    print(f"Added to {args.file}.", file=sys.stderr)
    return 0


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        return [row for _, row in cases.rows(lines) if row]


def _agreed(path: Path) -> bool:
    if not sys.stdin.isatty():
        raise SettingsError("There is no terminal to ask on: read the row, then run this again with --yes.")
    try:
        return input(f"Add this row to {path}? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def _check(args: argparse.Namespace, settings: Settings) -> int:
    """Each row that no longer matches the manual. Exit 1 if there is one."""
    with lines_of(Path(args.what)) as lines:
        given = list(lines)
    checked = list(cases.cases(given, args.collection))
    tell_unstated(given)
    if not checked:
        raise SettingsError(f"{args.what} holds no question: give JSON Lines with a field question.")
    with wiring.knowledge(settings) as parts:
        outline = parts.catalog.outline(args.collection)
        chunks = parts.catalog.chunks(args.collection, [key for key, *_ in outline])
    manual: dict[str, list[Chunk]] = {}
    for key, document, *_ in outline:
        if key in chunks:
            manual.setdefault(document, []).append(chunks[key])
    if not manual:
        raise SettingsError(f'Nothing is in the collection "{args.collection}": run policybot ingest PATH first.')
    wrong = growing.mismatches(checked, manual)
    for one in wrong:
        print(f"{one.id}: {one.code}: {one.message}")
    rows = len({case.id for case in checked})
    print(f"{len(wrong)} of {rows} rows no longer match the manual.", file=sys.stderr)
    return 1 if wrong else 0
