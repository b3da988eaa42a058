"""python -m tests.check_wheel FILE.whl: the wheel holds every file that the code reads at run time, and no tests."""

import subprocess
import sys
import zipfile
from pathlib import Path


def main(wheel: str) -> int:
    packed = set(zipfile.ZipFile(wheel).namelist())
    listed = subprocess.run(
        ["git", "ls-files", "bot", "knowledge", "prompts"], capture_output=True, text=True, check=True
    )
    missing = [name for name in listed.stdout.split() if name not in packed]
    extra = [name for name in packed if name.startswith("tests/")]
    for name in missing:
        print(f"not in the wheel: {name}")
    for name in extra:
        print(f"does not belong into the wheel: {name}")
    print(f"{Path(wheel).name}: {len(packed)} files")
    return 1 if missing or extra else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
