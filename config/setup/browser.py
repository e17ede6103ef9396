"""The browser for the end-to-end tests: one of the machine, else one that is installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
MISSING = (
    "No browser for the end-to-end tests: install Chromium or Chrome, "
    "or run `.venv/bin/python -m playwright install chromium`."
)


def find() -> str | None:
    """The path of a Chromium or Chrome, or None."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    for path in MAC:
        if Path(path).exists():
            return path
    return _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - slow to load

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> None:
    """Debian's package as root, else Playwright's own; whether it worked, `find` tells."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing a browser for the tests (Debian's chromium) …", flush=True)
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", "-qq", *arguments], env=env, check=False, stdout=sys.stderr)
        if find():
            return
    print("Installing a browser for the tests (Playwright's) …", flush=True)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


if __name__ == "__main__":
    if find() is None:
        install()
    # The other tests still run; those in a browser fail with this sentence.
    print(f"Browser: {find() or MISSING}")
