"""What an honest submission stays far below, whichever way it is packed."""

from __future__ import annotations

import dataclasses

from mebench.challenge.safety.zip_checks import ArchiveLimits
from mebench.schema.answers import LONGEST_ANSWER
from mebench.schema.json_text import JsonLimits


@dataclasses.dataclass(frozen=True)
class SubmissionLimits:
    """Sizes beyond which a submission is refused.

    Attributes
    ----------
    archive : limits of a zip archive, before and while it is extracted.
    files, folders : in a folder, those that are left out included.
    depth : folders inside each other.
    file_bytes, total_bytes : size of one data file, and of all files together.
    lines, total_lines : lines in one file and in all, empty ones included.
    line_chars : characters in one line.
    manifest_bytes : size of `manifest.json`.
    json : nesting, and characters of one number.
    answer_chars : characters of one answer to a question.
    """

    archive: ArchiveLimits = dataclasses.field(default_factory=ArchiveLimits)
    files: int = 100
    folders: int = 300
    depth: int = 16
    file_bytes: int = 32 << 20
    total_bytes: int = 64 << 20
    lines: int = 200_000
    total_lines: int = 500_000
    line_chars: int = 20_000
    manifest_bytes: int = 64 << 10
    json: JsonLimits = dataclasses.field(default_factory=lambda: JsonLimits(depth=8, digits=30))
    answer_chars: int = LONGEST_ANSWER
