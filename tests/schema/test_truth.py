"""The truth on disk, its digest, and its counts."""

from __future__ import annotations

import pytest

from mebench.errors import UserError
from mebench.schema.intervals import Intervals
from mebench.schema.problems import InvalidTable
from mebench.schema.recordings import Event, ExpressionType, Video
from mebench.schema.truth import Truth, TruthCounts, VideoTable, qualified
from mebench.tasks.catalogue import task_of

MICRO, MACRO = ExpressionType.MICRO, ExpressionType.MACRO


class Frames:
    digest = "d"

    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


def video(subject, id, events=(), dataset="synth", n=100):
    return Video(dataset, subject, id, 30.0, Frames(n), tuple(events))


VIDEOS = [
    video("s2", "b", [Event(50, 60, MACRO, 55, "joy", "12"), Event(5, 9, MICRO)]),
    video("s1", "a"),
]


def test_gathers_videos_with_and_without_events():
    truth = Truth.from_videos(VIDEOS)
    assert truth.dataset == "synth"
    assert truth.videos.keys() == [("s1", "a"), ("s2", "b")]
    assert truth.events.onset.tolist() == [5, 50]
    assert truth.counts() == TruthCounts(videos=2, macro=1, micro=1)
    assert truth.videos.subjects() == ("s1", "s2")


def test_the_digest_is_of_the_content_only():
    truth = Truth.from_videos(VIDEOS)
    assert truth.digest() == Truth.from_videos(VIDEOS[::-1]).digest()
    longer = [VIDEOS[0], video("s1", "a", n=101)]
    later = [video("s2", "b", [Event(51, 60, MACRO, 55, "joy", "12"), Event(5, 9, MICRO)]), VIDEOS[1]]
    assert len({truth.digest(), Truth.from_videos(longer).digest(), Truth.from_videos(later).digest()}) == 3


def test_written_and_read_again(tmp_path):
    truth = Truth.from_videos(VIDEOS)
    truth.write(tmp_path / "truth")
    again = Truth.read(tmp_path / "truth")
    assert again.events == truth.events
    assert again.videos.keys() == truth.videos.keys()
    assert again.videos.fps.tolist() == [30.0, 30.0]
    assert (again.dataset, again.digest()) == ("synth", truth.digest())
    assert (tmp_path / "truth" / "events.csv").read_text().splitlines() == [
        "subject,video,onset,apex,offset,type,emotion,action_units",
        "s2,b,5,,9,micro,,",
        "s2,b,50,55,60,macro,joy,12",
    ]


def test_subjects_of_several_datasets_are_qualified():
    videos = [video("006", "006_1", dataset="samm_lv"), video("006", "006_1", dataset="casme_sq")]
    assert [v.subject for v in qualified(videos)] == ["samm_lv/006", "casme_sq/006"]
    truth = Truth.from_videos(videos)
    assert truth.datasets() == ("casme_sq", "samm_lv")
    assert len(truth.videos) == 2
    assert qualified(videos[:1])[0].subject == "006"


def test_no_events_and_no_videos(tmp_path):
    for videos in ([], VIDEOS[1:]):
        truth = Truth.from_videos(videos)
        truth.write(tmp_path)
        assert Truth.read(tmp_path).digest() == truth.digest()
        assert truth.counts() == TruthCounts(len(videos), 0, 0)


def test_a_video_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        Truth.from_videos([VIDEOS[0], VIDEOS[0]])
    with pytest.raises(ValueError, match="twice"):
        VideoTable.from_rows([("s", "v", 30.0, 9), ("s", "v", 25.0, 9)])


def test_an_offset_of_0_is_kept_for_the_convention_to_decide(tmp_path):
    (tmp_path / "videos.csv").write_text("subject,video,fps,n_frames\ns,v,30,100\n")
    (tmp_path / "events.csv").write_text("subject,video,onset,apex,offset,type\ns,v,10,20,0,macro\n")
    truth = Truth.read(tmp_path)
    assert (truth.events.offset[0], truth.events.apex[0]) == (0, 20)


def test_an_onset_of_0_and_an_offset_past_the_end_are_kept_as_they_are_written(tmp_path):
    (tmp_path / "videos.csv").write_text("subject,video,fps,n_frames\ns,v,30,100\n")
    (tmp_path / "events.csv").write_text("subject,video,onset,offset,type\ns,v,0,40,macro\ns,v,90,120,micro\n")
    truth = Truth.read(tmp_path)
    assert truth.events.onset.tolist() == [0, 90]
    assert truth.events.offset.tolist() == [40, 120]
    assert task_of("spotting").notes(truth, "clip") == (
        "2 events of the truth reach outside their video (1 before frame 1, 1 after its last frame): clipped to it "
        "(outside=clip)",
    )
    assert task_of("spotting").notes(Truth.from_videos(VIDEOS), "clip") == ()


def test_errors_of_both_tables_are_told_together(tmp_path):
    (tmp_path / "videos.csv").write_text("subject,video,fps,n_frames\ns,v,30,100\ns,v,30,100\ns,w,-1,x\n")
    (tmp_path / "events.csv").write_text(
        "subject,video,onset,offset,type\ns,v,10,5,macro\ns,z,1,5,micro\ns,v,1,5,big\n"
    )
    with pytest.raises(InvalidTable) as caught:
        Truth.read(tmp_path)
    found = {(p.file, p.line, p.column) for p in caught.value.problems}
    assert found == {
        ("videos.csv", 3, "video"),
        ("videos.csv", 4, "fps"),
        ("videos.csv", 4, "n_frames"),
        ("events.csv", 2, "offset"),
        ("events.csv", 3, "video"),
        ("events.csv", 4, "type"),
    }


def test_missing_files_and_a_broken_name(tmp_path):
    with pytest.raises(UserError, match="does not exist: give the folder that holds"):
        Truth.read(tmp_path / "none")
    with pytest.raises(UserError, match=r"videos.csv cannot be read"):
        Truth.read(tmp_path)
    Truth.from_videos(VIDEOS).write(tmp_path)
    (tmp_path / "truth.json").write_text("[]")
    with pytest.raises(UserError, match="mend or remove it"):
        Truth.read(tmp_path)


def test_without_a_name_the_folder_gives_it(tmp_path):
    Truth.from_videos(VIDEOS).write(tmp_path / "mine")
    (tmp_path / "mine" / "truth.json").unlink()
    assert Truth.read(tmp_path / "mine").dataset == "mine"


def test_an_empty_truth_has_a_table():
    assert len(Truth(Intervals.empty(), VideoTable.from_rows([])).videos) == 0
