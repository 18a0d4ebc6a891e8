"""MDMD: the feature against a loop written from the paper, the published frame counts, and the post-processing."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from scipy import ndimage

from mebench.errors import UserError
from mebench.faces.cache import FrameCache
from mebench.methods.base import RunContext
from mebench.methods.spotting import mdmd
from mebench.methods.spotting.base import MICRO
from mebench.methods.spotting.mdmd import Mdmd, block_feature, fitting_lag, relative_feature
from mebench.schema.presence import Presence
from mebench.schema.recordings import ExpressionType, Video


def loop_feature(near, far, blocks, *, full=False, signed=True):
    """The paper's description, pixel by pixel, with the bins of the published program."""
    height, width = near.shape[0] // blocks, near.shape[1] // blocks
    values = []
    for row in range(blocks):
        for column in range(blocks):
            bins = {0: [], 1: [], 2: [], 3: []}
            for y in range(row * height, (row + 1) * height):
                for x in range(column * width, (column + 1) * width):
                    (u, v), (u2, v2) = near[y, x], far[y, x]
                    if u == v == 0:
                        continue
                    if full:
                        angle = math.degrees(math.atan2(v, u)) % 360
                        which = int(angle // 90)
                    else:
                        which = 0 if u * v >= 0 else 3
                    rho = math.hypot(u, v) - math.hypot(u2, v2)
                    bins[which].append(rho if signed else abs(rho))
            chosen = max(bins.values(), key=len)
            chosen.sort(reverse=True)
            top = chosen[: max(1, math.floor(len(chosen) / 3 + 0.5))]
            values.append(sum(top) / len(top) if top else 0.0)
    values.sort(reverse=True)
    top = values[: max(1, math.floor(len(values) / 3 + 0.5))]
    return sum(top) / len(top)


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("signed", [False, True])
def test_block_feature_equals_the_loop(full, signed):
    rng = np.random.default_rng(3)
    near, far = rng.normal(size=(2, 26, 20, 2)).astype(np.float32)
    near[:9, :7] = 0
    found = block_feature(near, far, blocks=3, direction="full" if full else "folded", signed=signed)
    assert found == pytest.approx(loop_feature(near, far, 3, full=full, signed=signed), rel=1e-5)


def test_a_movement_that_returns_gives_its_size_and_one_that_stays_gives_none():
    there = np.zeros((12, 12, 2), np.float32)
    there[..., 0] = 2.0
    assert block_feature(there, np.zeros_like(there), blocks=2) == pytest.approx(2.0)
    assert block_feature(there, there, blocks=2) == 0
    assert block_feature(np.zeros_like(there), there, blocks=2) == 0


def test_only_a_third_of_the_blocks_need_to_move():
    flow = np.zeros((6, 6, 2), np.float32)
    flow[:2, :, 1] = 3.0
    assert block_feature(flow, np.zeros_like(flow), blocks=3) == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("fps", "dataset", "micro", "macro", "lengths"),
    [(30.0, "casme_sq", 12, 39, (7, 16, 17)), (200.0, "samm_lv", 80, 260, (47, 105, 106))],
)
def test_published_frame_counts_follow_from_seconds(fps, dataset, micro, macro, lengths):
    class Long:
        digest = "long"

        def __len__(self):
            return 100_000

    video = Video("toy", "s", "v", fps, Long())
    for method in (Mdmd.configure(), Mdmd.configure(dataset=dataset)):
        assert method._lag(video, ExpressionType.MICRO) == micro
        assert method._lag(video, ExpressionType.MACRO) == macro
        assert method._lengths(video, ExpressionType.MICRO) == lengths[:2]
        assert method._lengths(video, ExpressionType.MACRO) == (lengths[2], np.inf)


def test_each_video_has_the_lags_of_its_own_dataset():
    class Long:
        digest = "long"

        def __len__(self):
            return 100_000

    method = Mdmd.for_datasets({}, ["casme_sq", "samm_lv", "toy"])
    micro, macro = ExpressionType.MICRO, ExpressionType.MACRO
    for dataset, fps, lags in (("casme_sq", 30.0, (12, 39)), ("samm_lv", 200.0, (80, 260)), ("toy", 60.0, (24, 78))):
        video = Video(dataset, "s", "v", fps, Long())
        assert (method._lag(video, micro), method._lag(video, macro)) == lags
        assert method._lengths(video, micro) == (round(0.235 * fps), round(0.525 * fps))


@pytest.mark.parametrize(
    ("k", "n", "tail", "expected"),
    [
        (39, 234, "published", 39),
        (39, 233, "published", 20),
        (39, 60, "published", 10),
        (39, 156, "full", 39),
        (39, 155, "full", 20),
        (12, 2, "published", 1),
    ],
)
def test_the_lag_is_halved_until_the_video_is_long_enough(k, n, tail, expected):
    assert fitting_lag(k, n, tail=tail) == expected


@pytest.mark.parametrize("tail", ["published", "full"])
def test_relative_feature_by_hand(tail):
    k, n = 3, 20
    feature = np.full(n, np.nan)
    feature[k : n - k] = np.arange(n - 2 * k) ** 2
    relative = relative_feature(feature, k, tail=tail)
    defined = np.flatnonzero(~np.isnan(relative))
    assert defined.tolist() == list(range(5, 15 if tail == "full" else 9))
    assert np.allclose(relative[defined], -((k - 1) ** 2))


def test_shortest_video_leaves_values_at_the_published_limit():
    k = 4
    feature = np.full(6 * k, np.nan)
    feature[k:-k] = 1.0
    assert np.count_nonzero(~np.isnan(relative_feature(feature, k))) == 2
    assert np.isnan(relative_feature(feature[: 6 * k - 2], k)).all()


@pytest.mark.parametrize("options", [{"micro_k": "0"}, {"blocks": "0"}, {"shortest": "0.6"}, {"samples_per_k": "-1"}])
def test_impossible_settings_are_refused(options):
    with pytest.raises(UserError, match="mdmd: "):
        Mdmd.configure(options)


class Bump:
    """Smooth texture that shifts by some pixels around one frame and comes back: 112x112 faces that move once."""

    def __init__(self, n: int, centre: int, width: float, size: float = 3.0) -> None:
        rng = np.random.default_rng(0)
        self.texture = ndimage.gaussian_filter(rng.normal(size=(112, 160)), 3)
        self.texture = (self.texture - self.texture.min()) / np.ptp(self.texture) * 255
        self.shift = size * np.exp(-((np.arange(n) - centre) ** 2) / (2 * width**2))
        self.digest = f"bump{n}/{centre}/{width}/{size}"
        self.reads = 0

    def __len__(self) -> int:
        return len(self.shift)

    def read(self, start: int, stop: int, *, grey: bool = True) -> np.ndarray:
        self.reads += 1
        frames = [ndimage.shift(self.texture, (0, s), order=1)[:, 24:136] for s in self.shift[start:stop]]
        return np.stack(frames).astype(np.uint8)


@pytest.fixture(scope="module")
def spotted(tmp_path_factory):
    faces = Bump(150, 70, 3)
    video = Video("toy", "s", "v", 30.0, faces, aligned=faces)
    context = RunContext(seed=0, device="cpu", cache=FrameCache(tmp_path_factory.mktemp("cache")))
    return video, context, Mdmd.configure({"samples_per_k": "4", "macro_k": "20"}).spot(video, context)


def test_a_short_movement_is_spotted_where_it_is(spotted):
    video, _, spotting = spotted
    assert spotting.scores.shape == (150, 2)
    assert abs(int(spotting.scores[:, MICRO].argmax()) - 69) <= 3
    micro = [i for i in spotting.intervals if i.type == ExpressionType.MICRO]
    assert any(i.onset <= 71 <= i.offset for i in micro)
    assert all(7 <= i.offset - i.onset + 1 <= 16 for i in micro)
    assert all(1 <= i.onset <= i.offset <= video.n_frames and 0 <= i.score <= 1 for i in spotting.intervals)


def test_the_flow_is_computed_once(spotted, monkeypatch):
    video, context, spotting = spotted
    monkeypatch.setattr(mdmd, "flow", lambda *_: pytest.fail("flow was computed again"))
    again = Mdmd.configure({"samples_per_k": "4", "macro_k": "20"}).spot(video, context)
    assert again.intervals == spotting.intervals
    assert np.array_equal(again.scores, spotting.scores)


def test_all_settings_are_those_of_the_dataset_of_a_video(spotted, monkeypatch):
    video, context, spotting = spotted
    presets = {"toy": {"samples_per_k": 4, "macro_k": 20}, "strict": {"samples_per_k": 4, "macro_k": 20, "p": 1.0}}
    monkeypatch.setattr(Mdmd, "presets", presets)
    method = Mdmd.for_datasets({}, ["strict", "toy"])
    assert method.spot(video, context).intervals == spotting.intervals != ()
    assert method.spot(dataclasses.replace(video, dataset="strict"), context).intervals == ()


def test_other_settings_do_not_read_the_same_features(spotted, monkeypatch):
    video, context, _ = spotted
    monkeypatch.setattr(mdmd, "flow", lambda *_: np.zeros((112, 112, 2), np.float32))
    still = Mdmd.configure({"samples_per_k": "4", "macro_k": "20", "direction": "full"}).spot(video, context)
    assert still.intervals == ()
    assert not still.scores.any()


def test_sparse_features_stay_close_to_those_of_every_frame(tmp_path):
    faces = Bump(90, 45, 6)
    video = Video("toy", "s", "v", 30.0, faces, aligned=faces)
    context = RunContext(seed=0, device="cpu", cache=FrameCache(tmp_path))
    dense, sparse = (
        Mdmd.configure({"samples_per_k": n})._feature(video, 12, Presence.everywhere(90), context) for n in ("0", "6")
    )
    assert np.array_equal(np.isnan(dense), np.isnan(sparse))
    assert np.isnan(dense).sum() == 24
    assert np.corrcoef(dense[12:-12], sparse[12:-12])[0, 1] > 0.99


def test_lags_and_lengths_follow_the_time_stamps(tmp_path, monkeypatch):
    faces = Bump(150, 70, 3)
    faces.times = np.concatenate([np.arange(75), 75 + 3 * np.arange(75)]) / 30  # 15 frames/s in the mean
    video = Video("toy", "s", "v", 15.0, faces, aligned=faces)
    context = RunContext(seed=0, device="cpu", cache=FrameCache(tmp_path))
    asked = []
    monkeypatch.setattr(
        Mdmd, "_sampled", lambda self, frames, places, c, progress: asked.append(places) or np.zeros(len(places[1]))
    )
    Mdmd.configure({"samples_per_k": "0"})._feature(video, 6, Presence.everywhere(150), context)
    before, here, after = asked[0]
    assert here.tolist() == list(range(6, 144))
    for at, lag in ((before, -0.4), (after, 0.4)):
        inner = (here > 20) & (here < 140)
        np.testing.assert_allclose(faces.times[at][inner] - faces.times[here][inner], lag, atol=0.051)
    assert (here[20] - before[20], after[-20] - here[-20]) == (12, 4), "0.4 s are 12 frames, and then 4"


@pytest.mark.parametrize("n", [1, 2, 7])
def test_a_video_of_a_few_frames_gives_nothing(tmp_path, n):
    faces = Bump(n, 0, 1)
    video = Video("toy", "s", "v", 30.0, faces, aligned=faces)
    spotting = Mdmd.configure().spot(video, RunContext(seed=0, device="cpu", cache=FrameCache(tmp_path)))
    assert spotting.intervals == ()
    assert spotting.scores.shape == (n, 2)


class Gap(Bump):
    """A texture that jumps to another place after some frames without a face, and moves once in each part."""

    def __init__(self, n, gap):
        super().__init__(n, n // 4, 3)
        self.shift = self.shift + np.roll(self.shift, n // 2)
        self.shift[gap[1] :] += 9
        self.missing = tuple(range(gap[0], gap[1] + 1))
        self.digest += f"gap{gap}"


def test_no_flow_reaches_over_a_gap(tmp_path, monkeypatch):
    faces = Gap(300, (140, 160))
    video = Video("toy", "s", "v", 30.0, faces, aligned=faces)
    context = RunContext(seed=0, device="cpu", cache=FrameCache(tmp_path))
    method = Mdmd.configure({"samples_per_k": "4", "macro_k": "20"})
    asked = []
    plain = method._sampled
    monkeypatch.setattr(
        method, "_sampled", lambda frames, places, *more: asked.append(places) or plain(frames, places, *more)
    )
    spotting = method.spot(video, context)
    stretch = method.presence(video, context).stretch
    for before, at, after in asked:
        assert (stretch[before] == stretch[at]).all()
        assert (stretch[after] == stretch[at]).all()
    assert {int(k) for before, at, _ in asked for k in at - before} == {12, 20}, "one lag serves all parts"
    assert not spotting.scores[139:160].any()
    micro = [i for i in spotting.intervals if i.type == ExpressionType.MICRO]
    assert any(i.onset <= 76 <= i.offset for i in micro)
    assert any(i.onset <= 226 <= i.offset for i in micro)


def test_the_lag_fits_the_longest_stretch():
    method = Mdmd.configure()
    video = Video("toy", "s", "v", 30.0, Bump(240, 10, 3))
    assert method._lag(video, ExpressionType.MACRO) == 39
    assert method._lag(video, ExpressionType.MACRO, [(0, 60), (80, 200)]) == 20


def test_a_face_lost_for_a_moment_parts_nothing(tmp_path):
    faces = Gap(300, (150, 151))
    faces.shift[151:] -= 9  # the texture is where it was
    video = Video("toy", "s", "v", 30.0, faces, aligned=faces)
    context = RunContext(seed=0, device="cpu", cache=FrameCache(tmp_path))
    method = Mdmd.configure({"samples_per_k": "4"})
    scores = method.spot(video, context).scores
    assert not scores[149:151].any()
    assert scores[120:149].any()
    assert scores[151:180].any()
    assert method._lag(video, ExpressionType.MACRO, [(0, 300)]) == 39


def test_the_papers_profile_computes_every_frame():
    for dataset, lags in (("samm_lv", (80, 260)), ("casme_sq", (12, 39))):
        config = Mdmd.configure({"profile": "paper"}, dataset).config
        assert (config.samples_per_k, config.micro_k, config.macro_k) == (0, *lags)
    assert Mdmd.configure({"profile": "paper", "samples_per_k": "4"}).config.samples_per_k == 4
