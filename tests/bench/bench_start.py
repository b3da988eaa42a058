"""python -m tests.bench.bench_start: start-up costs against a bare interpreter, measured in the same run."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PAGES = Path(__file__).parents[2] / "bot" / "demo" / "manual" / "pages"
RUNS = 5


def seconds(command: list[str], env: dict[str, str]) -> float:
    """Median wall time of a few runs; `{}` in the command is the number of the run."""
    taken = []
    for number in range(RUNS):
        began = time.perf_counter()
        subprocess.run([word.format(number) for word in command], env=env, capture_output=True, check=True)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "POLICYBOT_DATA": folder, "POLICYBOT_LOG": "error"}
        env.pop("OPENAI_API_KEY", None)
        policybot = [sys.executable, "-m", "bot"]
        subprocess.run([*policybot, "ingest", str(PAGES)], env=env, capture_output=True, check=True)
        bare = seconds([sys.executable, "-c", "pass"], env)
        rows = {
            "bare interpreter": bare,
            "import bot.cli": seconds([sys.executable, "-c", "import bot.cli"], env),
            "import chromadb": seconds([sys.executable, "-c", "import chromadb"], env),
            "policybot status": seconds([*policybot, "status"], env),
            "policybot ask, cold": seconds([*policybot, "ask", "What does E-417 mean, asked {} times?"], env),
        }
    print(f"{'what':<24}{'seconds':>9}{'x bare':>9}   load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for name, taken in rows.items():
        print(f"{name:<24}{taken:>9.2f}{taken / bare:>9.1f}")


if __name__ == "__main__":
    main()
