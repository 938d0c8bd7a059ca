"""What people who read a sample of the matches found, carried into the share and its interval."""

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959964


@dataclass(frozen=True)
class Audit:
    """Of `matches` read, `right` did make the point; of `non_matches` read, `missed` did make it after all."""

    matches: int
    right: int
    non_matches: int
    missed: int

    def __post_init__(self) -> None:
        if not (0 <= self.right <= self.matches and 0 <= self.missed <= self.non_matches):
            raise ValueError("an audit cannot find more than it read")


def corrected_share(n: int, total: int, audit: Audit) -> tuple[float, float, float]:
    """Estimate and 95 % interval of the share of people who make a point, given n matched of total.

    estimate = s·PPV + (1 − s)·FOR with s = n / total (the law of total probability over matched and unmatched);
    the bounds put the Wilson bounds of both audited rates in its place, so they are wide rather than narrow.
    Raises ValueError when a stratum with people in it was not read at all.
    """
    if (n and not audit.matches) or (total - n and not audit.non_matches):
        raise ValueError("an audit must read some of every kind it corrects")
    matched = n / total
    right = _wilson(audit.right, audit.matches)
    missed = _wilson(audit.missed, audit.non_matches)
    estimate, low, high = (matched * a + (1 - matched) * b for a, b in zip(right, missed, strict=True))
    return round(estimate, 4), round(low, 4), round(high, 4)


def _wilson(successes: int, trials: int) -> tuple[float, float, float]:
    """Rate with the bounds of Wilson 1927; nothing tried says nothing, and weighs nothing above."""
    if not trials:
        return 0.0, 0.0, 1.0
    rate, z2 = successes / trials, Z_95**2
    centre = (rate + z2 / (2 * trials)) / (1 + z2 / trials)
    half = Z_95 * sqrt(rate * (1 - rate) / trials + z2 / (4 * trials**2)) / (1 + z2 / trials)
    return rate, max(0.0, centre - half), min(1.0, centre + half)
