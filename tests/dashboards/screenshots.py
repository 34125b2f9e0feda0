"""Take the two pictures of the README from a built site: `python -m ... SITE`."""

import sys
from pathlib import Path

from tests.dashboards.browsing import DESK, Shown, installed_browser

IMAGES = Path(__file__).parents[2] / "warehouse_docs" / "images"
PICTURES = {"d2-income-and-work": 900, "d5-investments-and-strategies": 1100}


def take(site: Path) -> None:
    """Write each picture, as high as given in pixels, from the top of its page."""
    IMAGES.mkdir(exist_ok=True)
    with installed_browser() as browser:
        for name, height in PICTURES.items():
            shown = Shown(browser, DESK)
            shown.open((site / f"{name}.en.html").resolve().as_uri())
            area = {"x": 0, "y": 0, "width": DESK, "height": height}
            picture = IMAGES / f"{name}.png"
            shown.page.screenshot(path=str(picture), full_page=True, clip=area)  # type: ignore[arg-type]
            shown.page.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]))
