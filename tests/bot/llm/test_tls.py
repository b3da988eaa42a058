"""An endpoint whose certificate nobody vouches for is not told a word."""

import asyncio
import ssl
import subprocess
from pathlib import Path

from bot.errors import ModelUnavailable
from tests.bot.llm.test_endless_endpoints import asked


async def test_an_endpoint_with_a_certificate_of_its_own_making_is_refused(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(  # noqa: ASYNC221 - before anything runs
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate,
            "-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    told: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told.append(await reader.read(100))
        writer.close()

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    async with await asyncio.start_server(serve, "localhost", 0, ssl=context) as server:
        read = await asked(f"https://localhost:{server.sockets[0].getsockname()[1]}/v1")
    assert isinstance(read.error, ModelUnavailable) and "certificate" in str(read.error)
    assert told == []
