from __future__ import annotations

import dataclasses

import pytest

from mebench.errors import UserError
from mebench.faces.clip_inputs import ApexSettings, CropSettings, FaceView, FlowSettings, FlowView
from mebench.settings import build_config, describe_config


@dataclasses.dataclass(frozen=True)
class OfAMethod(FlowSettings):
    """Settings as a recogniser has them, with one of its own."""

    blocks: int = 5


def test_views_take_what_a_method_s_settings_say_and_leave_the_rest_to_the_method():
    config = build_config(OfAMethod, {"crop": "whole", "flow": "dis", "face_size": "64"}, owner="m")
    view = FlowView.of(config, size=20)
    assert (view.size, view.flow, view.face.size, view.face.crop) == (20, "dis", 64, "whole")
    assert FaceView.of(config, size=96, colour=True) == FaceView(size=96, colour=True, crop="whole")


def test_who_needs_no_apex_has_no_setting_for_it():
    assert FaceView.of(CropSettings(margin=0.3)) == FaceView(margin=0.3)
    with pytest.raises(UserError, match="no setting 'apex'"):
        build_config(CropSettings, {"apex": "middle"}, owner="m")


def test_flow_is_computed_on_grey_faces_whatever_the_face_view_says():
    assert not FlowView(face=FaceView(colour=True)).face.colour
    assert FlowView(face=FaceView(colour=True)) == FlowView()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"crop": "half"}, "'found', 'whole'"),
        ({"landmarks": "nobody"}, "nobody"),
        ({"margin": "9"}, "margin=9 must be"),
        ({"strain": "third"}, "'tensor', 'quarter'"),
        ({"face_size": "4"}, "face_size=4 must be"),
        ({"min_found": "0.2"}, "no setting 'min_found'"),
    ],
)
def test_what_makes_no_sense_is_refused(options, told):
    with pytest.raises(UserError, match=told):
        build_config(FlowSettings, options, owner="m")


def test_a_view_refuses_names_and_sizes_too():
    with pytest.raises(ValueError, match="flow is tvl1"):
        FlowView(flow="rlof")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="size=2 must be"):
        FaceView(size=2)


def test_every_setting_says_what_it_does_and_where_its_default_is_from():
    for name, _, doc, _, source in describe_config(FlowSettings):
        assert doc, name
        assert source, name
    assert {name for name, *_ in describe_config(ApexSettings)} < {name for name, *_ in describe_config(FlowSettings)}
