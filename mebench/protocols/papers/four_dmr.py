"""4DMR 2025 (IJCAI workshop): emotions of 4DME, of which a micro-expression may have several.

Five labels, any number of them for a clip: positive, negative, surprise, repression, others. Results are given as
"macro UF1", the mean over the labels of F1 of counts (.536 on 24 subjects, says the abstract of the winner). The
organisers' rules, their division into training and test, and their list of clips have not been found: leave one subject
out is mebench's choice, and no set is official.
"""

from __future__ import annotations

from mebench.protocols.rules.label_sets import LabelSetProtocol


class FourDmr2025(LabelSetProtocol):
    """Leave one subject out; F1 of five emotions that may occur together, mean over the emotions."""

    id = "4dmr2025"
    summary = "5 emotions that may occur together, leave-one-subject-out, F1 of each, mean over the emotions"
    sources = (
        "4DMR challenge, IJCAI workshop 2025, as its participants describe it: five labels of 4DME, macro UF1",
        "leave one subject out: mebench's choice, for the organisers' rules have not been found",
    )
    classes = ("positive", "negative", "surprise", "repression", "others")
