#!/usr/bin/env python3
"""check.py PROGRAM SOURCE OUTPUT PAGE: PROGRAM writes OUTPUT, and PAGE shows SOURCE and OUTPUT as they are."""

import pathlib
import subprocess
import sys

program, source, output, page = sys.argv[1:]
expected = pathlib.Path(output).read_text()
text = pathlib.Path(page).read_text()
code = pathlib.Path(source).read_text().split("*/\n", 1)[1].lstrip("\n")

ran = subprocess.run([program], capture_output=True, text=True, timeout=60)
if ran.returncode != 0 or ran.stdout != expected:
    sys.exit(f"{program} ended with {ran.returncode} and wrote\n{ran.stdout}{ran.stderr}\nnot\n{expected}")
for what, part in ((source, code), (output, expected)):
    if f"```\n{part}```" not in text and f"```c\n{part}```" not in text:
        sys.exit(f"{page} does not show {what} as it is; copy it there")
