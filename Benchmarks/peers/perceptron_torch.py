#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Training step of a plain perceptron in PyTorch: 63 inputs, five hidden layers of 256, one output; one JSON object."""
from __future__ import annotations

import argparse
import json
import time

import torch
from torch import nn


def throughput(batch: int, seconds: float) -> float:
    """Points per second of forward, backward and Adam, the best of many."""
    torch.manual_seed(1)
    widths = [63, 256, 256, 256, 256, 256, 1]
    layers: list[nn.Module] = []
    for a, b in zip(widths, widths[1:]):
        layers += [nn.Linear(a, b), nn.ReLU()]
    network = nn.Sequential(*layers[:-1])
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3, fused=True)
    inputs, targets = torch.rand(batch, 63), torch.rand(batch, 1)
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        nn.functional.mse_loss(network(inputs), targets).backward()
        optimizer.step()
        best = min(best, time.perf_counter() - start)
    return batch / best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3, help="for each batch size (default 3)")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)
    rates = {batch: throughput(batch, arguments.seconds) for batch in (8192, 32768)}
    print(json.dumps({"relu_256x5_points_per_second": max(rates.values()), "best_batch": max(rates, key=rates.get)}))


if __name__ == "__main__":
    main()
