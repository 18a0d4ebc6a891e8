"""MiE-X (ECCV 2022): k folds over people, means over the k folds, and learning in two stages.

Subjects are divided into k folds: 3 of the composite of MEGC2019 (CompMiE), 5 of MMEW and of SAMM. UF1, UAR and
accuracy are computed in each fold and averaged over the folds, and the whole is repeated three times, of which mean and
deviation are reported: `mebench run --repeats 3`. What ranks is the last epoch; the best epoch on the tested clips,
which the paper prints beside it, is what `--legacy` gives for a method that has it, and no official result.

What is learnt from first is given by `--train` and `--also`, see `methods.stages`: whoever is tested in a fold is in
neither stage, under whatever dataset, and no made copy of them is. The paper takes only the tested *clips* out.

There are two label spaces. CompMiE has the three classes of MEGC2019, which are also those of MiE-X, so a model of the
first stage can be tested as it is. MMEW has six emotions and SAMM five; the first stage then has the three classes all
the same, and a network gets a new last layer.

The division that the paper used is not published as a rule (its lists have 24, 23 and 21 people); here it is a seeded
draw that depends on the people alone, so that the three repeats and every method share it.
"""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from mebench.metrics.conventions.recognition import RecognitionConvention
from mebench.protocols.megc.megc2019_cde import Megc2019Cde
from mebench.protocols.rules.recognition import RecognitionProtocol
from mebench.protocols.splits import Cohort, Split, k_fold, with_first_stage
from mebench.schema.clips import ClipTable
from mebench.schema.emotions import COMPOSITE_CLASS_OF, COMPOSITE_CLASSES
from mebench.schema.recordings import Clip, Recording

_BASIC = ("happiness", "surprise", "anger", "disgust", "fear", "sadness")


class MieXProtocol(RecognitionProtocol):
    """What the three label spaces share.

    Class attributes
    ----------------
    folds : number of folds k; fewer people than that are as many folds.
    """

    sources = (
        "Liu et al. 2022, How to synthesize a large-scale and trainable micro-expression dataset? (ECCV), section 5.1",
        "the seeded division into folds: mebench's choice",
    )
    convention = RecognitionConvention(pooling="folds")
    published_convention = "k_fold_mean"
    pretrains = True
    folds: ClassVar[int] = 5

    def splits(self, cohort: Cohort) -> list[Split]:
        """Return k folds of the tested people; the people of other datasets are learnt from first in each."""
        people = cohort.tested
        return with_first_stage(k_fold(people, min(self.folds, len(people))), cohort.training)

    def admit_training(self, recording: Recording) -> Recording | None:
        """Return a clip of the first stage with one of the three classes of MEGC2019, or None for one without."""
        assert isinstance(recording, Clip)
        label = COMPOSITE_CLASS_OF.get(recording.emotion)
        return None if label is None else dataclasses.replace(recording, emotion=label)


class MieX(MieXProtocol):
    """Three classes on the composite of MEGC2019, 3 folds by subject, means over the folds.

    The paper repeats each run three times (`--repeats 3`) and reports the last epoch. `--train` and `--also` name what
    is learnt from first; whoever a fold tests is in no stage of it, nor any made copy of them. A method that learns in
    stages has the settings `together` (learnt from with the tested dataset's own) and `fine_tune`.
    """

    id = "mie-x"
    summary = "3 classes on the composite, 3 folds by subject, means over folds; pre-train with --train and --also"
    classes = COMPOSITE_CLASSES
    official = Megc2019Cde.official
    folds = 3

    def class_of(self, emotion: str) -> str | None:
        """Return the class of an emotion in the composite, or None for one that has none."""
        return COMPOSITE_CLASS_OF.get(emotion)


class MieXMmew(MieXProtocol):
    """The six emotions of MMEW, 234 clips, 5 folds by subject, means over the folds."""

    id = "mie-x-mmew"
    summary = "6 emotions of MMEW, 5 folds by subject, accuracy as mean over folds; pre-train with --train and --also"
    classes = _BASIC
    ranking = ("accuracy", "full")

    def official_reason(self, truth: ClipTable) -> str:
        """Return why the clips are not the paper's: no list of them is published."""
        return f"it has {len(truth.clips)} clips; the paper has 234 and does not list them"


class MieXSamm(MieXProtocol):
    """Five emotions of SAMM, 5 folds by subject, means over the folds; which 72 clips the paper used is not known."""

    id = "mie-x-samm"
    summary = "5 emotions of SAMM, 5 folds by subject, accuracy as mean over folds; pre-train with --train and --also"
    classes = _BASIC[:-1]
    ranking = ("accuracy", "full")

    def official_reason(self, truth: ClipTable) -> str:
        """Return why the clips are not the paper's: which they are cannot be told."""
        return f"it has {len(truth.clips)} clips; the paper has 72 and does not list them"
