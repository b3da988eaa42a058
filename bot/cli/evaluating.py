"""The verbs eval, which measures gold questions, keeps, compares and gates the run, and diff of two editions.

diff also tells the recorded answers and the gold rows that cite what changed.
"""

import argparse
import asyncio
import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from bot import json_rows, wiring
from bot.cli import terminal
from bot.cli.asking import lines_of, malformed
from bot.cli.terminal import Paper
from bot.errors import SettingsError
from bot.evaluation import gold, metrics, run
from bot.evaluation.run import Run, configuration
from bot.reporting import edition_diff
from bot.reporting.edition_diff import Change, Pair
from bot.settings import Settings, endpoint
from bot.types import Outcome
from knowledge.errors import ReadError
from knowledge.types import Document

SHOWN = 20  # missed or flipped cases printed; --json has all that flipped
MARKS = {"added": "+", "removed": "-", "changed": "~", "renamed": "="}
WORKERS = 2  # children that read; guess


def evaluate(args: argparse.Namespace, settings: Settings) -> int:
    """Figures with bootstrap intervals for a gold file, by wording; or two saved runs compared."""
    if args.gold[0] == "compare":
        return _compare(args)
    if len(args.gold) != 1:
        raise SettingsError("Give one gold file, or compare RUN_A RUN_B.")
    path = Path(args.gold[0])
    with lines_of(path) as file:
        lines = list(file)
    cases = list(gold.cases(lines, args.collection))
    bad = [malformed(number)["message"] for number, row in gold.rows(lines) if row is None]
    for message in bad:
        print(f"Left out: {message}", file=sys.stderr)
    tell_unstated(lines)
    if args.limit:
        keep = list(dict.fromkeys(case.id for case in cases))[: args.limit]
        cases = [case for case in cases if case.id in keep]
    if not cases:
        raise SettingsError(f"{path} holds no question: give JSON Lines with a field question.")
    with wiring.store(settings) as store:
        terminal.note_asked(store, "eval", collection=args.collection, cases=len(cases))
    if args.models:
        return _models(args, settings, cases, lines)
    report, results = _measured(args, settings, cases, lines, args.save)
    report["totals"]["left_out"] = len(bad)
    print(json_rows.dumps(report) if args.json else run.table(report))
    if not args.json:
        _print_missed(results)
    return _gate(args, report, results)


def tell_unstated(lines: Sequence[str]) -> None:
    """Name the rows that do not say whether anything answers them."""
    if ids := ", ".join(gold.unstated(lines)):
        what = 'Counted as answerable, with no doc or evidence: {}. Where nothing answers write "answerable": false.'
        print(what.format(ids), file=sys.stderr)


def _measured(
    args: argparse.Namespace, settings: Settings, cases: Sequence[gold.Case], lines: Sequence[str], save: Path | None
) -> tuple[dict[str, Any], list[run.CaseResult]]:
    """The summary and the results; of a saved run only what it lacks is measured."""
    kept = None
    if save is not None:
        about = _collection(settings, args.collection)
        kept = Run.open(save, configuration(settings, lines, about, retrieval_only=args.retrieval))
    done = {(one.id, one.wording): one for one in kept.results} if kept else {}
    results = [done[case.id, case.wording] for case in cases if (case.id, case.wording) in done]
    left = [case for case in cases if (case.id, case.wording) not in done]
    if results:
        print(f"Cases that are there already: {len(results)}; to go: {len(left)}.", file=sys.stderr)

    async def all_of() -> None:
        with terminal.progress() as show:
            show("cases", 0, len(left))
            async for one in run.results(settings, left, retrieval_only=args.retrieval, at_once=args.parallel):
                results.append(one)
                if kept:
                    kept.add(one)
                show("cases", len(results) - len(cases) + len(left), len(left))

    asyncio.run(all_of())
    order = [(case.id, case.wording) for case in cases]
    results.sort(key=lambda one: order.index((one.id, one.wording)))
    report = run.summary(results)
    if kept:
        kept.end(report, order)
    return report, results


def _collection(settings: Settings, name: str) -> dict[str, Any]:
    """How the manual is indexed: its figures change with it."""
    from knowledge.catalog import Catalog

    with wiring.database(settings) as engine:
        state, totals = Catalog(engine).collection(name), Catalog(engine).totals(name)
    return {"name": name, **(dataclasses.asdict(state) if state else {}), **dataclasses.asdict(totals)}


def _gate(args: argparse.Namespace, report: dict[str, Any], results: Sequence[run.CaseResult]) -> int:
    """1 where a case failed, a threshold is missed or a figure is worse than the baseline's; says which."""
    missed = metrics.under(report, args.fail_under)
    if args.baseline is not None:
        missed += metrics.worse_than(Run.read(args.baseline).results, results, Random(0))  # noqa: S311
    for line in missed:
        print(f"Missed: {line}", file=sys.stderr)
    return 1 if missed or report["totals"]["outcomes"].get(Outcome.FAILED.value) else 0


def _plain(value: object) -> str:
    """A value of a run's configuration, in words."""
    text = ", ".join(f"{name} {one}" for name, one in value.items()) if isinstance(value, dict) else str(value)
    return {"None": "none", "": "none", "True": "yes", "False": "no"}.get(text, text)


def _compare(args: argparse.Namespace) -> int:
    """Paired differences and flipped cases of two saved runs."""
    if len(args.gold) != 3:
        raise SettingsError("Give two saved runs: policybot eval compare RUN_A RUN_B.")
    a, b = (Run.read(Path(folder)) for folder in args.gold[1:])
    rows, flipped = metrics.paired(a.results, b.results, Random(0)), metrics.flipped(a.results, b.results)  # noqa: S311
    keys = dict.fromkeys([*a.configuration, *b.configuration])
    changed = {
        key: [a.configuration.get(key), b.configuration.get(key)]
        for key in keys
        if a.configuration.get(key) != b.configuration.get(key)
    }
    if args.json:
        print(json_rows.dumps({"configuration": changed, "figures": rows, "flipped": flipped}))
        return 0
    if not rows:
        raise SettingsError("These runs have no case in common: compare runs of the same gold file.")
    for key, (before, after) in changed.items():
        print(f"{key}: {_plain(before)} -> {_plain(after)}")
    wording = ""
    for row in rows:
        if row["wording"] != wording:
            wording = row["wording"]
            print(f"\n{wording:<22}{'a':>6}{'b':>6}{'b - a':>7}  95% interval       n +/-   sign p")
        span = f"[{row['low']:+.3f}, {row['high']:+.3f}]"
        turned = f"{row['better']}/{row['worse']}"
        verdict = "" if row["verdict"] == "same" else row["verdict"]
        print(
            f"  {row['figure']:<20}{row['a']:>6.3f}{row['b']:>6.3f}{row['difference']:>+7.3f} {span}{row['n']:>4} "
            f"{turned:<6}{row['sign_p']:.3f} {verdict}".rstrip()
        )
    _print_flipped(flipped)
    return 0


def _print_missed(results: Sequence[run.CaseResult]) -> None:
    """The questions that were refused though they have an answer, or told of though they have none."""
    for figure in ("refused_answerable", "answered_unanswerable"):
        missed = [f"  {one.id}  {one.question}" for one in results if one.figures.get(figure)]
        more = f", the first {SHOWN} (--save keeps all)" if len(missed) > SHOWN else ""
        if missed:
            print("\n".join([f"{figure}: {len(missed)}{more}", *missed[:SHOWN]]))


def _print_flipped(flipped: Sequence[dict[str, Any]]) -> None:
    print(f"\nCases that flipped: {len(flipped)}" + (f", the first {SHOWN}:" if len(flipped) > SHOWN else ""))
    if not flipped:
        return
    rows = []
    for row in flipped[:SHOWN]:
        about = f"{row['id']} {row['question']}\n{'; '.join(row['flipped'])}"
        sides = [
            "\n".join(filter(None, (side["text"] or side["outcome"], *side["cites"]))) for side in (row["a"], row["b"])
        ]
        rows.append((about, *sides))
    terminal.print_table({"case": 2, "a": 3, "b": 3}, rows)


def _models(args: argparse.Namespace, settings: Settings, cases: Sequence[gold.Case], lines: Sequence[str]) -> int:
    """A run for each model, smallest first as they were given; names the first that passes."""
    if not args.fail_under and args.baseline is None:
        raise SettingsError("Say what a model must reach: --fail-under metric=value, or --baseline RUN.")
    rows: list[dict[str, Any]] = []
    for name in args.models.split(","):
        chosen = endpoint(name)
        url = name.partition("@")[2] or settings.openai_base_url
        one = dataclasses.replace(settings, openai_model=chosen.model, openai_base_url=url)
        save = args.save / chosen.model.replace("/", "-") if args.save else None
        report, results = _measured(args, one, cases, lines, save)
        print(f"{name}:", file=sys.stderr)
        rows.append({"model": name, "passes": _gate(args, report, results) == 0, "report": report})
    smallest = next((row["model"] for row in rows if row["passes"]), None)
    if args.json:
        print(json_rows.dumps({"models": rows, "smallest": smallest}))
    else:
        figures = [name.rpartition(".") for name, _ in args.fail_under]
        heads = [figure for *_, figure in figures]
        wide = max(len(row["model"]) for row in rows)
        print(f"{'model':<{wide}}  passes" + "".join(f"  {head:>6}" for head in heads) + f"{'cost':>10}")
        for row in rows:
            values = [row["report"].get(wording or "question", {}).get(figure) for wording, _, figure in figures]
            cost = row["report"]["totals"]["cost_usd"]
            print(
                f"{row['model']:<{wide}}  {'yes' if row['passes'] else 'no':<6}"
                + "".join(
                    f"  {value['mean'] if value else float('nan'):>{max(len(head), 6)}.3f}"
                    for head, value in zip(heads, values, strict=True)
                )
                + f"{'unknown' if cost is None else f'${cost:.4f}':>10}"
            )
        print(f"The smallest that passes: {smallest}." if smallest else "None of them passes.")
    return 0 if smallest else 1


def diff(args: argparse.Namespace, settings: Settings) -> int:
    """What differs, and what cites it. Exit 1 if a file of either edition could not be read."""
    (old, failed), (new, also_failed) = documents(args.old, settings), documents(args.new, settings)
    pairs = edition_diff.paired(old, new)
    changes = {id(pair): edition_diff.changes(pair) for pair in pairs}
    cited = {pair.old.path: changes[id(pair)] for pair in pairs if pair.old}
    with wiring.store(settings) as store:
        terminal.note(store, "raw_text", what="diff")
        answers = edition_diff.touched(store.asked.since(args.since), pairs, cited)
    rows: list[dict[str, Any]] = []
    if args.gold:
        with lines_of(args.gold) as lines:
            rows = edition_diff.outdated(gold.cases(lines, "default"), pairs)
    if args.json:
        every = [dataclasses.asdict(change) for pair in pairs for change in changes[id(pair)]]
        print(json_rows.dumps({"changes": every, "answers": answers, "gold": rows, "not_read": failed + also_failed}))
    else:
        for pair in pairs:
            _print_pair(pair, changes[id(pair)])
        _print_answers(answers)
        if args.gold:
            print(f"\nGold rows that lose their evidence: {len(rows)}")
            for row in rows:
                print(f"  {row['id']}: {row['question']}\n    no longer there: {row['evidence']}")
    for line in failed + also_failed:
        print(f"not read: {line}", file=sys.stderr)
    return 1 if failed or also_failed else 0


def _print_pair(pair: Pair, changes: Sequence[Change]) -> None:
    if not changes:
        return
    names = [one.path for one in (pair.old, pair.new) if one]
    what = " (removed)" if pair.new is None else " (new)" if pair.old is None else ""
    paper = Paper(sys.stdout)
    print(" -> ".join(dict.fromkeys(names)) + what)
    for change in changes:
        heading = json_rows.SEPARATOR.join(change.section) or "(before the first heading)"
        was = f"  (was: {json_rows.SEPARATOR.join(change.was)})" if change.was else ""
        print(f"  {MARKS[change.kind]} {change.kind}: {heading}{was}")
        for mark, sentences in (("-", change.gone), ("+", change.came)):
            for sentence in sentences:
                paper.line(f"      {mark} {' '.join(sentence.removeprefix('- ').split())}", 8)


def _print_answers(answers: Sequence[dict[str, Any]]) -> None:
    lost = sum(bool(row["gone"]) for row in answers)
    print(f"\nRecorded answers that cite changed sections: {len(answers)}, of which {lost} quote what is gone")
    alike: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in answers:
        question = " ".join(row["question"].split())
        alike.setdefault((question.casefold(), row["cites"], str(row["gone"])), []).append(row)
    paper = Paper(sys.stdout)
    for row, *others in alike.values():
        more = f"  (and {len(others)} more)" if others else ""
        paper.line(f"  {row['id']}  {row['at'][:10]}  {' '.join(row['question'].split())}{more}")
        paper.line(f"    cites {row['cites']}", 6)
        for quote in row["gone"]:
            paper.line(f"    no longer there: {' '.join(quote.split())}", 6)


def documents(path: Path, settings: Settings) -> tuple[list[Document], list[str]]:
    """The documents by path, and what could not be read in words. SettingsError where nothing is there to read."""
    from knowledge.files import walk
    from knowledge.read import SUFFIXES
    from knowledge.read.pool import read_all

    root = path if path.is_dir() else path.parent
    paths = [file for file in (walk(path) if path.is_dir() else [path]) if file.suffix.lower() in SUFFIXES]
    if not path.exists() or not paths:
        raise SettingsError(f"There is no document at {path}. Name a file or a folder of documents.")
    read, failed = list[Document](), list[str]()
    files = [(file, root) for file in paths]
    for file, result in read_all(files, workers=WORKERS, passwords=settings.pdf_passwords, ocr=False):
        if isinstance(result, ReadError):
            failed.append(f"{file}: {result.message}")
        else:
            read.append(result)
    return sorted(read, key=lambda one: one.path), sorted(failed)
