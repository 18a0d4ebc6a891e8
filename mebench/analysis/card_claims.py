"""What a card claims: its task, protocol and rules, that its truth is official, that its method competes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from mebench.analysis.card_method import false_method
from mebench.errors import UserError
from mebench.plain import plain_text
from mebench.protocols.base import Protocol
from mebench.protocols.catalogue import PROTOCOLS
from mebench.protocols.grading import convention_of
from mebench.schema.people import Person
from mebench.schema.scorecard import Counts, Scorecard
from mebench.schema.truth import TruthCounts
from mebench.tasks.catalogue import TASKS

_OURS = "mebench"


def false_claims(card: Scorecard) -> Iterator[str]:
    """Yield what a card says of itself that is not so, a sentence each."""
    if card.task not in TASKS:
        yield f"Its task {_quoted(card.task)} is not known here: load the plug-in that has it."
    if (protocol := protocol_of(card.protocol.id)) is None:
        yield f"Its protocol {_quoted(card.protocol.id)} is not known here: load the plug-in that has it."
    elif protocol.task != card.task:
        yield f"Its task is {_quoted(card.task)}, but {protocol.id} grades {protocol.task}."
    elif card.task in TASKS:
        yield from _of_rules(card, protocol)
    yield from false_method(card.method)
    yield from _of_timing(card)


def _of_rules(card: Scorecard, protocol: type[Protocol]) -> Iterator[str]:
    try:
        convention_of(card)
    except UserError as error:
        yield str(error)
    if not is_own(protocol.id):
        return
    if _is_later(card.protocol.version, protocol.version):
        now = f"this mebench has version {protocol.version}"
        yield f"Its protocol has the version {_quoted(card.protocol.version)}, {now}: install a newer one."
    if card.official and (reason := _why_not_official(card, protocol)):
        yield f"The card says that its truth is official, but {reason}."


def protocol_of(id: str) -> type[Protocol] | None:
    """Return a protocol, or None when nobody here has it, or it cannot be imported."""
    try:
        return PROTOCOLS.get(id)
    except UserError:
        return None


def is_own(protocol: str) -> bool:
    """Return whether a protocol is mebench's own, so that the form of its cards is known here."""
    return protocol in PROTOCOLS and PROTOCOLS.entry(protocol).origin == _OURS


def _is_later(version: str, than: str) -> bool:
    return not version.isdecimal() or (than.isdecimal() and int(version) > int(than))


def _of_timing(card: Scorecard) -> Iterator[str]:
    """Yield where the number of videos that a run wrote down is not that of the card's own rows."""
    stated = card.timing.get("videos")
    if isinstance(stated, int) and card.by_video and stated != len(card.by_video):
        yield f"Its timing is of {stated} videos, but the card has {len(card.by_video)}."


def _why_not_official(card: Scorecard, protocol: type[Protocol]) -> str:
    """Return why a card's own counts are not those of an official set; empty where they may be."""
    if not protocol.official:
        return f"{protocol.id} has no official set"
    find = _BY_TASK.get(protocol.task)
    return "" if find is None else next(filter(None, find(card, protocol)), "")


def _of_videos(card: Scorecard, dataset: str, sets: Mapping[str, TruthCounts], several: bool) -> str:
    if dataset not in sets:
        return f"{_quoted(dataset)} is no official set of it"
    inside = [row for row in card.by_video if not several or Person.parse(row.subject).dataset == dataset]
    official = sets[dataset]
    if len(inside) != official.videos:
        return f"it has {len(inside)} videos of {dataset}, the official set has {official.videos}"
    events = _true_events([row.counts.get("overall", Counts(0, 0, 0)) for row in inside])
    most = official.macro + official.micro
    # Rules that leave videos or open ends out count fewer; none counts more.
    if events > most or (events < most and _counts_every_event(card)):
        return f"it has {events} expressions in {dataset}, the official set has {most}"
    return ""


def _counts_every_event(card: Scorecard) -> bool:
    rules = card.convention
    kept = rules.get("zero_offset") != "drop" and rules.get("scored_videos") == "all"
    return kept and rules.get("matching") == "one_to_one"


def _of_clips(
    card: Scorecard, dataset: str, sets: Mapping[str, tuple[tuple[int, ...], int]], classes: tuple[str, ...]
) -> str:
    of_class, people = sets[dataset]
    inside = [row for row in card.by_subject if Person.parse(row.subject).dataset == dataset]
    found = [_true_events([row.counts.get(label, Counts(0, 0, 0)) for row in inside]) for label in classes]
    if (found, len(inside)) != (list(of_class), people):
        return (
            f"it has {sum(found)} clips of {len(inside)} subjects in {dataset}, the official set has {sum(of_class)} "
            f"of {people}, or its classes differ"
        )
    return ""


def _all_videos(card: Scorecard, protocol: type[Protocol]) -> Iterator[str]:
    datasets = card.dataset.id.split("+")
    yield from (_of_videos(card, id, protocol.official, len(datasets) > 1) for id in datasets)


def _all_clips(card: Scorecard, protocol: type[Protocol]) -> Iterator[str]:
    yield from (_of_clips(card, id, protocol.official, protocol.classes) for id in protocol.official)


_BY_TASK: Mapping[str, Callable[[Scorecard, type[Protocol]], Iterator[str]]] = {
    "spotting": _all_videos,
    "recognition": _all_clips,
}
"""How a card's counts are held against official sets, by task."""


def _true_events(counts: list[Counts]) -> int:
    return sum(found.tp + found.fn for found in counts)


def _quoted(text: str) -> str:
    return repr(plain_text(text, 60))
