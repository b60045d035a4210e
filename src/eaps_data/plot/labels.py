"""Where the labels of points go: beside them, over no other label and no point, within the picture."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final

_NEAR: Final = 9.0
_FAR: Final = (28.0, 48.0, 72.0, 100.0)
_AROUND: Final = 16
_AIR: Final = 3.0  # between one thing and another


@dataclass(frozen=True, slots=True)
class Box:
    """A piece of the picture, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether they share a place, or nearly so."""
        return (
            self.left < other.right + _AIR
            and other.left < self.right + _AIR
            and self.top < other.bottom + _AIR
            and other.top < self.bottom + _AIR
        )

    def within(self, other: "Box") -> bool:
        """Whether it is inside of the other."""
        return (
            other.left <= self.left
            and self.right <= other.right
            and other.top <= self.top
            and self.bottom <= other.bottom
        )

    def nearest(self, x: float, y: float) -> tuple[float, float]:
        """Its point that is nearest to another."""
        return min(max(x, self.left), self.right), min(max(y, self.top), self.bottom)


def placed(
    points: Sequence[tuple[float, float]], sizes: Sequence[tuple[float, float]], frame: Box, radius: float
) -> list[Box | None]:
    """A place for each point's label, the nearest that is free; None where there is none.

    Args:
        points: the points.
        sizes: the width and the height of each one's label.
        frame: where labels may be.
        radius: of the points.
    """
    taken = [Box(x - radius, y - radius, x + radius, y + radius) for x, y in points]
    leaders: list[tuple[tuple[float, float], tuple[float, float]]] = []
    found: list[Box | None] = []
    for (x, y), size in zip(points, sizes, strict=True):
        others = [each for each in taken if not _around(each, x, y)]
        for box in _candidates(x, y, *size):
            if not box.within(frame) or any(map(box.meets, taken)):
                continue
            leader = ((x, y), box.nearest(x, y))
            if not any(_through(leader, each) for each in others) and not any(_through(each, box) for each in leaders):
                taken.append(box)
                leaders.append(leader)
                found.append(box)
                break
        else:
            found.append(None)
    return found


def _candidates(x: float, y: float, across: float, down: float) -> Iterator[Box]:
    """Places for a label, the best first: to the right, to the left, then around, farther and farther."""
    for side in (x + _NEAR, x - _NEAR - across):
        yield Box(side, y - down / 2, side + across, y + down / 2)
    for far in (_NEAR, *_FAR):
        for turn in range(_AROUND):
            angle = 2 * pi * turn / _AROUND
            # The side of the label that faces the point is so far from it.
            middle_x = x + cos(angle) * (far + across / 2)
            middle_y = y + sin(angle) * (far + down / 2)
            yield Box(middle_x - across / 2, middle_y - down / 2, middle_x + across / 2, middle_y + down / 2)


def _around(box: Box, x: float, y: float) -> bool:
    return box.left <= x <= box.right and box.top <= y <= box.bottom


def _through(leader: tuple[tuple[float, float], tuple[float, float]], box: Box) -> bool:
    """Whether a line runs through a box; tried at points that are closer than anything is small."""
    (x, y), (to_x, to_y) = leader
    steps = 40
    tried = ((x + (to_x - x) * step / steps, y + (to_y - y) * step / steps) for step in range(steps + 1))
    return any(_around(box, *point) for point in tried)
