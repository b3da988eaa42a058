"""Run `python -m tests.pins`: requirements.txt -> requirements.lock, with hashes, for deployments (needs pip-tools).

The same pins, less packages that policybot never imports. .ci/run installs the lock alone and asks a question there.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PINNED, LOCKED = ROOT / "requirements.txt", ROOT / "requirements.lock"
# chromadb asks for kubernetes (126 MB) and what that needs; only its distributed server imports it. tokenizers asks for
# huggingface-hub and what that needs, to download models: nothing is downloaded at run time
NEVER_IMPORTED = frozenset(
    {"kubernetes", "durationpy", "oauthlib", "requests-oauthlib", "websocket-client"}
    | {"huggingface-hub", "hf-xet", "fsspec", "filelock"}
)
HEAD = "# requirements.txt with hashes, less what is never imported (python -m tests.pins). Install with --no-deps.\n"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.M)


def pins(text: str) -> dict[str, str]:
    """Version by package name, as pip compares names."""
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in _PIN.findall(text)}


def locked(compiled: str) -> str:
    """What pip-compile wrote, less the packages that are never imported."""
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", compiled)[1:]
    return HEAD + "".join(block for block in blocks if not pins(block).keys() & NEVER_IMPORTED)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        compiled = Path(folder) / "compiled.txt"
        if LOCKED.exists():
            compiled.write_text(LOCKED.read_text("utf-8"), "utf-8")  # hashes that are known are not fetched again
        options = ["--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host"]
        quiet = ["-q", "--strip-extras", "--no-annotate", "--no-header", "-o", str(compiled), str(PINNED)]
        subprocess.run([sys.executable, "-m", "piptools", "compile", *options, *quiet], check=True)
        LOCKED.write_text(locked(compiled.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
