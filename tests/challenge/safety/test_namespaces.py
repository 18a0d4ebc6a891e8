"""In a network of its own a process reaches nobody, and its user stays who it is."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from mebench.challenge.safety import namespaces
from mebench.challenge.safety.sandbox import missing_walls

CODE = """
import os, socket, sys
from mebench.challenge.safety.namespaces import leave_the_network
before = os.geteuid(), os.getegid(), os.readlink("/proc/self/ns/net"), os.readlink("/proc/self/ns/ipc")
leave_the_network()
after = os.geteuid(), os.getegid(), os.readlink("/proc/self/ns/net"), os.readlink("/proc/self/ns/ipc")
print([a == b for a, b in zip(before, after)])
print([name for _, name in socket.if_nameindex()])
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)
    print("reached")
except OSError:
    print("nobody")
"""


def test_the_process_keeps_its_user_and_reaches_nobody():
    if "network" in missing_walls():
        pytest.skip(f"no network of its own here: {missing_walls()['network']}")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), 5):
            pass  # it is there for this process
        command = [sys.executable, "-c", CODE, str(port)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    kept, interfaces, reached = done.stdout.splitlines()
    assert kept == "[True, True, False, False]"
    assert interfaces == "['lo']"
    assert reached == "nobody"


@pytest.mark.parametrize(("user", "flags"), [(0, 0x48000000), (1000, 0x58000000)])
def test_only_a_plain_user_needs_a_user_namespace(monkeypatch, tmp_path, user, flags):
    calls = []
    written = {}
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(os, "getegid", lambda: 100)
    monkeypatch.setattr(namespaces, "call", lambda *asked: calls.append(asked))
    monkeypatch.setattr(namespaces.Path, "write_text", lambda path, text: written.update({str(path): text}))
    namespaces.leave_the_network()
    assert calls == [("unshare", flags)]
    maps = {"setgroups": "deny", "uid_map": "1000 1000 1", "gid_map": "100 100 1"}
    assert written == ({f"/proc/self/{name}": text for name, text in maps.items()} if user else {})
