"""grand-challenge.org: an evaluation container that reads /input and writes /output/metrics.json.

The platform unpacks what a participant sends into `/input` and mounts the uploaded ground truth at
`/opt/ml/input/data/ground_truth`. The last line on stderr is shown to the participant.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import tempfile
from pathlib import Path

from mebench.challenge.desk.config import Challenge
from mebench.challenge.export.common import ENTRY, RULES, column_key, copy_code, packages, write_rules, write_truth
from mebench.schema.files import write_atomic

_EVALUATE = '''\
"""Grades one submission on grand-challenge.org."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
INPUT = Path(os.environ.get("MEBENCH_INPUT", "/input"))
OUTPUT = Path(os.environ.get("MEBENCH_OUTPUT", "/output"))
TRUTH = Path(os.environ.get("MEBENCH_GROUND_TRUTH", "/opt/ml/input/data/ground_truth"))


'''
_MAIN = """

def main():
    try:
        from mebench.challenge.export.platform import run_grand_challenge

        return run_grand_challenge(INPUT, TRUTH, OUTPUT, HERE / "rules.json")
    except Exception:
        return fail(OUTPUT / "metrics.json")


if __name__ == "__main__":
    sys.exit(main())
"""
_DOCKERFILE = """\
FROM --platform=linux/amd64 python:3.11-slim
ENV PYTHONUNBUFFERED=1
RUN groupadd -r user && useradd -m --no-log-init -r -g user user
RUN pip install --no-cache-dir {packages}
COPY --chown=user:user evaluate.py rules.json /opt/app/
COPY --chown=user:user mebench /opt/app/mebench
WORKDIR /opt/app
USER user
ENTRYPOINT ["python", "evaluate.py"]
"""
_README = """\
1. docker build -t evaluation container/ && docker save evaluation | gzip -c > evaluation.tar.gz
2. Upload evaluation.tar.gz as the evaluation method of the phase and ground_truth.tar.gz as its ground truth.
3. Choose submissions of predictions (CSV, JSONL or ZIP), and in the leaderboard's settings the paths {columns}.

The ground truth holds the public part only. A submission that is refused, or whose grading fails, has no metrics.json
and ends with another exit code than 0; what was wrong stands in detailed_results.html and on stderr. Scores of the
hidden part come from `mebench challenge grade` in the organisers' own folder, and the final ranking from
`mebench challenge final`.
"""


def export_grand_challenge(challenge: Challenge, out: Path) -> Path:
    """Write `container/` (Dockerfile, evaluate.py and the grading code), `ground_truth.tar.gz` and a README.

    Raises
    ------
    UserError : when the truth cannot be read or the folder cannot be written.
    """
    container = out / "container"
    copy_code(container)
    write_rules(challenge, container / RULES)
    write_atomic(container / "evaluate.py", _EVALUATE + ENTRY + _MAIN)
    write_atomic(container / "Dockerfile", _DOCKERFILE.format(packages=packages(challenge)))
    with tempfile.TemporaryDirectory(prefix="mebench-") as reference:
        write_truth(challenge, Path(reference))
        write_atomic(out / "ground_truth.tar.gz", _tar(Path(reference)))
    write_atomic(out / "README.txt", _README.format(columns=", ".join(map(column_key, challenge.columns))))
    return out


def _tar(folder: Path) -> bytes:
    """Return a folder's files as an archive without clock or owner."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as archive:
        for file in sorted(folder.iterdir()):
            info = tarfile.TarInfo(file.name)
            info.size, info.mode = file.stat().st_size, 0o644
            with file.open("rb") as content:
                archive.addfile(info, content)
    return gzip.compress(plain.getvalue(), mtime=0)
