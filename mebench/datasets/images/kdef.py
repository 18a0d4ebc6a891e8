"""KDEF: 70 people who show seven expressions, seen from five sides, twice: 4,900 photographs of 562x762.

D. Lundqvist, A. Flykt, A. Oehman, "The Karolinska Directed Emotional Faces", Karolinska Institutet, 1998.
Licence: free for research that is not commercial, on request at https://kdef.se.

Layout
------
::

    ROOT/KDEF/AF01/AF01ANS.JPG          (also KDEF_and_AKDEF/KDEF/..., or all pictures in one folder)

A name is session (A, B), sex (F, M), number, expression (AF afraid, AN angry, DI disgusted, HA happy, NE neutral, SA
sad, SU surprised) and view (S straight, HL and HR half, FL and FR full profile). A and B are two sessions of one
person, who is named by sex and number. Some pictures of the release have names that do not say what they show, such as
`AF31V.JPG`: they are left out and counted. Thesis chapter 7 has 490 frontal pictures, which is one session:
`kdef:view=frontal,session=A`; it does not say which of the two.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal

from mebench.datasets.finding import PassedOver
from mebench.datasets.folders import subfolders
from mebench.datasets.images.base import StillDataset, pictures
from mebench.datasets.images.table import Still
from mebench.datasets.policies import Errata
from mebench.errors import UserError
from mebench.settings import setting

EMOTIONS = {
    "AF": "afraid",
    "AN": "angry",
    "DI": "disgusted",
    "HA": "happy",
    "NE": "neutral",
    "SA": "sad",
    "SU": "surprised",
}
VIEWS = {"S": "frontal", "HL": "half", "HR": "half", "FL": "profile", "FR": "profile"}
_NAME = re.compile(r"([AB])([FM])(\d\d)(AF|AN|DI|HA|NE|SA|SU)(S|HL|HR|FL|FR)\.jpe?g", re.IGNORECASE)
_FOLDER = re.compile(r"[AB][FM]\d\d", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class KdefConfig:
    """Settings of `kdef`."""

    view: Literal["all", "frontal", "half", "profile"] = setting("all", "From which side faces are seen.")
    session: Literal["all", "A", "B"] = setting("all", "Which of the two sessions of each person.")


class Kdef(StillDataset):
    """KDEF, as released."""

    id = "kdef"
    Config = KdefConfig

    def stills(self, errata: Errata) -> Iterator[Still]:
        """Yield the pictures whose names say what they show."""
        passed = PassedOver(errata)
        for folder in self._folders():
            for name in pictures(folder):
                match = _NAME.fullmatch(name)
                if match is None:
                    passed.add("malformed_name", "left out", name)
                elif self._chosen(*match.group(1, 5)):
                    _, sex, number, emotion, _ = (part.upper() for part in match.groups())
                    yield Still(str(folder), name, EMOTIONS[emotion], sex + number, name.split(".")[0].upper())
        passed.close()

    def promised(self) -> Mapping[str, int]:
        """Return 70 people and as many pictures of each expression; a picture that has no proper name is lacking."""
        views = {"all": 5, "frontal": 1, "half": 2, "profile": 2}[self.config.view]
        each = 70 * views * (2 if self.config.session == "all" else 1)
        of_emotion = {f"images of {emotion}": each for emotion in EMOTIONS.values()}
        return {"images": 7 * each, "subjects": 70, **of_emotion}

    def _chosen(self, session: str, view: str) -> bool:
        return self.config.session in ("all", session.upper()) and self.config.view in ("all", VIEWS[view.upper()])

    def _folders(self) -> Iterable[Path]:
        """Return the folders of people, or one that holds everybody's pictures."""
        level = [self.place]
        for _ in range(4):
            found = [folder for folder in level if _FOLDER.fullmatch(folder.name)]
            found = found or [folder for folder in level if any(map(_NAME.fullmatch, pictures(folder)))]
            if found:
                return found
            level = [child for folder in level for child in subfolders(folder)]
        raise UserError(
            f"No picture such as KDEF/AF01/AF01ANS.JPG was found in {self.place}: give --root the folder "
            "that holds KDEF."
        )
