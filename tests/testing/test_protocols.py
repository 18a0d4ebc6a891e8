from __future__ import annotations

import pytest

from mebench.protocols.catalogue import PROTOCOLS
from mebench.testing.protocols import check_protocol

from .conftest import Checked, failed

PROTOCOL = """
class Own(SpottingProtocol):
    id, summary, sources = "own", "own rules", ("here",)
    calls = []
    {more}
"""


@pytest.mark.parametrize("id", [entry.id for entry in PROTOCOLS.entries() if entry.origin == "mebench"])
def test_the_protocols_of_mebench_pass(id: str) -> None:
    assert [finding for finding in check_protocol(PROTOCOLS.get(id)) if finding.state != "ok"] == []


@pytest.mark.parametrize(
    ("more", "check", "reason"),
    [
        ("sources = ()", "names its task, convention, ranking and sources", "It names no sources"),
        ("convention = None", "names its task, convention, ranking and sources", "is no SpottingConvention"),
        (
            "ranking = ('f2', 'overall')",
            "grades, and the card can be read again",
            "The card has no f2 of overall",
        ),
        (
            "splits = lambda self, cohort: super(Own, self).splits(cohort)[1:]",
            "keeps people apart in its splits",
            "is tested in no split",
        ),
        (
            "splits = lambda self, cohort: [dataclasses.replace(s, train=s.train + s.test) for s in super(Own, self)"
            ".splits(cohort)]",
            "keeps people apart in its splits",
            "is tested and trained on in the split",
        ),
        (
            "supports = lambda self, *given, **more: None",
            "says what it supports",
            "ask super().supports first",
        ),
        (
            "score = lambda self, submission, truth, **more: self.calls.append(1) or super(Own, self).score(submission, "
            "truth, **more).replace(reason=str(len(self.calls)))",
            "grades the same twice, and changes nothing that it is handed",
            "Grading twice gives two cards",
        ),
        ("score = lambda self, *given, **more: 1.0", "grades, and the card can be read again", "returned float"),
    ],
)
def test_a_fault_of_a_protocol_is_told(checked: Checked, more: str, check: str, reason: str) -> None:
    assert reason in failed(checked(PROTOCOL.format(more=more)))[check]
