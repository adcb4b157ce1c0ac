"""U-Nets: sizes, replicas, scores and their derivatives, and what no PyTorch or another backend says."""

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import numerics as nm
from numerics.backends.backend import NumpyArrays
from numerics.checks.extras import MissingExtraError
from numerics.networks.unet import Layers

ROOT = Path(__file__).resolve().parents[3]
IMAGES = np.random.default_rng(0).standard_normal((11, 5, 6))


def std(times):
    return np.sqrt(np.expm1(2.0 * times * math.log(5.0)) / (2.0 * math.log(5.0)))


RUN = {"optimizer": "adam", "learning_rate": 1e-3, "mean_scale": 1.0, "std": std, "channels": (4, 8), "embedding": 8,
       "fourier_features": 4, "batch_size": 8, "epochs": 2, "rng": 1, "checkpoints": [0, 1, 2]}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def torch():
    try:
        return nm.backend("torch")
    except MissingExtraError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def three(torch):
    return nm.train_unet(IMAGES, replicas=3, **RUN)


@pytest.mark.parametrize(
    ("shape", "channels"), [((8, 8), (4, 8, 8)), ((7, 5), (4, 4, 8)), ((3, 1), (4, 4)), ((2, 2), (8,))]
)
def test_images_of_any_shape_go_through_and_come_back(torch, shape, channels):
    layers = Layers(*shape, channels, 4, 4)
    theta = layers.initial(np.random.default_rng(0))
    assert len(theta) == layers.size
    assert set(layers.named(torch.array(theta))) == {name for name, _, _ in layers.parts()}
    rows = torch.array(np.random.default_rng(1).standard_normal((3, layers.dim)))
    level = [torch.array(np.full(3, value)) for value in (0.2, 1.0, 0.5)]
    assert layers.outputs(torch.array(theta), torch.array(np.ones(2)), rows, level).shape == (3, layers.dim)


def test_the_network_of_zeros_is_the_score_of_a_unit_normal_law(three):
    network = three.network(0, 0)
    object.__setattr__(network, "parameters", np.zeros(network.layers.size))
    x, v = IMAGES[:4].reshape(4, -1), np.ones((2, 4, 30))
    score, forms = network.probed(x, 0.3, v)
    variance = 1.0 + std(0.3) ** 2
    # the network's last bias is 0, too: only the fixed part is left
    np.testing.assert_allclose(score, -x / variance, rtol=1e-14)
    np.testing.assert_allclose(forms, -30.0 / variance, rtol=1e-14)


def test_the_default_of_the_mnist_network_has_the_papers_channels():
    layers = Layers(28, 28, (32, 64, 128, 256), 256, 256)
    assert layers.sides() == [(28, 28), (14, 14), (7, 7), (4, 4)]
    shapes = {name: shape for name, shape, _ in layers.parts()}
    assert shapes["down 3"] == (256, 128, 3, 3)
    assert shapes["up 3"] == (256, 128, 3, 3)
    assert shapes["up 1"] == (128, 32, 3, 3)
    assert shapes["out"] == (1, 64, 3, 3)


def test_the_forms_are_the_derivatives_of_the_score(three):
    network, rng = three.network(1, 2), np.random.default_rng(2)
    x, probes, h = rng.standard_normal((5, 30)), rng.standard_normal((3, 5, 30)), 1e-5
    score, forms = network.probed(x, 0.3, probes)
    np.testing.assert_array_equal(score, network.score(x, 0.3))
    for v, form in zip(probes, forms, strict=True):
        difference = (network.score(x + h * v, 0.3) - network.score(x - h * v, 0.3)) / (2.0 * h)
        # central differences: h² of the third derivative, and rounding 2⁻⁵² / h of numbers of size 10
        np.testing.assert_allclose(np.sum(v * difference, axis=1), form, atol=30 * (100 * h**2 + 10 * 2.0**-52 / h))


def test_replicas_are_the_single_trainings(three):
    alone = nm.train_unet(IMAGES, replicas=1, first_replica=2, **RUN)
    # sums in another order, in 4 steps of Adam, each of which moves by at most its rate whatever the gradient
    assert np.abs(alone.parameters[0] - three.parameters[2]).max() <= 1e-3 * 2.0**-20
    assert np.abs(alone.losses[0] - three.losses[2]).max() <= 2.0**-40 * three.losses.max()
    np.testing.assert_array_equal(alone.parameters[0, 0], three.parameters[2, 0])
    np.testing.assert_array_equal(alone.frequencies[0], three.frequencies[2])
    assert not (three.parameters[0] == three.parameters[1]).all()


def test_the_same_seed_gives_the_same_bits_and_sets_of_their_own_are_those(three):
    again = nm.train_unet(np.stack([IMAGES] * 3), replicas=3, **RUN)
    np.testing.assert_array_equal(again.parameters, three.parameters)
    np.testing.assert_array_equal(again.losses, three.losses)
    other = nm.train_unet(IMAGES, replicas=3, **{**RUN, "rng": 2})
    assert (other.losses != three.losses).all()


def test_little_memory_cuts_replicas_into_pieces_with_the_same_result(three):
    pieces = nm.train_unet(IMAGES, replicas=3, **RUN, backend=nm.backend("torch", memory=1 << 20))
    assert np.abs(pieces.parameters - three.parameters).max() <= 1e-3 * 2.0**-20


def test_float32_is_float64_up_to_its_rounding(three):
    single = nm.train_unet(IMAGES, replicas=3, **RUN, dtype="float32")
    assert single.where.dtype == "float32"
    # before the first step only rounding differs; a step of Adam may turn where a gradient's sign is rounding: ± rate
    np.testing.assert_allclose(single.parameters[:, 0], three.parameters[:, 0], rtol=2.0**-24)
    assert np.abs(single.parameters - three.parameters).max() <= 2 * 4 * 1e-3
    x = IMAGES.reshape(11, -1)
    ours, theirs = (made.network(0, 0).score(x, 0.3) for made in (three, single))
    # some hundred sums of numbers of size 1 in some ten layers
    assert np.abs(ours - theirs).max() <= 1000 * 2.0**-24 * np.abs(ours).max()


def test_training_lowers_the_loss():
    images = np.tile(np.linspace(-1.5, 1.5, 16).reshape(1, 4, 4), (32, 1, 1))
    done = nm.train_unet(images, replicas=1, **{**RUN, "learning_rate": 1e-2, "epochs": 40, "checkpoints": [40]})
    assert done.losses[0, -5:].mean() < 0.5 * done.losses[0, :2].mean()


def test_a_divergence_is_told_where_it_happens():
    done = nm.train_unet(IMAGES, replicas=1, **{**RUN, "optimizer": "sgd", "learning_rate": 1e60})
    assert done.diverged_at[0] == 0
    assert done.diverged().tolist() == [[False, True, True]]
    assert np.isnan(done.losses[0]).all()
    with pytest.raises(ValueError, match="checkpoint must come before epoch 0, when replica 0 diverged"):
        done.network(0, 1)


def test_another_backend_is_refused_and_the_one_in_use_is_taken():
    with pytest.raises(ValueError, match="backend must be 'torch' for a U-Net; got 'numpy'"):
        nm.train_unet(IMAGES, replicas=1, **RUN, backend="numpy")
    with nm.use_backend(NumpyArrays()):
        assert nm.train_unet(IMAGES, replicas=1, **RUN).where.dtype == "float64"
    with nm.use_backend("torch", dtype="float32"):
        assert nm.train_unet(IMAGES, replicas=1, **RUN).where.dtype == "float32"


def test_without_pytorch_the_error_says_how_to_get_it():
    code = (
        "import sys; sys.modules['torch'] = None\nimport numpy as np, numerics as nm\n"
        "try:\n    nm.train_unet(np.ones((2, 4, 4)), optimizer='sgd', learning_rate=1.0, epochs=1, replicas=1, rng=0, "
        "mean_scale=1.0, std=1.0)\nexcept ValueError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "pip install 'scoregap[torch]'" in done.stdout
