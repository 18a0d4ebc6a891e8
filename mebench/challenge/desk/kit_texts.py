"""The words of the kit: how to install, check and submit, and the formats of each task."""

from __future__ import annotations

import json
from collections.abc import Mapping

README = """\
{title}

What lies here
    {file:16}  every {item} of the challenge
    FORMATS.md        how a submission is written
    example/          one that is accepted; its predictions are invented
    kit.json          protocol, rules, phases, how often you may submit, and the scores that you will see
    check.py          checks a submission, with the copy of mebench {version} in checker/

Install, with Python 3.11 or newer; the check needs numpy and nothing else:
    python3 -m venv venv
    venv/bin/python -m pip install numpy

Check, in this folder; the organisers run the same check, and it needs neither network nor truth:
    venv/bin/python check.py example
    venv/bin/python check.py YOUR_SUBMISSION
    venv/bin/python check.py YOUR_TABLE --team NAME --method NAME      (--help lists all that can be given)
Where mebench itself is installed (pip install PATH_TO_MEBENCH), this is the same:
    mebench challenge check --kit . YOUR_SUBMISSION
It prints `is accepted`, or everything that is wrong: file, line, column, what was expected and what was found.

Submit
    A folder, a zip archive or a single file of predictions. A folder or an archive carries manifest.json:

    {manifest}

    Tables that count frames from 0 add "first_frame": 0.

    Refused submissions use no try. The report on an accepted one says how many tries are left.

Scores
{scores}
"""

HIDDEN = """\
    Your report and the board show public scores: those of the public part of the {items}, rounded. Which {items}
    are public is not told. The final ranking is by the hidden part, of each team's {counts} submission, and is
    published by the organisers in the end."""
ALL_PUBLIC = """\
    Your report and the board show scores of all {items}, rounded; the final ranking is by the same, of each team's
    {counts} submission."""

_ANY = """\
Windows line ends, a byte-order mark, semicolons and other spellings of an id (`6` for `006`, `s1` for `s01`) are read
with a note. What cannot be read is refused with every error at once.
"""
_SPOTTING = """\
# Formats

One of these, as a file or several files of the same kind. Frames are the 1-based numbers of the files, inclusive at
both ends; `type` is `micro` or `macro` (`me` and `mae` will do). A {item} without a row has no predictions, which is
allowed.

| format | columns |
|---|---|
| mebench, as in `example/` | `subject,video,onset,offset,type[,score][,emotion]` |
| MEGC2022, `samm_pred.csv` and `cas_pred.csv` | `vid,pred_onset,pred_offset,type` |
| MEGC2023, the same two files | `vid,onset,offset,type` |
| log of MEGC2019 to 2021 | see below |

The log has a line `1` (SAMM) or `2` (CAS), then `vid gt_onset gt_offset pred_onset pred_offset result` with the
result TP, FP or FN, and `-` for what is absent.

"""
_STR = """\
# Format

`subject,video,onset,offset,emotion[,score]`, as in `example/`. Frames are the 1-based numbers of the files, inclusive
at both ends. A {item} without a row has no predictions, which is allowed.{classes}

"""
_RECOGNITION = """\
# Formats

Every {item} needs exactly one row.{classes}

| format | columns |
|---|---|
| mebench, as in `example/` | `[database,]subject,clip,emotion[,p_<class>...]` |
| log of MEGC2019 | `database subject` heads a fold, then `video true predicted`, the classes as numbers |

Numbers of classes are 0 negative, 1 positive, 2 surprise.

"""
_QUESTIONS = """\
# Format

JSON lines as in `example/`, one object a line with the keys `video_id`, `video`, `question` and `answer`, all of them
text. Every question of `questions.jsonl` needs exactly one answer.

"""
_FORMATS: Mapping[str, str] = {
    "spotting": _SPOTTING,
    "spot_recognise": _STR,
    "recognition": _RECOGNITION,
    "questions": _QUESTIONS,
}


def formats(task: str, item: str, classes: tuple[str, ...]) -> str:
    """Return what participants need to know of the formats of a task.

    Parameters
    ----------
    task : its id.
    item : what the public list holds, in a word.
    classes : labels that the protocol tells apart.
    """
    told = f" `emotion` is one of {', '.join(classes)}." if classes else ""
    return _FORMATS[task].format(item=item, classes=told) + _ANY


def manifest(protocol: str, team: str = "...", method: str = "...") -> str:
    """Return a manifest as one line of JSON."""
    return json.dumps({"schema": 1, "team": team, "method": method, "protocol": protocol})
