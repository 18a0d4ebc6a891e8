"""Why a file is no video: told before OpenCV takes one picture for a film, or fails to open a sound without a word."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Literal

from mebench.frames.names import printable

IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp"})
_STREAMS_OF_JPEG = frozenset({".mjpg", ".mjpeg"})
_PICTURES = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n|BM....\0\0\0\0|II\*\0|MM\0\*|RIFF....WEBP|....ftyp(?:heic|heix|mif1|avif)"
    rb"|P[1-6]\s|\xffO\xffQ|\0\0\0\x0cjP  |v/1\x01",
    re.DOTALL,
)
_SOUNDS = re.compile(
    rb"RIFF....WAVE|ID3|\xff[\xf1\xf3\xf9\xfa\xfb]|fLaC|....ftypM4[AB]|FORM....AIF[FC]|#!AMR", re.DOTALL
)
_BOXES = re.compile(rb"....(?:ftyp|moov|mdat|free|skip|wide)", re.DOTALL)
_FIXES = {
    "is empty": "give a video with frames, or copy this one again from where it comes",
    "holds sound": "give the video that belongs to the sound",
    "holds no pictures": "give the video that belongs to it",
    "is text": "give the video itself, such as an mp4 file",
    "has no index": "copy it again from where it comes, or repair it with a tool that rebuilds the index",
}
_HEAD = 4096


def is_picture(path: Path, *, ones_that_move: bool = False) -> bool:
    """Return whether a file is a still picture.

    Parameters
    ----------
    ones_that_move : take a GIF for a picture too, which may hold many frames or one.

    Raises
    ------
    OSError : when the file cannot be read.
    """
    head = _head(path)
    if ones_that_move and head.startswith(b"GIF8"):
        return True
    return _PICTURES.match(head) is not None and path.suffix.lower() not in _STREAMS_OF_JPEG


def picture_sentence(path: Path) -> str:
    """Return the sentence that refuses a picture.

    Raises
    ------
    OSError : when it cannot be read, or its folder cannot be listed.
    """
    if kind := _kind_of_several(path):
        return (
            f"{printable(str(path))} holds several pictures as {kind}, which is not read as a video: convert it to one "
            "such as mp4, or to a folder of frames."
        )
    fix = "give its folder, whose pictures are the frames" if _is_frame(path) else "give a video, or a folder of frames"
    return f"{printable(str(path))} is one picture, not a video: {fix}."


def _kind_of_several(path: Path) -> str:
    """Return the format of a picture that holds several, an empty string when it holds one or is of another format."""
    head = _head(path)
    if head.startswith(b"RIFF") and b"ANIM" in head[:64]:
        return "WebP"
    if head.startswith(b"\x89PNG") and b"acTL" in head:
        return "PNG"
    if head.startswith((b"II*\0", b"MM\0*")) and _has_pages(path, head):
        return "TIFF"
    return ""


def _has_pages(path: Path, head: bytes) -> bool:
    """Tell whether the directory of the first page of a TIFF names a second one."""
    order: Literal["little", "big"] = "little" if head.startswith(b"II") else "big"
    with path.open("rb") as file:
        file.seek(int.from_bytes(head[4:8], order))
        entries = int.from_bytes(file.read(2), order)
        file.seek(12 * entries, os.SEEK_CUR)
        return any(file.read(4))


def _is_frame(path: Path) -> bool:
    """Return whether a picture is numbered, and other numbered ones lie beside it."""
    names = [other.name for other in path.parent.iterdir() if other.suffix.lower() in IMAGE_SUFFIXES]
    numbered = [name for name in names if not name.startswith(".") and any(map(str.isdigit, Path(name).stem))]
    return path.name in numbered and len(numbered) > 1


def why_no_video(path: Path) -> str:
    """Return why a file that OpenCV cannot open is no video, and what to do, as the end of a sentence.

    Raises
    ------
    OSError : when the file cannot be read.
    """
    why = _why(path)
    fixes = (fix for start, fix in _FIXES.items() if why.startswith(start))
    return f"{why}: {next(fixes, 'give a video that OpenCV can decode, such as mp4')}"


def _why(path: Path) -> str:
    head = _head(path)
    if not head:
        return "is empty"
    if _SOUNDS.match(head):
        return "holds sound and no pictures"
    if _BOXES.match(head):
        return _why_no_mp4(path)
    if _looks_like_text(head):
        return "is text"
    return _why_says_pyav(path) or "cannot be opened as a video"


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _looks_like_text(head: bytes) -> bool:
    return b"\0" not in head and not any(byte < 9 or 13 < byte < 27 for byte in head)


def _why_no_mp4(path: Path) -> str:
    """Say what is wrong with a file of mp4 boxes."""
    with path.open("rb") as file:
        while len(header := file.read(16)) >= 8:
            size, kind = int.from_bytes(header[:4]), header[4:8]
            size = int.from_bytes(header[8:16]) if size == 1 else size
            if kind == b"moov":
                file.seek(len(header) * -1, 1)
                index = file.read(min(size, 1 << 26)) if size else file.read(1 << 26)
                only_sound = b"soun" in index and b"vide" not in index
                return "holds sound and no pictures" if only_sound else "cannot be opened as a video"
            if size < 8:
                break
            file.seek(size - len(header), 1)
    return "has no index of its frames (no moov box) because its recording or copy was cut off"


def _why_says_pyav(path: Path) -> str | None:
    try:
        import av
    except ImportError:
        return None
    try:
        with path.open("rb") as file, av.open(file) as container:
            return None if container.streams.video else "holds no pictures"
    except (av.error.FFmpegError, OSError, ValueError) as error:
        return f"cannot be opened as a video ({getattr(error, 'strerror', None) or error})"
