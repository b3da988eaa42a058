"""The command line: parses, calls, prints, sets the exit code.

Answers go to stdout, logs and progress to stderr. Exit 0: done; 1: what was asked for failed; 2: used or configured
wrongly. Verbs are imported when called: this module must stay cheap to import.
"""

from __future__ import annotations

import argparse
import importlib
import re
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

MODULES = {  # here -> the verbs in it
    "asking": ("search", "ask", "chat"),
    "evaluating": ("eval",),
    "owner": ("questions", "explain", "show", "report", "gold"),
    "editions": ("diff",),
    "privacy": ("audit", "privacy", "purge"),
    "operating": ("ingest", "status", "doctor", "feedback", "migrate", "demo", "serve"),
}
_SPAN = re.compile(r"(\d{1,5})([hdw])")
_HOURS = {"h": 1, "d": 24, "w": 168}
ASKING = ("search", "ask", "chat", "eval", "explain", "status", "serve")  # verbs that the glossary has a part in


def parser() -> argparse.ArgumentParser:
    """All verbs with their options. README's commands are checked against it."""
    top = argparse.ArgumentParser(
        prog="policybot", description="Answers questions from a policy manual, every sentence cited and checked."
    )
    top.add_argument("--version", action=_Version, nargs=0, help="print the version")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name: str, effect: str, example: str) -> argparse.ArgumentParser:
        return verbs.add_parser(name, help=effect, description=effect, epilog=f"Example: policybot {example}")

    def collection(added: argparse.ArgumentParser) -> None:
        added.add_argument("--collection", default="default", metavar="C", help="knowledge base (default: default)")

    def asked(added: argparse.ArgumentParser) -> None:
        added.add_argument("question", nargs="?", help="the question; leave out with --batch")
        added.add_argument(
            "--batch", type=Path, metavar="FILE", help="JSON Lines with id, question, history; - for stdin"
        )
        added.add_argument("--json", action="store_true", help="one JSON object a question")
        collection(added)

    ingest = verb("ingest", "Put documents into the knowledge base.", "ingest manual/ travel.pdf")
    ingest.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="files and folders (default: POLICYBOT_SOURCES)"
    )
    ingest.add_argument("--prune", action="store_true", help="remove documents whose files are gone from these folders")
    ingest.add_argument("--rebuild", action="store_true", help="read and embed everything again")
    ingest.add_argument("--ocr", action="store_true", help="read pages without text with tesseract")
    ingest.add_argument("--json", action="store_true", help="print the report as JSON")
    collection(ingest)

    search = verb("search", "Show the passages that match a question.", 'search "notice period"')
    search.add_argument("-k", type=int, default=10, metavar="N", help="number of passages (default: 10)")
    asked(search)
    ask = verb("ask", "Answer a question with citations.", 'ask "Who approves business class?"')
    ask.add_argument("--explain", action="store_true", help="say why each sentence is shown or held back")
    asked(ask)
    chat = verb("chat", "Answer questions one after the other.", 'chat "How many leave days do I get?"')
    chat.add_argument("question", nargs="?", help="the first question")
    collection(chat)
    evaluate = verb("eval", "Measure retrieval and answers on gold questions.", "eval gold.jsonl --save runs/a")
    evaluate.add_argument(
        "gold", nargs="+", metavar="GOLD", help="JSON Lines with question, doc, page, evidence; or compare RUN_A RUN_B"
    )
    evaluate.add_argument("--save", type=Path, metavar="RUN", help="keep the run in this folder, or go on with it")
    evaluate.add_argument("--baseline", type=Path, metavar="RUN", help="exit 1 where a figure is worse beyond chance")
    evaluate.add_argument(
        "--fail-under", type=threshold, action="append", default=[], metavar="FIGURE=VALUE",
        help="exit 1 where a figure is worse, such as evidence_quoted=0.8; may be given several times",
    )  # fmt: skip
    evaluate.add_argument(
        "--models", metavar="A,B", help="a run for each model, smallest first; names the first to pass"
    )
    evaluate.add_argument("--parallel", type=int, default=4, metavar="N", help="cases at once (default: 4)")
    evaluate.add_argument("--retrieval", action="store_true", help="measure the ranking only")
    evaluate.add_argument("--limit", type=int, metavar="N", help="only the first N rows")
    evaluate.add_argument("--json", action="store_true", help="print figures as JSON")
    collection(evaluate)

    feedback = verb("feedback", "Export votes with their answers.", "feedback export > votes.jsonl")
    feedback.add_argument("action", choices=["export"], help="export: JSON Lines on stdout")
    asked_for = verb("questions", "List what people asked, with votes and reasons.", "questions --refused --since 7d")
    kind = asked_for.add_mutually_exclusive_group()
    kind.add_argument("--refused", action="store_true", help="only what the manual had no answer to")
    kind.add_argument("--down", action="store_true", help="only what somebody voted down")
    kind.add_argument("--degraded", action="store_true", help="only what was answered without the model, or was cut")
    asked_for.add_argument("--since", type=since, metavar="7d", help="not older than this: 7d, 24h, 2w or a date")
    asked_for.add_argument("--collection", metavar="C", help="only this knowledge base (default: all)")
    asked_for.add_argument("--json", action="store_true", help="one JSON object a question")
    explain = verb("explain", "Tell all that is known of one question.", "explain 3f2a9c01d4e5")
    explain.add_argument("question", metavar="ID|PERMALINK", help="a question's id, or the Slack link of its message")
    explain.add_argument("--replay", action="store_true", help="ask it again today and show both side by side")
    explain.add_argument("--json", action="store_true", help="as JSON")
    shown = verb("show", "Show what an answer cites, as in the manual.", "show 3f2a9c01d4e5 -o pages")
    shown.add_argument("question", metavar="ID|PERMALINK", help="a question's id, or the Slack link of its message")
    shown.add_argument(
        "-o", "--output", type=Path, metavar="FOLDER",
        help="write the text and each page's picture with the cited words marked",
    )  # fmt: skip
    report = verb("report", "Write the owner's page: use, gaps, votes, costs.", "report --since 30d")
    report.add_argument(
        "-o", "--output", type=Path, default=Path("policybot-report.html"), metavar="FILE",
        help="the page (default: policybot-report.html)",
    )  # fmt: skip
    report.add_argument("--since", type=since, default="30d", metavar="30d", help="not older than this (default: 30d)")
    report.add_argument("--json", action="store_true", help="print the figures as JSON instead")
    gold = verb("gold", "Grow a gold file from recorded questions, or check one.", "gold add 3f2a9c01d4e5")
    gold.add_argument(
        "action",
        choices=["list", "add", "check"],
        help="list: questions that people answered; add: a recorded question; check: rows against the manual",
    )
    gold.add_argument(
        "what", nargs="?", metavar="ID|FILE", help="a question's id or Slack link to add; the file to check"
    )
    gold.add_argument("--answer", metavar="TEXT", help="the right answer (default: what the last vote against said)")
    gold.add_argument(
        "--file", type=Path, default=Path("gold.jsonl"), metavar="FILE", help="grows (default: gold.jsonl)"
    )
    gold.add_argument(
        "--hide", action="append", default=[], metavar="NAME", help="replace this name; may be given several times"
    )
    gold.add_argument("--keep", action="append", default=[], metavar="NAME", help="this is no person's name; the same")
    gold.add_argument("--yes", action="store_true", help="add without asking")
    collection(gold)
    diff = verb("diff", "Compare two editions, and what cites them.", "diff manual-2025/ manual-2026/")
    diff.add_argument("old", type=Path, metavar="OLD", help="a file or a folder: the edition that was")
    diff.add_argument("new", type=Path, metavar="NEW", help="the edition that is to come")
    diff.add_argument("--gold", type=Path, metavar="FILE", help="tell which rows of this gold file lose their evidence")
    diff.add_argument("--since", type=since, metavar="90d", help="answers not older than this (default: all)")
    diff.add_argument("--json", action="store_true", help="as JSON")
    status = verb("status", "Show what is indexed, what failed and what is stale.", "status")
    status.add_argument("--json", action="store_true", help="as JSON")
    status.add_argument(
        "--documents", action="store_true", help="each document: edition, owner, size, file date, what replaced it"
    )
    doctor = verb("doctor", "Check settings, data, index, model and Slack.", "doctor")
    doctor.add_argument("--json", action="store_true", help="as JSON")
    audit = verb("audit", "Check or export the trail of what was done.", "audit verify")
    audit.add_argument(
        "action",
        choices=["verify", "export"],
        help="verify: find a changed or missing row; export: JSON Lines on stdout",
    )
    privacy = verb("privacy", "Export or erase what is stored about one person.", "privacy erase --user U012AB3CD")
    privacy.add_argument(
        "action",
        choices=["export", "erase", "opt-out", "opt-in", "rotate-key"],
        help="export: JSON Lines on stdout; opt-out: keep no words of theirs; rotate-key: new pseudonyms for everybody",
    )
    privacy.add_argument(
        "--gold", nargs="+", type=Path, default=(), metavar="FILE", help="erase: gold files that lose the person's rows"
    )
    privacy.add_argument("--user", metavar="ID", help="the person's id in Slack (profile, Copy member ID)")
    purge = verb("purge", "Remove what was kept long enough.", "purge --dry-run")
    purge.add_argument("--dry-run", action="store_true", help="say what would go, remove nothing")
    purge.add_argument("--json", action="store_true", help="as JSON")
    verb("migrate", "Bring the database to this version's schema.", "migrate")
    demo = verb("demo", "Try all of it in a browser, without Slack and without a key.", "demo")
    demo.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="documents (default: a sample manual)")
    demo.add_argument("--no-browser", action="store_true", help="print the page's address only")
    demo.add_argument("--port", type=int, default=0, metavar="N", help="the page's port (default: a free one)")
    serve = verb("serve", "Answer in Slack until stopped.", "serve")
    mode = serve.add_mutually_exclusive_group()
    mode.add_argument("--socket", action="store_true", help="Socket Mode (default)")
    mode.add_argument("--http", type=int, metavar="PORT", help="HTTP mode: Slack calls POST /slack/events on this port")
    return top


class _Version(argparse.Action):
    """Looks the version up when it is asked for: reading the package's metadata costs more than parsing."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"policybot {version('policybot')}")
        parser.exit()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit code. Errors of ours are one line on stderr that ends with what to do."""
    args = parser().parse_args(argv)
    signal.signal(signal.SIGTERM, _terminate)
    from bot import wiring
    from bot.errors import PolicybotError, SettingsError
    from bot.log import configure
    from bot.pseudonyms import Pseudonyms
    from bot.settings import load
    from knowledge.errors import KnowledgeError

    try:
        settings = load(tell=lambda line: print(line, file=sys.stderr))
        configure(settings.log_level, Pseudonyms(settings.data).of)
        name = args.verb
        if name != "doctor":  # which tells it among other things
            wiring.rules(settings)
        verbs = importlib.import_module(f"bot.cli.{next(one for one, held in MODULES.items() if name in held)}")
        if name in ASKING:
            _tell(wiring.glossary_problems(settings))
        code: int = getattr(verbs, name if name != "eval" else "evaluate")(args, settings)
        if name == "ingest":
            _tell(wiring.glossary_problems(settings))
        return code
    except SettingsError as error:
        print(error.message, file=sys.stderr)
        return 2
    except (PolicybotError, KnowledgeError) as error:
        print(f"{error.message} [{error.code}]", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. Nothing is lost: run the same command again to go on.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output (head, less) has gone
        sys.stderr.close()
        return 0
    except OSError as error:  # a port in use, a full disk
        print(f"{error}. Correct what it names, then run the same command again.", file=sys.stderr)
        return 1


def _tell(lines: Sequence[str]) -> None:
    for line in lines:
        print(line, file=sys.stderr)


def _terminate(_signal: int, _frame: object) -> None:
    """SIGTERM unwinds like ^C, so that open work is closed."""
    raise KeyboardInterrupt


def since(text: str) -> datetime:
    """The moment meant; argparse tells the user what is not one."""
    if span := _SPAN.fullmatch(text.strip().lower()):
        return datetime.now(UTC) - timedelta(hours=int(span[1]) * _HOURS[span[2]])
    try:
        day = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: give 7d, 24h, 2w or 2026-11-01") from error
    return day if day.tzinfo else day.replace(tzinfo=UTC)


def threshold(text: str) -> tuple[str, float]:
    """A figure's name and the value it must reach."""
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no threshold: give evidence_quoted=0.8") from error
