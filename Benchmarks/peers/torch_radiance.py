#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Training steps of the radiance field of Sources/Fields/Radiance in PyTorch; samples per second, one JSON object.

The same networks at their default sizes and the same samples for each ray as `kernel-bench --radiance`: half of the rays meet a
ball and have 24 samples of the signed distance (value and gradient) and 4 before the cube, the other half have 14 outside. A step
is encoding, signed distance with its gradient, colours of the layers that count, surroundings, compositing, a loss of colours and
the eikonal term, the backward pass through all of it, and Adam. Where samples lie is given: tracing and placing layers, which are
part of our time, cost nothing here.
"""
from __future__ import annotations

import argparse
import json
import time

import torch
from torch import nn

RAYS, INSIDE, BEFORE, MISSED = 512, 24, 4, 14
BETA = 0.01


class HashGrid(nn.Module):
    """Two features for each of several levels, interpolated linearly (Müller et al. 2022)."""

    PRIMES = (1, 2654435761, 805459861)

    def __init__(self, levels: int, finest: int, log2_size: int, extent: float, coarsest: int = 16) -> None:
        super().__init__()
        self.extent, self.mask = extent, (1 << log2_size) - 1
        self.resolutions = [round(coarsest * (finest / coarsest) ** (level / (levels - 1))) for level in range(levels)]
        self.dense = [(n + 1) ** 3 <= 1 << log2_size for n in self.resolutions]
        self.tables = nn.ParameterList(
            nn.Parameter((torch.rand((n + 1) ** 3 if dense else 1 << log2_size, 2) - 0.5) * 2e-4)
            for n, dense in zip(self.resolutions, self.dense))
        self.register_buffer("corners", torch.tensor([[i & 1, i >> 1 & 1, i >> 2] for i in range(8)]))

    def forward(self, points: torch.Tensor) -> torch.Tensor:
        unit = (points / self.extent + 1) / 2
        features = []
        for n, dense, table in zip(self.resolutions, self.dense, self.tables):
            place = unit * n
            cell = place.detach().floor().clamp(0, n - 1)
            share = (place - cell)[:, None, :]
            nodes = cell.long()[:, None, :] + self.corners
            if dense:
                index = nodes[..., 0] + (n + 1) * (nodes[..., 1] + (n + 1) * nodes[..., 2])
            else:
                a, b, c = (nodes[..., axis] * prime for axis, prime in enumerate(self.PRIMES))
                index = (a ^ b ^ c) & self.mask
            x, y, z = torch.where(self.corners.bool(), share, 1 - share).unbind(-1)
            weights = (x * y * z)[..., None]
            # index_select: its backward pass is many times as fast as that of table[index].
            values = table.index_select(0, index.reshape(-1)).view(-1, 8, 2)
            features.append((values * weights).sum(1))
        return torch.cat(features, 1)


def ramp(values: torch.Tensor, half_width: float = 0.02) -> torch.Tensor:
    """Quadratic between minus and plus the half width."""
    return torch.where(values.abs() < half_width, (values + half_width) ** 2 / (4 * half_width), torch.relu(values))


class Field(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.distance_grid = HashGrid(7, 128, 17, 1.02)
        self.distance = nn.ModuleList([nn.Linear(3 + 14, 64), nn.Linear(64, 1)])
        self.color_grid = HashGrid(6, 512, 18, 1.02)
        self.color = nn.Sequential(nn.Linear(14 + 12, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 3), nn.Sigmoid())
        self.outer_grid = HashGrid(7, 1024, 18, 2)
        self.outer = nn.Sequential(nn.Linear(3 + 14, 32), nn.ReLU(), nn.Linear(32, 4))

    def signed_distance(self, points: torch.Tensor) -> torch.Tensor:
        # A ball, so that light behaves as in the scene of the samples; the networks add to it.
        hidden = ramp(self.distance[0](torch.cat([points, self.distance_grid(points)], 1)))
        return points.norm(dim=1) - 0.7 + 1e-3 * self.distance[1](hidden)[:, 0]

    def surroundings(self, points: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        norm = points.abs().amax(1, keepdim=True).clamp(min=1)
        points = points * ((2 - 1 / norm) / norm)
        output = self.outer(torch.cat([points, self.outer_grid(points)], 1))
        return output[:, :3].sigmoid(), output[:, 3].clamp(-8, 8).exp()


def basis(d: torch.Tensor) -> torch.Tensor:
    x, y, z = d.unbind(1)
    return torch.stack([x, y, z, x * y, y * z, x * z, x * x - y * y, 1.5 * z * z - 0.5], 1)


def composite(depths: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights `[rays × layers]` and what is left."""
    light = torch.exp(-torch.cumsum(depths, 1))
    before = torch.cat([torch.ones_like(light[:, :1]), light[:, :-1]], 1)
    return before - light, light[:, -1:]


class Scene:
    """Rays and the places of their samples."""

    def __init__(self) -> None:
        origins = 2.5 * nn.functional.normalize(torch.randn(RAYS, 3), dim=1)
        targets = 0.4 * torch.rand(RAYS, 1) * nn.functional.normalize(torch.randn(RAYS, 3), dim=1)
        self.directions = nn.functional.normalize(targets - origins, dim=1)
        along = -(origins * self.directions).sum(1)
        closest = (origins + along[:, None] * self.directions).norm(dim=1)
        hit = along - (0.49 - closest ** 2).sqrt()
        edges = torch.cat([torch.linspace(0.6, 1, 9)[None, :-1] * (hit - 4 * BETA)[:, None],
                           hit[:, None] + torch.linspace(-4, 5, 17)[None] * BETA], 1)
        self.widths = edges.diff(dim=1)
        distances = edges[:, :-1] + self.widths / 2
        self.inside = (origins[:, None] + distances[:, :, None] * self.directions[:, None]).reshape(-1, 3)
        before = torch.linspace(0.3, 1, BEFORE)[None, :] * distances[:, :1]
        self.before = (origins[:, None] + before[:, :, None] * self.directions[:, None]).reshape(-1, 3)
        self.missed = 3 * torch.randn(RAYS * MISSED, 3)
        self.colors, self.missed_colors = torch.rand(RAYS, 3), torch.rand(RAYS, 3)


def loss_of(field: Field, scene: Scene) -> torch.Tensor:
    points = scene.inside.detach().requires_grad_()
    values = field.signed_distance(points)
    (gradients,) = torch.autograd.grad(values.sum(), points, create_graph=True)
    tail = 0.5 * torch.exp(-values.abs() / BETA)
    density = torch.where(values > 0, tail, 1 - tail) / BETA
    outer_colors, outer_density = field.surroundings(torch.cat([scene.before, scene.missed]))
    split = RAYS * BEFORE
    depths = torch.cat([0.1 * outer_density[:split].reshape(RAYS, BEFORE), density.reshape(RAYS, INSIDE) * scene.widths], 1)
    weights, _ = composite(depths)
    # Layers that count for less keep no colour, as ours.
    counts = weights[:, BEFORE:].detach().reshape(-1) > 5e-4
    seen = points[counts]
    directions = scene.directions[:, None].expand(-1, INSIDE, -1).reshape(-1, 3)[counts]
    normals = nn.functional.normalize(gradients[counts], dim=1)
    shades = field.color(torch.cat([seen, normals, basis(directions), field.color_grid(seen)], 1))
    rows = torch.arange(RAYS)[:, None].expand(-1, INSIDE).reshape(-1)[counts]
    inside = torch.zeros(RAYS, 3).index_add(0, rows, weights[:, BEFORE:].reshape(-1)[counts][:, None] * shades)
    shown = inside + (weights[:, :BEFORE, None] * outer_colors[:split].reshape(RAYS, BEFORE, 3)).sum(1)
    missed_weights, _ = composite(0.1 * outer_density[split:].reshape(RAYS, MISSED))
    missed = (missed_weights[:, :, None] * outer_colors[split:].reshape(RAYS, MISSED, 3)).sum(1)
    difference = torch.cat([shown - scene.colors, missed - scene.missed_colors])
    color = ((difference ** 2 + 1e-4).sqrt() - 1e-2).mean()
    return 100 * color + 2 * ((gradients.norm(dim=1) - 1) ** 2).mean()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=5)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    field, scene = Field(), Scene()
    optimizer = torch.optim.Adam(field.parameters(), lr=1e-3, betas=(0.9, 0.99), fused=True)

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        loss_of(field, scene).backward()
        optimizer.step()

    step()
    best, end = float("inf"), time.perf_counter() + arguments.seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        step()
        best = min(best, time.perf_counter() - start)
    samples = RAYS * (INSIDE + BEFORE + MISSED)
    print(json.dumps({"radiance_samples_per_second": samples / best, "samples_per_step": samples}))


if __name__ == "__main__":
    main()
