"""MUG: posed expressions of 86 people, of whom 52 are given out, in sequences of 896x896 at 19 frames per second.

N. Aifanti, C. Papachristou, A. Delopoulos, "The MUG Facial Expression Database", WIAMIS 2010.
Licence: for research that is not commercial, on request at https://mug.ee.auth.gr/fed.

Layout
------
::

    ROOT/subjects3/001/anger/take000/img_0000.jpg               also with a level session0 below the person

A take goes from neutral over the apex back to neutral; where onset, apex and offset lie is not annotated, so that a
method that needs them spots them. Folders of other expressions than anger, disgust, fear, happiness, neutral, sadness
and surprise are passed over and counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from mebench.datasets.clips.posed import PosedDataset
from mebench.datasets.finding import PassedOver
from mebench.datasets.folders import search_folders, subfolders
from mebench.datasets.policies import Errata
from mebench.errors import UserError
from mebench.schema.recordings import Clip

EMOTIONS = ("anger", "disgust", "fear", "happiness", "neutral", "sadness", "surprise")
GIVEN_OUT, RECORDED = 52, 86
_TAKE = re.compile(r"take_?\d+", re.IGNORECASE)
_SESSION = re.compile(r"session_?\d+", re.IGNORECASE)


class Mug(PosedDataset):
    """MUG, as given out."""

    id = "mug"
    usual_fps = 19.0
    assumptions = {
        "the folders": "PERSON/EXPRESSION/TAKE, with or without a session between the first two",
        "frame rate": "19 frames per second",
    }

    def promises(self, found: Mapping[str, int]) -> Mapping[str, int]:
        """Return the number of people: those who are given out, or all where a copy has more."""
        return {"subjects": GIVEN_OUT if found["subjects"] <= GIVEN_OUT else RECORDED}

    def takes(self, errata: Errata) -> Iterator[Clip | None]:
        """Yield every take of the seven expressions."""
        passed = PassedOver(errata)
        people = next(search_folders(self.place, _holds_people, depth=3), None)
        if people is None:
            raise UserError(
                f"No folder such as subjects3/001/anger/take000 was found in {self.place}: give --root the folder that "
                "holds MUG."
            )
        for person in subfolders(people):
            for session, place in _sessions(person):
                for expression in subfolders(place):
                    if _SESSION.fullmatch(expression.name):
                        continue
                    if expression.name.lower() not in EMOTIONS:
                        passed.add("other_expression", "left out", f"{person.name}/{expression.name}")
                        continue
                    yield from self._of_expression(person.name, session, expression, errata)
        passed.close()

    def _of_expression(self, person: str, session: str, expression: Path, errata: Errata) -> Iterator[Clip | None]:
        emotion = expression.name.lower()
        for take in subfolders(expression):
            if _TAKE.fullmatch(take.name):
                id = "_".join(filter(None, (person, session, emotion, take.name.lower())))
                yield self.folder_clip(person, id, take, emotion, errata, ends="nothing")


def _sessions(person: Path) -> Iterator[tuple[str, Path]]:
    """Yield the places in which a person's expressions lie, each with the session's name."""
    yield "", person
    for folder in subfolders(person):
        if _SESSION.fullmatch(folder.name):
            yield folder.name.lower(), folder


def _holds_people(children: list[Path]) -> bool:
    """Tell whether there are folders of people: numbers, with expressions in them."""
    numbered = [child for child in children if child.name.isdecimal()]
    return any(
        expression.name.lower() in EMOTIONS
        for child in numbered[:3]
        for _, place in _sessions(child)
        for expression in subfolders(place)
    )
