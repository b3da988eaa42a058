"""The real servers that other tests stand on: they start, keep databases apart, stop and come back."""

import psycopg
import pytest

from tests.services import Chroma, Postgres


def test_postgres_gives_each_test_its_own_database(postgres: Postgres) -> None:
    first, second = postgres.new_database(), postgres.new_database()
    with psycopg.connect(first, autocommit=True) as connection:
        connection.execute("create table t (n int)")
    with psycopg.connect(second) as connection, pytest.raises(psycopg.errors.UndefinedTable):
        connection.execute("select n from t")


def test_chroma_survives_a_restart_with_its_data(chroma: Chroma) -> None:
    import chromadb

    client = chromadb.HttpClient(port=chroma.port)
    client.create_collection("restart", embedding_function=None).add(
        ids=["a"], embeddings=[[1.0, 0.0]], documents=["x"]
    )
    chroma.stop()
    with pytest.raises(Exception):  # noqa: B017 - whatever the client raises
        client.heartbeat()
    chroma.start()
    again = chromadb.HttpClient(port=chroma.port).get_collection("restart", embedding_function=None)
    assert again.get()["documents"] == ["x"]
