"""`python -m mebench`."""

from __future__ import annotations

import os
import sys

from mebench.cli.main import main

if __name__ == "__main__":
    if sys.path and sys.path[0] in ("", os.getcwd()):
        # `-m` looks into the current folder first; a file of somebody's there must not stand in for a library.
        sys.path.append(sys.path.pop(0))
    main()
