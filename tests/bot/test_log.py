"""Logs carry ids and figures, never what people write, never a secret."""

import json
import re
import subprocess
import sys

from bot.log import drop_private, traced


def test_text_is_dropped_and_secrets_are_masked_whatever_a_caller_passes() -> None:
    event = {
        "event": "answered",
        "question": "am I pregnant?",
        "url": "postgres://u:pw@h/d",
        "key": "xoxb-123456789",
        "ms": 3,
    }
    assert drop_private(None, "info", event) == {
        "event": "answered",
        "url": "postgres://***@h/d",
        "key": "***",
        "ms": 3,
    }


def test_lines_are_json_on_stderr_and_library_records_lose_their_arguments() -> None:
    code = (
        "import logging, structlog; from bot.log import configure; configure();"
        "structlog.get_logger().info('answered', ms=5, text='private');"
        "logging.getLogger('slack_bolt').error('got %s', 'private words')"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in ran.stderr.splitlines()]
    assert ran.stdout == "" and "private" not in ran.stderr
    assert lines[0]["event"] == "answered" and lines[0]["ms"] == 5
    assert lines[1]["logger"] == "slack_bolt"


def test_a_log_that_cannot_be_written_stops_nothing() -> None:
    code = (
        "import sys, structlog; from bot.log import configure; configure(); sys.stderr.close();"
        "structlog.get_logger().info('answered', ms=5); print('alive')"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "alive\n"


def broken(question: str) -> None:
    try:
        {}[question]
    except KeyError as error:
        raise ValueError(f"no answer to {question}") from error


def test_an_unexpected_exception_says_where_it_was_raised_and_nothing_that_people_wrote() -> None:
    try:
        broken("am I pregnant?")
    except ValueError as error:
        line = traced(error)
    assert line["error"] == "ValueError" and "pregnant" not in str(line)
    assert re.fullmatch(
        r"test_log\.py:\d+ broken < test_log\.py:\d+ test_\w+; because of KeyError at .*", line["where"]
    )


def test_a_librarys_exception_is_told_with_its_place() -> None:
    code = (
        "import logging; from bot.log import configure; configure()\n"
        "try: int('private')\n"
        "except ValueError: logging.getLogger('x').exception('it broke')"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    line = json.loads(ran.stderr)
    assert line["error"] == "ValueError" and "<module>" in line["where"] and "private" not in ran.stderr


def test_a_line_names_no_person_however_deep_the_id_stands() -> None:
    code = (
        "import structlog; from bot.log import configure; configure('info', lambda user: 'p' + str(len(user)));"
        "structlog.get_logger().info('asked', user='x', channel='C0123ABCD', place='D0123ABCD',"
        " by={'U012AB3CD': ['<@W99ABCDEF> U012AB3CD']})"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    line = json.loads(ran.stderr)
    assert line["place"] == "p9"
    assert (line["user"], line["channel"], line["by"]) == ("p1", "C0123ABCD", {"p9": ["<@p9> p9"]})
