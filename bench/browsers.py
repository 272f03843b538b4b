"""The browser that looks at the console where there is no screen: Debian's Chromium."""

from pathlib import Path
from typing import Final

CHROMIUM: Final = Path("/usr/bin/chromium-headless-shell")
"""Of the package of that name: the engine alone, quicker than a desktop's browser."""

ARGUMENTS: Final = [
    "--no-sandbox",
    "--use-angle=swiftshader",  # WebGL without a graphics card: the map
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
