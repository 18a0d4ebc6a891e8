"""The printed values by hand."""

from __future__ import annotations

import pytest

from mebench.reproduce.measures.printed import printed_subjects, printed_values
from mebench.reproduce.measures.table import load_measures, measure_ids


def printed(id: str) -> dict[tuple[str, str], float]:
    return printed_values(load_measures(id))


@pytest.mark.parametrize("id", measure_ids())
def test_every_place_of_a_printed_value_holds_one(id: str) -> None:
    table = load_measures(id)
    for where in table.printed:
        assert printed_values(type(table)(table.id, "", "", "", printed=(where,))), where


def test_values_by_hand() -> None:
    assert printed("thesis-t4.1")["samm_lv", "macro: recall"] == 0.489
    assert printed("thesis-t4.2")["samm_lv", "micro-only videos: recall"] == 0.2903
    assert printed("thesis-t5.3")["casme_sq", "macro: mean (s)"] == 1.25
    assert printed("thesis-t5.3")["samm_lv", "macro: longest (s)"] == 25.88
    assert printed("thesis-f4.6")["casme_sq", "mean over subjects: to neutral"] == 0.05
    by_unit, by_subject = printed("thesis-t4.4"), printed("thesis-t4.5")
    assert (by_unit["", "AU45: Pearson"], by_unit["", "AU12: OpenFace against DISFA"]) == (0.92, 0.85)
    assert ("", "AU45: OpenFace against DISFA") not in by_unit
    assert (by_subject["", "024: Pearson"], by_subject["", "deviation: Spearman"]) == (0.04, 0.12)
    assert printed_subjects()["Spearman"]["020"] == 0.47
