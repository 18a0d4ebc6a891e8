from __future__ import annotations

import errno
import re
import struct
from pathlib import Path

import pytest

from mebench.challenge.safety import seccomp

X86, ARM = seccomp._MACHINES["x86_64"], seccomp._MACHINES["aarch64"]
OWN = 4321
HEADERS = {X86: "/usr/include/x86_64-linux-gnu/asm/unistd_64.h", ARM: "/usr/include/asm-generic/unistd.h"}


def verdict(machine, number, first=0, audit=None):
    """Run the filter as the kernel does, on one system call, and return what it says."""
    code = seccomp.program(machine, OWN)
    lines = [struct.unpack_from("=HBBI", code, at) for at in range(0, len(code), 8)]
    data = {0: number, 4: machine.audit if audit is None else audit, 16: first}
    value = at = 0
    while True:
        operation, yes, no, operand = lines[at]
        at += 1
        if operation == 0x20:
            value = data[operand]
        elif operation == 0x06:
            return operand
        else:
            holds = value == operand if operation == 0x15 else value >= operand
            at += yes if holds else no


REFUSED = 0x00050000 | errno.EPERM


@pytest.mark.parametrize("machine", [X86, ARM], ids=["x86_64", "aarch64"])
def test_what_is_refused_and_what_goes_through(machine):
    for numbers in seccomp._REFUSED.values():
        if (number := numbers[machine.column]) is not None:
            assert verdict(machine, number) == REFUSED
    for numbers in seccomp._OWN_ONLY.values():
        number = numbers[machine.column]
        assert [verdict(machine, number, who) for who in (OWN, 0)] == [seccomp._ALLOW] * 2
        assert [verdict(machine, number, who) for who in (1, OWN + 1, 0xFFFFFFFF)] == [REFUSED] * 3
    read, write = ((0, 1), (63, 64))[machine.column]
    assert verdict(machine, read) == verdict(machine, write) == seccomp._ALLOW


def test_calls_of_other_interfaces_do_not_pass():
    assert verdict(X86, 59, audit=0x40000003) == seccomp._KILL
    assert verdict(X86, 0x40000000 + 59) == REFUSED


@pytest.mark.parametrize("machine", [X86, ARM], ids=["x86_64", "aarch64"])
def test_the_numbers_are_those_of_the_kernel(machine):
    header = Path(HEADERS[machine])
    if not header.exists():
        pytest.skip(f"the kernel's list is not installed: {header}")
    lines = re.finditer(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text())
    known = {match[1]: int(match[2]) for match in lines}
    for name, numbers in {**seccomp._REFUSED, **seccomp._OWN_ONLY}.items():
        assert known.get(name, numbers[machine.column]) == numbers[machine.column], name


def test_an_unknown_architecture_is_a_reason(monkeypatch):
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    with pytest.raises(OSError, match="system calls of riscv64 are not known"):
        seccomp.filter_calls()
