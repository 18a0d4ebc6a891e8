"""What `data check` says about the OpenFace tables beside a dataset: the notes that a run would tell, and refusals."""

from __future__ import annotations

import dataclasses

from mebench.datasets.base import CheckReport, Dataset, Erratum
from mebench.errors import UserError
from mebench.schema.recordings import Recording
from mebench.tasks.catalogue import task_of


def with_tables(report: CheckReport, dataset: Dataset) -> CheckReport:
    """Return a report with what is unusual about the tables of a dataset; every table is read."""
    kinds = dict.fromkeys(task_of(task).recordings for task in dataset.tasks)
    recordings = [recording for kind in kinds for recording in dataset.recordings(kind)]
    errata = [erratum for recording in recordings for erratum in _of_table(recording)]
    return dataclasses.replace(report, errata=(*report.errata, *dict.fromkeys(errata)))


def _of_table(recording: Recording) -> list[Erratum]:
    if recording.action_units_csv is None:
        return []
    from mebench.faces.openface_fit import fitted_table

    where = f"{recording.subject}/{recording.id}"
    try:
        table = fitted_table(recording.action_units_csv, recording.n_frames, recording.fps)
    except UserError as error:
        return [Erratum("openface_refused", where, "a method that reads the table refuses the video", str(error))]
    return [Erratum(f"openface_{note.kind}", where, note.policy, note.detail) for note in table.notes]
