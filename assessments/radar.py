"""雷达图 as SVG drawn on the server: it prints, needs no script, and stands beside its table."""

from dataclasses import dataclass
from math import cos, pi, sin

RADIUS = 70
CENTRE = 100
RINGS = (25, 50, 75, 100)


@dataclass(frozen=True)
class Radar:
    """One web of axes: `outlines` are (tone, values from 0 to 100); None has no corner."""

    title: str
    axes: tuple[str, ...]
    outlines: tuple[tuple[str, tuple], ...]

    @property
    def rings(self) -> list[str]:
        return [points([ring] * len(self.axes)) for ring in RINGS]

    @property
    def spokes(self) -> list[tuple[float, float]]:
        return [corner(n, len(self.axes), 100) for n in range(len(self.axes))]

    @property
    def labels(self) -> list[tuple[str, float, float, str]]:
        """Text, place and which side of the place it grows to."""
        found = []
        for n, axis in enumerate(self.axes):
            x, y = corner(n, len(self.axes), 118)
            side = "middle" if abs(x - CENTRE) < 1 else "start" if x > CENTRE else "end"
            found.append((axis, x, y + 4, side))
        return found

    @property
    def shapes(self) -> list[tuple[str, str]]:
        return [(tone, points(values)) for tone, values in self.outlines if any_known(values)]


def any_known(values) -> bool:
    return any(value is not None for value in values)


def corner(n, of, value) -> tuple[float, float]:
    """Where `value` lies on axis `n` of `of`, the first pointing up, clockwise."""
    angle = 2 * pi * n / of - pi / 2
    reach = RADIUS * float(value) / 100
    return round(CENTRE + reach * cos(angle), 1), round(CENTRE + reach * sin(angle), 1)


def points(values) -> str:
    """The corners of a polygon as SVG takes them; what is not known is left out."""
    corners = [corner(n, len(values), v) for n, v in enumerate(values) if v is not None]
    return " ".join(f"{x},{y}" for x, y in corners)
