"""Where the programs under test are: tools/image, which an image has too."""

import pathlib
import sys

TOP = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(TOP / "tools/image"))
sys.dont_write_bytecode = True
