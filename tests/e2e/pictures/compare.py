"""Compares two pictures as an eye would that doesn't count pixels."""

from functools import reduce
from typing import NamedTuple

from PIL import Image, ImageChops, ImageFilter

# Each pixel may look like any of those around it in the other picture, and so far from it, of 255: letters with other
# edges are the same letters.
AROUND = 3
LIMIT = 48
# How many pixels may be further off.
SPOTS = 12


class Difference(NamedTuple):
    """What differs between two pictures."""

    spots: int
    shown: Image.Image
    """The newer one, pale, with red where it differs."""

    def matters(self) -> bool:
        """Whether somebody would see it."""
        return self.spots > SPOTS


def compare(reference: Image.Image, actual: Image.Image) -> Difference:
    """Return what differs; pictures of two sizes differ everywhere."""
    if reference.size != actual.size:
        width, height = actual.size
        return Difference(width * height, actual)
    far = mark(ImageChops.difference(reference, actual))
    if far.getbbox() is None:
        return Difference(0, actual)
    far = mark(ImageChops.lighter(beyond(reference, actual), beyond(actual, reference)))
    pale = Image.blend(actual, Image.new("RGB", actual.size, "white"), 0.6)
    pale.paste("red", mask=far.filter(ImageFilter.MaxFilter(5)))
    return Difference(far.histogram()[255], pale)


def beyond(one: Image.Image, other: Image.Image) -> Image.Image:
    """Return how far each pixel of one picture is from anything around it in the other."""
    darkest, lightest = other.filter(ImageFilter.MinFilter(AROUND)), other.filter(ImageFilter.MaxFilter(AROUND))
    return ImageChops.lighter(ImageChops.subtract(one, lightest), ImageChops.subtract(darkest, one))


def mark(distances: Image.Image) -> Image.Image:
    """Return white where one of red, green and blue is too far off, black else."""
    return reduce(ImageChops.lighter, distances.split()).point([255 * (value > LIMIT) for value in range(256)])
