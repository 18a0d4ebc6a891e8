from __future__ import annotations

import json
import threading

from mebench.challenge.desk import outputs
from mebench.challenge.desk.outputs import Event


def test_lines_of_several_writers_never_mix(make_challenge):
    challenge = make_challenge()
    events = [Event("", "", sha256=str(number), fault="x" * 10_000) for number in range(40)]
    threads = [threading.Thread(target=outputs.log, args=[challenge, event]) for event in events]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = (challenge.folder / "organiser" / "log.jsonl").read_text().splitlines()
    assert sorted(int(json.loads(line)["sha256"]) for line in lines) == list(range(40))


def test_a_torn_line_does_not_spoil_the_next(make_challenge):
    challenge = make_challenge()
    path = challenge.folder / "organiser" / "log.jsonl"
    path.write_text('{"n": 1')
    outputs.log(challenge, Event("", "", fault="a\nb\x1b[31m"))
    lines = path.read_text().splitlines()
    assert len(lines) == 2
    assert json.loads(lines[1]) == {"fault": "a\nb\x1b[31m"}
    assert "\x1b" not in path.read_text()
