"""`make pictures`: the pictures of README and guides, taken anew from the demo clinic.

An installation of its own is made on a fixed day and shown to a browser with a fixed clock, so that
the same state gives the same picture: a changed file in docs/images/ is a changed page.
"""

import argparse
import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Literal

from PIL import Image, ImageChops
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from config.setup import browser as browsers
from config.setup.postgres import WEB
from config.setup.processes import SetupProblem, child, exit_with
from config.setup.run import STEPS, wait_until_it_answers
from tests.installation import ROOT, Installation, installation
from tests.pictures.clock import SERVED_FROM
from tests.pictures.shots import HEIGHTS, SHOTS, Shot, log_in

IMAGES = ROOT / "docs" / "images"
LARGEST = 120 * 1024  # bytes of a picture: the repository keeps each one for good
COLORS = 128
FLICKER = 60  # pixels: round corners come out a shade darker at times; a word has hundreds
Scheme = Literal["light", "dark"]
FLAGS = ["--disable-dev-shm-usage", "--disable-background-networking", "--font-render-hinting=none"]


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make pictures")
    parser.add_argument("--only", default="", help="pictures whose name begins like this")
    parser.add_argument("--into", type=Path, default=IMAGES, help="another folder")
    chosen = parser.parse_args(given)
    shots = [shot for shot in SHOTS if shot.name.startswith(chosen.only)]
    if not shots:
        raise SetupProblem(f"No picture's name begins with {chosen.only}.")
    with tempfile.TemporaryDirectory() as folder, installation(Path(folder)) as site:
        load(site)
        with served(site) as address, a_browser() as browser:
            for shot in shots:
                size = keep(taken(shot, browser, address), chosen.into / f"{shot.name}.png")
                print(f"{shot.name}.png  {size // 1024} KiB", flush=True)
    return 0


def load(site: Installation) -> None:
    for title, command in STEPS:
        print(f"{title} …", flush=True)
        done = site.run("-m", "tests.pictures.site", *command)
        if done.returncode != 0:
            raise SetupProblem(f"'{title}' failed: {done.stdout}{done.stderr}")


@contextmanager
def served(site: Installation) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serve = [sys.executable, "-m", "gunicorn", "tests.pictures.site:application"]
    serve += ["--threads", "4"]
    serve += ["--bind", f"127.0.0.1:{port}", "--log-level", "error", "--chdir", str(ROOT)]
    with child(serve, site.environment(WEB)) as server:
        wait_until_it_answers(server, f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"


@contextmanager
def a_browser() -> Iterator[Browser]:
    path = browsers.find()
    if path is None:
        raise SetupProblem(browsers.MISSING)
    # Chromium's own sandbox does not start for root.
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=flags)
        yield running
        running.close()


def taken(shot: Shot, browser: Browser, address: str, scheme: Scheme = "light") -> bytes:
    """In a browser profile of its own."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": shot.width, "height": shot.height or HEIGHTS[shot.width]},
        locale="es-US" if shot.name.endswith("-es") else "en-US",
        timezone_id="America/New_York",
        color_scheme=scheme,
        reduced_motion="reduce",  # figures stand still
    )
    try:
        return _picture(shot, context)
    finally:
        context.close()


def _picture(shot: Shot, context: BrowserContext) -> bytes:
    page = context.new_page()
    page.clock.set_fixed_time(SERVED_FROM)
    if shot.who:
        log_in(page, shot.who)
    shot.go(page)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.activeElement?.blur()")  # a cursor that blinks
    return page.screenshot(animations="disabled", caret="hide", style=shot.hide)


def keep(taken: bytes, file: Path) -> int:
    """With a palette, and only when it looks different from the one that is there. Its bytes."""
    with Image.open(BytesIO(taken)) as image:
        small = image.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
    made = BytesIO()
    small.save(made, "PNG", optimize=True)
    if made.tell() > LARGEST:
        raise SetupProblem(f"{file.name} has {made.tell()} bytes, more than {LARGEST}.")
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists() or not _look_alike(file, small):
        file.write_bytes(made.getvalue())
    return made.tell()


def _look_alike(file: Path, image: Image.Image) -> bool:
    with Image.open(file) as before:
        if before.size != image.size:
            return False
        other = ImageChops.difference(before.convert("RGB"), image.convert("RGB"))
    return sum(other.convert("L").point(lambda shade: shade > 0 and 1).tobytes()) <= FLICKER


if __name__ == "__main__":
    exit_with(main)
