"""Running OpenFace's `FeatureExtraction`, where it is installed.

OpenFace takes the frames of a folder in the alphabetical order of their names, so `img10.jpg` comes before `img2.jpg`.
Folders are therefore shown to it through links whose names are padded; frame numbers in its output are then positions
in the video, counted from 1.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from mebench.errors import UserError
from mebench.frames.folders import FolderFrames

BINARY = "FeatureExtraction"


def run_feature_extraction(source: Path | str, out_dir: Path | str) -> tuple[Path, Path]:
    """Extract action units and aligned faces of a folder of frames or a video file.

    Parameters
    ----------
    source : folder of numbered frames, or video file.
    out_dir : where the output goes; made when it does not exist.

    Returns
    -------
    The table `<out_dir>/<name>.csv` and the folder `<out_dir>/<name>_aligned`.

    Raises
    ------
    UserError : when OpenFace is not installed, the source is missing, or OpenFace fails.
    """
    binary = shutil.which(BINARY)
    if binary is None:
        raise UserError(f"OpenFace's {BINARY} is not on PATH: install OpenFace 2.2 and add its bin folder to PATH.")
    source, out_dir = Path(source), Path(out_dir)
    if not source.exists():
        raise UserError(f"There is neither a folder nor a video at {source}: check the path.")
    out_dir.mkdir(parents=True, exist_ok=True)
    name = source.stem if source.is_file() else source.name
    with tempfile.TemporaryDirectory(prefix="mebench-openface-") as scratch:
        shown = source.resolve() if source.is_file() else _padded_links(source, Path(scratch))
        where = ["-f" if source.is_file() else "-fdir", str(shown), "-out_dir", str(out_dir.resolve()), "-of", name]
        command = [binary, *where, "-aus", "-simalign", "-simsize", "112"]
        ended = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    table, aligned = out_dir / f"{name}.csv", out_dir / f"{name}_aligned"
    if ended.returncode != 0 or not table.is_file():
        said = (ended.stderr or ended.stdout).strip().splitlines()
        raise UserError(
            f"{BINARY} failed on {source} with code {ended.returncode} ({said[-1] if said else 'no message'}): "
            "run it by hand to see why."
        )
    return table, aligned


def _padded_links(source: Path, scratch: Path) -> Path:
    """Make a folder of links `000001.jpg`, ... whose alphabetical order is that of the frame numbers.

    A frame that is missing gets a link to the nearest earlier one, so that positions stay frame numbers.
    """
    frames = FolderFrames(source)
    folder = scratch / source.name
    folder.mkdir()
    for index, name in enumerate(frames.names):
        (folder / f"{index + 1:06d}{Path(name).suffix.lower()}").symlink_to((source / name).resolve())
    return folder
