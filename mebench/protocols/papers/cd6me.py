"""CD6ME (arXiv 2211.11425): action units of micro-expressions, one of six databases left out at a time.

A model learns from the clips of five databases and names the action units in those of the sixth. Twelve action units
are asked for, those of meb's list for the cross-dataset protocol. F1 of each is that of a yes-or-no question over the
clips of a database, their mean is the score of the database, and the mean over databases is that of the protocol. An
action unit that never occurs in a database (AU5 in CASME) keeps its place as 0: the published scores of saying
everything everywhere, .161 on CASME, .194 on CASME II, .153 on SAMM, .202 on 4DME, .207 on MMEW, .151 on CAS(ME)^3 and
.178 on average, follow from the published counts of action units in this way alone.

Side and intensity are passed over. A clip without any annotated action unit is left out (SMIC has none at all). The
numbers of clips are those that the published scores say. A label is said to be there when its probability is above one
half, which is where meb cuts its outputs.
"""

from __future__ import annotations

from collections.abc import Sequence

from mebench.metrics.conventions.label_sets import LabelSetConvention
from mebench.protocols.rules.label_sets import LabelSetProtocol
from mebench.protocols.splits import Cohort, Split, leave_one_dataset_out
from mebench.schema.action_units import action_unit_numbers
from mebench.schema.recordings import Clip

UNITS = (1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17)


class Cd6me(LabelSetProtocol):
    """Leave one database out; F1 of twelve action units, mean over action units and databases."""

    id = "cd6me"
    summary = "12 action units, leave-one-dataset-out, F1 of each, mean over action units and databases"
    sources = (
        "Varanka et al. 2022, Data leakage and evaluation issues in micro-expression analysis (arXiv 2211.11425)",
        "the list of action units and their counts: meb, Table 4. CD6ME AU distribution",
    )
    convention = LabelSetConvention(pooling="databases")
    published_convention = "database_mean"
    classes = tuple(f"au{number}" for number in UNITS)
    official = {
        "casme": ((23, 17, 70, 0, 1, 4, 40, 3, 9, 23, 14, 13), 189),
        "casme2": ((26, 22, 130, 2, 13, 39, 13, 16, 34, 27, 16, 25), 256),
        "casme3": ((153, 128, 274, 44, 8, 27, 50, 10, 15, 193, 6, 20), 860),
        "fourdme": ((46, 54, 102, 8, 25, 89, 1, 2, 53, 4, 6, 11), 267),
        "mmew": ((50, 41, 109, 70, 10, 47, 8, 38, 37, 17, 6, 11), 300),
        "samm": ((6, 18, 23, 10, 3, 46, 5, 6, 28, 13, 4, 6), 159),
    }

    def splits(self, cohort: Cohort) -> list[Split]:
        """Return one fold a database."""
        return leave_one_dataset_out(cohort.tested)

    def supports(
        self, datasets: Sequence[str], task: str = "", *, training: Sequence[str] = (), trains: bool = True
    ) -> str | None:
        """Return why a run cannot follow the protocol; see `Protocol.supports`."""
        if training:
            return f"{self.id} learns from the tested databases alone, each from the others; leave --train out"
        return super().supports(datasets, task, training=training, trains=trains)

    def labels_of(self, clip: Clip) -> tuple[str, ...] | None:
        """Return the action units of a clip; None where nothing is annotated, as in SMIC."""
        if not clip.action_units:
            return None
        numbers = action_unit_numbers(clip.action_units)
        return tuple(f"au{number}" for number in UNITS if number in numbers)
