"""EvalAI: a challenge configuration and an evaluation script with `evaluate(annotations, submission, phase, **kwargs)`.

The annotation file is a zip archive of the truth's folder; the submission is the participant's file as it came.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from mebench.challenge.desk.config import Challenge
from mebench.challenge.export.common import (
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

ANNOTATIONS = "test_annotations_public.zip"
SPLIT = "public"
_INIT = '"""Evaluation script of EvalAI."""\n\nfrom .main import evaluate\n'
_MAIN = '''\
"""Grades one submission on EvalAI."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

FAULT = "The grading failed for a reason that is not in the submission; ask the organisers."


def evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs):
    """Return what EvalAI puts on its leaderboard; what is raised instead ranks nothing."""
    try:
        from mebench.challenge.export.platform import evaluate_evalai
    except Exception:
        raise RuntimeError(FAULT) from None
    return evaluate_evalai(test_annotation_file, user_submission_file, phase_codename, HERE / "rules.json", **kwargs)
'''
_README = """\
1. Fill in the HTML files of templates/.
2. Zip the content of this folder without annotations_source and upload it as a challenge configuration, or push it
   to a repository made of EvalAI's starter template.

The worker needs Python 3.11 or newer and {packages}; ask for such a worker image, or run a remote worker of your own.
The annotation file holds the truth of the public part only. Where a submission is refused, or its grading fails, the
evaluation raises what the participant is told, so nothing is ranked; detailed_results.html with the same lies beside
the submitted file, or in the folder that MEBENCH_OUTPUT names. Scores of the hidden part come from
`mebench challenge grade` in the organisers' own folder, and the final ranking from `mebench challenge final`.
"""


def export_evalai(challenge: Challenge, out: Path) -> Path:
    """Write `challenge_config.yaml`, `evaluation_script/` (also zipped), `annotations/` and `templates/`.

    Raises
    ------
    UserError : when the truth cannot be read or the folder cannot be written.
    """
    script = out / "evaluation_script"
    copy_code(script)
    write_rules(challenge, script / RULES)
    write_atomic(script / "__init__.py", _INIT)
    write_atomic(script / "main.py", _MAIN)
    zip_folder(script, out / "evaluation_script.zip")
    with tempfile.TemporaryDirectory(prefix="mebench-") as reference:
        write_truth(challenge, Path(reference))
        zip_folder(Path(reference), out / "annotations" / ANNOTATIONS)
    write_atomic(out / "challenge_config.yaml", challenge_config_yaml(challenge))
    for name in ("description", "evaluation_details", "terms_and_conditions", "submission_guidelines", "phase"):
        write_atomic(out / "templates" / f"{name}.html", f"<p>{name.replace('_', ' ').capitalize()}</p>\n")
    write_atomic(out / "README.txt", _README.format(packages=packages(challenge)))
    return out


def phase_codename(number: int) -> str:
    """Return the code name of the phase of that number, from 1."""
    return f"phase-{number}"


def challenge_config_yaml(challenge: Challenge) -> str:
    """Return `challenge_config.yaml`; JSON's strings and lists are YAML too."""
    keys = [column_key(column) for column in challenge.columns]
    schema = {
        "labels": keys,
        "default_order_by": column_key(challenge.rank_by),
        "metadata": {
            key: {
                "sort_ascending": not metric_of(column.metric).higher_is_better,
                "description": column_title(challenge, column),
            }
            for key, column in zip(keys, challenge.columns, strict=True)
        },
    }
    first, last = min(p.opens for p in challenge.phases), max(p.closes for p in challenge.phases)
    lines = [
        f"title: {json.dumps(challenge.title)}",
        f"short_description: {json.dumps(challenge.title)}",
        "description: templates/description.html",
        "evaluation_details: templates/evaluation_details.html",
        "terms_and_conditions: templates/terms_and_conditions.html",
        "submission_guidelines: templates/submission_guidelines.html",
        "evaluation_script: evaluation_script.zip",
        "remote_evaluation: False",
        f"start_date: {first:%Y-%m-%d %H:%M:%S}",
        f"end_date: {last:%Y-%m-%d %H:%M:%S}",
        "published: False",
        "leaderboard:",
        "  - id: 1",
        f"    schema: {json.dumps(schema)}",
        "dataset_splits:",
        f"  - {{id: 1, name: {SPLIT}, codename: {SPLIT}}}",
        "challenge_phases:",
    ]
    for number in range(1, len(challenge.phases) + 1):
        lines += _phase(challenge, number)
    lines.append("challenge_phase_splits:")
    for number in range(1, len(challenge.phases) + 1):
        lines += [
            f"  - challenge_phase_id: {number}",
            "    leaderboard_id: 1",
            "    dataset_split_id: 1",
            "    visibility: 3",
            f"    leaderboard_decimal_precision: {challenge.board.decimals}",
            f"    is_leaderboard_order_descending: {metric_of(challenge.rank_by.metric).higher_is_better}",
        ]
    return "\n".join(lines) + "\n"


def _phase(challenge: Challenge, number: int) -> list[str]:
    phase = challenge.phases[number - 1]
    return [
        f"  - id: {number}",
        f"    name: {json.dumps(phase.name)}",
        "    description: templates/phase.html",
        "    leaderboard_public: True",
        "    is_public: True",
        "    is_submission_public: False",
        f"    start_date: {phase.opens:%Y-%m-%d %H:%M:%S}",
        f"    end_date: {phase.closes:%Y-%m-%d %H:%M:%S}",
        f"    test_annotation_file: annotations/{ANNOTATIONS}",
        f"    codename: {phase_codename(number)}",
        f"    max_submissions_per_day: {phase.quota.per_day}",
        f"    max_submissions: {phase.quota.total}",
        '    allowed_submission_file_types: ".zip, .csv, .txt, .jsonl"',
    ]
