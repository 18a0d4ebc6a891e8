"""`python -m mebench`."""

from __future__ import annotations

from mebench.cli.main import main

if __name__ == "__main__":
    main()
