"""Cards of schema 1 that kept nothing behind their scores: the only ones whose scores a test may choose."""

from __future__ import annotations

from mebench.schema.migrations import OLD_SCHEMA


def typed(*scores):
    """Return the changes that give a card these scores, as an old card with no parts to work them out from."""
    kept = {"statistics": (), "counts": {}, "by_subject": (), "by_video": ()}
    return {"scores": scores, **kept, "environment": {OLD_SCHEMA: 1}}
