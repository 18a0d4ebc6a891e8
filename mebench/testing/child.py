"""What a method of a plug-in file says in a process of its own: two lines of digests on stdout, the last ones."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from mebench.methods.catalogue import METHODS
from mebench.runs.plugins import load_plugin


def main(plugin: str, id: str, state: str) -> None:
    """Print the digests of a method's answers on the small recordings: with a state loaded, and trained anew."""
    from mebench.testing.trial import Trial

    load_plugin(Path(plugin))
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(METHODS.get(id), Path(folder).resolve())
        loaded = trial.from_state(Path(state)) if Path(state).exists() else []
        trained = trial.everything()
    sys.stdout.write(f"\n{' '.join(loaded)}\n{' '.join(trained)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
    sys.stdout.flush()
    # Threads that a plug-in has left would be waited for without end; another check tells of them.
    os._exit(0)
