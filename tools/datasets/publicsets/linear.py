# SPDX-License-Identifier: Apache-2.0
"""The little linear algebra that cameras need: 3 × 3 matrices as lists of rows, vectors as lists."""
from __future__ import annotations

import math

Vector = list[float]
Matrix = list[list[float]]


def dot(a: Vector, b: Vector) -> float:
    return sum(x * y for x, y in zip(a, b))


def cross(a: Vector, b: Vector) -> Vector:
    return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]


def norm(a: Vector) -> float:
    return math.sqrt(dot(a, a))


def scaled(a: Vector, factor: float) -> Vector:
    return [factor * x for x in a]


def added(a: Vector, b: Vector) -> Vector:
    return [x + y for x, y in zip(a, b)]


def transpose(m: Matrix) -> Matrix:
    return [list(column) for column in zip(*m)]


def apply(m: Matrix, v: Vector) -> Vector:
    return [dot(row, v) for row in m]


def product(a: Matrix, b: Matrix) -> Matrix:
    columns = transpose(b)
    return [[dot(row, column) for column in columns] for row in a]


def determinant(m: Matrix) -> float:
    return dot(m[0], cross(m[1], m[2]))


def inverse(m: Matrix) -> Matrix:
    """Raises ZeroDivisionError for a singular matrix."""
    d = determinant(m)
    columns = [cross(m[1], m[2]), cross(m[2], m[0]), cross(m[0], m[1])]
    return transpose([[x / d for x in column] for column in columns])


def departure_from_rotation(m: Matrix) -> float:
    """The largest entry of M Mᵀ - 1, infinite for a mirroring."""
    if determinant(m) <= 0:
        return math.inf
    square = product(m, transpose(m))
    return max(abs(square[i][j] - (i == j)) for i in range(3) for j in range(3))


def nearest_rotation(m: Matrix) -> Matrix:
    """The rotation nearest to a matrix that is one but for rounding, by Higham's iteration for the polar factor."""
    for _ in range(8):
        back = transpose(inverse(m))
        m = [[(x + y) / 2 for x, y in zip(*rows)] for rows in zip(m, back)]
    return m


def quaternion(r: Matrix) -> Vector:
    """The unit quaternion of a rotation, w first and not negative."""
    trace = r[0][0] + r[1][1] + r[2][2]
    # Twice the magnitude of each component, from the diagonal; dividing by the largest loses nothing.
    squares = [1 + trace] + [1 + 2 * r[i][i] - trace for i in range(3)]
    largest = max(range(4), key=lambda i: squares[i])
    if largest == 0:
        q = [squares[0], r[2][1] - r[1][2], r[0][2] - r[2][0], r[1][0] - r[0][1]]
    else:
        i = largest - 1
        j, k = (i + 1) % 3, (i + 2) % 3
        q = [r[k][j] - r[j][k], 0.0, 0.0, 0.0]
        q[1 + i], q[1 + j], q[1 + k] = squares[largest], r[j][i] + r[i][j], r[k][i] + r[i][k]
    length = norm(q)
    return scaled(q, (-1 if q[0] < 0 else 1) / length)


def rotation(q: Vector) -> Matrix:
    """The rotation of a quaternion, w first, of any length but 0."""
    w, x, y, z = scaled(q, 1 / norm(q))
    return [[1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)]]


def camera_of_projection(p: Matrix) -> tuple[Matrix, Matrix, Vector]:
    """K (upper triangular, positive diagonal, last entry 1), R and t of P ~ K (R | t), 3 × 4, known up to its scale.

    Gram-Schmidt on the rows of the left part, from below (RQ decomposition). Raises ZeroDivisionError when P has no centre.
    """
    if determinant([row[:3] for row in p]) < 0:
        p = [scaled(row, -1) for row in p]
    first, second, third = (row[:3] for row in p)
    k33 = norm(third)
    r3 = scaled(third, 1 / k33)
    k23 = dot(second, r3)
    rest = added(second, scaled(r3, -k23))
    k22 = norm(rest)
    r2 = scaled(rest, 1 / k22)
    k12, k13 = dot(first, r2), dot(first, r3)
    rest = added(added(first, scaled(r2, -k12)), scaled(r3, -k13))
    k11 = norm(rest)
    r1 = scaled(rest, 1 / k11)
    z = p[2][3] / k33
    y = (p[1][3] - k23 * z) / k22
    x = (p[0][3] - k12 * y - k13 * z) / k11
    return [[k11 / k33, k12 / k33, k13 / k33], [0, k22 / k33, k23 / k33], [0, 0, 1]], [r1, r2, r3], [x, y, z]
