"""Grading of answers to questions about clips: classes by UF1 and UAR, texts by BLEU and ROUGE.

Conventions
-----------
`uf1_coarse`, `uar_coarse`, `uf1_fine`, `uar_fine` are over the questions of that official wording. The coarse classes
are negative, positive and surprise. The list of fine classes was never published: it is every class that a truth has,
over all its datasets, so that all scopes average over the same classes. An answer that is none of the classes is a
miss, and so is a missing one. `corpus_bleu4` and `rouge1_f1` are over all questions; see `mebench.metrics.text` for the
variants. `accuracy` has the kind of question as its scope, and is mebench's addition. Scopes of the others: overall, of
counts pooled over datasets, and each dataset where there are several. What is resampled are subjects, or videos where a
truth names no subject.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from mebench.metrics import text
from mebench.metrics.classification import recognition_defined
from mebench.metrics.conventions.questions import QuestionConvention
from mebench.metrics.questions import COARSE, COARSE_CLASSES, FINE, KINDS, is_right, plain_answer, question_kind
from mebench.metrics.statistics.additive import Additive
from mebench.protocols.base import Predicted, Protocol
from mebench.protocols.cards import Graded, make_card
from mebench.schema.answers import Answers, match_answers
from mebench.schema.scorecard import Counts, DatasetRef, Scorecard

Ints = NDArray[np.int64]


@dataclasses.dataclass(frozen=True)
class _Paired:
    """Questions with their answers and references, and who is resampled.

    `kind`, `given`, `reference` and `dataset` are per question; `person` is a row of `people`.
    """

    kind: NDArray[np.str_]
    given: list[str]
    reference: list[str]
    dataset: NDArray[np.str_]
    person: Ints
    people: list[str]


class QuestionProtocol(Protocol):
    """A protocol that grades answers."""

    task = "questions"
    convention: ClassVar[Any] = QuestionConvention()
    ranking = ("uf1_coarse", "overall")
    unseen = True

    def score(self, submission: Predicted, truth: Answers, *, convention: Any = None) -> Scorecard:
        """Grade answers; see `Protocol.score`."""
        rules: QuestionConvention = convention or self.convention
        found = match_answers(submission.predictions, truth, submission.source, submission.lines)
        paired = _pair(found, truth)
        right = np.array(list(map(is_right, paired.kind.tolist(), paired.given, paired.reference)), bool)
        statistics = _accuracies(paired, right)
        for scope, inside in _scopes(paired, truth).items():
            statistics += _class_statistics(paired, scope, inside, rules)
        without = text.missing_libraries()
        if not without:
            statistics += _text_statistics(paired, truth)
        reasons = [self.official_reason(truth), without and f"BLEU and ROUGE are left out, {without}"]
        graded = Graded(
            DatasetRef(truth.dataset, truth.digest()),
            paired.people,
            statistics,
            _counts(paired, right, np.ones(len(right), bool)),
            [_counts(paired, right, paired.person == i) for i in range(len(paired.people))],
            complete=len(found) == len(truth.rows),
            reason="; ".join(filter(None, reasons)),
        )
        return make_card(self, submission, rules, graded, truth)

    def official_reason(self, truth: Answers) -> str:
        """Return why no truth is the official one."""
        return "the official answers were never published"


def _pair(found: Mapping[tuple[str, str], str], truth: Answers) -> _Paired:
    rows = sorted(truth.rows)
    people = sorted({row.person for row in rows})
    return _Paired(
        np.array([question_kind(row.question) for row in rows], np.str_),
        [found.get(row.key, "") for row in rows],
        [row.answer for row in rows],
        np.array([row.dataset for row in rows], np.str_),
        np.searchsorted(people, [row.person for row in rows]),
        people,
    )


def _scopes(paired: _Paired, truth: Answers) -> dict[str, NDArray[np.bool_]]:
    """Return which questions belong to each scope."""
    scopes = {"overall": np.ones(len(paired.kind), bool)}
    if len(datasets := truth.datasets()) > 1:
        scopes |= {name or "unnamed": paired.dataset == name for name in datasets}
    return scopes


def _class_statistics(
    paired: _Paired, scope: str, inside: NDArray[np.bool_], rules: QuestionConvention
) -> list[Additive]:
    statistics = []
    for kind in (COARSE, FINE):
        asked = np.flatnonzero(paired.kind == kind)
        references = {plain_answer(paired.reference[i]) for i in asked}
        classes = COARSE_CLASSES if kind == COARSE else tuple(sorted(references))
        people = _people(paired, inside)
        table = _confusions(paired, asked[inside[asked]], classes)[people]
        statistics.append(_uf1_uar(kind, scope, table, people, rules))
    return statistics


def _people(paired: _Paired, inside: NDArray[np.bool_]) -> Ints:
    """Return whom the questions of a scope are about."""
    return np.unique(paired.person[inside])


def _confusions(paired: _Paired, rows: Ints, classes: Sequence[str]) -> Ints:
    """Count true and answered classes by person, shape (n_people, C + 1, C + 1); class C is any other answer."""
    number = {label: i for i, label in enumerate(classes)}
    size = len(classes) + 1
    true, answered = (
        np.array([number.get(plain_answer(side[i]), len(classes)) for i in rows], np.int64)
        for side in (paired.reference, paired.given)
    )
    table = np.zeros((len(paired.people), size, size), np.int64)
    np.add.at(table, (paired.person[rows], true, answered), 1)
    return table


def _uf1_uar(kind: str, scope: str, table: Ints, people: Ints, rules: QuestionConvention) -> Additive:
    size = table.shape[-1]
    options = {"size": size, "n_classes": size - 1, "drop_absent": rules.absent_class == "drop"}
    known = (*recognition_defined(table.sum(axis=0), n_classes=size - 1)[:3], False)
    # Accuracy has the kind of question as its scope, and is a statistic of its own.
    names = (*(f"{name}_{kind}" for name in ("uf1", "uar", "macro_precision")), "")
    parts = table.reshape(len(table), size**2)
    return Additive("recognition", scope, names, parts, known, people, f"{kind}/{scope}", options)


def _text_statistics(paired: _Paired, truth: Answers) -> list[Additive]:
    parts = text.bleu_parts(paired.given, paired.reference)
    rouge = text.rouge1_f1(paired.given, paired.reference)
    of_question = np.concatenate((parts, rouge[:, None], np.ones((len(rouge), 1))), axis=1)
    statistics = []
    for scope, inside in _scopes(paired, truth).items():
        table = np.zeros((len(paired.people), of_question.shape[1]))
        np.add.at(table, paired.person[inside], of_question[inside])
        people = _people(paired, inside)
        asked = bool(len(people))
        statistics.append(Additive("text", scope, ("corpus_bleu4", "rouge1_f1"), table[people], (asked, asked), people))
    return statistics


def _accuracies(paired: _Paired, right: NDArray[np.bool_]) -> list[Additive]:
    """Return the share of right answers of every kind of question that is asked."""
    statistics = []
    for kind in KINDS:
        rows = np.flatnonzero(paired.kind == kind)
        table = np.zeros((len(paired.people), 2))
        np.add.at(table, paired.person[rows], np.stack((right[rows], np.ones(len(rows))), axis=1))
        if len(rows):
            people = _people(paired, paired.kind == kind)
            statistics.append(Additive("mean", kind, ("accuracy",), table[people], (True,), people, f"right/{kind}"))
    return statistics


def _counts(paired: _Paired, right: NDArray[np.bool_], of: NDArray[np.bool_]) -> dict[str, Counts]:
    """Count right answers, wrong ones, and questions without a right answer, for every kind."""
    given = np.array([bool(answer.strip()) for answer in paired.given], bool)
    result = {}
    for kind in ("overall", *KINDS):
        inside = of & ((paired.kind == kind) | (kind == "overall"))
        if inside.any():
            wrong = inside & ~right
            result[kind] = Counts(int((inside & right).sum()), int((wrong & given).sum()), int(wrong.sum()))
    return result
