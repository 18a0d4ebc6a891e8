"""What a method of a plug-in file says in a process of its own: one digest a line, on stdout."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from mebench.methods.catalogue import METHODS
from mebench.runs.plugins import load_plugin


def main(plugin: str, id: str) -> None:
    """Print the digests of a method's answers on the small recordings."""
    from mebench.testing.methods import Trial

    load_plugin(Path(plugin))
    with tempfile.TemporaryDirectory() as folder:
        answers = Trial(METHODS.get(id), Path(folder).resolve()).everything()
    sys.stdout.write("\n".join(answers) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
