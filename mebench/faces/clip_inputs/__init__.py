"""What recognisers see of a clip: steady crops of its face, key frames, and optical flow between them.

Everything is computed once for each clip, kept in the store of prepared frames under the digest of the clip's content
and of all settings that it depends on, and shared by methods, folds and processes. Only the frames that are asked for
are decoded, and never all of a dataset are held. A recogniser's `Config` derives from
`CropSettings`, `ApexSettings` or `FlowSettings`,
and its views are made from that: `FaceView.of(config, size=64)`, `FlowView.of(config, size=28)`.

Modules here may import the rest of `faces`, `frames`, `schema` and the plain helpers; they know no dataset and no
method. Importing this package imports all of them, hence OpenCV, and neither torch nor scikit-image.
"""

from mebench.faces.clip_inputs.crops import clip_faces, face_at
from mebench.faces.clip_inputs.flows import apex_flow, flow_sequence
from mebench.faces.clip_inputs.key_frames import KeyFrames, apex_face, apex_notes, key_frames, onset_face
from mebench.faces.clip_inputs.views import ApexSettings, CropSettings, FaceView, FlowSettings, FlowView

__all__ = [
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
    "face_at",
    "flow_sequence",
    "key_frames",
    "onset_face",
]
