from __future__ import annotations

from mebench.challenge.safety.prepared import prepared_by


def test_the_halves_run_apart_or_one_after_the_other():
    asked = []

    @prepared_by(lambda request: asked.append(request) or request["n"] + 1)
    def work(request, ready):
        """Double it."""
        return request["n"], 2 * ready

    assert work({"n": 1}) == (1, 4)
    assert len(asked) == 1
    assert work({"n": 1}, 10) == (1, 20)
    assert len(asked) == 1, "what is ready is not prepared again"
    assert work.prepare({"n": 5}) == 6
    assert (work.__name__, work.__doc__) == ("work", "Double it.")
