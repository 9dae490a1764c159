"""`make bench`: every figure in one sitting, with the number of cores they were measured on."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent

if __name__ == "__main__":
    print(f"{os.cpu_count()} cores")
    for script in ("lesson.py", "save.py", "process.py", "preview.py", "weak_line.py", "guesses.py", "roster.py"):
        subprocess.run([sys.executable, str(HERE / script)], check=True)
