"""Micro-Expression Grand Challenge 2019: recognition on three databases at once (composite database evaluation).

442 clips of 68 subjects, negative, positive, surprise. The organisers' list of clips and classes is the truth and is
never recomputed from the databases' own emotions: eligible clips are missing in it for reasons nobody wrote down.
Counts are added over the 68 folds, then UF1 = mean of 2 TP / (2 TP + FP + FN) and UAR = mean of TP / n over classes.
Whether UF1 or UAR ranks was not stated in the guideline; here it is UF1.
"""

from __future__ import annotations

from mebench.protocols.rules.recognition import RecognitionProtocol
from mebench.schema.emotions import COMPOSITE_CLASSES


class Megc2019Cde(RecognitionProtocol):
    """Leave one of 68 subjects out; UF1 and UAR in full and per database."""

    id = "megc2019-cde"
    summary = "recognition of 3 classes on 3 databases, leave-one-subject-out, UF1 and UAR of pooled counts"
    sources = (
        "MEGC2019 recognition guideline (UF1 and UAR of counts over the 68 folds)",
        "See et al. 2019, MEGC 2019: the second facial micro-expressions grand challenge (FG)",
        "the organisers' list combined_3class_gt.csv",
    )
    classes = COMPOSITE_CLASSES
    official = {"casme2": ((88, 32, 25), 24), "samm": ((92, 26, 15), 28), "smic": ((70, 51, 43), 16)}
