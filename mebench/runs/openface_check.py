"""What `data check` says about the OpenFace tables beside a dataset: the notes that a run would tell, and refusals."""

from __future__ import annotations

import dataclasses

from mebench.datasets.base import CheckReport, Dataset, Erratum
from mebench.errors import UserError
from mebench.runs.monitor import Monitor
from mebench.schema.recordings import Recording
from mebench.tasks.catalogue import task_of


def with_tables(report: CheckReport, dataset: Dataset, monitor: Monitor) -> CheckReport:
    """Return a report with what is unusual about the tables of a dataset; every table is read."""
    kinds = dict.fromkeys(task_of(task).recordings for task in dataset.tasks)
    tables = {r.key: (r, r.action_units_csv) for kind in kinds for r in dataset.recordings(kind) if r.action_units_csv}
    if not tables:
        return report
    errata: list[Erratum] = []
    monitor.phase("OpenFace tables", len(tables))
    for recording, path in tables.values():
        errata += _of_table(recording, path)
        monitor.finished(f"{recording.subject}/{recording.id}", None)
    monitor.close()
    return dataclasses.replace(report, errata=(*report.errata, *errata))


def _of_table(recording: Recording, path: str) -> list[Erratum]:
    from mebench.faces.openface_fit import fitted_table

    where = f"{recording.subject}/{recording.id}"
    try:
        table = fitted_table(path, recording.n_frames, recording.fps)
    except UserError as error:
        return [Erratum("openface_refused", where, "a method that reads the table refuses the video", str(error))]
    return [Erratum(f"openface_{note.kind}", where, note.policy, note.detail) for note in table.notes]
