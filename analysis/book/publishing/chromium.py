"""Find Chromium, for the PDF and for the browser tests, and install it where possible.

Run as a program, it installs Chromium if it is missing, and says what to do if it cannot.
"""

import os
import shutil
import subprocess
import sys
from typing import Any

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
HELP = (
    "Chromium is needed and none could be installed here.\n"
    "On Debian or Ubuntu: apt-get install chromium. Elsewhere: python -m playwright install chromium.\n"
    "Or set CHROMIUM to the path of a Chromium or Chrome."
)
SHELL = "chromium-headless-shell"  # the same engine without windows: it starts and draws faster
NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]


def find(*, is_whole: bool = False) -> str | None:
    """Path of an installed Chromium, or None.

    Parameters
    ----------
    is_whole
        Whether to look for a browser with all its parts only, not for the headless shell.
    """
    named = os.environ.get("CHROMIUM")
    for name in [named] if named else NAMES if is_whole else [SHELL, *NAMES]:
        if path := shutil.which(name):
            return path
    try:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as play:
            path = play.chromium.executable_path
    except Exception:  # no driver for this platform
        return None
    return path if os.path.exists(path) else None


def install() -> None:
    """Try Debian's package as root, then the download of Playwright."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet: Any = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "-q", "update"], check=False, **quiet)
        # One after the other, since not every release has the shell.
        for packages in (["chromium", "fonts-dejavu-core", "fonts-liberation"], [SHELL]):
            subprocess.run(["apt-get", "-q", "install", "-y", *packages], check=False, **quiet)
        if find():
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, timeout=600)


def main() -> int:
    """Install Chromium if it is missing; exit code 1 if that fails."""
    if not find():
        print("Chromium is missing: installing it")
        install()
    path = find()
    print(f"Chromium: {path}" if path else HELP)
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
