#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The occupancy network of Sources/Fields/Occupancy in PyTorch: checks that it is the same, and times its training.

    occupancy_torch.py --check FOLDER       compare loss and gradients with those that `kernel-bench --export` wrote
    occupancy_torch.py --time --threads N   samples per second of a full training step, one JSON object
"""
from __future__ import annotations

import argparse
import json
import pathlib
import sys
import time

import numpy as np
import torch
from torch import nn

import safetensors_file


class OccupancyNetwork(nn.Module):
    """One perceptron applied `iterations` times to (state + embedding, logit, encoded point)."""

    def __init__(self, iterations: int = 2, state: int = 32, width: int = 64, hidden: int = 4, frequencies: int = 4,
                 sharpness: float = 20.0) -> None:
        super().__init__()
        self.iterations, self.state, self.sharpness = iterations, state, sharpness
        widths = [state + 1 + 3 + 6 * frequencies] + [width] * hidden + [state + 1]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))
        octaves = 2.0 ** torch.arange(frequencies)
        self.frequencies = nn.Parameter(torch.cat([octaves, octaves]))
        self.initial_logit = nn.Parameter(torch.zeros(1))
        self.initial_state = nn.Parameter(torch.rand(state))
        half = (state + 1) // 2
        angles = torch.arange(iterations)[:, None].double() * 2.0 ** torch.clamp(torch.arange(state) % half, max=15)
        embedding = torch.where(torch.arange(state) < half, angles.sin(), angles.cos())
        self.register_buffer("embedding", embedding.float())

    def encode(self, points: torch.Tensor) -> torch.Tensor:
        count = len(self.frequencies) // 2
        phases = points[:, None, :] * self.frequencies[None, :, None]
        waves = torch.cat([phases[:, :count].cos(), phases[:, count:].sin()], dim=1)
        return torch.cat([points, waves.flatten(1)], dim=1)

    def forward(self, points: torch.Tensor) -> list[torch.Tensor]:
        encoding = self.encode(points)
        logit = self.initial_logit.expand(len(points), 1)
        state = self.initial_state.expand(len(points), -1)
        logits = []
        for iteration in range(self.iterations):
            value = torch.cat([state + self.embedding[iteration], logit, encoding], dim=1)
            for layer in self.layers[:-1]:
                value = nn.functional.softplus(layer(value), beta=self.sharpness)
            output = self.layers[-1](value)
            state, logit = output[:, : self.state], logit + output[:, self.state :]
            logits.append(logit[:, 0])
        return logits


def loss_of(network: nn.Module, points: torch.Tensor, labels: torch.Tensor, penalized: torch.Tensor, threshold: float,
            weight: float, last: float) -> torch.Tensor:
    """Cross-entropy, the last logit's weighted `last`-fold, plus the hinge on its gradient at the points `penalized`."""
    if weight > 0:
        # Only these need a graph of the gradient; two passes cost less than one over all points.
        near = points[penalized].requires_grad_()
        far = points[~penalized]
        near_logits, far_logits = network(near), network(far)
        order = torch.cat([labels[penalized], labels[~penalized]])
        logits = [torch.cat(pair) for pair in zip(near_logits, far_logits)]
        (slope,) = torch.autograd.grad(near_logits[-1].sum(), near, create_graph=True)
        hinge = weight * torch.relu(slope.norm(dim=1) - threshold).mean()
    else:
        logits, order, hinge = network(points), labels, torch.zeros(())
    entropies = [nn.functional.binary_cross_entropy_with_logits(logit, order) for logit in logits]
    entropy = (sum(entropies[:-1]) + last * entropies[-1]) / (len(logits) - 1 + last)
    return entropy + hinge


def penalized_rows(count: int, rows: int = 128, share: int = 32) -> torch.Tensor:
    return torch.arange(count) % rows < share


def check(folder: pathlib.Path) -> None:
    before, settings = safetensors_file.read(folder / "before.safetensors")
    after, result = safetensors_file.read(folder / "after.safetensors")
    network = OccupancyNetwork(
        iterations=int(settings["iterations"]), state=int(settings["state_width"]),
        frequencies=len(before["encoding.frequencies"]) // 2, sharpness=float(settings["sharpness"]),
        width=before["mlp.layers.0.weight"].shape[0],
        hidden=sum(name.startswith("mlp.") and name.endswith("weight") for name in before) - 1)
    names = {"encoding.frequencies": network.frequencies, "initial.logit": network.initial_logit,
             "initial.state": network.initial_state}
    for index, layer in enumerate(network.layers):
        names |= {f"mlp.layers.{index}.weight": layer.weight, f"mlp.layers.{index}.bias": layer.bias}
    # In 64 bits, so that every difference is the other side's.
    network.double()
    with torch.no_grad():
        for name, parameter in names.items():
            parameter.copy_(torch.from_numpy(before[name]))
    points = torch.from_numpy(before["batch.points"][:, :3]).double()
    labels = torch.from_numpy(before["batch.labels"]).double()
    penalized = penalized_rows(len(points), int(settings["rows_per_tile"]), int(settings["penalized_rows_per_tile"]))
    arguments = (network, points, labels, penalized, float(settings["gradient_threshold"]))
    last = float(settings["last_iteration_weight"])
    loss = loss_of(*arguments, float(settings["gradient_weight"]), last)
    loss.backward()
    hinge = loss.item() - loss_of(*arguments, 0.0, last).item()
    difference = abs(loss.item() - float(result["loss"])) / abs(loss.item())
    print(f"loss {loss.item():.9f} (hinge {hinge:.3g}), relative difference {difference:.1e}")
    failed = difference > 1e-5 or hinge < 1e-4
    for name, parameter in names.items():
        ours = after[f"optimizer.first.{name}"].ravel() / (1 - float(result["beta1"]))
        theirs = parameter.grad.numpy().ravel()
        difference = np.abs(ours - theirs).max() / np.abs(theirs).max()
        failed = failed or not difference < 1e-3
        print(f"gradient of {name}: largest relative difference {difference:.1e}")
    if failed:
        sys.exit("the networks differ")


def throughput(threads: int, batch: int, weight: float, compiled: bool, seconds: float) -> float:
    """Samples per second of whole training steps, the best of many."""
    torch.manual_seed(1)
    network = OccupancyNetwork()
    optimizer = torch.optim.Adam(network.parameters(), lr=3e-3, betas=(0.9, 0.99), fused=True)
    points = torch.rand(batch, 3) * 2 - 1
    labels = (points.norm(dim=1) < 0.5).float()
    penalized = penalized_rows(batch)
    evaluate = torch.compile(loss_of) if compiled else loss_of

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        evaluate(network, points.detach().clone(), labels, penalized, 1e-3, weight, 20.0).backward()
        optimizer.step()

    for _ in range(3):
        step()
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        step()
        best = min(best, time.perf_counter() - start)
    return batch / best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", type=pathlib.Path)
    parser.add_argument("--time", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3, help="for each variant (default 3)")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)
    if arguments.check:
        check(arguments.check)
    if arguments.time:
        result = {}
        for name, weight in [("occupancy", 1e-4), ("occupancy_without_penalty", 0.0)]:
            # The same batch as ours, and a larger one that hides more overhead; the faster counts.
            rates = {batch: throughput(arguments.threads, batch, weight, False, arguments.seconds)
                     for batch in (2048, 16384)}
            result[f"{name}_samples_per_second"] = max(rates.values())
            result[f"{name}_best_batch"] = max(rates, key=lambda batch: rates[batch])
        print(json.dumps(result))


if __name__ == "__main__":
    main()
