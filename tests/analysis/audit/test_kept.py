"""What an audit found stays beside the card that it speaks of."""

from __future__ import annotations

from pathlib import Path

import pytest

from mebench.analysis.audit.findings import AuditReport, Finding
from mebench.analysis.audit.kept import FILE, keep_audit, kept_audit
from mebench.schema.scorecard import Scorecard
from tests.analysis.cards import BASELINES

CARD = Scorecard.read(BASELINES[0])
CLEAN = AuditReport((), ("subject overlap",), {})
LEAKY = AuditReport((Finding("subject_overlap", "s01 learns and is tested", "001"),), ("subject overlap",), {"x": "y"})


@pytest.fixture
def run(tmp_path: Path) -> Path:
    CARD.write(tmp_path / "scorecard.json")
    return tmp_path


def test_it_comes_back_as_it_was(run: Path) -> None:
    assert kept_audit(run) is None
    keep_audit(LEAKY, run, quick=False)
    kept = kept_audit(run)
    assert kept is not None
    assert (kept.report, kept.quick) == (LEAKY, False)
    first = (run / FILE).read_bytes()
    keep_audit(LEAKY, run, quick=False)
    assert (run / FILE).read_bytes() == first


def test_a_quick_one_does_not_replace_a_thorough_one_of_the_same_card(run: Path) -> None:
    keep_audit(LEAKY, run, quick=False)
    keep_audit(CLEAN, run, quick=True)
    assert kept_audit(run).report == LEAKY  # type: ignore[union-attr]
    CARD.replace(complete=False).write(run / "scorecard.json")
    assert kept_audit(run) is None
    keep_audit(CLEAN, run, quick=True)
    assert kept_audit(run).quick  # type: ignore[union-attr]
    keep_audit(LEAKY, run, quick=False)
    assert kept_audit(run).report == LEAKY  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 1, "of": 3}', '{"schema": 1, "findings": 3}'])
def test_what_cannot_be_read_is_not_believed(run: Path, text: str) -> None:
    (run / FILE).write_text(text)
    assert kept_audit(run) is None


def test_nothing_is_kept_where_there_is_no_card(tmp_path: Path) -> None:
    keep_audit(CLEAN, tmp_path, quick=False)
    assert not (tmp_path / FILE).exists()
