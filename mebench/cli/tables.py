"""Scorecards and regression reports as tables on stdout."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from mebench.analysis.regression import Comparison
from mebench.cli.layout import can_show, pair_lines, table_lines, text_lines, width_of
from mebench.cli.say import say
from mebench.plain import plain_lines, plain_text
from mebench.schema.scorecard import Score, Scorecard

UNDEFINED = "undefined"
"""What is printed of a score that is 0/0."""
_RULE = "\N{BOX DRAWINGS LIGHT HORIZONTAL}"


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]], *, apart: bool = True) -> None:
    """Print a table whose first column holds the labels; it is folded where the terminal is narrow, and never cut.

    Parameters
    ----------
    header, rows : cells.
    apart : whether empty lines part it from what stands around it; a table that is all that is printed needs none.
    """
    plain = [[plain_lines(cell) for cell in row] for row in rows]
    rule = _RULE if can_show(_RULE) else "-"
    lines = table_lines(header, plain, width_of(), rule)
    say("\n".join(["", *lines, ""] if apart else lines))


def print_pairs(pairs: Sequence[tuple[str, str]]) -> None:
    """Print names with what is said of each, in lines that fit the terminal."""
    if pairs:
        say("\n".join(pair_lines([(plain_lines(name), plain_lines(text)) for name, text in pairs], width_of())))


def print_text(text: str, indent: str = "", *, err: bool = False) -> None:
    """Print prose in lines that fit the terminal, on stdout or stderr."""
    say("\n".join(text_lines(plain_lines(text), width_of(sys.stderr if err else sys.stdout), indent)), err=err)


def print_scorecard(card: Scorecard) -> None:
    """Print a card's scores with 95% intervals: a table by scope where the task has one, else one line a score."""
    print_text(_headline(card))
    from mebench.tasks.catalogue import task_of

    if columns := task_of(card.task).columns:
        _print_by_scope(card, columns)
    else:
        print_table(["score", "of", ""], [[s.metric, s.scope, _cell(s)] for s in card.scores])
    if not card.complete:
        say("not complete: a fold is missing, or an answer")
    if note := _without_loss(card):
        print_text(note)
    if card.reason:
        print_text(f"{'note' if card.official else 'not official'}: {plain_text(card.reason, 1000)}")


def _without_loss(card: Scorecard) -> str:
    """Return a note on raw scores that are graded and have no loss, empty where there are none."""
    bare = [score for score in card.scores if score.metric == "raw_auc" and not card.find("raw_loss", score.scope)]
    if not bare:
        return ""
    scopes = " and ".join(plain_text(score.scope, 60) for score in bare)
    faceless = "" if any(score.defined for score in bare) else ", or no frame has a face"
    return f"note: there is no raw_loss of {scopes}: raw scores outside 0..1 are no probabilities{faceless}"


def _headline(card: Scorecard) -> str:
    protocol = card.protocol
    return plain_text(f"{card.method.id} on {card.dataset.id} under {protocol.id}, version {protocol.version}", 1000)


def _print_by_scope(card: Scorecard, columns: Sequence[str]) -> None:
    scopes = list(dict.fromkeys([*(s for s in ("overall", "macro", "micro") if s in card.counts), *card.counts]))
    found = {score.metric for score in card.scores if score.scope in card.counts and not _is_apart(score)}
    metrics = [m for m in columns if m in found] + sorted(found - set(columns))
    rows = []
    for scope in scopes:
        counts = card.counts[scope]
        cells = [_cell(card.find(metric, scope)) for metric in metrics]
        rows.append([scope, str(counts.tp), str(counts.fp), str(counts.fn), *cells])
    print_table(["", "TP", "FP", "FN", *metrics], rows)
    apart = [score for score in card.scores if score.scope not in card.counts or _is_apart(score)]
    scopes = list(dict.fromkeys(score.scope for score in apart))
    names = dict.fromkeys(score.metric for score in apart)
    if apart:
        print_table(["", *scopes], [[name, *(_cell(_of(apart, name, scope)) for scope in scopes)] for name in names])


def _is_apart(score: Score) -> bool:
    """Return whether a score belongs to the second table: of raw scores and of folds there are too many for columns."""
    return score.metric.startswith("raw_") or "_fold_" in score.metric


def _of(scores: Sequence[Score], metric: str, scope: str) -> Score | None:
    return next((score for score in scores if (score.metric, score.scope) == (metric, scope)), None)


def print_side_by_side(cards: Mapping[str, Scorecard]) -> None:
    """Print the cards of the same predictions under several conventions, one line each, with their fingerprints."""
    first = next(iter(cards.values()))
    scopes = [scope for scope in ("overall", "macro", "micro") if first.find("f1", scope)]
    shown = [("f1", scope) for scope in scopes] or [(s.metric, s.scope) for s in first.scores]
    rows = []
    for name, card in cards.items():
        counts = card.counts.get("overall")
        numbers = [str(n) for n in (counts.tp, counts.fp, counts.fn)] if counts else [""] * 3
        scores = [card.find(*key) for key in shown]
        rows.append([name, *numbers, *(_cell(s, ends=False) for s in scores), card.fingerprint])
    print_text(_headline(first))
    header = [f"{metric} {scope}" for metric, scope in shown]
    print_table(["convention", "TP", "FP", "FN", *header, "fingerprint"], rows)


def _cell(score: Score | None, *, ends: bool = True) -> str:
    """Write `.123 [.100, .150]`, `undefined` for 0/0, and nothing where there is no such score."""
    if score is None:
        return ""
    if not score.defined:
        return UNDEFINED
    shown = f" [{_number(score.ci95[0])}, {_number(score.ci95[1])}]" if score.ci95 and ends else ""
    return _number(score.value) + shown


def _number(value: float) -> str:
    return f"{value:.3f}"


def print_comparison(comparison: Comparison, everything: bool = False) -> None:
    """Print what has moved between a card and its baseline, or every number."""
    from mebench.cli.regression_reports import HEADER, cells, verdict

    rows = comparison.rows if everything else comparison.moved
    equal = "" if rows or comparison.errors or comparison.faults else ", all equal"
    print_text(f"{plain_text(comparison.title, 1000)}: {verdict(comparison)}{equal}")
    for line in (*comparison.faults, *comparison.errors, *comparison.notes):
        print_text(f"  {plain_text(line, 1000)}")
    if rows:
        print_table(HEADER, [cells(row) for row in rows])
