from __future__ import annotations

import numpy as np
import pytest

from mebench.leaderboard.artefacts import Artefacts, are_kept, read_artefacts, scores_are_kept
from mebench.schema.presence import Presence
from mebench.schema.presence_file import format_presences


def test_everything_that_a_run_keeps_is_read(make_run):
    kept = read_artefacts(make_run())
    assert isinstance(kept, Artefacts)
    assert len(kept.predictions) == 3
    assert {key: scores.shape for key, scores in kept.scores.items()} == {
        ("s1", "a"): (900, 2),
        ("s1", "b"): (900, 2),
        ("s2", "a"): (600, 2),
    }


@pytest.mark.parametrize("name", ["predictions.csv", "truth/events.csv", "truth/videos.csv"])
def test_the_reason_names_what_is_missing(make_run, name):
    run = make_run()
    (run / name).unlink()
    assert read_artefacts(run) == f"there is no {name} beside the scorecard"


def test_siblings_may_share_a_truth_one_folder_higher(make_run):
    run = make_run()
    (run / "truth").rename(run.parent / "truth")
    kept = read_artefacts(run)
    assert isinstance(kept, Artefacts)
    assert len(kept.truth.events) == 3
    assert are_kept(run)


def test_scores_may_be_missing(make_run):
    run = make_run()
    (run / "folds/f1/scores.npz").unlink()
    assert not scores_are_kept(run)
    kept = read_artefacts(run)
    assert isinstance(kept, Artefacts)
    assert kept.scores == {}


def test_scores_of_other_videos_and_shapes_are_passed_over(make_run):
    run = make_run()
    arrays = {
        "s1/a": np.zeros((899, 2)),
        "s1/b": np.zeros((900, 2), int),
        "s2/a": np.zeros((600, 2)),
        "x/y": np.zeros((9, 2)),
    }
    np.savez(run / "folds/f1/scores.npz", **arrays)
    kept = read_artefacts(run)
    assert isinstance(kept, Artefacts)
    assert list(kept.scores) == [("s2", "a")]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"no zip at all"])
def test_damaged_scores_are_a_reason(make_run, content):
    run = make_run()
    (run / "folds/f1/scores.npz").write_bytes(content)
    assert "scores.npz cannot be read" in read_artefacts(run)


def test_pickled_scores_are_never_loaded(make_run):
    run = make_run()
    np.savez(run / "folds/f1/scores.npz", **{"s1/a": np.array([[print, print]], dtype=object)})
    assert "scores.npz cannot be read" in read_artefacts(run)


def test_a_broken_table_is_a_reason_of_one_line(make_run):
    run = make_run()
    (run / "predictions.csv").write_text("subject,video\nx,y\n")
    reason = read_artefacts(run)
    assert isinstance(reason, str)
    assert "predictions.csv" in reason
    assert "\n" not in reason


def test_where_faces_were_found_is_read_with_the_rest(make_run):
    run = make_run()
    presences = {"s1/a": Presence.everywhere(900), "s1/b": Presence.everywhere(1), "x/y": Presence.everywhere(2)}
    (run / "folds/f1/presence.json").write_text(format_presences(presences))
    assert {key: len(one) for key, one in read_artefacts(run).presences.items()} == {("s1", "a"): 900}
    (run / "folds/f1/presence.json").write_text("no record")
    assert "no record of where faces were found" in read_artefacts(run)
