from __future__ import annotations

import math

import pytest

from inspector.starter.architecture import PUBLISHED_ALPHAS, infer_alpha, network


@pytest.mark.parametrize(
    ("alpha", "parameters"),
    # keras.io's table of applications gives 3,538,984 numbers for alpha 1.0 with 1000 classes;
    # 34,112 of them are moving means and variances.
    [(1.0, 3_538_984), (0.35, 1_691_208)],
)
def test_number_of_parameters(alpha: float, parameters: int) -> None:
    assert sum(math.prod(shape) for shape in network(alpha).shapes(1000).values()) == parameters


def test_blocks_of_the_paper() -> None:
    layout = network(1.0)
    assert len(layout.blocks) == 17
    assert [b.convolutions[-1].outputs for b in layout.blocks] == (
        [16] + [24] * 2 + [32] * 3 + [64] * 4 + [96] * 3 + [160] * 3 + [320]
    )
    assert [i for i, b in enumerate(layout.blocks) if b.residual] == [
        2, 4, 5, 7, 8, 9, 11, 12, 14, 15,
    ]  # fmt: skip
    assert sum(c.stride == 2 for c in layout.convolutions) == 5
    assert not any(b.convolutions[-1].relu for b in layout.blocks)


def test_slim_names() -> None:
    names = network(1.0).slim_names()
    assert names["Conv1/kernel"] == "MobilenetV2/Conv/weights"
    assert names["bn_Conv1/gamma"] == "MobilenetV2/Conv/BatchNorm/gamma"
    assert (
        names["block_1_depthwise/kernel"]
        == "MobilenetV2/expanded_conv_1/depthwise/depthwise_weights"
    )
    assert (
        names["expanded_conv_project_BN/moving_mean"]
        == "MobilenetV2/expanded_conv/project/BatchNorm/moving_mean"
    )
    assert names["predictions/kernel"] == "MobilenetV2/Logits/Conv2d_1c_1x1/weights"
    assert len(set(names.values())) == len(names) == 262


@pytest.mark.parametrize("alpha", [*PUBLISHED_ALPHAS, 0.1, 0.25, 2.0])
def test_alpha_is_found_from_the_widths(alpha: float) -> None:
    widths = {c.layer: c.outputs for c in network(alpha).convolutions}
    found = infer_alpha(widths)
    assert found is not None
    assert {c.layer: c.outputs for c in network(found).convolutions} == widths
    if alpha in PUBLISHED_ALPHAS:
        assert found == alpha


def test_no_alpha_fits_other_widths() -> None:
    assert infer_alpha({"Conv1": 33}) is None
