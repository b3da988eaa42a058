"""Ingest by stage, against the bare tools: pypdfium2, the embedder, Chroma.

usage: python -m tests.bench.bench_ingest FOLDER_OF_PDFS [PAGES]   (pages: take files until so many). Prints a table.
"""

import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

import pypdfium2
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from bot.store.migrations import migrate
from knowledge.catalog import Catalog
from knowledge.catalog.tables import embed_text
from knowledge.database import connect
from knowledge.index.chroma import Index
from knowledge.index.embed import MiniLM
from knowledge.ingest.run import ingest
from knowledge.ingest.split import split
from knowledge.read.pool import read_all


def main(source: Path, most: int) -> None:
    files, pages = [], 0
    for file in sorted(source.glob("*.pdf"), key=lambda file: file.stat().st_size):
        if pages < most:
            files.append(file)
            pages += len(pypdfium2.PdfDocument(file))
    rows: list[tuple[str, float, str]] = []
    began = time.perf_counter()

    def lap(label: str, amount: float, unit: str) -> float:
        nonlocal began
        seconds = time.perf_counter() - began
        rows.append((label, seconds, f"{amount / max(seconds, 1e-9):.1f} {unit}/s"))
        began = time.perf_counter()
        return seconds

    for file in files:
        for page in pypdfium2.PdfDocument(file):
            page.get_textpage().get_text_range()
    lap("bare pypdfium2, one process", pages, "pages")

    documents = [row[1] for row in read_all([(file, source) for file in files], workers=2, passwords={}, ocr=False)]
    lap("read, two children", pages, "pages")
    chunks = [chunk for document in documents if not isinstance(document, Exception) for chunk in split(document, "c")]
    lap("split", pages, "pages")
    texts = sorted({embed_text(chunk.title, chunk.section, chunk.text) for chunk in chunks})
    model = MiniLM()
    model.embed(["warm"])
    began = time.perf_counter()
    vectors = model.embed(texts)
    embedding = lap(f"bare embedder, {len(texts)} texts", len(texts), "chunks")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        bare = Index(folder / "bare")
        bare.count("warm")
        began = time.perf_counter()
        bare.add("bare", [str(n) for n in range(len(texts))], vectors, texts, [{"n": 1}] * len(texts))
        lap("bare Chroma insert", len(texts), "chunks")
        bare.close()
        docs = folder / "docs"
        docs.mkdir()
        for file in files:
            shutil.copy2(file, docs)
        engine = connect(f"sqlite:///{folder}/catalog.db")
        migrate(engine)
        catalog, index = Catalog(engine), Index(folder / "chroma")
        index.count("warm")
        began = time.perf_counter()
        lexical: list[float] = []
        stage = lambda name, done, total: lexical.append(time.perf_counter() - began) if name == "embed" else None  # noqa: E731
        report = ingest([docs], catalog=catalog, index=index, embedder=model, progress=stage)
        whole = lap("ingest", pages, "pages")
        rows.append(("  searchable by words after", lexical[0], f"{report.chunks} chunks"))
        rows.append(("  ratio to the bare embedder", whole / embedding, "(1 = nothing but embedding)"))
        began = time.perf_counter()
        assert ingest([docs], catalog=catalog, index=index, embedder=model).unchanged == len(files)
        lap("unchanged again", pages, "pages")
        hundred(docs / "hundred.pdf", "the first edition")
        ingest([docs], catalog=catalog, index=index, embedder=model)
        hundred(docs / "hundred.pdf", "the second edition")
        began = time.perf_counter()
        assert ingest([docs], catalog=catalog, index=index, embedder=model).replaced == 1
        lap("one page of 100 changed", 1, "runs")
    print(f"{len(files)} files, {pages} pages, {len(chunks)} chunks")
    for label, seconds, note in rows:
        print(f"{label:32} {seconds:8.2f}   {note}")
    mine, children = (
        resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"peak memory: {mine} MB here, {children} MB the largest child")


def hundred(path: Path, edition: str) -> None:
    """A PDF of 100 numbered sections; page 50 differs between editions."""
    canvas = Canvas(str(path), pagesize=A4)
    for page in range(1, 101):
        canvas.drawString(72, 780, f"{page} Rules about subject {page}")
        for line in range(20):
            what = edition if page == 50 else "every edition"
            canvas.drawString(72, 740 - line * 18, f"Paragraph {line} on subject {page} says the same in {what} of it.")
        canvas.showPage()
    canvas.save()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int((sys.argv[2:3] or ["600"])[0]))
