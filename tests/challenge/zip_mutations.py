"""Changed archives for fuzzing: by their structure (names, sizes, fields, records), by their bytes, or both."""

from __future__ import annotations

import copy
import random
import struct
from collections.abc import Sequence

from raw_zip import Raw, build, deflated, field, unicode_path

NUMBERS = (0, 1, 2, 4, 8, 9, 12, 20, 45, 64, 0x20, 0x41, 0x800, 0x808, 0x7075, 0xFFFF, 0x10000, 0xFFFFFFFE, 0xFFFFFFFF)
MARKS = (b"PK\1\2", b"PK\3\4", b"PK\5\6", b"PK\6\6", b"PK\6\7", b"PK\7\x08")
TEXT = b"subject,video,onset,offset,type\n006,006_1,10,40,micro\n"
_TAGS = (1, 0x7075, 0x6375, 0x5455, 0x000D, 0x9901, 0)


class Mutator:
    """Makes archives out of chance alone, so that a seed tells all of them.

    Parameters
    ----------
    chance : where the choices come from.
    aims : names that would be seen outside the work folder if any of them were written.
    """

    def __init__(self, chance: random.Random, aims: Sequence[str]) -> None:
        self.chance = chance
        self.names = [b"p.csv", b"q.csv", b"team/p.csv", b"team/", b"a", b"a/b", b"P.CSV", b"p.csv.", b"\x82.csv", b"",
                      "é.csv".encode(), b"p.csv\0x", b"..", b"manifest.json", *(aim.encode() for aim in aims)]  # fmt: skip

    def archive(self) -> bytes:
        """Return one archive."""
        chance = self.chance
        content = self._structural() if chance.random() < 0.8 else build([Raw(b"p.csv", TEXT, 8), Raw(b"q.csv", TEXT)])
        return self._damaged(content) if chance.random() < 0.25 else content

    def _structural(self) -> bytes:
        chance = self.chance
        raws = [Raw(name, TEXT[: chance.randrange(len(TEXT))], chance.choice((0, 8))) for name in self._names()]
        for _ in range(chance.randint(0, 3)):
            self._change(chance.choice(raws))
        if chance.random() < 0.1:
            raws.append(copy.deepcopy(chance.choice(raws)))
        options: dict[str, object] = {}
        if chance.random() < 0.2:
            options["wide"] = self._lies("length disk here total size offset at disks")
        if chance.random() < 0.2:
            options |= self._lies("disk directory_disk here total size offset length")
        if chance.random() < 0.1:
            options[chance.choice(("prefix", "middle", "suffix", "comment"))] = self._bytes()
        return build(raws, **options)

    def _names(self) -> list[bytes]:
        chance = self.chance
        return [b"p.csv" if chance.random() < 0.5 else chance.choice(self.names) for _ in range(chance.randint(1, 3))]

    def _lies(self, names: str) -> dict[str, int]:
        """Return numbers for one or two fields; the narrow ones are kept in their width."""
        chosen = self.chance.sample(names.split(), self.chance.randint(0, 2))
        return {name: self.chance.choice(NUMBERS) & 0xFFFF for name in chosen}

    def _change(self, raw: Raw) -> None:
        """Change one thing about a member."""
        chance = self.chance
        match chance.randrange(14):
            case 0:
                raw.local_name = chance.choice(self.names)
            case 1:
                raw.extra += self._extra(raw)
            case 2:
                raw.local_extra += self._extra(raw)
            case 3:
                raw.local[chance.choice(("flags", "method"))] = chance.choice(NUMBERS) & 0xFFFF
            case 4:
                raw.local[chance.choice(("crc", "packed", "size"))] = chance.choice(NUMBERS) & 0xFFFFFFFF
            case 5:
                setattr(raw, chance.choice(("crc", "packed_size", "size")), chance.choice(NUMBERS) & 0xFFFFFFFF)
            case 6:
                raw.flags = chance.choice(NUMBERS) & 0xFFFF
            case 7:
                raw.method = chance.choice((0, 8, 8, 9, 12, 14, 93, 95, 99))
            case 8:
                raw.flags, raw.local = 8, {"crc": 0, "packed": 0, "size": 0}
                raw.descriptor = struct.pack("<4s3I", b"PK\7\x08", *raw.numbers().values())[
                    chance.choice((0, 0, 0, 4)) :
                ]
            case 9:
                raw.offset = chance.choice((*NUMBERS, 84, 90))
            case 10:
                raw.attributes = chance.choice((0, 16, 0o120777 << 16, 0o10600 << 16, 0o40755 << 16, 0xFFFFFFFF))
            case 11:
                raw.packed = chance.choice((deflated(raw.content)[:-1], deflated(TEXT * 99), b"\xff" * 9, b"PK\3\4"))
            case 12:
                raw.name = chance.choice(self.names)
            case _:
                raw.disk, raw.version = chance.choice(((0, 63), (1, 20), (0, 64), (0xFFFF, 45)))

    def _extra(self, raw: Raw) -> bytes:
        chance = self.chance
        match chance.randrange(4):
            case 0:
                return unicode_path(chance.choice(self.names), raw.name, chance.choice((1, 1, 1, 2)))
            case 1:
                return field(1, struct.pack("<3Q", *chance.choices(NUMBERS, k=3))[: chance.choice((0, 4, 8, 16, 24))])
            case 2:
                return unicode_path(raw.name, raw.name)
            case _:
                return struct.pack("<HH", chance.choice(_TAGS), chance.choice((0, 3, 5, 0xFFFF))) + self._bytes()[:5]

    def _bytes(self) -> bytes:
        chance = self.chance
        return chance.choice(
            (chance.randbytes(chance.randint(1, 9)), chance.choice(MARKS), build([Raw(b"q.csv", TEXT)]))
        )

    def _damaged(self, content: bytes) -> bytes:
        """Flip, drop, repeat or overwrite a few bytes, with a mark or a telling number as often as with anything."""
        chance, data = self.chance, bytearray(content)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(data) + 1)
            match chance.randrange(4):
                case 0:
                    data[at : at + 1] = chance.randbytes(1)
                case 1:
                    data[at : at + chance.choice((2, 4))] = struct.pack("<I", chance.choice(NUMBERS))[
                        : chance.choice((2, 4))
                    ]
                case 2:
                    data[at:at] = chance.choice(MARKS)
                case _:
                    del data[at : at + chance.randint(1, 40)]
        return bytes(data)
