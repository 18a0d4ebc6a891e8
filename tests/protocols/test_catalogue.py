"""What the catalogue says without importing a protocol is what the protocol says."""

from __future__ import annotations

import pytest

from mebench.errors import UserError
from mebench.metrics.catalogue import METRICS
from mebench.protocols.catalogue import PROTOCOLS
from mebench.tasks.catalogue import TASKS, task_of

ENTRIES = [entry for entry in PROTOCOLS.entries() if entry.origin == "mebench"]


def test_every_year_has_its_protocol():
    years = {entry.id[4:8] for entry in ENTRIES if entry.id.startswith("megc")}
    assert years == {str(year) for year in range(2019, 2027)}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_an_entry_agrees_with_its_class(entry):
    kind = PROTOCOLS.get(entry.id)
    assert (kind.id, kind.task) == (entry.id, entry.task)
    assert kind.ranking[0] in METRICS
    assert isinstance(kind.convention, task_of(kind.task).convention)


def test_every_task_has_a_protocol_and_its_own_exist():
    for task in (entry.id for entry in TASKS.entries() if entry.origin == "mebench"):
        assert task in {entry.task for entry in ENTRIES}
        assert {PROTOCOLS.entry(id).task for id in task_of(task).protocols} == {task}


def test_a_name_that_is_nearly_right_is_suggested():
    with pytest.raises(UserError, match="no protocol 'megc2022-spoting'. Did you mean 'megc2022-spotting'"):
        PROTOCOLS.get("megc2022-spoting")
