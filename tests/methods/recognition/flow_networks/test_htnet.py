from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from mebench.methods.recognition.flow_networks.htnet import HTNetwork, OneTokenAttention, centres, laid_out


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Compute with one thread in every test here."""


def test_it_is_attention_over_the_tokens_of_a_block() -> None:
    """Against torch's attention, given blocks of one token, with queries and keys."""
    torch.manual_seed(0)
    attention, tokens = OneTokenAttention(10, 3), torch.randn(2, 10, 4, 4)
    assert attention.inner == 9
    query, key, value = attention.queries_keys_values(tokens).chunk(3, dim=1)

    def in_blocks(maps: torch.Tensor) -> torch.Tensor:
        return maps.unflatten(1, (3, 3)).permute(0, 3, 4, 1, 2).reshape(-1, 3, 1, 3)  # (block, head, token, values)

    seen = nn.functional.scaled_dot_product_attention(*map(in_blocks, (query, key, value)))
    whole = seen.reshape(2, 4, 4, 9).permute(0, 3, 1, 2)
    torch.testing.assert_close(attention(tokens), attention.out(whole))


def test_queries_and_keys_never_learn() -> None:
    attention = OneTokenAttention(6, 3)
    attention(torch.randn(1, 6, 2, 2)).square().sum().backward()
    gradient = attention.queries_keys_values.weight.grad
    assert gradient is not None
    assert not gradient[:12].any()
    assert gradient[12:].all()


def test_levels_have_16_4_and_1_tokens() -> None:
    net, sizes = HTNetwork(3, width=6, last_layers=1), []
    for level in net.levels:
        level.register_forward_hook(lambda _, __, out: sizes.append(tuple(out.shape[1:])))
    assert net(torch.randn(2, 3, 28, 28)).shape == (2, 3)
    assert sizes == [(6, 4, 4), (12, 2, 2), (24, 1, 1)]


def test_crops_lie_around_eyes_and_mouth() -> None:
    assert centres(0.0) == [(8, 8), (8, 20), (21, 9), (21, 19)]  # 112 px to 28: a quarter of the points, about
    assert all(7 <= value <= 21 for margin in (-0.2, 0.0, 0.5, 2.0) for place in centres(margin) for value in place)
    maps = np.zeros((28, 28, 3), np.float32)
    maps[8, 8], maps[21, 19] = 1, 2  # an eye, a mouth corner
    made = laid_out(maps, 0.0)
    assert made.shape == (28, 28, 3)
    assert made[7, 7].tolist() == [1, 1, 1]
    assert made[21, 21].tolist() == [2, 2, 2]
