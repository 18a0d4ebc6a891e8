"""How the face of a clip is cut out and how its motion is measured: settings, and the views that follow from them."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal, Self

from mebench.faces.alignment_settings import FindingSettings
from mebench.faces.flow import STRAINS
from mebench.settings import check_limits, setting


@dataclasses.dataclass(frozen=True)
class CropSettings(FindingSettings):
    """How the face of a clip is cut out."""

    crop: Literal["found", "whole"] = setting(
        "found",
        "what is cut out: the face found in the onset frame, or the whole frames of clips that are crops already",
    )
    margin: float = setting(
        0.15, "width added on each side of the aligned face, which is 2.5 eye distances wide, as a share of it"
    )

    def __post_init__(self) -> None:
        """Refuse a detector that nobody registered, and margins without a face in them."""
        super().__post_init__()
        check_limits(self, "margin", least=-0.25, most=2)


@dataclasses.dataclass(frozen=True)
class ApexSettings(CropSettings):
    """How the face of a clip is cut out, and how an apex is spotted that nobody has annotated."""

    apex: Literal["motion", "difference", "middle"] = setting(
        "motion",
        "how an apex is spotted in clips without one: the frame that has moved most, that differs most, or the middle "
        "one between onset and offset",
    )

    @classmethod
    def taken(cls, settings: CropSettings) -> dict[str, Any]:
        """Return those of these settings that a method has, by name."""
        names = [field.name for field in dataclasses.fields(ApexSettings)]
        return {name: getattr(settings, name) for name in names if hasattr(settings, name)}


@dataclasses.dataclass(frozen=True)
class FlowSettings(ApexSettings):
    """How the motion of a clip's face is measured."""

    flow: Literal["tvl1", "farneback", "dis"] = setting(
        "tvl1", "optical flow; TV-L1 is that of scikit-image behind a median filter as in OpenCV's program"
    )
    strain: Literal["tensor", "quarter"] = setting(
        "tensor",
        "optical strain: sqrt(ux^2 + vy^2 + s (uy + vx)^2), with s = 1/2, the length of the strain tensor, or s = 1/4",
        source="1/2: Liong et al., SOFTNet, ICIP 2021; 1/4: a rewrite that is in use",
    )
    face_size: int = setting(128, "side of the face on which flow is computed", unit="px")

    def __post_init__(self) -> None:
        """Refuse faces too small to compute flow on."""
        super().__post_init__()
        check_limits(self, "face_size", least=32, most=1024)
        if self.strain not in STRAINS:
            raise ValueError(f"strain must be one of {', '.join(STRAINS)}.")


@dataclasses.dataclass(frozen=True, kw_only=True)
class FaceView(ApexSettings):
    """How the faces of a clip are shown.

    Attributes
    ----------
    size : side in px.
    colour : BGR, else grey.
    """

    size: int = 128
    colour: bool = False

    def __post_init__(self) -> None:
        """Refuse sizes that are none."""
        super().__post_init__()
        check_limits(self, "size", least=8, most=2048)

    @classmethod
    def of(cls, settings: CropSettings, **more: Any) -> Self:
        """Return the view that a method's settings ask for; `more` is what the method has chosen itself."""
        return cls(**{**cls.taken(settings), **more})


@dataclasses.dataclass(frozen=True, kw_only=True)
class FlowView:
    """How the motion of a clip's face is shown.

    Attributes
    ----------
    size : side of what comes out, in px.
    flow, strain : as in `FlowSettings`.
    face : the face that flow is computed on, always in grey; its `size` sets the unit of the flow.
    """

    size: int = 28
    flow: Literal["tvl1", "farneback", "dis"] = "tvl1"
    strain: Literal["tensor", "quarter"] = "tensor"
    face: FaceView = dataclasses.field(default_factory=FaceView)

    def __post_init__(self) -> None:
        """Refuse sizes that are none, and names that are not known."""
        check_limits(self, "size", least=1, most=2048)
        if self.flow not in ("tvl1", "farneback", "dis") or self.strain not in STRAINS:
            raise ValueError(f"flow is tvl1, farneback or dis, strain {' or '.join(STRAINS)}.")
        object.__setattr__(self, "face", dataclasses.replace(self.face, colour=False))

    @classmethod
    def of(cls, settings: FlowSettings, **more: Any) -> Self:
        """Return the view that a method's settings ask for; `more` is what the method has chosen itself."""
        face = FaceView.of(settings, size=settings.face_size)
        return cls(**{"flow": settings.flow, "strain": settings.strain, "face": face, **more})
