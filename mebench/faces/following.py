"""Follows one face from frame to frame: where it is, whether it is there, and where another shot or person begins.

Conventions
-----------
A face is *found* in a frame when what is registered there looks like it (see `views`), and lost when it does not and no
detector sees it. While it is lost, each frame is tried where it was last seen; the whole frame is searched four times a
second, and at once when the scene changes, because a search costs as much as 30 frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mebench.faces.correction import Correction
from mebench.faces.cuts import SUDDEN, CutDetector, change_of
from mebench.faces.geometry import Crop, Pose, crop_face, pose_of_eyes, reduction_for
from mebench.faces.landmarks.base import Face, LandmarkDetector
from mebench.faces.passages import Passage
from mebench.faces.people import Person, is_near
from mebench.faces.several import ChosenFace
from mebench.faces.tracking import Reference, Registered, pattern_of, tracking_crop, tracking_picture
from mebench.faces.views import ALIKE, LOST, OTHER

_MARGIN = 0.12
_SAME = 0.7  # likeness from which on a face that comes back is the one that left
_LOOK_AGAIN = 0.25
_NEW_VIEW = 0.1  # seconds from one vain try to take a further picture to the next
_SCALES = (0.4, 2.5)
_MOST_PEOPLE = 16


class Located(NamedTuple):
    """Where the face of one frame is.

    Attributes
    ----------
    crop : the frame around it.
    pose : pose by registration.
    correction : pose within the aligned face that brings the eyes to their places.
    found : whether it is there; else the rest is what was last known.
    begins : whether another shot or person begins with the frame.
    """

    crop: Crop
    pose: Pose
    correction: Pose
    found: bool
    begins: bool


class Follower:
    """Follows one face through the frames of a video, which come in order.

    Parameters
    ----------
    people : whom the samples showed, the most frequent first.
    chosen : tells the followed face from others.
    detector : where faces and landmarks come from.
    fps : frames per second.
    tolerance : see `Reference`.
    steers : whether landmarks steer the pose; not needed where one fixed transform is wanted.
    """

    def __init__(
        self,
        people: Sequence[Person],
        chosen: ChosenFace,
        detector: LandmarkDetector,
        fps: float,
        *,
        tolerance: float,
        steers: bool,
    ) -> None:
        self._people = list(people)
        self._person = self._people[0]
        self._chosen, self._detector, self._fps = chosen, detector, fps
        self._tolerance, self._steers = tolerance, steers
        self._cuts, self._passage, self._correction = CutDetector(), Passage(fps), Correction(detector, fps)
        self._pose = self._person.start
        self._picture: NDArray[np.float32] | None = None
        self._found = self._ever = False
        self._blind = self._patience = 0

    def locate(self, frame: NDArray[np.uint8], index: int, *, absent: bool = False) -> Located:
        """Return where the face of the next frame is.

        Parameters
        ----------
        frame : grey (height, width).
        index : 0-based place of the frame.
        absent : whether the frame is known to be a stand-in for one that is missing.
        """
        if absent:
            return self._lost(frame)
        changed = self._cuts.see_scene(frame)
        if not self._found:
            return self._wait(frame, index, changed)
        crop = self._crop(frame, self._pose)
        got = self._person.views.register(tracking_crop(crop), self._pose, steps=4)
        if self._cuts.see_face(got.pattern):
            slipped = None if self._cuts.scene_changed else self._slipped(crop)
            if slipped is None:
                return self._start(frame, index, cut=True)
            got = slipped
        if got.likeness < ALIKE:
            if another := self._another(frame, index, crop, got):
                return self._start(frame, index, cut=True, face=another)
            got = self._turned(frame, index, crop, got)
        return self._keep(frame, index, crop, got) if self._holds(frame, got) else self._recover(frame, index)

    def _holds(self, frame: NDArray[np.uint8], got: Registered, least: float = LOST) -> bool:
        height, width = frame.shape
        inside = 0 <= got.pose.centre.real < width and 0 <= got.pose.centre.imag < height
        low, high = _SCALES
        return inside and got.likeness >= least and low < abs(got.pose.zoom / self._person.start.zoom) < high

    def _slipped(self, crop: Crop) -> Registered | None:
        """Register the face to the frame before; return None when it is not the same that was seen there."""
        if self._picture is None:
            return None
        small = tracking_crop(crop)
        got = Reference(self._picture).register(small, self._pose, steps=12)
        if change_of(pattern_of(self._picture), got.pattern) > SUDDEN:
            return None
        self._person.views.reset()
        return self._person.views.register(small, got.pose, steps=4)

    def _another(self, frame: NDArray[np.uint8], index: int, crop: Crop, got: Registered) -> Face | None:
        """Return the face when it is somebody else's who is known, as after a dissolve or between cuts without rest."""
        others = [person.views for person in self._people if person is not self._person]
        if not others or not self._passage.leads_to(got.pattern):
            return None
        small = tracking_crop(crop)
        alike = [views for views in others if views.fits(small, got, OTHER)]
        face = self._look(frame, index) if alike else None
        if face is None:
            return None
        guess = pose_of_eyes(*face.eyes)
        small = tracking_crop(self._crop(frame, guess))
        return face if any(views.search(small, guess).likeness >= OTHER for views in alike) else None

    # -- while the face is found ----------------------------------------------------------------------------------

    def _keep(
        self, frame: NDArray[np.uint8], index: int, crop: Crop, got: Registered, *, begins: bool = False
    ) -> Located:
        """Accept where the face was registered, and let landmarks correct it."""
        self._pose = got.pose
        if not self._corrected(frame, index, got):
            return self._lost(frame)
        self._passage.note(got)
        self._picture, self._found, self._ever = got.picture, True, True
        self._patience -= 1
        return Located(crop, got.pose, self._correction.now, True, begins)

    def _corrected(self, frame: NDArray[np.uint8], index: int, got: Registered) -> bool:
        """Correct the pose by landmarks; return False when those who know the frame say that there is no face."""
        if self._detector.has_points and (self._steers or self._detector.reads):
            face = self._detector.follow(frame, index, self._correction.eyes_at(got.pose))
            if face is None:
                return False
            if self._person.rigid is not None:
                self._correction.by_points(face, got.pose, self._person.rigid)
        elif self._steers and self._correction.is_due(got.pose, got.likeness):
            face = self._detector.follow(frame, index, self._correction.eyes_at(got.pose))
            self._correction.by_eyes(face, got.pose, got.likeness)
        return True

    def _turned(self, frame: NDArray[np.uint8], index: int, crop: Crop, got: Registered) -> Registered:
        """Take what was seen last as a further picture of the face, if a detector sees that it is still there."""
        if self._picture is None or self._patience > 0:
            return got
        self._patience = int(_NEW_VIEW * self._fps)
        face = self._look(frame, index)
        if face is None or not is_near(self._pose, pose_of_eyes(*face.eyes)) or not self._detector.sure(frame, face):
            return got
        if not self._person.views.add(self._picture):
            return got
        again = self._person.views.register(tracking_crop(crop), self._pose, steps=6)
        return again if again.likeness > got.likeness else got

    def _recover(self, frame: NDArray[np.uint8], index: int) -> Located:
        """Look for a face that has moved away too fast to be followed."""
        face = self._look(frame, index)
        if face is None:
            return self._lost(frame)
        guess = pose_of_eyes(*face.eyes)
        crop = self._crop(frame, guess)
        got = self._person.views.search(tracking_crop(crop), guess)
        here = is_near(self._pose, guess)
        if here and not self._holds(frame, got):
            got = self._changed(crop, face, got)
        if here and self._holds(frame, got):
            return self._keep(frame, index, crop, got)
        return self._start(frame, index, cut=True, face=face)

    def _changed(self, crop: Crop, face: Face, got: Registered) -> Registered:
        """Take what was seen last, or what landmarks point at now, as a further picture of a face still there."""
        if self._picture is not None and self._person.views.add(self._picture):
            again = self._person.views.register(tracking_crop(crop), self._pose, steps=12)
            got = max(got, again, key=lambda one: one.likeness)
        if got.likeness >= LOST or self._person.rigid is None:
            return got
        pose = self._person.rigid.pose_of(face)
        picture = tracking_picture(tracking_crop(crop), pose, 1.0)
        self._correction.reset()
        alike = 1.0 if self._person.views.add(picture) else 0.0
        return Registered(pose, alike, picture, pattern_of(picture))

    # -- while it is not ------------------------------------------------------------------------------------------

    def _wait(self, frame: NDArray[np.uint8], index: int, changed: bool) -> Located:
        """Take the face when it is back where it was, and a detector sees it; else look for it when it is time."""
        self._blind, self._patience = self._blind - 1, self._patience - 1
        crop = self._crop(frame, self._pose)
        got = self._person.views.register(tracking_crop(crop), self._pose, steps=4)
        back = self._holds(frame, got, _SAME)
        if not back:
            self._person.views.reset()
        due = self._blind < 0 or changed or self._detector.reads
        if not due and not (back and self._patience < 0):
            return self._lost(frame)
        self._blind = int(_LOOK_AGAIN * self._fps)
        face = self._look(frame, index)
        if face is None and back:
            self._patience = self._blind
        if face is None:
            return self._lost(frame)
        if back and is_near(got.pose, pose_of_eyes(*face.eyes)):
            return self._keep(frame, index, crop, got)
        return self._start(frame, index, cut=False, face=face)

    def _start(self, frame: NDArray[np.uint8], index: int, *, cut: bool, face: Face | None = None) -> Located:
        """Look for the face in the whole frame, and say who it is."""
        face = face or self._look(frame, index)
        if face is None or not self._detector.sure(frame, face):
            return self._lost(frame)
        guess, before, ever = pose_of_eyes(*face.eyes), self._person, self._ever
        crop = self._crop(frame, guess)
        small = tracking_crop(crop)
        found = [(person.views.search(small, guess), person) for person in self._people]
        got, self._person = max(found, key=lambda pair: pair[0].likeness)
        if got.likeness < _SAME:
            got = self._newcomer(frame, face, before)
        moved = not is_near(self._pose, got.pose)
        self._correction.reset()
        self._cuts.go_on(got.pattern, cut=self._person is not before or got.likeness < OTHER)
        self._passage.forget()
        other = self._person is not before or moved
        return self._keep(frame, index, crop, got, begins=ever and (cut or other))

    def _newcomer(self, frame: NDArray[np.uint8], face: Face, before: Person) -> Registered:
        person = Person.of_face(frame, face, self._tolerance)
        self._person = person
        if len(self._people) < _MOST_PEOPLE:
            self._people.append(person)
        return person.views.search(tracking_crop(self._crop(frame, person.start)), person.start)

    def _lost(self, frame: NDArray[np.uint8]) -> Located:
        if self._found:
            self._cuts.forget_face()
            self._passage.forget()
            self._person.views.reset()
            self._blind = int(_LOOK_AGAIN * self._fps)
        self._found, self._picture = False, None
        return Located(self._crop(frame, self._pose), self._pose, self._correction.now, False, False)

    # -- both -----------------------------------------------------------------------------------------------------

    def _look(self, frame: NDArray[np.uint8], index: int) -> Face | None:
        return self._chosen.among(self._detector.find(frame, index), index)

    def _crop(self, frame: NDArray[np.uint8], pose: Pose) -> Crop:
        there = pose.after(self._correction.now)
        return crop_face(frame, there, _MARGIN, reduction_for(there))
