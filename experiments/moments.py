"""What a report keeps of a variant's units: how many, sums, and sums of products.

A unit has three values: `y` (the metric's numerator, such as purchases), `s` (its denominator, such
as searches; 1 for a metric per unit) and `x` (the covariate: the same metric before the experiment).
Arrays may carry leading axes, so that thousands of simulated experiments are read at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Moments:
    """`n`: (…); `sums`: (…, 3) of y, s, x; `products`: (…, 3, 3)."""

    n: Array
    sums: Array
    products: Array

    @classmethod
    def of(cls, y: Array, s: Array | None = None, x: Array | None = None) -> Moments:
        """Of one variant's units, or of many simulated experiments: shape (…, units)."""
        y = np.asarray(y, dtype=np.float64)
        values = np.stack(
            [
                y,
                np.ones_like(y) if s is None else np.asarray(s, dtype=np.float64),
                np.zeros_like(y) if x is None else np.asarray(x, dtype=np.float64),
            ],
            axis=-2,
        )
        return cls(
            np.full(y.shape[:-1], float(y.shape[-1])),
            values.sum(axis=-1),
            values @ np.swapaxes(values, -1, -2),
        )

    def __add__(self, other: Moments) -> Moments:
        return Moments(self.n + other.n, self.sums + other.sums, self.products + other.products)

    @property
    def mean(self) -> Array:
        """The metric: Σy / Σs, 0 without any."""
        s = self.sums[..., 1]
        return np.divide(self.sums[..., 0], s, out=np.zeros_like(s), where=s > 0)

    @property
    def covariance(self) -> Array:
        """Of (y, s, x) between units, with n − 1."""
        n = np.asarray(self.n)[..., None, None]
        means = self.sums[..., :, None] * self.sums[..., None, :] / np.maximum(n, 1)
        return (self.products - means) / np.maximum(n - 1, 1)

    def variance(self, theta: Array | float = 0.0) -> Array:
        """Per unit, of the linearised metric minus θ·x (delta method).

        l = (y − r·s) / s̄ has the mean 0 and the ratio's variance: Deng, Knoblich, Lu, "Applying the
        Delta Method in Metric Analytics" (KDD 2018), section 3.
        """
        c, r, scale = self.covariance, self.mean, self._scale
        linear = (c[..., 0, 0] - 2 * r * c[..., 0, 1] + r * r * c[..., 1, 1]) * scale * scale
        return np.maximum(
            linear - 2 * theta * self.covariance_with_x + theta * theta * c[..., 2, 2], 0.0
        )

    @property
    def covariance_with_x(self) -> Array:
        """Of the linearised metric with the covariate."""
        c = self.covariance
        return (c[..., 0, 2] - self.mean * c[..., 1, 2]) * self._scale

    @property
    def mean_x(self) -> Array:
        return self.sums[..., 2] / np.maximum(self.n, 1)

    @property
    def _scale(self) -> Array:
        s = self.sums[..., 1]
        return np.divide(self.n, s, out=np.zeros_like(s), where=s > 0)


def pooled_theta(a: Moments, b: Moments) -> Array:
    """CUPED's θ from both variants' units together: cov(y, x) / var(x), 0 where x never varies.

    Deng, Xu, Kohavi, Walker, "Improving the Sensitivity of Online Controlled Experiments by Utilizing
    Pre-Experiment Data" (WSDM 2013).
    """
    both = a + b
    spread = both.covariance[..., 2, 2]
    return np.divide(
        both.covariance_with_x, spread, out=np.zeros_like(spread), where=spread > 1e-300
    )
