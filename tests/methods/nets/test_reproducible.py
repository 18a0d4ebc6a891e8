from __future__ import annotations

import pytest
import torch

from mebench.methods.nets.reproducible import reproducible


def test_everything_is_put_back_even_after_an_error() -> None:
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    before = (torch.get_num_threads(), torch.are_deterministic_algorithms_enabled())

    def fail() -> None:
        with reproducible(7):
            assert torch.get_num_threads() == 1
            assert torch.are_deterministic_algorithms_enabled()
            torch.rand(5)
            raise RuntimeError("inside")

    with pytest.raises(RuntimeError, match="inside"):
        fail()
    assert (torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()) == before
    assert torch.equal(torch.rand(1), expected)


def test_a_seed_fixes_what_is_drawn_inside() -> None:
    drawn = []
    for _ in range(2):
        with reproducible(7):
            drawn.append(torch.rand(4))
    assert torch.equal(drawn[0], drawn[1])
