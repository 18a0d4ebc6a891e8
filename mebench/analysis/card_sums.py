"""Whether the counts of a card add up: over videos to subjects, over subjects to the whole, over types to overall.

Conventions
-----------
Counts are added over everything, so each level must be the sum of the one below it. Nobody is listed twice. A count is
negative only where the rules of old systems make it so: there one prediction may find several truths, or a prediction
is counted under a type other than that of the truth that it finds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from mebench.analysis.card_claims import is_own, protocol_of
from mebench.metrics.questions import KINDS
from mebench.schema.people import Person
from mebench.schema.scorecard import Counts, Scorecard, SubjectRow, VideoRow

NONE = Counts(0, 0, 0)
Row = SubjectRow | VideoRow

WHOLE: Mapping[str, str] = {
    "spotting": "overall",
    "recognition": "full",
    "spot_recognise": "overall",
    "questions": "overall",
}
"""The scope of everything, by task."""

_ADDS_UP: Mapping[str, Callable[[Scorecard], Sequence[str]]] = {
    "spotting": lambda card: ("macro", "micro"),
    "recognition": lambda card: _classes(card),
    "questions": lambda card: KINDS,
}
"""The scopes that add up to the whole, by task."""


def wrong_sums(card: Scorecard) -> Iterator[str]:
    """Yield every count of a card that contradicts another, a sentence each."""
    yield from _repeated(card)
    rows: tuple[Row, ...] = (*card.by_subject, *card.by_video)
    places = [("", card.counts), *((name_of(row), row.counts) for row in rows)]
    for name, counts in places:
        for scope, found in counts.items():
            yield from _negative(card, name, scope, found)
        if is_own(card.protocol.id):
            yield from _wrong_whole(card, name, counts)
    yield from _over_subjects(card)
    yield from _over_videos(card)


def name_of(row: Row) -> str:
    """Return how a row is named in a sentence: `of subject s1`, `of video s1/a`."""
    return f" of video {row.subject}/{row.video}" if isinstance(row, VideoRow) else f" of subject {row.subject}"


def spelled(counts: Counts) -> str:
    """Return counts in words: `2 TP, 1 FP, 0 FN`."""
    return f"{counts.tp} TP, {counts.fp} FP, {counts.fn} FN"


def added(counts: Iterable[Counts]) -> Counts:
    """Return the sum of counts."""
    rows = [(c.tp, c.fp, c.fn) for c in counts]
    return Counts(*map(sum, zip(*rows, strict=True))) if rows else NONE


def _repeated(card: Scorecard) -> Iterator[str]:
    listed: tuple[tuple[str, list[str]], ...] = (
        ("subject", [row.subject for row in card.by_subject]),
        ("video", [f"{row.subject}/{row.video}" for row in card.by_video]),
        ("score", [f"{score.metric} of {score.scope}" for score in card.scores]),
    )
    for what, names in listed:
        for name, n in Counter(names).items():
            if n > 1:
                yield f"The {what} {name} is listed {n} times."


def _negative(card: Scorecard, name: str, scope: str, found: Counts) -> Iterator[str]:
    for field in ("tp", "fp", "fn"):
        value = getattr(found, field)
        if value < 0 and not _may_be_negative(card, scope, field):
            yield f"The {field.upper()} of {scope}{name} is {value}, which no count can be."


def _may_be_negative(card: Scorecard, scope: str, field: str) -> bool:
    rules = card.convention
    if field == "fp":
        by_type = rules.get("event_type") in ("ignored", "typed_by_duration") and scope in ("macro", "micro")
        return rules.get("matching") == "truth_found" or by_type
    return field == "fn" and rules.get("matching") == "truth_best"


def _wrong_whole(card: Scorecard, name: str, counts: Mapping[str, Counts]) -> Iterator[str]:
    """Yield the whole of a row where its scopes do not add up to it."""
    if card.task not in _ADDS_UP or not counts:
        return
    whole, scopes = WHOLE[card.task], _ADDS_UP[card.task](card)
    derived = added(counts.get(scope, NONE) for scope in scopes)
    if counts.get(whole, NONE) != derived:
        stated, parts = spelled(counts.get(whole, NONE)), _listed(scopes, counts)
        yield f"The counts of {whole}{name} are {stated}, but its {parts} add up to {spelled(derived)}."


def _listed(scopes: Sequence[str], counts: Mapping[str, Counts]) -> str:
    return " and ".join(scope for scope in scopes if scope in counts) or "scopes"


def _classes(card: Scorecard) -> Sequence[str]:
    protocol = protocol_of(card.protocol.id)
    return protocol.classes if protocol is not None else ()


def _over_subjects(card: Scorecard) -> Iterator[str]:
    if not card.by_subject:
        return
    in_rows = {scope for row in card.by_subject for scope in row.counts}
    for scope in sorted(in_rows | set(card.counts)):
        rows = [row.counts.get(scope, NONE) for row in card.by_subject]
        if scope not in in_rows:
            whole = WHOLE.get(card.task, "overall")
            inside = [row for row in card.by_subject if Person.parse(row.subject).dataset == scope]
            rows = [row.counts.get(whole, NONE) for row in inside]
        stated, derived = card.counts.get(scope, NONE), added(rows)
        if stated != derived:
            yield f"The counts of {scope} are {spelled(stated)}, but its subjects add up to {spelled(derived)}."


def _over_videos(card: Scorecard) -> Iterator[str]:
    kept = {scope for row in card.by_video for scope in row.counts}
    if not card.by_video or not card.by_subject:
        return
    by_subject: dict[str, list[VideoRow]] = defaultdict(list)
    for video in card.by_video:
        by_subject[video.subject].append(video)
    for stranger in sorted(by_subject.keys() - {row.subject for row in card.by_subject}):
        yield f"The videos of {stranger} are listed, but that subject is not."
    for row in card.by_subject:
        for scope in sorted(kept):
            derived = added(video.counts.get(scope, NONE) for video in by_subject[row.subject])
            stated = row.counts.get(scope, NONE)
            if stated != derived:
                whose = f"{scope}{name_of(row)}"
                yield f"The counts of {whose} are {spelled(stated)}, but its videos add up to {spelled(derived)}."
