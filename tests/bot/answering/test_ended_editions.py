"""Documents that say of themselves that they have ended: read from files, and told of only where they are asked for."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from tests.rows import failing

FILES = {
    "02-leave-superseded.md": """---
title: Paid Time Off, Edition 4
version: 4.3
effective: 2021-01-01
status: superseded 2025-12-31
---
# Paid Time Off, Edition 4

## Cash-out

Each December up to 40 hours of paid time off may be sold back on form HP-131.

## On leaving

Unused paid time off is paid out on leaving, whatever the notice given.
""",
    "03-leave.md": """---
title: Paid Time Off and Sick Time, Edition 5
version: 5.0
effective: 2026-01-01
---
# Paid Time Off and Sick Time, Edition 5

## Cash-out

The December cash-out has ended. No hours of paid time off are sold back.

## On leaving

Unused paid time off is paid out on leaving only where two weeks' notice was given.
""",
    "breaks.md": """# Career breaks (third edition)

> Withdrawn on 1 October 2025.

A career break lasts from three months to two years and is unpaid.
""",
    "urlaub.md": """---
title: Sonderurlaub
---
Außer Kraft seit 1. März 2026.

## Umzug

Für einen Umzug gibt es drei Tage Sonderurlaub.
""",
    "umzug.md": """# Umzug und Familie

Für einen Umzug gibt es einen Tag frei, wenn die Arbeitsstätte gewechselt wird.
""",
    "pets-2.md": """---
title: Pets at work
version: 2
effective: 2025-01-01
---
## Dogs

One dog may be brought to the office on each floor.
""",
    "pets-3.md": """---
title: Pets at work
version: 3
effective: 2026-11-01
status: draft
---
## Dogs

Two dogs may be brought to the office on each floor.
""",
    "pets-4.md": """---
title: Pets at work
version: 4
effective: 2099-01-01
---
## Dogs

No dog may be brought to the office any more.
""",
}
ASKED = [  # what stands in the answer, and what doesn't
    ("Can I sell back paid time off in December?", "The December cash-out has ended", "HP-131"),
    ("Was unused paid time off paid out on leaving in November 2025?", "(edition 4.3, until 2025-12-31)", "two weeks"),
    ("Is unused paid time off paid out on leaving?", "two weeks' notice", "whatever the notice"),
    (
        "I started in March 2024. Is unused paid time off paid out on leaving?",
        "two weeks' notice",
        "whatever the notice",
    ),
    ("Could I sell back paid time off under edition 4?", "HP-131", "has ended"),
    ("How long is a career break?", "", "two years"),
    ("How long was a career break in May 2024?", "is unpaid (until 2025-09-30)", "zzz"),
    ("How many dogs may be brought to the office?", "One dog may be brought to the office on each floor (new", "Two"),
    ("Which version of the pets at work policy is in force?", "version 2, in force since 2025-01-01; I", "replaced"),
    ("Is the pets at work policy still valid?", "from 2099-01-01 on; I read it", "2025-01-01. It is the newest"),
    ("Wie viele Tage Sonderurlaub gibt es für einen Umzug?", "", "drei Tage"),
]


def test_what_has_ended_is_told_only_to_who_asks_for_it(
    tmp_path: Path, verbs_at: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    verbs_at(tmp_path / "data")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    assert main(["ingest", *(str(tmp_path / name) for name in FILES)]) == 0
    with failing() as row_of:
        for question, has, lacks in ASKED:
            with row_of(question):
                capsys.readouterr()
                main(["ask", "--json", question])
                text = json.loads(capsys.readouterr().out)["text"]
                assert has in text and lacks not in text, text
    capsys.readouterr()
    assert main(["status", "--documents"]) == 0
    cells = (line.split("\t") for line in capsys.readouterr().out.splitlines() if "\t" in line)
    ends = {row[-1]: (row[3], row[-2]) for row in cells}
    assert ends["02-leave-superseded.md"] == ("until 2025-12-31", "03-leave.md")
    assert ends["breaks.md"] == ("until 2025-09-30", "") and ends["urlaub.md"] == ("until 2026-02-28", "")
    assert ends["03-leave.md"] == ends["pets-2.md"] == ("", "") and ends["pets-3.md"] == ("draft", "")
