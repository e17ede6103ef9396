"""`make looks`: 20 key pages at two widths, light and dark, against approved pictures.

`ARGS="--approve"` takes what is there now as approved. The approved ones are small, so that the
repository stays light: they show what moved or changed its color, not each letter. They hold for
the machine, the browser and the typefaces that they were approved on; what must hold everywhere is
measured by the browser tests.
"""

import argparse
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops

from config.setup.processes import SetupProblem, exit_with
from tests.installation import ROOT, installation
from tests.looks.pages import looks
from tests.pictures.__main__ import a_browser, load, served, taken

APPROVED = Path(__file__).parent / "approved"
SEEN = ROOT / "var" / "looks"
SMALL = 3  # times smaller than what was seen
QUALITY = 50
SHADE = 40  # of 255: less is the picture's own coarseness
MOST = 0.01  # of a picture's area that may differ


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make looks")
    parser.add_argument("--only", default="", help="pages whose name begins like this")
    parser.add_argument("--approve", action="store_true", help="take what is there now")
    chosen = parser.parse_args(given)
    wanted = [look for look in looks() if look[0].startswith(chosen.only)]
    if not wanted:
        raise SetupProblem(f"No page's name begins with {chosen.only}.")
    changed = []
    with tempfile.TemporaryDirectory() as folder, installation(Path(folder)) as site:
        load(site)
        with served(site) as address, a_browser() as browser:
            for name, shot, scheme in wanted:
                seen = small(taken(shot, browser, address, scheme))
                if chosen.approve:
                    approve(name, seen)
                elif (share := differs(name, seen)) > MOST:
                    changed.append(f"{name}: {share:.1%}")
    done = "are approved" if chosen.approve else "look as approved"
    print("\n".join(changed) or f"{len(wanted)} pages {done}.")
    if changed:
        print(f"What is seen now is in {SEEN}; ARGS=--approve takes it.")
    return bool(changed)


def small(picture: bytes) -> Image.Image:
    with Image.open(BytesIO(picture)) as image:
        return image.convert("RGB").reduce(SMALL)


def approve(name: str, seen: Image.Image, folder: Path = APPROVED) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    seen.save(folder / f"{name}.webp", quality=QUALITY, method=6)


def differs(name: str, seen: Image.Image, folder: Path = APPROVED, into: Path = SEEN) -> float:
    """The share of the area that looks different; all of it where none was approved. What is seen
    is written beside it then.
    """
    share = _share(folder / f"{name}.webp", seen)
    if share > MOST:
        into.mkdir(parents=True, exist_ok=True)
        seen.save(into / f"{name}.png")
    return share


def _share(file: Path, seen: Image.Image) -> float:
    if not file.exists():
        return 1.0
    with Image.open(file) as image:
        approved = image.convert("RGB")
    if approved.size != seen.size:
        return 1.0
    other = ImageChops.difference(approved, seen).convert("L")
    return sum(other.histogram()[SHADE:]) / (seen.width * seen.height)


if __name__ == "__main__":
    exit_with(main)
