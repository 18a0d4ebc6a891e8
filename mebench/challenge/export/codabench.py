"""Codabench: a competition bundle whose scoring program reads /app/input/{ref,res} and writes /app/output/scores.json.

The bundle is for result submissions: Codabench unpacks what a participant sends into `/app/input/res`.
"""

from __future__ import annotations

import json
import struct
import tempfile
import zlib
from pathlib import Path

from mebench.challenge.desk.config import Challenge
from mebench.challenge.desk.rule_tables import Phase
from mebench.challenge.export.common import (
    ENTRY,
    RULES,
    column_key,
    column_title,
    copy_code,
    packages,
    write_rules,
    write_truth,
    zip_folder,
)
from mebench.metrics.catalogue import metric_of
from mebench.schema.files import write_atomic

IMAGE = "mebench-scorer:latest"
"""Name of the container image, to be replaced by the one that was pushed."""

_PROGRAM = '''\
"""Scores one submission on Codabench."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
APP = Path(os.environ.get("MEBENCH_APP", "/app"))


'''
_MAIN = """

def main():
    try:
        from mebench.challenge.export.platform import run_codabench

        return run_codabench(APP / "input", APP / "output", HERE / "rules.json")
    except Exception:
        return fail(APP / "output" / "scores.json")


if __name__ == "__main__":
    sys.exit(main())
"""
_DOCKERFILE = """\
FROM python:3.11-slim
RUN pip install --no-cache-dir {packages}
WORKDIR /app
"""
_README = """\
1. docker build -t NAME image/ && docker push NAME
2. Write NAME as docker_image into bundle/competition.yaml.
3. Write the terms of the challenge into bundle/terms.md and what it is about into bundle/overview.md.
4. Zip the content of bundle/ and upload it under Benchmarks > Management.

The scoring program holds a copy of the grading code; the reference data hold the truth of the public part only. A
submission that is refused, or whose grading fails, has no scores.json and ends with another exit code than 0; what was
wrong stands in detailed_results.html. Scores of the hidden part come from `mebench challenge grade` in the organisers'
own folder, and the final ranking from `mebench challenge final`.
"""


def export_codabench(challenge: Challenge, out: Path) -> Path:
    """Write `bundle/` (competition.yaml, scoring program, reference data), `program/` unpacked, `image/` and a README.

    Raises
    ------
    UserError : when the truth cannot be read or the folder cannot be written.
    """
    program, bundle = out / "program", out / "bundle"
    copy_code(program)
    write_rules(challenge, program / RULES)
    write_atomic(program / "score.py", _PROGRAM + ENTRY + _MAIN)
    write_atomic(program / "metadata.yaml", "command: python3 /app/program/score.py\n")
    zip_folder(program, bundle / "scoring_program.zip")
    with tempfile.TemporaryDirectory(prefix="mebench-") as reference:
        write_truth(challenge, Path(reference))
        zip_folder(Path(reference), bundle / "reference_data.zip")
    write_atomic(bundle / "competition.yaml", competition_yaml(challenge))
    write_atomic(bundle / "logo.png", plain_png())
    write_atomic(bundle / "terms.md", f"# {challenge.title}\n\nThe terms of the challenge.\n")
    write_atomic(bundle / "overview.md", f"# {challenge.title}\n\nProtocol: {challenge.protocol}\n")
    write_atomic(out / "image" / "Dockerfile", _DOCKERFILE.format(packages=packages(challenge)))
    write_atomic(out / "README.txt", _README)
    return out


def competition_yaml(challenge: Challenge) -> str:
    """Return `competition.yaml`; JSON's strings and lists are YAML too."""
    lines = [
        "version: 2",
        f"title: {json.dumps(challenge.title)}",
        "image: logo.png",
        "terms: terms.md",
        f"docker_image: {IMAGE}",
        "enable_detailed_results: true",
        "pages:",
        "  - {title: Overview, file: overview.md}",
        "tasks:",
        "  - index: 0",
        f"    name: {json.dumps(challenge.protocol)}",
        f"    description: {json.dumps('graded by mebench under ' + challenge.protocol)}",
        "    scoring_program: scoring_program.zip",
        "    reference_data: reference_data.zip",
        "phases:",
    ]
    for index, phase in enumerate(challenge.phases):
        lines += _phase(index, phase)
    lines += ["leaderboards:", "  - title: Results", "    key: results", "    submission_rule: Add_And_Delete"]
    lines.append("    columns:")
    for index, column in enumerate(challenge.columns):
        sorting = "desc" if metric_of(column.metric).higher_is_better else "asc"
        lines += [
            f"      - title: {json.dumps(column_title(challenge, column))}",
            f"        key: {column_key(column)}",
            f"        index: {index}",
            f"        sorting: {sorting}",
            f"        precision: {challenge.board.decimals}",
        ]
    return "\n".join(lines) + "\n"


def _phase(index: int, phase: Phase) -> list[str]:
    return [
        f"  - index: {index}",
        f"    name: {json.dumps(phase.name)}",
        f"    description: {json.dumps(phase.name)}",
        f"    start: {phase.opens:%Y-%m-%d %H:%M:%S}",
        f"    end: {phase.closes:%Y-%m-%d %H:%M:%S}",
        f"    max_submissions_per_day: {phase.quota.per_day}",
        f"    max_submissions: {phase.quota.total}",
        "    tasks: [0]",
    ]


def plain_png(side: int = 64, grey: int = 120) -> bytes:
    """Return a grey square as PNG: Codabench wants a logo."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes([grey]) * side) * side)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
