"""From tables that measure something to reports: complete, without inputs, and with inputs that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from mebench.errors import UserError
from mebench.reproduce.measures.printed import printed_subjects
from mebench.reproduce.measures.table import load_measures, measure_ids
from mebench.reproduce.measures.take import needs, take
from mebench.reproduce.report import FORMATS, Report, sentences

from .tables import write_folders

DERIVED = ("thesis-f4.10", "thesis-f4.11")
"""Their values follow from those of another table."""
SMALL = "synth_lv:subjects=3,videos=2,seconds=10"
SPARSE = "synth_lv_sparse:subjects=3,videos=2,seconds=10"


def said(report: Report) -> str:
    return "\n".join(sentences(report))


@pytest.mark.parametrize("id", measure_ids())
def test_without_inputs_the_printed_values_stand_alone_and_the_rest_is_missing(id: str) -> None:
    report = take(load_measures(id))
    assert bool(report.lines) == (bool(load_measures(id).printed) or id in DERIVED)
    assert all(line.published is not None and line.ours is None for line in report.lines)
    assert report.missing
    assert len(needs(load_measures(id))) >= len(report.missing) > 0
    assert "repeats:" not in said(report)


def test_rendered_videos_give_durations_and_no_comparison() -> None:
    report = take(load_measures("thesis-t5.3"), on=[SMALL])
    assert report.missing == ()
    assert {(line.dataset, line.published) for line in report.lines} == {(SMALL, None)}
    assert all(line.ours is not None for line in report.lines)


def test_datasets_that_replace_others_stand_for_them_in_order() -> None:
    table = load_measures("thesis-f4.6")
    assert "+0" in said(take(table, on=[SMALL, SPARSE]))
    alone = take(table, on=[SMALL])
    (missing,) = alone.missing
    assert alone.count == 1
    assert missing.endswith(
        "mean over subjects: to neutral on casme_sq was not measured: it compares two datasets, so name both, each "
        "once: --on A --on B."
    )


def test_what_is_not_defined_is_shown_as_such_and_is_missing() -> None:
    report = take(load_measures("thesis-t4.2"), on=[SMALL])
    undefined = [line for line in report.lines if line.undefined]
    assert {line.cells[4] for line in undefined} == {"undefined"}
    (missing,) = report.missing
    assert missing.endswith(
        "one of the two is not defined: choose data that has both, with another --on or with more subjects."
    )


def test_two_folders_of_the_printed_subjects(tmp_path: Path) -> None:
    real, synthetic = write_folders(tmp_path, printed_subjects()["Pearson"])
    folders = [f"real={real}", f"synthetic={synthetic}"]
    by_unit = take(load_measures("thesis-t4.4"), folders=folders)
    assert by_unit.missing == ()
    assert "repeats: The blink, AU45, and the smile" in said(by_unit)
    assert "(42 of 42 differences have the claimed sign)" in said(by_unit)
    (smile,) = [line for line in by_unit.lines if (line.row, line.score) == ("AU12", "Pearson")]
    assert (smile.published, smile.ours is not None, smile.ci95 is not None) == (0.74, True, True)
    assert any((line.row, line.score, line.ours) == ("AU12", "OpenFace against DISFA", None) for line in by_unit.lines)
    by_subject = take(load_measures("thesis-t4.5"), folders=folders)
    assert by_subject.missing == ()
    assert len(by_subject.lines) == 2 * 32
    for form in FORMATS.values():
        assert "Subject 020 is transferred best." in form(by_subject)


def test_a_subject_that_is_lacking_is_missing_and_others_are_not_compared(tmp_path: Path) -> None:
    real, synthetic = write_folders(tmp_path / "few", ["006", "020", "024"])
    few = take(load_measures("thesis-t4.5"), folders=[f"real={real}", f"synthetic={synthetic}"])
    (missing,) = few.missing
    assert missing.startswith("two folders: not measured, but printed: 007: Pearson, ")
    real, synthetic = write_folders(tmp_path / "own", ["s01", "s02"])
    own = take(load_measures("thesis-t4.5"), folders=[f"real={real}", f"synthetic={synthetic}"])
    assert [text.partition(".")[0] for text in own.missing] == [
        "Subject 020 is transferred best",
        "Subject 024 is transferred worst",
    ]
    assert own.missing[0].endswith("020: Pearson was not measured: give folders with tables of what is named.")
    assert "[0-9]" not in said(own)
    assert "every other subject: Pearson - 024: Pearson: 024: Pearson was not measured" in said(own)
    assert all(line.published is None for line in own.lines)
    assert "s01, s02: no subjects of SAMM-LV, so values are not compared." in said(own)
    assert "020: Pearson was not measured" in said(own)


def test_tables_that_are_lacking_are_told(tmp_path: Path) -> None:
    table = load_measures("thesis-t4.1")
    assert take(table, on=[SMALL]).missing == ()
    assert any(reason.endswith("with --with openface=DIR.") for reason in needs(table))
    (missing,) = take(table, on=[SMALL], folders=[f"openface={tmp_path}"]).missing
    assert "no OpenFace table" in missing
    (empty,) = take(load_measures("thesis-t4.4"), folders=[f"real={tmp_path}", f"synthetic={tmp_path}"]).missing
    assert "holds no table: put OpenFace's .csv files into it." in empty


@pytest.mark.parametrize(
    ("id", "arguments", "message"),
    [
        ("thesis-t4.1", {"folders": ["real=."]}, "it takes --with openface=DIR"),
        ("thesis-t4.1", {"folders": ["openface"]}, "names nothing"),
        ("thesis-t4.1", {"folders": ["openface=none"]}, "The folder none of --with openface does not exist"),
        ("thesis-t4.1", {"folders": ["openface=.", "openface=."]}, "given twice"),
        ("thesis-t5.3", {"folders": ["openface=."]}, "leave it out"),
        ("thesis-t4.4", {"on": ["synth_lv"]}, "leave --on out"),
        ("thesis-t4.4", {"roots": ["."]}, "leave it out"),
        ("thesis-t5.3", {"on": ["synth"]}, "synth_lv"),
        ("thesis-t5.3", {"on": ["synth_lv"], "roots": ["samm_lv=."]}, "does not measure"),
        ("thesis-t5.3", {"roots": ["samm_lv=none"]}, "none"),
    ],
)
def test_what_cannot_be_used_is_refused(id: str, arguments: dict[str, list[str]], message: str) -> None:
    with pytest.raises(UserError, match=message):
        take(load_measures(id), **arguments)  # type: ignore[arg-type]


def test_a_changed_printed_value_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mebench.reproduce.measures.take.changed_files", lambda names: sorted(set(names)))
    report = take(load_measures("thesis-t5.3"))
    assert "published values of other.csv: the file is not the one that was compared" in " ".join(report.missing)


def write_kdef(root: Path, happy: int) -> Path:
    """Write empty files under the names of KDEF: one afraid face, and some happy ones."""
    for number, expression in enumerate(["AF", *["HA"] * happy], 1):
        folder = root / f"AF{number:02d}"
        folder.mkdir(parents=True)
        (folder / f"AF{number:02d}{expression}S.JPG").touch()
    return root


def test_classes_of_five_sets_are_counted_and_compared(tmp_path: Path) -> None:
    table = load_measures("thesis-f7.1")
    on = [
        *(f"kdef:view={view}" for view in ("frontal", "all")),
        "kdef:session=A",
        "kdef",
        "kdef:view=frontal,session=A",
    ]
    report = take(table, on=on, roots=[f"kdef={write_kdef(tmp_path, 3)}"])
    values = {line.row: line.ours for line in report.lines if line.dataset == "kdef"}
    assert values == {"negative": 1, "neutral": 0, "positive": 3, "of no class": 0, "all": 4}
    assert report.missing == ()
    assert "cannot be told: AffectNet is the largest, before FFHQ." in said(report)


def test_long_videos_have_no_classes() -> None:
    (missing, *_) = take(load_measures("thesis-f7.1"), on=[SMALL]).missing
    assert "has no clips" in missing
