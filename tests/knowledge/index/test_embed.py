"""The bundled model against what is known of it, and OpenAI-compatible endpoints over a real socket."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from knowledge.errors import EmbeddingFailed
from knowledge.index.embed import MiniLM, OpenAIEmbedder
from knowledge.index.words import best


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    return MiniLM()


def test_rows_are_unit_vectors_in_the_order_of_the_texts(minilm: MiniLM) -> None:
    texts = ["short", "a somewhat longer text about holidays " * 5, "", "middle sized words here", "long " * 2000]
    rows = minilm.embed(texts)
    assert rows.shape == (5, 384) and rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    for at, text in enumerate(texts):
        assert float(minilm.embed([text])[0] @ rows[at]) > 0.99
    assert minilm.embed([]).shape == (0, 384)


def test_meaning_is_near(minilm: MiniLM) -> None:
    question, near, far = minilm.embed(
        ["How much vacation do I get?", "Employees receive 25 days of paid annual leave.", "The server room is locked."]
    )
    assert question @ near > question @ far + 0.2


def test_a_long_table_is_seen_to_its_end_and_text_beyond_the_limit_is_not(minilm: MiniLM) -> None:
    rows = "\n".join(f"Row {n} | paid by the department" for n in range(35))
    table, question, other = minilm.read(
        [f"{rows}\nBicycle helmets | replaced", "bicycle helmets", f"{rows}\nRow 36 | paid"]
    )
    assert table.starts.max() > len(rows), "its last row"
    assert best(question.rows, [table.rows])[0].mean() > best(question.rows, [other.rows])[0].mean() + 0.2
    assert question.whole @ table.whole > question.whole @ other.whole + 0.03
    whole, more, less = minilm.embed(["word " * 1_100, "word " * 1_100 + "secret", "word " * 850 + "secret " * 150])
    assert float(whole @ more) > 0.9999
    assert float(whole @ less) < 0.99


def test_threads_may_share_it(minilm: MiniLM) -> None:
    texts = [f"rule number {n} of the manual" for n in range(40)]
    alone = minilm.embed(texts)
    results: list[Any] = [None] * 4
    threads = [threading.Thread(target=lambda n=n: results.__setitem__(n, minilm.embed(texts))) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.allclose(result, alone, atol=1e-5) for result in results)


class Endpoint(BaseHTTPRequestHandler):
    requests: list[dict[str, Any]]
    status, elsewhere = 200, ""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.requests.append(body | {"path": self.path, "key": self.headers["Authorization"]})
        rows = [
            {"object": "embedding", "index": n, "embedding": [len(text), 1.0, 0.0]}
            for n, text in enumerate(body["input"])
        ]
        answer = {
            "object": "list",
            "data": rows[::-1],
            "model": body["model"],
            "usage": {"prompt_tokens": 1, "total_tokens": 1},
        }
        payload = json.dumps(answer if self.status == 200 else {"error": {"message": "no"}}).encode()
        self.send_response(self.status)
        if self.elsewhere:
            self.send_header("Location", self.elsewhere)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[tuple[type[Endpoint], str]]:
    handler = type("Fresh", (Endpoint,), {"requests": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield handler, f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()
    thread.join()


def test_openai_endpoints_are_asked_in_parts_and_put_in_order(endpoint: tuple[type[Endpoint], str]) -> None:
    handler, url = endpoint
    embedder = OpenAIEmbedder(url, "key-1", "tiny")
    rows = embedder.embed(["x" * (n % 7) for n in range(300)])
    assert rows.shape == (300, 3) and embedder.name == "tiny@openai"
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    assert rows[3][0] / rows[3][1] == pytest.approx(3) and rows[299][0] / rows[299][1] == pytest.approx(299 % 7)
    first = handler.requests[0]
    assert [len(request["input"]) for request in handler.requests] == [256, 44]
    assert (first["path"], first["model"], first["key"]) == ("/v1/embeddings", "tiny", "Bearer key-1")
    assert "dimensions" not in first and first["input"][0] == " "


def test_a_redirect_is_not_followed(endpoint: tuple[type[Endpoint], str]) -> None:
    handler, url = endpoint
    handler.status, handler.elsewhere = 307, f"{url}/elsewhere"
    with pytest.raises(EmbeddingFailed):
        OpenAIEmbedder(url, "k", "tiny").embed(["a"])
    assert {request["path"] for request in handler.requests} == {"/v1/embeddings"}


def test_endpoints_that_refuse_or_are_gone_are_named(endpoint: tuple[type[Endpoint], str]) -> None:
    handler, url = endpoint
    handler.status = 401
    with pytest.raises(EmbeddingFailed, match="Check its address, key and model"):
        OpenAIEmbedder(url, "wrong", "tiny").embed(["a"])
    with pytest.raises(EmbeddingFailed, match="APIConnectionError"):
        OpenAIEmbedder("http://127.0.0.1:9/v1", "k", "tiny").embed(["a"])
