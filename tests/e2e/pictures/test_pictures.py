"""Each screen looks as its reference picture, at four widths; `make pictures` takes these anew."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext

from tests.e2e.operator import open_admin
from tests.e2e.pictures.compare import compare
from tests.e2e.pictures.see_all import find_unseen
from tests.e2e.pictures.shown import GUIDE_SCREENS, GUIDES, SCREENS, Picture, every_picture
from tests.e2e.pictures.take import HAS_FONT, open_browser, open_state, take
from tests.e2e.running_server import ROOT, RunningServer
from tests.e2e.sample_data import preview

REFERENCE = Path(__file__).with_name("reference")
FAILED = ROOT / "var/pictures"
IMAGES = ROOT / "docs/images"
# As many colours as a palette has; so many of them are the commonest, those of areas; of the others there is one for
# all that are so near to each other, which is much less than LIMIT of compare.py.
MOST = 256
COMMON = 48
NEAR = 12
RENEW = bool(os.environ.get("RENEW_PICTURES"))


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """The interface on sample data."""
    with preview() as address:
        yield address


@pytest.fixture(scope="module")
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser in which pages look alike everywhere."""
    with open_browser(chromium) as opened:
        page = opened.new_page()
        if not page.evaluate(HAS_FONT):
            pytest.skip("the reference pictures are written in DejaVu (apt install fonts-dejavu)")
        page.close()
        yield opened


@pytest.mark.parametrize("picture", every_picture(), ids=lambda picture: picture.name)
def test_a_screen_looks_as_it_is_meant_to(picture: Picture, context: BrowserContext, origin: str) -> None:
    page = open_state(context, origin, picture.state, picture.looks)
    faults = []
    for (width, height), scheme in zip(SCREENS.items(), picture.schemes, strict=True):
        png = take(page, width, height, scheme, tall=picture.tall)
        actual = Image.open(io.BytesIO(png)).convert("RGB")
        name = f"{picture.name}_{width}_{scheme}"
        if RENEW:
            renew(REFERENCE / f"{name}.webp", actual)
        else:
            faults += look_at(name, actual)
    faults += find_unseen(page)
    page.close()
    assert not faults, "\n".join(faults)


@pytest.mark.timeout(900)
@pytest.mark.skipif(not RENEW, reason="only make pictures takes those of the guides")
def test_the_guides_show_screens_as_they_are(chromium: Browser, origin: str) -> None:
    with open_browser(chromium, device_scale_factor=2) as context:
        for picture in every_picture(GUIDES):
            page = open_state(context, origin, picture.state, picture.looks)
            for screen, (width, height) in GUIDE_SCREENS.items():
                png = take(page, width, height, "light")
                renew(IMAGES / f"{picture.name}_{screen}.webp", Image.open(io.BytesIO(png)).convert("RGB"))
            page.close()


@pytest.mark.timeout(900)
@pytest.mark.skipif(not RENEW, reason="only make pictures takes those of the guides")
def test_the_guide_for_operators_shows_the_admin_as_it_is(chromium: Browser, server: RunningServer) -> None:
    server.manage("shell", "--command", Path(__file__).with_name("sample_month.py").read_text())
    with open_browser(chromium, base_url=server.origin, device_scale_factor=2) as context:
        page = open_admin(context, server)
        for screen, (width, height) in GUIDE_SCREENS.items():
            png = take(page, width, height, "light")
            renew(IMAGES / f"admin_{screen}.webp", Image.open(io.BytesIO(png)).convert("RGB"))


def look_at(name: str, actual: Image.Image) -> Iterator[str]:
    """Compare a picture with its reference; keep it where they differ."""
    file = REFERENCE / f"{name}.webp"
    if not file.exists():
        yield f"{name}: there is no reference picture: make pictures"
        return
    difference = compare(Image.open(file).convert("RGB"), actual)
    if difference.matters():
        FAILED.mkdir(parents=True, exist_ok=True)
        actual.save(FAILED / f"{name}_actual.png")
        difference.shown.save(FAILED / f"{name}_difference.png")
        yield f"{name}: {difference.spots} pixels differ, see {FAILED}; if it is as it should be: make pictures"


def renew(file: Path, actual: Image.Image) -> None:
    """Keep a picture as reference, unless the one that is there looks the same: it stays, byte by byte."""
    if not file.exists() or compare(Image.open(file).convert("RGB"), actual).spots > 0:
        file.parent.mkdir(exist_ok=True)
        with_few_colours(actual).save(file, lossless=True, quality=80, method=4)


def with_few_colours(picture: Image.Image) -> Image.Image:
    """Return a picture in so few colours that none is far from its own, which takes half the room."""
    few: list[tuple[int, ...]] = []
    for _, colour in sorted(picture.getcolors(picture.width * picture.height), reverse=True):
        common = len(few) < COMMON
        if common or (len(few) < MOST and all(distance(colour, other) > NEAR for other in few)):
            few.append(colour)
    palette = Image.new("P", (1, 1))
    palette.putpalette([value for colour in few for value in colour])
    return picture.quantize(palette=palette, dither=Image.Dither.NONE).convert("RGB")


def distance(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """Return how far apart two colours are."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True))
