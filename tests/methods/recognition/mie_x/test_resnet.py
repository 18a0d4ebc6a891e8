from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from mebench.errors import UserError
from mebench.methods.recognition.mie_x.resnet import ResNet18, read_weights

PARAMETERS = 11_689_512 - 513_000
"""torchvision's resnet18 without its dense layer from 512 to 1000."""


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Compute with one thread in every test here."""


def test_it_has_the_parameters_and_names_of_torchvision() -> None:
    net = ResNet18()
    assert sum(parameter.numel() for parameter in net.parameters()) == PARAMETERS
    names = net.state_dict().keys()
    assert {"conv1.weight", "bn1.running_var", "layer1.0.conv1.weight", "layer4.1.bn2.bias"} <= names
    assert {name for name in names if "downsample" in name and name.endswith("0.weight")} == {
        f"layer{i}.0.downsample.0.weight" for i in (2, 3, 4)
    }
    assert len(names) == 120  # 122 of torchvision's, without those of the dense layer


def test_features_of_any_size() -> None:
    assert ResNet18().eval()(torch.rand(2, 3, 56, 56)).shape == (2, 512)


@pytest.mark.parametrize("name", ["net.pth", "net.safetensors"])
def test_weights_come_from_a_file(name: str, tmp_path: Path) -> None:
    torch.manual_seed(1)
    given = {**ResNet18().state_dict(), "fc.weight": torch.zeros(1000, 512), "fc.bias": torch.zeros(1000)}
    path = tmp_path / name
    save_file(given, path) if name.endswith("safetensors") else torch.save(given, path)
    read = read_weights(path)
    assert "fc.weight" not in read
    assert torch.equal(read["layer3.1.conv2.weight"], given["layer3.1.conv2.weight"])


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"There is no file .* give weights=FILE"):
        read_weights(tmp_path / "none.pth")
    torch.save({"conv1.weight": torch.zeros(3)}, tmp_path / "other.pth")
    (tmp_path / "text.pth").write_text("no weights")
    for name in ("other.pth", "text.pth"):
        with pytest.raises(UserError, match="holds no weights of torchvision's resnet18"):
            read_weights(tmp_path / name)
