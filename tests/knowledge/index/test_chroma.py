"""The door to Chroma, embedded and through a real server."""

import os
import threading
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge.errors import IndexUnavailable
from knowledge.index.chroma import Index, mapped
from tests.knowledge.building import stored_rows
from tests.rows import each
from tests.services import Chroma

VECTORS = np.eye(4, dtype=np.float32)


@pytest.fixture(params=["embedded", "server"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Index:
    if request.param == "embedded":
        return Index(tmp_path)
    server: Chroma = request.getfixturevalue("chroma")
    return Index(url=server.url)


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    return mapped(request.node.name, "e")  # the server is shared by the session


def test_rows_are_found_and_gone(index: Index, name: str) -> None:
    assert index.nearest(name, VECTORS[:1], 3) == [[]] and index.count(name) == 0 and index.vectors(name, ["a"]) == {}
    index.add(name, ["a", "b", "c"], VECTORS[:3], ["A", "B", "C"], [{"page": "1"}, {"page": "2"}, {"page": "3"}])
    (found,) = index.nearest(name, VECTORS[1:2], 2)
    assert found[0] == ("b", pytest.approx(1.0)) and found[1][1] == pytest.approx(0.0, abs=1e-5)
    assert np.allclose(index.vectors(name, ["c", "unknown"])["c"], VECTORS[2])
    index.delete(name, ["b", "unknown"])
    assert stored_rows(index, name) == {"a": ("A", {"page": "1"}), "c": ("C", {"page": "3"})}
    assert index.ids(name) == {"a", "c"}
    index.drop(name)
    index.drop(name)
    assert index.count(name) == 0


def test_a_collection_made_anew_by_another_client_is_found(index: Index, name: str) -> None:
    index.add(name, ["a"], VECTORS[:1], ["A"], [{"page": "1"}])
    other = Index(index._folder, url=index._url)
    other.drop(name)
    other.add(name, ["b"], VECTORS[:1], ["B"], [{"page": "1"}])
    index.reopen()
    assert index.ids(name) == {"b"}


def test_more_rows_than_chroma_takes_at_once(tmp_path: Path) -> None:
    index, many = Index(tmp_path), 5_600
    rows = np.random.default_rng(0).normal(size=(many, 4)).astype(np.float32)
    index.add("many", [str(n) for n in range(many)], rows, ["t"] * many, [{"page": str(n)} for n in range(many)])
    assert index.count("many") == many
    index.delete("many", [str(n) for n in range(many)])
    assert index.count("many") == 0


@each("left, right", [(("a b", "e"), ("a/b", "e")), (("a", "e"), ("a", "f")), (("Ä", "e"), ("Ö", "e"))])
def test_mapped_names_are_valid_and_differ(left: tuple[str, str], right: tuple[str, str]) -> None:
    names = {mapped(*left), mapped(*right)}
    assert len(names) == 2
    assert all(3 <= len(name) <= 512 and name.isascii() and name[-1].isalnum() for name in names)


class Guarded(BaseHTTPRequestHandler):
    """Answers 401 and notes the key it was given."""

    keys: list[str | None]
    places: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        self.keys.append(self.headers["X-Key"])
        self.places.append((self.path.partition("/api/")[0], self.headers["Authorization"]))
        self.send_response(401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def guarded() -> Iterator[tuple[type[Guarded], str]]:
    handler = type("Fresh", (Guarded,), {"keys": [], "places": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield handler, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_headers_reach_the_server_and_a_refusal_is_named(guarded: tuple[type[Guarded], str]) -> None:
    handler, url = guarded
    with pytest.raises(IndexUnavailable, match="CHROMA_URL and its headers"):
        Index(url=url, headers={"X-Key": "secret"}).ping()
    assert handler.keys and set(handler.keys) == {"secret"}


def test_a_url_s_path_and_credentials_reach_the_server_and_no_message(guarded: tuple[type[Guarded], str]) -> None:
    handler, url = guarded
    with pytest.raises(IndexUnavailable) as caught:
        Index(url=url.replace("//", "//ann:p%40ss@") + "/behind/here").ping()
    assert "p%40ss" not in caught.value.message and "p@ss" not in caught.value.message
    assert set(handler.places) == {("/behind/here", "Basic " + b64encode(b"ann:p@ss").decode())}


def test_a_server_that_is_not_there_and_a_folder_that_is_a_file(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match=r"127\.0\.0\.1:9"):
        Index(url="http://127.0.0.1:9").ping()
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexUnavailable, match="permissions"):
        Index(tmp_path / "file").ping()


def test_reopening_leaks_nothing(tmp_path: Path) -> None:
    index = Index(tmp_path)
    index.add("abc", ["a"], VECTORS[:1], ["A"], [{"page": "1"}])
    open_files = []
    for _ in range(16):
        index.reopen()
        assert index.nearest("abc", VECTORS[:1], 1)[0][0][0] == "a"
        links = [os.path.realpath(link) for link in Path("/proc/self/fd").iterdir()]
        open_files.append(sum(link.startswith(str(tmp_path)) for link in links))  # its own, whatever else runs here
    assert open_files[15] < open_files[7] + 7  # a leak adds one a time; Chroma opens one or the other file late
