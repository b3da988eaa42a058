"""The command line: parses, calls, prints, sets the exit code.

Answers go to stdout, logs and progress to stderr. Exit 0: done; 1: what was asked for failed; 2: used or configured
wrongly. Verbs are imported when called: this module must stay cheap to import.
"""

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
    "evaluating": ("eval", "diff"),
    "owner": ("questions", "explain", "show", "report", "gold"),
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

    def json(added: argparse.ArgumentParser, what: str = "as JSON") -> None:
        added.add_argument("--json", action="store_true", help=what)

    def collection(added: argparse.ArgumentParser) -> None:
        added.add_argument("--collection", default="default", metavar="C", help="knowledge base (default: default)")

    def asked(added: argparse.ArgumentParser) -> None:
        add = added.add_argument
        add("question", nargs="?", help="the question; leave out with --batch")
        add("--batch", type=Path, metavar="FILE", help="JSON Lines with id, question, history; - for stdin")
        json(added, "one JSON object a question")
        collection(added)

    def recorded(added: argparse.ArgumentParser) -> None:
        help = "a question's id, or the Slack link of its message"
        added.add_argument("question", metavar="ID|PERMALINK", help=help)

    ingest = verb("ingest", "Put documents into the knowledge base.", "ingest manual/ travel.pdf")
    add = ingest.add_argument
    add("paths", nargs="*", type=Path, metavar="PATH", help="files and folders (default: POLICYBOT_SOURCES)")
    add("--prune", action="store_true", help="remove documents whose files are gone from these folders")
    add("--forget", action="store_true", help="remove the documents of these paths, though their files stay")
    add("--rebuild", action="store_true", help="read and embed everything again")
    add("--ocr", action="store_true", help="read pages without text with tesseract")
    json(ingest, "print the report as JSON")
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
    add = evaluate.add_argument
    gold_rows = "JSON Lines with question, doc, page, evidence; or compare RUN_A RUN_B"
    add("gold", nargs="+", metavar="GOLD", help=gold_rows)
    add("--save", type=Path, metavar="RUN", help="keep the run in this folder, or go on with it")
    add("--baseline", type=Path, metavar="RUN", help="exit 1 where a figure is worse beyond chance")
    gate = "exit 1 where a figure is worse, such as evidence_quoted=0.8; may be given several times"
    add("--fail-under", type=threshold, action="append", default=[], metavar="FIGURE=VALUE", help=gate)
    add("--models", metavar="A,B", help="a run for each model, smallest first; names the first to pass")
    add("--parallel", type=int, default=4, metavar="N", help="cases at once (default: 4)")
    add("--retrieval", action="store_true", help="measure the ranking only")
    add("--limit", type=int, metavar="N", help="only the first N rows")
    json(evaluate, "print figures as JSON")
    collection(evaluate)

    feedback = verb("feedback", "Export votes with their answers.", "feedback export > votes.jsonl")
    feedback.add_argument("action", choices=["export"], help="export: JSON Lines on stdout")
    questions = verb("questions", "List what people asked, with votes and reasons.", "questions --refused --since 7d")
    add = questions.add_mutually_exclusive_group().add_argument
    add("--refused", action="store_true", help="only what the manual had no answer to")
    add("--unsure", action="store_true", help="only what was answered with doubt, or in part")
    add("--down", action="store_true", help="only what somebody voted down")
    add("--degraded", action="store_true", help="only what was answered without the model, or was cut")
    add = questions.add_argument
    add("--since", type=since, metavar="7d", help="not older than this: 7d, 24h, 2w or a date")
    add("--collection", metavar="C", help="only this knowledge base (default: all)")
    json(questions, "one JSON object a question")
    explain = verb("explain", "Tell all that is known of one question.", "explain 3f2a9c01d4e5")
    recorded(explain)
    explain.add_argument("--replay", action="store_true", help="ask it again today and show both side by side")
    json(explain)
    show = verb("show", "Show what an answer cites, as in the manual.", "show 3f2a9c01d4e5 -o pages")
    recorded(show)
    files = "write the text and each page's picture with the cited words marked"
    show.add_argument("-o", "--output", type=Path, metavar="FOLDER", help=files)
    report = verb("report", "Write the owner's page: use, gaps, votes, costs.", "report --since 30d")
    add, page = report.add_argument, Path("policybot-report.html")
    add("-o", "--output", type=Path, default=page, metavar="FILE", help=f"the page (default: {page})")
    add("--since", type=since, default="30d", metavar="30d", help="not older than this (default: 30d)")
    json(report, "print the figures as JSON instead")

    gold = verb("gold", "Grow a gold file from recorded questions, or check one.", "gold add 3f2a9c01d4e5")
    add = gold.add_argument
    acts = "list: questions that people answered; add: a recorded question; check: rows against the manual"
    add("action", choices=["list", "add", "check"], help=acts)
    add("what", nargs="?", metavar="ID|FILE", help="a question's id or Slack link to add; the file to check")
    add("--answer", metavar="TEXT", help="the right answer (default: what the last vote against said)")
    add("--file", type=Path, default=Path("gold.jsonl"), metavar="FILE", help="grows (default: gold.jsonl)")
    add("--hide", action="append", default=[], metavar="NAME", help="replace this name; may be given several times")
    add("--keep", action="append", default=[], metavar="NAME", help="this is no person's name; the same")
    add("--yes", action="store_true", help="add without asking")
    collection(gold)
    diff = verb("diff", "Compare two editions, and what cites them.", "diff manual-2025/ manual-2026/")
    add = diff.add_argument
    add("old", type=Path, metavar="OLD", help="a file or a folder: the edition that was")
    add("new", type=Path, metavar="NEW", help="the edition that is to come")
    add("--gold", type=Path, metavar="FILE", help="tell which rows of this gold file lose their evidence")
    add("--since", type=since, metavar="90d", help="answers not older than this (default: all)")
    json(diff)

    status = verb("status", "Show what is indexed, what failed and what is stale.", "status")
    json(status)
    documents = "each document: edition, owner, size, file date, what replaced it"
    status.add_argument("--documents", action="store_true", help=documents)
    json(verb("doctor", "Check settings, data, index, model and Slack.", "doctor"))
    audit = verb("audit", "Check or export the trail of what was done.", "audit verify")
    acts = "verify: find a changed or missing row; export: JSON Lines on stdout"
    audit.add_argument("action", choices=["verify", "export"], help=acts)
    privacy = verb("privacy", "Export or erase what is stored about one person.", "privacy erase --user U012AB3CD")
    add = privacy.add_argument
    acts = "export: JSON Lines on stdout; opt-out: keep no words of theirs; rotate-key: new pseudonyms for everybody"
    add("action", choices=["export", "erase", "opt-out", "opt-in", "rotate-key"], help=acts)
    gold_files = "erase: gold files that lose the person's rows"
    add("--gold", nargs="+", type=Path, default=(), metavar="FILE", help=gold_files)
    add("--user", metavar="ID", help="the person's id in Slack (profile, Copy member ID)")
    purge = verb("purge", "Remove what was kept long enough.", "purge --dry-run")
    purge.add_argument("--dry-run", action="store_true", help="say what would go, remove nothing")
    json(purge)
    verb("migrate", "Bring the database to this version's schema.", "migrate")
    add = verb("demo", "Try all of it in a browser, without Slack and without a key.", "demo").add_argument
    add("folder", nargs="?", type=Path, metavar="FOLDER", help="documents (default: a sample manual)")
    add("--no-browser", action="store_true", help="print the page's address only")
    add("--port", type=int, default=0, metavar="N", help="the page's port (default: a free one)")
    add = verb("serve", "Answer in Slack until stopped.", "serve").add_mutually_exclusive_group().add_argument
    add("--socket", action="store_true", help="Socket Mode (default)")
    add("--http", type=int, metavar="PORT", help="HTTP mode: Slack calls POST /slack/events on this port")
    return top


class _Version(argparse.Action):
    """Looks the version up when it is asked for: reading the package's metadata costs more than parsing."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"policybot {version('policybot')}")
        parser.exit()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit code. Errors of ours are one line on stderr that ends with what to do."""
    top = parser()
    if not (sys.argv[1:] if argv is None else argv):
        top.print_help(sys.stderr)
        return 2
    args = top.parse_args(argv)
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
        if name in (*ASKING, "gold") and (asked := getattr(args, "collection", None)):
            wiring.expect_collection(settings, asked)
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
