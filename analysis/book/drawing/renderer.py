"""The renderer of charts, with the fonts that it brings along and no others.

With the fonts of the machine a picture would follow what is installed there, and the renderer would open the font's
file again for each text that it measures, about 1,500 times a drawing.
"""

import os
import tempfile
import threading
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

VEGA_LITE = "6.4"
SETTING = "FONTCONFIG_FILE"  # where fontconfig, on Linux, looks for its configuration
WITHOUT_FONTS = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>{}</dir></fontconfig>'
_one_at_a_time = threading.Lock()


@cache
def _without_fonts_of_the_machine() -> ModuleType:
    import vl_convert

    before = os.environ.get(SETTING)
    with tempfile.TemporaryDirectory() as empty:
        configuration = Path(empty) / "fonts.conf"
        configuration.write_text(WITHOUT_FONTS.format(empty), encoding="utf-8")
        os.environ[SETTING] = str(configuration)
        try:
            vl_convert.svg_to_png(
                '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
            )  # fonts are looked up once, now
        finally:
            del os.environ[SETTING]
            if before is not None:
                os.environ[SETTING] = before
    return vl_convert


def renderer() -> ModuleType:
    """The module that draws; the first call of a process fixes the fonts it knows."""
    with _one_at_a_time:
        return _without_fonts_of_the_machine()


@cache
def identity() -> bytes:
    """Names what a drawing depends on beside its specification: the renderer's version, how it is set up."""
    return f"{version('vl-convert-python')} {VEGA_LITE} ".encode() + Path(__file__).read_bytes()
