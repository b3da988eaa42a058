"""python -m tests.report_picture: docs/images/report.png, the owner's page of a synthetic month (needs chromium).

The real path: the sample manual is ingested, the month is written into the database, `policybot report` makes the page.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bot import wiring
from bot.cli import main
from bot.demo.run import SAMPLE
from bot.settings import load
from tests.traffic import month

PICTURE = Path(__file__).parent.parent / "docs/images/report.png"
SIZE = "900,1500"


def picture() -> None:
    browser = shutil.which("chromium") or sys.exit("Install chromium, then run this again.")
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"POLICYBOT_DATA": folder, "POLICYBOT_DAILY_TOKENS": "150000", "POLICYBOT_LOG": "error"}
        main(["ingest", str(SAMPLE)])
        with wiring.store(load(dotenv=None)) as store:
            month(store, datetime.now(UTC).date())
        page = Path(folder) / "report.html"
        main(["report", "-o", str(page)])
        options = ["--headless=new", "--no-sandbox", "--hide-scrollbars", f"--window-size={SIZE}"]
        subprocess.run([browser, *options, f"--screenshot={PICTURE}", page.as_uri()], check=True, capture_output=True)


if __name__ == "__main__":
    picture()
