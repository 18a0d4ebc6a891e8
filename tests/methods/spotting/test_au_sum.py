"""AU sum: peaks and valleys by hand, the published windows, and whole videos from OpenFace tables."""

from __future__ import annotations

import numpy as np
import pytest
import pywt
from scipy.signal import savgol_filter

from mebench.errors import UserError
from mebench.faces.action_units import ActionUnitDetector, ActionUnitTrack
from mebench.faces.au_catalogue import AU_DETECTORS, make_detector
from mebench.faces.cache import FrameCache
from mebench.methods.base import RunContext
from mebench.methods.spotting.au_sum import (
    AuSum,
    AuSumConfig,
    Peak,
    Windows,
    fill_missing,
    find_movements,
    merge,
    normalised_sum,
    smooth,
)
from mebench.methods.spotting.base import MACRO, MICRO
from mebench.registry import Entry
from mebench.schema.action_units import ACTION_UNITS
from mebench.schema.recordings import ExpressionType, Video


def bump(n, centre, half_width, height=1.0):
    """A raised cosine."""
    t = np.clip((np.arange(n) - centre) / half_width, -1, 1)
    return height * (1 + np.cos(np.pi * t)) / 2


def test_windows_at_the_published_frame_rate():
    assert Windows.at(200.0, AuSumConfig()) == Windows(savgol=31, level=3, neighbours=7, boundary=100)


def test_windows_keep_their_duration_at_30_fps():
    assert Windows.at(30.0, AuSumConfig()) == Windows(savgol=5, level=1, neighbours=1, boundary=15)
    frames = Windows.at(30.0, AuSumConfig(scale_with_fps=False))
    assert frames == Windows(savgol=31, level=3, neighbours=7, boundary=15)


def test_the_wavelet_can_be_left_out():
    assert Windows.at(30.0, AuSumConfig(wavelet_level=0)).level == 0


def test_sum_is_normalised_to_one():
    values = np.array([[0.0, 1.0], [2.0, 2.0], [0.0, 0.0]])
    assert normalised_sum(values).tolist() == [0.25, 1.0, 0.0]
    assert normalised_sum(np.zeros((3, 2))).tolist() == [0, 0, 0]


def test_smoothing_keeps_slow_movement_and_takes_noise():
    n = 1000
    slow = bump(n, 500, 200)
    noisy = slow + np.random.default_rng(0).normal(0, 0.05, n)
    smoothed = smooth(noisy, Windows.at(200.0, AuSumConfig()), AuSumConfig())
    assert smoothed.shape == (n,)
    assert np.std(smoothed - slow) < 0.4 * np.std(noisy - slow)
    assert np.max(np.abs(smooth(slow, Windows.at(200.0, AuSumConfig()), AuSumConfig()) - slow)) < 0.01


@pytest.mark.parametrize("n", [1, 2, 4, 5, 7, 31])
def test_smoothing_takes_videos_shorter_than_its_windows(n):
    assert smooth(np.linspace(0, 1, n), Windows.at(200.0, AuSumConfig()), AuSumConfig()).shape == (n,)


def test_a_movement_runs_from_valley_to_valley():
    #                   0  1  2  3  4  5  6  7  8  9  10
    signal = np.array([3, 1, 0, 2, 6, 9, 4, 1, 2, 2, 0.0])
    assert find_movements(signal, 1, np.percentile(signal, 75)) == [Peak(2, 5, 7, 9.0)]


def test_a_peak_must_exceed_all_its_neighbours():
    signal = np.array([0, 5, 1, 6, 0, 0, 0, 0.0])
    assert [p.apex for p in find_movements(signal, 1, 0)] == [1, 3]
    assert [p.apex for p in find_movements(signal, 2, 0)] == [3]


def test_a_plateau_is_no_peak_and_the_ends_of_the_video_are_valleys():
    assert find_movements(np.array([0, 1, 1, 0.0]), 1, 0) == []
    assert find_movements(np.array([1, 2, 4, 3, 2.0]), 1, 2.0) == [Peak(0, 2, 4, 4.0)]
    assert find_movements(np.array([1.0, 2.0]), 1, 1.5) == []


def test_movements_agree_with_a_brute_force_search():
    rng = np.random.default_rng(1)
    for reach in (1, 3):
        signal = rng.normal(size=80).cumsum()
        limit = np.percentile(signal, 60)
        apexes = [
            i
            for i in range(reach, 80 - reach)
            if all(signal[i] > signal[j] for j in range(i - reach, i + reach + 1) if j != i) and signal[i] > limit
        ]
        valleys = {0, 79} | {i for i in range(80) if signal[i] == signal[max(0, i - reach) : i + reach + 1].min()}
        expected = [(max(v for v in valleys if v < a), a, min(v for v in valleys if v > a)) for a in apexes]
        assert [
            (p.onset, p.apex, p.offset) for p in find_movements(signal, reach, np.percentile(signal, 60))
        ] == expected


def test_merging_by_the_depth_of_the_valley():
    signal = np.array([0, 8, 5, 10, 0.0])
    peaks = [Peak(0, 1, 2, 8.0), Peak(2, 3, 4, 10.0)]
    assert merge(peaks, signal, 0.5) == [Peak(0, 3, 4, 10.0)]
    assert merge(peaks, signal, 0.7) == peaks
    assert merge(peaks, signal, 1.0) == peaks
    assert merge([], signal, 0.5) == []


def test_identical_and_overlapping_intervals_always_merge():
    signal = np.array([0, 8, 0, 10, 0.0])
    assert merge([Peak(0, 1, 4, 8.0), Peak(0, 3, 4, 10.0)], signal, 1.0) == [Peak(0, 3, 4, 10.0)]
    assert merge([Peak(0, 1, 3, 8.0), Peak(2, 3, 4, 7.0)], signal, 1.0) == [Peak(0, 1, 4, 8.0)]


def test_missing_frames_follow_the_policy():
    values = np.array([[9.0], [1.0], [9.0], [3.0], [9.0]])
    found = np.array([False, True, False, True, False])
    assert fill_missing(values, found, "interpolate")[:, 0].tolist() == [1, 1, 2, 3, 3]
    assert fill_missing(values, found, "zero")[:, 0].tolist() == [0, 1, 0, 3, 0]
    assert fill_missing(values, np.zeros(5, bool), "interpolate").tolist() == [[0]] * 5


class Blank:
    digest = "blank"

    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


def write_table(path, intensities, success=None):
    """An OpenFace table of the video mode."""
    header = ["frame", "face_id", "timestamp", "confidence", "success", *(f"AU{u:02d}_r" for u in ACTION_UNITS)]
    success = np.ones(len(intensities), int) if success is None else success
    rows = [
        ", ".join([str(i + 1), "0", f"{i / 30:.3f}", "0.98", str(success[i]), *(f"{v:.3f}" for v in row)])
        for i, row in enumerate(intensities)
    ]
    path.write_text("\n".join([", ".join(header), *rows]) + "\n")
    return str(path)


def spot(tmp_path, intensities, fps=200.0, success=None, **options):
    table = write_table(tmp_path / "video.csv", intensities, success)
    video = Video("toy", "s", "v", fps, Blank(len(intensities)), action_units_csv=table)
    log = []
    context = RunContext(seed=0, device="cpu", cache=FrameCache(tmp_path), log=log.append)
    return AuSum.configure(options).spot(video, context), log


def with_unit(unit, series):
    table = np.zeros((len(series), 17))
    table[:, ACTION_UNITS.index(unit)] = series
    return table


def test_a_micro_and_a_macro_expression_are_spotted_and_told_apart(tmp_path):
    # frames    0 ........ 360-440 ....... 1000-1600 ........ 2400
    table = with_unit(12, bump(2400, 1300, 300, 4.0)) + with_unit(4, bump(2400, 400, 40, 2.0))
    spotting, log = spot(tmp_path, table)
    kinds = [(i.type, round((i.onset + i.offset) / 2, -2)) for i in spotting.intervals]
    assert kinds == [(ExpressionType.MICRO, 400), (ExpressionType.MACRO, 1300)]
    micro, macro = spotting.intervals
    assert abs(micro.onset - 361) <= 20
    assert abs(micro.offset - 441) <= 20
    assert abs(macro.onset - 1001) <= 30
    assert abs(macro.offset - 1601) <= 30
    assert macro.score == pytest.approx(1, abs=0.01)
    assert micro.score == pytest.approx(0.5, abs=0.03)
    assert [entry["detector"] for entry in log] == ["openface"]


def test_the_scores_part_short_from_long_movements(tmp_path):
    table = with_unit(12, bump(2400, 1300, 300, 4.0)) + with_unit(4, bump(2400, 400, 40, 2.0))
    scores = spot(tmp_path, table)[0].scores
    assert scores.shape == (2400, 2)
    assert scores.min() >= 0
    assert scores[400, MICRO] > 0.4
    assert scores[400, MACRO] < 0.05
    assert scores[1300, MICRO] < 0.1
    assert scores[1300, MACRO] > 0.9


def test_half_a_second_is_still_micro(tmp_path):
    for half_width, kind in ((35, ExpressionType.MICRO), (65, ExpressionType.MACRO)):
        (interval,) = spot(tmp_path, with_unit(4, bump(1200, 600, half_width, 2.0)))[0].intervals
        assert interval.type == kind


def test_half_a_second_is_one_of_the_time_stamps(tmp_path):
    # 600 frames at 60 frames/s and then 600 at 15: 24 frames/s in the mean, 20 frames last 0.33 s and 1.33 s
    frames = Blank(1200)
    frames.times = np.concatenate([np.arange(600), 600 + 4 * np.arange(600)]) / 60
    units = with_unit(4, bump(1200, 300, 10, 2.0)) + with_unit(12, bump(1200, 900, 10, 2.0))
    table = write_table(tmp_path / "video.csv", units)
    video = Video("toy", "s", "v", 24.0, frames, action_units_csv=table)
    quick, slow = AuSum.configure({}).spot(video, RunContext(0, "cpu", FrameCache(tmp_path))).intervals
    assert abs((quick.offset - quick.onset) - (slow.offset - slow.onset)) <= 2
    assert (quick.type, slow.type) == (ExpressionType.MICRO, ExpressionType.MACRO)


def test_excluded_units_do_not_count(tmp_path):
    table = with_unit(45, bump(900, 300, 20, 5.0)) + with_unit(12, bump(900, 600, 80, 2.0))
    assert len(spot(tmp_path, table)[0].intervals) == 2
    (interval,) = spot(tmp_path, table, exclude="45")[0].intervals
    assert interval.onset > 450


def test_all_settings_are_those_of_the_dataset_of_a_video(tmp_path, monkeypatch):
    monkeypatch.setattr(AuSum, "presets", {"brows": {"exclude": (12,), "boundary_seconds": 1.0}})
    method = AuSum.for_datasets({}, ["toy", "brows"])
    units = with_unit(12, bump(1200, 300, 65, 4.0)) + with_unit(4, bump(1200, 800, 65, 4.0))
    table, context = write_table(tmp_path / "video.csv", units), RunContext(0, "cpu", FrameCache(tmp_path))
    toy, brows = (
        method.spot(Video(dataset, "s", "v", 200.0, Blank(1200), action_units_csv=table), context).intervals
        for dataset in ("toy", "brows")
    )
    assert [interval.type for interval in toy] == [ExpressionType.MACRO] * 2
    assert [interval.type for interval in brows] == [ExpressionType.MICRO]
    assert brows[0].onset > 600


@pytest.mark.parametrize("missing", ["interpolate", "hold", "zero"])
def test_where_the_face_is_lost_for_long_nothing_is_spotted(tmp_path, missing):
    table = with_unit(12, np.full(900, 2.0)) + with_unit(12, bump(900, 450, 40, 1.0)) + with_unit(4, bump(900, 150, 99))
    success = np.ones(900, int)
    success[:300] = success[600:] = 0
    spotting = spot(tmp_path, table, success=success, missing=missing)[0]
    (interval,) = spotting.intervals
    assert 400 <= interval.onset < 450 < interval.offset <= 500
    assert not spotting.scores[:300].any()
    assert not spotting.scores[600:].any()


@pytest.mark.parametrize("rest", [0.0, 3.0])
def test_the_level_of_another_face_after_a_gap_is_no_movement(tmp_path, rest):
    level = np.where(np.arange(900) < 450, rest, 3.0 - rest)
    success = np.ones(900, int)
    success[400:500] = 0
    assert spot(tmp_path, with_unit(12, level), success=success)[0].intervals == ()


@pytest.mark.parametrize("missing", ["interpolate", "hold"])
def test_a_face_lost_for_a_moment_parts_no_movement(tmp_path, missing):
    table, success = with_unit(12, bump(900, 450, 100, 4.0)), np.ones(900, int)
    whole = spot(tmp_path, table)[0].intervals
    success[440:455] = 0
    table[440:455] = 5.0  # what stands in rows without success must not count
    (interval,) = spot(tmp_path, table, success=success, missing=missing)[0].intervals
    assert abs(interval.onset - whole[0].onset) <= 8
    assert abs(interval.offset - whole[0].offset) <= 8


def test_a_still_face_gives_no_interval(tmp_path):
    spotting, _ = spot(tmp_path, np.zeros((300, 17)))
    assert spotting.intervals == ()
    assert not spotting.scores.any()


def test_openface_without_a_table_names_the_fix(tmp_path):
    video = Video("toy", "s", "v", 30.0, Blank(5))
    context = RunContext(seed=0, device="cpu", cache=FrameCache(tmp_path))
    with pytest.raises(UserError, match="no OpenFace table.*hog_ridge"):
        AuSum.configure({"detector": "openface"}).spot(video, context)


@pytest.mark.parametrize(
    "options",
    [{"wavelet": "db222"}, {"savgol_window": "3"}, {"percentile": "101"}, {"exclude": "45/3"}, {"neighbours": "0"}],
)
def test_impossible_settings_are_refused(options):
    with pytest.raises(UserError, match="au_sum: "):
        AuSum.configure(options)


def test_a_detector_that_nobody_registered_is_refused_with_the_nearest():
    with pytest.raises(UserError, match="no action-unit detector 'openfaze'. Did you mean 'openface'"):
        AuSum.configure({"detector": "openfaze"})


class Half(ActionUnitDetector):
    """Finds the face in the second half of a video only, where AU12 rises once; in the first it says 5."""

    id = "half"

    def detect(self, frames):
        raise AssertionError("not asked for")

    def of_recording(self, recording, cache, config=None):
        n = recording.n_frames
        found = np.arange(n) >= n // 2
        intensities = np.zeros((n, 17), np.float32)
        intensities[:, ACTION_UNITS.index(12)] = np.where(found, bump(n, 3 * n // 4, n // 8, 2.0), 5)
        return ActionUnitTrack(intensities, found)


def test_a_detector_of_another_package_is_used_and_says_where_faces_are(tmp_path, monkeypatch):
    monkeypatch.setitem(AU_DETECTORS._entries, "half", Entry("half", f"{__name__}:Half", origin="theirs"))
    monkeypatch.setitem(AU_DETECTORS._objects, "half", Half)
    video = Video("toy", "s", "v", 30.0, Blank(200))
    context = RunContext(seed=0, device="cpu", cache=FrameCache(tmp_path))
    method = AuSum.configure({"detector": "half"})
    (interval,) = method.spot(video, context).intervals
    assert interval.score == pytest.approx(1, abs=0.05)
    assert interval.onset > 110
    assert method.presence(video, context).missing() == [(1, 100)]


def test_what_is_registered_and_no_detector_is_refused(monkeypatch):
    monkeypatch.setitem(AU_DETECTORS._entries, "odd", Entry("odd", "collections:OrderedDict"))
    with pytest.raises(UserError, match="odd is no action-unit detector: derive its class from ActionUnitDetector"):
        make_detector("odd")


def three_movements(n=240):
    """Movements of AU12 and AU06 around the frames 61, 151 and 201."""
    base = np.random.default_rng(0).random((n, 17)) * 0.05
    for centre, height in ((60, 2.5), (150, 3.0), (200, 1.5)):
        rise = np.exp(-0.5 * ((np.arange(n) - centre) / 6) ** 2)
        base[:, ACTION_UNITS.index(12)] += height * rise
        base[:, ACTION_UNITS.index(6)] += 0.6 * height * rise
    return base


def replaced(text, column, cell, frames, **more):
    """Put a cell into a column, or into all intensities, of some frames."""
    head, *rows = (line.split(", ") for line in text.splitlines())
    for row in rows:
        if int(row[0]) in frames:
            for place, name in enumerate(head):
                if name == column or (column == "AU" and name.startswith("AU")):
                    row[place] = cell
                row[place] = more.get(name, row[place])
    return "\n".join(", ".join(row) for row in [head, *rows]) + "\n"


HOLE = range(101, 111)
KINDS = {
    "nan cells": lambda text: replaced(text, "AU", "nan", HOLE),
    "infinities": lambda text: replaced(text, "AU17_r", "inf", HOLE),
    "negative": lambda text: replaced(text, "AU", "-3", HOLE),
    "unused": lambda text: replaced(text, "AU", "-nan(ind)", HOLE, success="0", confidence="-nan(ind)"),
    "from zero": lambda text: "\n".join(
        [text.splitlines()[0], *(f"{i}, {line.split(', ', 1)[1]}" for i, line in enumerate(text.splitlines()[1:]))]
    ),
    "backwards": lambda text: "\n".join([text.splitlines()[0], *text.splitlines()[:0:-1]]),
    "twice": lambda text: text + text.splitlines()[7] + "\n",
    "semicolons": lambda text: text.replace(",", ";").replace(".", ","),
    "spreadsheet": lambda text: "\ufeff" + text.replace("\n", "\r\n"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_odd_tables_tell_of_the_movements_that_they_hold(tmp_path, kind):
    good = spot(tmp_path, three_movements(), fps=30.0)[0].intervals
    assert [(i.onset <= centre <= i.offset) for i, centre in zip(good, (61, 151, 201), strict=True)] == [True] * 3
    path = tmp_path / "odd.csv"
    path.write_text(KINDS[kind]((tmp_path / "video.csv").read_text()), encoding="utf-8", newline="")
    video = Video("toy", "s", "v", 30.0, Blank(240), action_units_csv=str(path))
    context = RunContext(seed=0, device="cpu", cache=FrameCache(tmp_path))
    found = AuSum.configure().spot(video, context).intervals
    assert [(i.onset, i.offset, i.type) for i in found] == [(i.onset, i.offset, i.type) for i in good]
    presence = context.presence(video, table=True)
    assert presence.notes or kind in ("unused", "spreadsheet")
    holes = kind in ("nan cells", "infinities", "negative", "unused")
    assert presence.missing() == ([(101, 110)] if holes else [])


def test_half_a_table_spots_in_its_half_and_says_so(tmp_path):
    write_table(tmp_path / "video.csv", three_movements()[:120])
    video = Video("toy", "s", "v", 30.0, Blank(240), action_units_csv=str(tmp_path / "video.csv"))
    context = RunContext(seed=0, device="cpu", cache=FrameCache(tmp_path))
    spotting = AuSum.configure().spot(video, context)
    assert all(i.offset <= 120 for i in spotting.intervals)
    assert any(i.onset <= 61 <= i.offset for i in spotting.intervals)
    (note,) = context.presence(video, table=True).notes
    assert "the table ends at 120 of 240 frames" in note


def test_the_thesis_drops_and_joins_nothing_and_takes_the_percentile_of_the_sum():
    config = AuSum.configure({"profile": "thesis"}).config
    assert (config.min_rise, config.merge_valley, config.percentile_of) == (0, 1, "sum")
    assert (config.savgol_window, config.wavelet, config.wavelet_level) == (31, "db2", 3)
    assert (config.neighbours, config.percentile, config.boundary_seconds) == (7, 75, 0.5)
    assert Windows.at(200.0, config) == Windows(savgol=31, level=3, neighbours=7, boundary=100)
    assert config.exclude == ()
    assert AuSum.configure({"min_rise": "0.1", "profile": "thesis"}).config.min_rise == 0.1
    assert AuSum.configure().settings().keys() == AuSum.configure({"profile": "mebench"}).settings().keys()


def test_the_percentile_is_of_the_smoothed_signal_or_of_the_normalised_sum(tmp_path):
    # One frame in five has a high value of its own, which smoothing spreads: the sum's percentile lies below the rest.
    rng = np.random.default_rng(0)
    series = bump(1200, 600, 60, 1.0) + np.where(rng.random(1200) < 0.2, 3.0, 0.0)
    config = AuSum.configure({"profile": "thesis"}).config
    table = np.round(with_unit(12, series), 3)
    total = normalised_sum(table)
    signal = smooth(total, Windows.at(200.0, config), config)
    floors = {"sum": np.percentile(total, 75), "smoothed": np.percentile(signal, 75)}
    assert floors["sum"] < floors["smoothed"]
    for source, floor in floors.items():
        found = spot(tmp_path, table, profile="thesis", percentile_of=source)[0].intervals
        apexes = [peak.height for peak in merge(find_movements(signal, 7, floor), signal, 1.0)]
        assert [i.score for i in found] == pytest.approx(apexes)


def test_every_step_of_the_thesis_by_hand(tmp_path):
    # 17 intensities, summed, over their maximum; Savitzky-Golay; the approximation of db2 at level 3; peaks above 7
    # points on each side and the 75th percentile of the sum; at most 100 frames at 200 fps are a micro-expression.
    rng = np.random.default_rng(1)
    table = rng.random((1600, 17)) / 4 + sum(
        with_unit(unit, bump(1600, centre, width, 4.0))
        for unit, centre, width in ((1, 150, 30), (4, 400, 45), (12, 700, 150), (6, 1050, 40), (25, 1350, 90))
    )
    table = np.round(table, 3)
    total = table.sum(axis=1) / table.sum(axis=1).max()
    cleaned = savgol_filter(total, 31, 3)
    approximation, *details = pywt.wavedec(cleaned, "db2", level=3)
    signal = pywt.waverec([approximation, *(0 * d for d in details)], "db2")[:1600].clip(0)
    floor = np.percentile(total, 75)
    apexes = [
        i
        for i in range(7, 1593)
        if signal[i] > floor and signal[i] > max(signal[i - 7 : i].max(), signal[i + 1 : i + 8].max())
    ]
    spotting, _ = spot(tmp_path, table, profile="thesis")
    assert len(apexes) == len(spotting.intervals) == 5
    for apex, found in zip(apexes, spotting.intervals, strict=True):
        assert found.onset <= apex + 1 <= found.offset
        assert found.score == pytest.approx(signal[apex])
        short = found.offset - found.onset + 1 <= 100
        assert found.type == (ExpressionType.MICRO if short else ExpressionType.MACRO)
