"""Whether labels fit the challenge: known clips, nothing twice, nothing missing.

Conventions
-----------
Unlike a video without intervals, a missing clip is an error: nobody can tell what it was meant to be.
"""

from __future__ import annotations

from mebench.challenge.checks.findings import Findings
from mebench.challenge.checks.resolver import Place, Resolver, check_emotion, check_missing, is_repeated
from mebench.challenge.checks.rows import LabelRows
from mebench.schema.recognition import Labels
from mebench.tasks.expected import Expected


def check_labels(rows: LabelRows, expected: Expected, findings: Findings) -> tuple[Labels, tuple[Place, ...]]:
    """Add the problems of labels; return those without problems and the place of each."""
    clips = expected.clips
    known = [(f"{base}/{subject}" if base else subject, clip) for base, subject, clip in clips or ()]
    resolver = Resolver(known if clips is not None else None, "clip", findings)
    seen: dict[tuple[object, ...], Place] = {}
    kept, keys = [], []
    for i in range(len(rows)):
        place = (rows.file[i], rows.line[i])
        fits = check_emotion(place, rows.emotion[i], expected, findings)
        written = (rows.database[i], rows.subject[i], rows.clip[i])
        base, subject, clip = written
        if base is None or subject is None or clip is None:
            continue
        row = resolver.row(place, base, subject, clip) if resolver.index else -1
        key = clips[row] if clips is not None and row >= 0 else (base, subject, clip)
        found = row >= 0 or clips is None
        if found and not is_repeated(key, place, seen, "clip", findings) and fits:
            kept.append(i)
            keys.append(key)
    check_missing(clips, set(seen), "clip", findings)
    emotions = tuple(str(rows.emotion[i]) for i in kept)
    probabilities = tuple({name: values[i] or 0.0 for name, values in rows.probabilities.items()} for i in kept)
    places = tuple((rows.file[i], rows.line[i]) for i in kept)
    return Labels(tuple(keys), emotions, probabilities if rows.probabilities else ()), places
