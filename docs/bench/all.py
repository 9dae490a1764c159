"""`make bench`: every figure in one sitting, with the number of cores they were measured on."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent

if __name__ == "__main__":
    print(f"{os.cpu_count()} cores")
    for name in (
        "lesson",
        "save",
        "process",
        "preview",
        "weak_line",
        "guesses",
        "desk",
        "roster",
        "report",
        "certificates",
    ):
        subprocess.run([sys.executable, str(HERE / f"{name}.py")], check=True)
