"""Figures of statistics that have no exact form: quantiles, and the intervals made of them. Good to 1e-9."""

from __future__ import annotations

from fractions import Fraction
from math import exp, lgamma, log, log1p, sqrt

Z95 = 1.959963984540054
"""Of the normal law, both sides, 95 %."""
STEPS = 400
TINY = 1e-300


def beta_share(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by its continued fraction (Lentz)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or TINY)
    total = d
    for m in range(1, STEPS):
        for part in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + part * d or TINY)
            c = 1 + part / c or TINY
            total *= c * d
        if abs(c * d - 1) < 1e-16:
            break
    return front * total


def beta_quantile(share: float, a: float, b: float) -> float:
    low, high = 0.0, 1.0
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle
        low, high = (middle, high) if beta_share(middle, a, b) < share else (low, middle)


def f_quantile(share: float, above: float, below: float) -> float:
    """The value that F(above, below) exceeds with probability 1 - share."""
    x = beta_quantile(share, above / 2, below / 2)
    return below * x / (above * (1 - x)) if x < 1 else float("inf")


def t_quantile(share: float, degrees: float) -> float:
    """The value that Student's t exceeds with probability 1 - share, for a share above one half."""
    x = beta_quantile(2 * (1 - share), degrees / 2, 0.5)  # x = degrees / (degrees + t²)
    return sqrt(degrees * (1 - x) / x) if x > 0 else float("inf")


def wilson(hits: int, n: int, z: float = Z95) -> list[float]:
    """[low, high] of a share of n, 95 %."""
    p, square = hits / n, z * z
    middle, half = p + square / (2 * n), z * sqrt(p * (1 - p) / n + square / (4 * n * n))
    return [max(0.0, (middle - half) / (1 + square / n)), min(1.0, (middle + half) / (1 + square / n))]


def feldt(reliability: Fraction, n: int, k: int) -> list[float]:
    """[low, high] of KR-20, 95 % (Feldt): (1 - rho) / (1 - r) follows F((n - 1), (n - 1)(k - 1))."""
    left = float(1 - reliability)
    above, below = n - 1, (n - 1) * (k - 1)
    return [1 - left * f_quantile(0.975, above, below), 1 - left * f_quantile(0.025, above, below)]


def correlation(n: int, xy: int, x: int, y: int, xx: int, yy: int) -> float | None:
    """From the sums; None where one of the two does not vary."""
    spread = (n * xx - x * x) * (n * yy - y * y)
    return (n * xy - x * y) / sqrt(spread) if spread else None
