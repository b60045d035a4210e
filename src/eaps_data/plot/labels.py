"""Place the labels of points so that they cover no point and no other label."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final, TypeAlias

_NEAR: Final = 9.0
_DISTANCES: Final = (_NEAR, 28.0, 48.0, 72.0, 100.0)
_DIRECTIONS: Final = 16
_GAP: Final = 3.0  # the least distance between two things
_SAMPLES: Final = 40  # along a leader: closer together than any box is small

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        """Return whether two boxes overlap or nearly touch."""
        return (
            self.left < other.right + _GAP
            and other.left < self.right + _GAP
            and self.top < other.bottom + _GAP
            and other.top < self.bottom + _GAP
        )

    def is_inside(self, other: "Box") -> bool:
        """Return whether the box is inside another box."""
        return (
            other.left <= self.left
            and self.right <= other.right
            and other.top <= self.top
            and self.bottom <= other.bottom
        )

    def contains(self, point: Point) -> bool:
        """Return whether a point is in the box."""
        x, y = point
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def nearest(self, point: Point) -> Point:
        """Return the point of the box that is nearest to another point."""
        x, y = point
        return min(max(x, self.left), self.right), min(max(y, self.top), self.bottom)


def place_labels(points: Sequence[Point], sizes: Sequence[Point], frame: Box, radius: float) -> list[Box | None]:
    """Return the nearest free place for the label of each point, or None if there is none.

    Args:
        points: The points.
        sizes: The width and height of each label.
        frame: The area in which labels may be.
        radius: The radius of the points.
    """
    occupied = [Box(x - radius, y - radius, x + radius, y + radius) for x, y in points]
    leaders: list[tuple[Point, Point]] = []
    boxes: list[Box | None] = []
    for point, size in zip(points, sizes, strict=True):
        obstacles = [box for box in occupied if not box.contains(point)]
        for box in _candidates(point, size):
            leader = (point, box.nearest(point))
            if (
                box.is_inside(frame)
                and not any(map(box.overlaps, occupied))
                and not any(_crosses(leader, obstacle) for obstacle in obstacles)
                and not any(_crosses(other, box) for other in leaders)
            ):
                occupied.append(box)
                leaders.append(leader)
                boxes.append(box)
                break
        else:
            boxes.append(None)
    return boxes


def _candidates(point: Point, size: Point) -> Iterator[Box]:
    """Yield places for a label, best first: to the right, to the left, then around the point at growing distances."""
    (x, y), (width, height) = point, size
    for left in (x + _NEAR, x - _NEAR - width):
        yield Box(left, y - height / 2, left + width, y + height / 2)
    for distance in _DISTANCES:
        for direction in range(_DIRECTIONS):
            angle = 2 * pi * direction / _DIRECTIONS
            center_x = x + cos(angle) * (distance + width / 2)
            center_y = y + sin(angle) * (distance + height / 2)
            yield Box(center_x - width / 2, center_y - height / 2, center_x + width / 2, center_y + height / 2)


def _crosses(leader: tuple[Point, Point], box: Box) -> bool:
    """Return whether a line crosses a box, judged by points along it."""
    (x, y), (end_x, end_y) = leader
    shares = (step / _SAMPLES for step in range(_SAMPLES + 1))
    return any(box.contains((x + (end_x - x) * share, y + (end_y - y) * share)) for share in shares)
