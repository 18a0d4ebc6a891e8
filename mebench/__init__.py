"""mebench: run, grade and rank methods for facial micro- and macro-expression analysis.

This is the public face: what a plug-in or a script needs is imported from here, and everything below it may move. Names
are looked up when they are first asked for, so `import mebench` costs nothing.

    from mebench import Spotter, Spotting, SpottedInterval, setting       a method
    from mebench import Dataset, Video, Clip, Event                       a dataset
    from mebench import FlowView, apex_flow, FaceView, clip_faces         what a recogniser sees of a clip
    from mebench import Protocol, SpottingProtocol, RecognitionProtocol   the rules of a challenge
    from mebench import Metric                                            one more number on every card
    from mebench import Executor, Job, Outcome, run_job                   where the jobs of a run are carried out
    from mebench import checks_of, check_method                           what `mebench test` does
    import mebench; mebench.run("au_sum", ["synth_lv"]).scorecard         a run
"""

from __future__ import annotations

TYPE_CHECKING = False  # importing `typing` takes longer than the command may, before an interrupt finds it ready
if TYPE_CHECKING:
    from typing import Any

    from mebench.analysis.compare import compare_cards as compare
    from mebench.challenge.reading.grading import grade
    from mebench.datasets.base import CheckReport, Count, Dataset, Erratum
    from mebench.errors import UserError
    from mebench.faces.action_units import ActionUnitDetector
    from mebench.faces.alignment_settings import AlignmentSettings
    from mebench.faces.clip_inputs import (
        ApexSettings,
        CropSettings,
        FaceView,
        FlowSettings,
        FlowView,
        KeyFrames,
        apex_face,
        apex_flow,
        apex_notes,
        clip_faces,
        flow_sequence,
        key_frames,
        onset_face,
    )
    from mebench.faces.landmarks.base import Face, LandmarkDetector
    from mebench.frames.folders import FolderFrames
    from mebench.frames.videos import VideoFrames
    from mebench.methods.base import Method, RunContext
    from mebench.methods.explainable import Explainable, Explained, ExplainedLayer
    from mebench.methods.generation.base import Generator, Request
    from mebench.methods.recognition.base import Recogniser
    from mebench.methods.spot_recognise.base import SpotRecogniser
    from mebench.methods.spotting.base import SpottedInterval, Spotter, Spotting
    from mebench.metrics.base import FrameMetric, Metric
    from mebench.protocols.base import Predicted, Protocol
    from mebench.protocols.rules.generation import RatingProtocol
    from mebench.protocols.rules.questions import QuestionProtocol
    from mebench.protocols.rules.recognition import RecognitionProtocol
    from mebench.protocols.rules.spot_recognise import SpotRecogniseProtocol
    from mebench.protocols.rules.spotting import SpottingProtocol
    from mebench.runs.executors.base import Executor, Job, Outcome, run_job
    from mebench.runs.run import load_run, run
    from mebench.schema.people import Person
    from mebench.schema.presence import Presence
    from mebench.schema.recordings import Clip, Event, ExpressionType, FrameSource, Recording, Video, frame_labels
    from mebench.schema.scorecard import Scorecard
    from mebench.settings import setting
    from mebench.testing.datasets import check_dataset
    from mebench.testing.executors import check_executor
    from mebench.testing.files import checks_of
    from mebench.testing.findings import Finding
    from mebench.testing.methods import check_method
    from mebench.testing.metrics import check_metric
    from mebench.testing.protocols import check_protocol

_HOMES = {
    "mebench.analysis.compare": ("compare_cards:compare",),
    "mebench.challenge.reading.grading": ("grade",),
    "mebench.datasets.base": ("CheckReport", "Count", "Dataset", "Erratum"),
    "mebench.errors": ("UserError",),
    "mebench.frames.folders": ("FolderFrames",),
    "mebench.frames.videos": ("VideoFrames",),
    "mebench.faces.action_units": ("ActionUnitDetector",),
    "mebench.faces.clip_inputs": (
        "ApexSettings",
        "CropSettings",
        "FaceView",
        "FlowSettings",
        "FlowView",
        "KeyFrames",
        "apex_face",
        "apex_flow",
        "apex_notes",
        "clip_faces",
        "flow_sequence",
        "key_frames",
        "onset_face",
    ),
    "mebench.faces.landmarks.base": ("Face", "LandmarkDetector"),
    "mebench.faces.alignment_settings": ("AlignmentSettings",),
    "mebench.metrics.base": ("FrameMetric", "Metric"),
    "mebench.methods.base": ("Method", "RunContext"),
    "mebench.methods.explainable": ("Explainable", "Explained", "ExplainedLayer"),
    "mebench.methods.generation.base": ("Generator", "Request"),
    "mebench.methods.recognition.base": ("Recogniser",),
    "mebench.methods.spot_recognise.base": ("SpotRecogniser",),
    "mebench.methods.spotting.base": ("SpottedInterval", "Spotter", "Spotting"),
    "mebench.protocols.base": ("Predicted", "Protocol"),
    "mebench.protocols.rules.generation": ("RatingProtocol",),
    "mebench.protocols.rules.questions": ("QuestionProtocol",),
    "mebench.protocols.rules.recognition": ("RecognitionProtocol",),
    "mebench.protocols.rules.spot_recognise": ("SpotRecogniseProtocol",),
    "mebench.protocols.rules.spotting": ("SpottingProtocol",),
    "mebench.runs.executors.base": ("Executor", "Job", "Outcome", "run_job"),
    "mebench.runs.run": ("load_run", "run"),
    "mebench.schema.people": ("Person",),
    "mebench.schema.presence": ("Presence",),
    "mebench.schema.recordings": (
        "Clip",
        "Event",
        "ExpressionType",
        "FrameSource",
        "Recording",
        "Video",
        "frame_labels",
    ),
    "mebench.schema.scorecard": ("Scorecard", "Scorecard.read:read_scorecard"),
    "mebench.settings": ("setting",),
    "mebench.testing.datasets": ("check_dataset",),
    "mebench.testing.executors": ("check_executor",),
    "mebench.testing.files": ("checks_of",),
    "mebench.testing.findings": ("Finding",),
    "mebench.testing.methods": ("check_method",),
    "mebench.testing.metrics": ("check_metric",),
    "mebench.testing.protocols": ("check_protocol",),
}
"""Where each public name lives; `name:alias` where it has another name here."""

_PLACES = {
    name.rpartition(":")[2]: (module, name.partition(":")[0]) for module, names in _HOMES.items() for name in names
}

__all__ = [
    "ActionUnitDetector",
    "AlignmentSettings",
    "ApexSettings",
    "CheckReport",
    "Clip",
    "Count",
    "CropSettings",
    "Dataset",
    "Erratum",
    "Event",
    "Executor",
    "Explainable",
    "Explained",
    "ExplainedLayer",
    "ExpressionType",
    "Face",
    "FaceView",
    "Finding",
    "FlowSettings",
    "FlowView",
    "FolderFrames",
    "FrameMetric",
    "FrameSource",
    "Generator",
    "Job",
    "KeyFrames",
    "LandmarkDetector",
    "Method",
    "Metric",
    "Outcome",
    "Person",
    "Predicted",
    "Presence",
    "Protocol",
    "QuestionProtocol",
    "RatingProtocol",
    "Recogniser",
    "RecognitionProtocol",
    "Recording",
    "Request",
    "RunContext",
    "Scorecard",
    "SpotRecogniseProtocol",
    "SpotRecogniser",
    "SpottedInterval",
    "Spotter",
    "Spotting",
    "SpottingProtocol",
    "UserError",
    "Video",
    "VideoFrames",
    "apex_face",
    "apex_flow",
    "apex_notes",
    "check_dataset",
    "check_executor",
    "check_method",
    "check_metric",
    "check_protocol",
    "checks_of",
    "clip_faces",
    "compare",
    "flow_sequence",
    "frame_labels",
    "grade",
    "key_frames",
    "load_run",
    "onset_face",
    "read_scorecard",
    "run",
    "run_job",
    "setting",
]


def __getattr__(name: str) -> Any:
    """Import and return a public name; `__version__` has pyproject.toml as its only source."""
    import importlib

    if name == "__version__":
        return importlib.import_module("importlib.metadata").version("mebench")
    if name not in _PLACES:
        raise AttributeError(f"module 'mebench' has no attribute {name!r}")
    module, path = _PLACES[name]
    found: Any = importlib.import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted([*__all__, "__version__"])
