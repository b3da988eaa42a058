"""The door to Chroma: vectors with text and metadata in, nearest ids and vectors out. The only user of chromadb.

One Index is one folder, or one server (`url`, with `headers` for its authentication). Collection names may be any
text: they are mapped to what Chroma allows. Chroma can't swap a revision atomically, so nothing here is the truth:
the catalog says which ids are live, and callers filter by it. Every failure is an IndexUnavailable.
Knows nothing of documents, SQL or ranking.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlsplit

from knowledge.errors import IndexUnavailable

if TYPE_CHECKING:
    from knowledge.index.words import Floats

SERVER_TIMEOUT_S = 60.0  # seconds of one request; an insert of INSERT_ROWS takes about 20; guess
CLOSE_S = 5.0  # seconds that an end of the process waits for a call under way; guess
PROBE_S = 10.0  # seconds for a server's first sign of life; guess
INSERT_ROWS = 5_000  # rows; Chroma takes 5,461 at once; given: Chroma's `get_max_batch_size()`
# Chroma's own 100 and 100 lose an eighth of the 60 nearest of 30,000 chunks, and for 1 question in 20 the nearest.
EF_SEARCH = 400  # neighbours looked at by a search; measured: python -m tests.knowledge.index.test_recall
EF_CONSTRUCTION = 200  # neighbours looked at to put one in; measured: python -m tests.knowledge.index.test_recall
T = TypeVar("T")


def mapped(collection: str, embedder: str) -> str:
    """A name Chroma takes (3-512 of a-z, 0-9, . _ -) that differs whenever collection or embedder differ."""
    plain = re.sub(r"[^a-z0-9]+", "-", collection.lower()).strip("-")[:40]
    digest = hashlib.sha256(f"{collection}\0{embedder}".encode()).hexdigest()[:16]
    return f"kb-{plain}-{digest}" if plain else f"kb-{digest}"


class Index:
    """Opened at the first call. Calls are serialised, so that a reopen never closes a client in use."""

    def __init__(
        self, folder: Path | None = None, *, url: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        if (folder is None) == (url is None):
            raise ValueError("an Index takes a folder or a url")
        self._folder, self._url, self._headers = folder, url, dict(headers or {})
        self._lock = threading.RLock()
        self._client: Any = None
        self._open: dict[str, Any] = {}

    def add(
        self,
        name: str,
        ids: Sequence[str],
        vectors: Floats,
        texts: Sequence[str],
        metadatas: Sequence[Mapping[str, str]],
    ) -> None:
        """Add rows; an id that is there already is left as it is. `ids` must not repeat."""
        rows = [dict(row) for row in metadatas]
        self._in_parts(name, "add", ids=list(ids), embeddings=vectors, documents=list(texts), metadatas=rows)

    def delete(self, name: str, ids: Sequence[str]) -> None:
        """Delete rows; unknown ids are ignored."""
        self._in_parts(name, "delete", ids=list(ids))

    def nearest(self, name: str, vectors: Floats, limit: int) -> list[list[tuple[str, float]]]:
        """For each vector the ids nearest to it with their cosine, best first. May name ids deleted since `reopen`."""

        def run(collection: Any) -> list[list[tuple[str, float]]]:
            answer = collection.query(query_embeddings=list(vectors), n_results=limit, include=["distances"])
            return [
                [(key, 1.0 - float(distance)) for key, distance in zip(keys, distances, strict=True)]
                for keys, distances in zip(answer["ids"], answer["distances"], strict=True)
            ]

        return self._ask(name, run, [[] for _ in vectors])

    def vectors(self, name: str, ids: Sequence[str]) -> dict[str, Floats]:
        """The stored vectors of those ids that are there."""

        def run(collection: Any) -> dict[str, Floats]:
            rows = collection.get(ids=list(ids), include=["embeddings"])
            return dict(zip(rows["ids"], rows["embeddings"], strict=True))

        return self._ask(name, run, {}) if ids else {}

    def is_tuned(self, name: str) -> bool:
        """Whether a search in it looks at enough neighbours; False of one made before EF_SEARCH was set."""
        return self._ask(name, lambda collection: _ef_search(collection) == EF_SEARCH, True)

    def tune(self, name: str) -> None:
        """Let searches look at enough neighbours, whoever made the collection. A server does from its next start on."""

        def run(collection: Any) -> None:
            if _ef_search(collection) != EF_SEARCH:
                collection.modify(configuration={"hnsw": {"ef_search": EF_SEARCH}})
                self.reopen()  # an open client goes on with the number it began with

        self._ask(name, run, None)

    def count(self, name: str) -> int:
        """How many vectors are stored under this name."""
        return self._ask(name, lambda collection: int(collection.count()), 0)

    def ids(self, name: str) -> set[str]:
        """The ids of all stored vectors."""
        return self._ask(name, lambda collection: set(collection.get(include=[])["ids"]), set())

    def drop(self, name: str) -> None:
        """Delete a whole collection, if it is there."""

        def run(_: Any) -> None:
            self._open.pop(name, None)
            self._client.delete_collection(name)

        self._ask(name, run, None)

    def ping(self) -> None:
        """Raise IndexUnavailable unless the folder or the server answers."""
        self._call(lambda: self._client.heartbeat())
        if self._folder is not None and not (self._folder / "chroma.sqlite3").exists():
            self.reopen()  # what is open still reads the deleted files: until the next start, and alone
            raise self.gone()

    def reopen(self) -> None:
        """See what other processes wrote: a warm embedded client never does (facts: it even returns deleted ids)."""
        if self._folder is None:
            self._open.clear()  # without the lock, which a call holds that hangs
            return
        with self._lock:
            self._open.clear()
            self.close()

    @property
    def is_server(self) -> bool:
        """Whether calls go over a network, and may hang."""
        return self._url is not None

    def set_aside(self) -> Path | None:
        """Rename a folder that can't be used, and begin a new one; None of a server, which its owner must mend."""
        if self._folder is None:
            return None
        self.close()
        aside = self._folder.with_name(f"{self._folder.name}.damaged-{time.time_ns()}")
        self._folder.rename(aside)
        return aside

    def close(self) -> None:
        """Let go of the folder or the connection; the next call opens it again."""
        if not self._lock.acquire(timeout=CLOSE_S):
            return  # a call hangs in it; the process ends without
        try:
            self._open.clear()
            client, self._client = self._client, None
            if client is not None:
                client.close()
        finally:
            self._lock.release()

    def _ask(self, name: str, run: Callable[[Any], T], without: T) -> T:
        """What `run` says of a collection; `without` where there is none of this name."""
        return self._call(lambda: without if (collection := self._collection(name)) is None else run(collection))

    def _in_parts(self, name: str, method: str, *, ids: list[str], **columns: Any) -> None:
        """A collection's method with as many rows at a time as Chroma takes; makes it where there is none."""

        def all_parts() -> None:
            for at in range(0, len(ids), INSERT_ROWS):
                part = {column: rows[at : at + INSERT_ROWS] for column, rows in {"ids": ids, **columns}.items()}
                getattr(self._collection(name, create=True), method)(**part)

        self._call(all_parts)

    def _collection(self, name: str, *, create: bool = False) -> Any:
        from chromadb.errors import NotFoundError

        collection = self._open.get(name)
        if collection is None:
            try:
                # never the default embedding function: it downloads a model
                collection = self._client.get_collection(name, embedding_function=None)
            except NotFoundError:
                if not create:
                    return None
                hnsw = {"space": "cosine", "ef_search": EF_SEARCH, "ef_construction": EF_CONSTRUCTION}
                collection = self._client.get_or_create_collection(
                    name, embedding_function=None, configuration={"hnsw": hnsw}
                )
            self._open[name] = collection
        return collection

    def _connect(self) -> Any:
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            return chromadb.PersistentClient(path=str(self._folder), settings=settings)
        parts = urlsplit(self._url or "")
        ssl = parts.scheme == "https"
        port = parts.port or (443 if ssl else 8000)
        headers = dict(self._headers)
        if parts.username and "authorization" not in {name.lower() for name in headers}:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            headers["Authorization"] = "Basic " + b64encode(pair.encode()).decode()
        where = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or "localhost"
        base = f"{parts.scheme}://{where}:{port}{parts.path}"
        _answers(base, headers)  # what makes a client waits for ever for a server that hangs
        client = chromadb.HttpClient(host=base, port=port, ssl=ssl, headers=headers, settings=settings)
        # the client waits for ever otherwise, and there is no setting for it
        session = getattr(getattr(client, "_server", None), "_session", None)
        if session is not None:
            session.timeout = SERVER_TIMEOUT_S
        return client

    def _call(self, run: Callable[[], T]) -> T:
        from chromadb.errors import NotFoundError

        first: Exception | None = None  # says what is wrong; what a second try meets may be its consequence
        with self._lock:
            for attempt in (1, 2):
                try:
                    if self._client is None:
                        self._client = self._connect()
                    return run()
                except NotFoundError:  # another process made the collection anew: its handle here is of the old one
                    self._open.clear()
                    if attempt == 2:
                        raise self.unavailable("the collection is being rebuilt") from None
                except Exception as error:
                    first = first or error
                    if attempt == 2 or self._folder is None:
                        raise self.unavailable(str(first) or type(first).__name__) from first
                    self.close()  # another process may just have written: what is open is older than that
        raise AssertionError("unreachable")

    def gone(self) -> IndexUnavailable:
        """The error that vectors which were put here are here no more."""
        return IndexUnavailable(f"The vectors are gone from the {self._where()}. Run `policybot ingest PATH` again.")

    def _where(self) -> str:
        shown = re.sub("//[^/]*@", "//", self._url or "")
        return f"Chroma server {shown}" if self._url else f"Chroma folder {self._folder}"

    def unavailable(self, reason: str) -> IndexUnavailable:
        """The error that names this folder or server, without its password."""
        step = (
            "Check that the server runs and that CHROMA_URL and its headers are right, then run the command again."
            if self._url
            else "Check the free space and the permissions of the folder. If its files are damaged, run "
            "`policybot ingest --rebuild PATH`, which makes them anew."
        )
        return IndexUnavailable(f"The {self._where()} can't be used: {reason[:300].rstrip('. ')}. {step}")


def _answers(base: str, headers: Mapping[str, str]) -> None:
    """Raises OSError unless the server says something soon."""
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    with contextlib.suppress(HTTPError):  # what it refuses the client tells better
        urlopen(Request(f"{base.rstrip('/')}/api/v2/heartbeat", headers=dict(headers)), timeout=PROBE_S).close()  # noqa: S310 - http or https, as the setting says


def _ef_search(collection: Any) -> int:
    return int((collection.configuration.get("hnsw") or {}).get("ef_search", 0))
