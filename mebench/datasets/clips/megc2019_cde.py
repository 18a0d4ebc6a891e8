"""The MEGC2019 composite: 442 micro-expressions of 68 people from CASME II, SAMM and SMIC, in three classes.

J. See, M. H. Yap, J. Li, X. Hong, S.-J. Wang, "MEGC 2019 - The Second Facial Micro-Expressions Grand Challenge", FG
2019.

Layout
------
::

    ROOT/combined_3class_gt.csv         the organisers' list, in any of its spellings (`composite_list`)
    ROOT/CASME2/ ROOT/SAMM/ ROOT/SMIC/  copies of the databases, or settings that say where they are

Clips and classes are those of the list and are never recomputed. Fear and sadness of CASME II are not in it, nor are
three eligible clips of CASME II (sub04/EP12_01f, sub05/EP09_05f, sub24/EP02_07); public code that recomputes the list
has left out another one. Onsets, apexes and offsets are those of the databases, read by their own loaders.
"""

from __future__ import annotations

import collections
import dataclasses
import functools
import re
from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import Any, Literal

from mebench.datasets.base import CheckReport, Count, Dataset
from mebench.datasets.clips.base import ClipDataset
from mebench.datasets.clips.casme2 import Casme2
from mebench.datasets.clips.composite_list import DATABASES, Listed, find_list, read_list, tally_composite
from mebench.datasets.clips.policies import ClipPolicies
from mebench.datasets.clips.samm import Samm
from mebench.datasets.clips.smic import Smic
from mebench.datasets.clips.smic_names import parse_name
from mebench.datasets.export_record import FILE, ExportRecord
from mebench.datasets.folders import subfolders
from mebench.datasets.policies import Errata
from mebench.errors import UserError
from mebench.schema.emotions import COMPOSITE_CLASS_OF, COMPOSITE_CLASSES
from mebench.schema.recordings import Clip
from mebench.settings import setting

Key = tuple[str, str, str]
_EXCLUDED = {"casme2": ("fear", "sadness")}
"""Emotions that have a class and were left out of the composite as a whole."""
_LOADERS: Mapping[str, type[ClipDataset]] = {"casme2": Casme2, "samm": Samm, "smic": Smic}
_FOLDERS = {
    "casme2": re.compile(r"casme[ _-]?(2|ii)(?![a-z0-9]).*", re.IGNORECASE),
    "samm": re.compile(r"samm(?!.*(long|challenge|test|lv)).*", re.IGNORECASE),
    "smic": re.compile(r"smic(?![ _-]?e([^a-z]|$)).*", re.IGNORECASE),
}
_OFFICIAL = {"casme2": (145, 24, (88, 32, 25)), "samm": (133, 28, (92, 26, 15)), "smic": (164, 16, (70, 51, 43))}


@dataclasses.dataclass(frozen=True)
class MegcCdeConfig(ClipPolicies):
    """Settings of `megc2019_cde`: its policies are those of all three databases."""

    list: str | None = setting(None, "Path of the organisers' list; left out, it is looked for in the copy.")
    casme2: str | None = setting(None, "Folder of CASME II; left out, one in the root that is named so.")
    samm: str | None = setting(None, "Folder of SAMM; left out, one in the root that is named so.")
    smic: str | None = setting(None, "Folder of SMIC; left out, one in the root that is named so.")
    release: Literal["auto", "raw", "cropped"] = setting(
        "auto", "Which frames to read: whole ones, cropped faces, or for each database whole ones if there are any."
    )


class MegcCde(Dataset):
    """The composite, from the organisers' list and the user's copies of its databases."""

    id = "megc2019_cde"
    tasks = ("recognition", "generation")
    Config = MegcCdeConfig

    def clips(self) -> Sequence[Clip]:
        """Return every listed clip that is on disk, sorted by database, subject and id; decodes nothing."""
        return self._loaded[0]

    def check(self) -> CheckReport:
        """Compare the list with the official counts, or those of the export that wrote it; list every erratum.

        The clips on disk are compared with the list; the errata of each database are told under its name.
        """
        assert self.root is not None, "Dataset.open has refused a missing root"
        clips, listed, errata = self._loaded
        record = ExportRecord.load(self.root)
        found = tally_composite(listed)
        promised = _official() if record is None else record.counts
        counts = [Count(name, found.get(name, 0), promised.get(name)) for name in {**promised, **found}]
        by_database = collections.Counter(clip.database for clip in clips)
        wanted = collections.Counter(row.database for row in listed)
        counts += [Count(f"{name} on disk", by_database[name], wanted[name]) for name in DATABASES if wanted[name]]
        return CheckReport(self.id, tuple(counts), tuple(errata))

    @functools.cached_property
    def _loaded(self) -> tuple[tuple[Clip, ...], list[Listed], Errata]:
        assert self.root is not None, "Dataset.open has refused a missing root"
        errata = Errata()
        if (self.root / FILE).is_file():
            errata.add("exported_copy", FILE, "counts are compared with the export's")
        listed = read_list(find_list(self.root, self.config.list, errata), errata)
        own: dict[Key, Clip] = {}
        for database in DATABASES:
            if any(row.database == database for row in listed):
                own |= self._of_database(database, errata)
        joined = [self._join(row, own, errata) for row in listed]
        clips = [clip for clip in joined if clip is not None]
        _report_not_listed(own, {_key(*row[:3]) for row in listed}, errata)
        return tuple(sorted(clips, key=lambda clip: clip.key)), listed, errata

    def _of_database(self, database: str, errata: Errata) -> dict[Key, Clip]:
        """Return a database's clips by their normalised keys; its errata are told under its name."""
        loader, root = _LOADERS[database], self._root_of(database)
        opened = loader.open(root, self._options(database))
        clips = {_key(database, clip.subject, clip.id): clip for clip in opened.clips()}
        for erratum in opened.check().errata:
            errata.add(erratum.kind, f"{database}: {erratum.where}", erratum.policy, erratum.detail)
        return clips

    def _root_of(self, database: str) -> Path:
        given = getattr(self.config, database)
        if given is not None:
            if not Path(given).is_dir():
                raise UserError(f"The folder {given} of the setting {database} does not exist: check the path.")
            return Path(given)
        assert self.root is not None, "Dataset.open has refused a missing root"
        named = [folder for folder in subfolders(self.root) if _FOLDERS[database].fullmatch(folder.name)]
        if not named:
            example = {"casme2": "CASME2", "samm": "SAMM", "smic": "SMIC"}[database]
            raise UserError(
                f"No folder named {example} was found in {self.root}: put that database there, or name its folder "
                f"with the setting {database}=DIR."
            )
        return named[0]

    def _options(self, database: str) -> dict[str, Any]:
        """Return the settings of a database's loader: the policies that are not the defaults, and the release."""
        changed = {
            field.name: getattr(self.config, field.name)
            for field in dataclasses.fields(ClipPolicies)
            if getattr(self.config, field.name) != field.default
        }
        release = self.config.release
        return changed | {"release": "raw_selected" if (database, release) == ("casme2", "raw") else release}

    def _join(self, row: Listed, own: Mapping[Key, Clip], errata: Errata) -> Clip | None:
        """Return the clip that a row lists, with the row's names and class; None when it is not on disk."""
        clip, where = own.get(_key(*row[:3])), "/".join(row[:3])
        if clip is None:
            if self.config.no_frames == "refuse":
                raise UserError(f"{where} is listed and not in the copy: add it, or set no_frames=drop.")
            errata.add("listed_and_missing", where, "left out", "its row or its frames are not in the copy")
            return None
        if COMPOSITE_CLASS_OF.get(clip.emotion) != row.emotion:
            detail = f"the database says {clip.emotion}"
            errata.add("class_of_list", where, f"taken as {row.emotion}, as listed", detail)
        return dataclasses.replace(
            clip, dataset=self.id, database=row.database, subject=row.subject, id=row.clip, emotion=row.emotion
        )


def _report_not_listed(own: Mapping[Key, Clip], listed: Set[Key], errata: Errata) -> None:
    """Report clips of the databases that have a class and are not in the list."""
    for key, clip in sorted(own.items(), key=lambda pair: (pair[0][0], pair[1].key)):
        eligible = clip.emotion in COMPOSITE_CLASS_OF and clip.emotion not in _EXCLUDED.get(key[0], ())
        if eligible and key not in listed:
            where = f"{key[0]}/{clip.subject}/{clip.id}"
            errata.add("not_listed", where, "left out, as in the list", f"it shows {clip.emotion}")


def _official() -> dict[str, int]:
    """Return what `tally_composite` gives for the organisers' list."""
    counts = {"listed clips": 442, "subjects": 68}
    counts |= dict(zip(COMPOSITE_CLASSES, (250, 109, 83), strict=True))
    for database, (clips, subjects, classes) in _OFFICIAL.items():
        counts |= {f"{database} clips": clips, f"{database} subjects": subjects}
        counts |= {f"{database} {name}": number for name, number in zip(COMPOSITE_CLASSES, classes, strict=True)}
    return counts


def _key(database: str, subject: str, clip: str) -> Key:
    """Return what joins a row of the list and a clip, whichever way their names are padded."""
    name = parse_name(clip) if database == "smic" else None
    if name is not None:
        return (database, name.subject, name.clip)
    digits = re.search(r"[0-9]+", subject)
    return (database, str(int(digits[0])) if digits else subject, clip.casefold())
