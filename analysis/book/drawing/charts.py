"""From a chart's specification to static SVG: wide for a desk, narrow for a phone, one for both themes.

The title and subtitle are removed, since the page has them as text. Ids get the figure's own prefix (the
renderer numbers them throughout the process). Size attributes are removed so that the drawing fills its column,
and the ARIA text of each mark because the figure as a whole is described in words.
"""

import copy
import json
import re
from pathlib import Path
from typing import Any

from analysis.book.drawing.renderer import VEGA_LITE, identity, renderer
from analysis.book.running.files import keep_whole, mark_used
from analysis.digests import digest
from analysis.figures.figure import LINE_LENGTH, NARROW_LENGTH, NARROW_LINE

WIDE, NARROW = 840, 330
SHORT_ENTRY = (21, 12)  # signs of an entry of a legend that has room in half a phone's width, and in half a plot


def shape(spec: dict[str, Any], width: int | None = None) -> dict[str, Any]:
    """The specification as the page draws it: without title, with its own width or a given one."""
    drawn = _untitled(spec)
    meta = spec.get("usermeta", {}).get("roundtrip", {})
    drawn = _in_utc(_keep(_keep(drawn, "wide_" if width else "narrow_"), "live_"))
    drawn["width"] = width or WIDE
    if width:
        parameters = {p["name"]: p for p in drawn.get("params", [])}
        if LINE_LENGTH in parameters:
            parameters[LINE_LENGTH]["value"] = parameters[NARROW_LENGTH]["value"]
        if "narrow_height" in meta:
            drawn["height"] = meta["narrow_height"]
        drawn["config"]["axis"]["labelLimit"] = 112
        drawn["config"]["axisX"] = drawn["config"].get("axisX", {}) | {"labelOverlap": "greedy", "labelSeparation": 4}
        drawn["config"]["legend"] |= {"columns": _legend_columns(drawn), "labelLimit": 200, "offset": 12}
    return drawn


def _legend_columns(spec: dict[str, Any]) -> int:
    """The columns of the legends of a narrow chart: two if every entry has room in them, less of it beside names."""
    scales = [u.get("encoding", {}).get("color", {}).get("scale", {}) for u in _units(spec)]
    entries = [str(name) for scale in scales for name in scale.get("domain", [])]
    are_beside = any(p["name"] == LINE_LENGTH and p["value"] == NARROW_LINE for p in spec.get("params", []))
    return 2 if max(map(len, entries), default=0) <= SHORT_ENTRY[are_beside] else 1


def _untitled(spec: dict[str, Any]) -> dict[str, Any]:
    drawn = copy.deepcopy(spec)
    drawn.pop("title", None)
    drawn.pop("usermeta", None)
    drawn["padding"] = {"left": 4, "right": 8, "top": 4, "bottom": 4}
    drawn["autosize"] = {"type": "fit-x", "contains": "padding"}
    return drawn


def _keep(spec: Any, dropped: str) -> Any:
    """The specification without the layers whose name starts with ``dropped``; legends lose fixed columns when
    narrow."""
    if isinstance(spec, list):
        return [
            _keep(v, dropped) for v in spec if not (isinstance(v, dict) and str(v.get("name", "")).startswith(dropped))
        ]
    if not isinstance(spec, dict):
        return spec
    lean = {k: v if k in ("data", "datasets") else _keep(v, dropped) for k, v in spec.items()}
    if dropped == "wide_" and isinstance(lean.get("legend"), dict):
        lean["legend"].pop("columns", None)
    limit = lean["axis"].get("labelLimit") if isinstance(lean.get("axis"), dict) else None
    if dropped == "wide_" and isinstance(limit, int | float):
        lean["axis"]["labelLimit"] = min(150, limit)
    return lean


def _in_utc(spec: Any) -> Any:
    """Days stay days: an axis of time and a tooltip would otherwise follow the time zone of the build, or of the
    reader."""
    if isinstance(spec, list):
        return [_in_utc(v) for v in spec]
    if not isinstance(spec, dict):
        return spec
    found = {k: v if k in ("data", "datasets") else _in_utc(v) for k, v in spec.items()}
    for channel, what in found.get("encoding", {}).items():
        for part in what if isinstance(what, list) else [what]:
            if not isinstance(part, dict) or part.get("type") != "temporal":
                continue
            if channel in ("x", "y"):
                part["scale"] = {**(part.get("scale") or {}), "type": "utc"}
            else:
                part.setdefault("timeUnit", "utcyearmonthdate")
                part.setdefault("title", part.get("field"))
    return found


def _units(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The single views of a chart, layers opened."""
    return [u for layer in spec["layer"] for u in _units(layer)] if "layer" in spec else [spec]


def _width_of(unit: dict[str, Any]) -> str:
    """The width that a view is meant for, by its name: wide, narrow, or "" for both."""
    prefix = str(unit.get("name", "")).partition("_")[0]
    return prefix if prefix in ("wide", "narrow") else ""


def can_zoom(spec: dict[str, Any]) -> bool:
    """Whether a chart has a line of time to move along."""
    is_plain = not any(k in spec for k in ("hconcat", "vconcat", "concat", "facet", "repeat"))
    return is_plain and any(u.get("encoding", {}).get("x", {}).get("type") == "temporal" for u in _units(spec))


def interactive(spec: dict[str, Any]) -> dict[str, Any]:
    """The specification as a reader can touch it.

    A mark shows the tooltip that its figure gave it; a click on an entry of the legend keeps its marks and
    fades the others; a line of time can be moved and, with Shift and the wheel, zoomed. The page's script leaves out
    the layers that are meant for another width, as `shape` does.
    """
    drawn = _in_utc(_untitled(spec))
    narrow = spec.get("usermeta", {}).get("roundtrip", {}).get("narrow_height")
    if narrow:
        drawn["usermeta"] = {"narrow_height": narrow}
    if any(k in drawn for k in ("hconcat", "vconcat", "concat", "facet", "repeat")):
        return drawn
    units = _units(drawn)
    coloured = [u for u in units if u.get("encoding", {}).get("color", {}).get("type") == "nominal"]
    field = next(
        (
            u["encoding"]["color"].get("field")
            for u in coloured
            if u["encoding"]["color"].get("legend", True) is not None
        ),
        None,
    )
    same = [u for u in coloured if u["encoding"]["color"].get("field") == field]
    if field and same:
        pick = {"name": "rt_pick", "select": {"type": "point", "fields": [field]}, "bind": "legend"}
        firsts = {_width_of(u): u for u in reversed(same)}
        # The page's script drops the layers of the other width, so each width has the choice once.
        for first in [firsts[""]] if "" in firsts else firsts.values():
            first.setdefault("params", []).append(pick)
        for unit in same:
            mark = unit["mark"] if isinstance(unit["mark"], dict) else {"type": unit["mark"]}
            chosen = unit["encoding"].get("opacity") or {"value": mark.get("opacity", 1)}
            unit["encoding"]["opacity"] = {"condition": {"param": "rt_pick", **chosen}, "value": 0.1}
    if can_zoom(drawn):
        move = {"type": "interval", "encodings": ["x"], "zoom": "wheel![event.shiftKey]"}
        timed = next(u for u in units if u.get("encoding", {}).get("x", {}).get("type") == "temporal")
        timed.setdefault("params", []).append({"name": "rt_zoom", "select": move, "bind": "scales"})
    return drawn


# Scripts from Hebrew to the Far East, and pictographs: no font of the pictures has them.
UNDRAWABLE = re.compile("[\u0590-\u1cff\u2e80-\ufffc\U00010000-\U0010ffff]")


def undrawable_signs(text: str) -> str:
    """Return the signs of a text that a picture shows as boxes, each once; a page shows them with a reader's fonts."""
    return "".join(dict.fromkeys(UNDRAWABLE.findall(text)))


def to_svg(spec: dict[str, Any], prefix: str) -> str:
    """Draw a specification (without title) as SVG whose ids start with ``prefix``.

    Raises ValueError when the specification cannot be drawn.
    """
    # The renderer cuts a long text between the two halves of such a character, and then fails.
    drawn = re.sub("[\U00010000-\U0010ffff]", "\ufffd", json.dumps(spec, ensure_ascii=False))
    svg = renderer().vegalite_to_svg(drawn, vl_version=VEGA_LITE, allowed_base_urls=[])
    size = re.search(r'<svg[^>]*viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if not size:
        raise ValueError(f"{prefix}: the drawing has no size")
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", svg)
    return _number_ids(svg, prefix)


def _number_ids(svg: str, prefix: str) -> str:
    for n, old in enumerate(dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg))):
        new = f"{prefix}-i{chr(97 + n % 26)}{'x' * (n // 26)}"
        svg = svg.replace(f'id="{old}"', f'id="{new}"').replace(f"url(#{old})", f"url(#{new})")
        svg = svg.replace(f'href="#{old}"', f'href="#{new}"')
    return svg


def draw(spec: dict[str, Any], cache: Path | None = None) -> tuple[str, str]:
    """The wide and the narrow drawing of a figure; kept in ``cache`` under the digest of the specification."""
    name = spec["usermeta"]["roundtrip"]["id"]
    content = digest(json.dumps(spec, sort_keys=True), Path(__file__).read_bytes(), identity())
    kept = cache / f"{name}-{content}.json" if cache else None
    if kept and kept.exists():
        try:
            wide, narrow = json.loads(kept.read_text(encoding="utf-8"))
            mark_used(kept)
            return wide, narrow
        except (OSError, ValueError):
            pass  # drawn again
    drawings = to_svg(shape(spec), f"{name}-w"), to_svg(shape(spec, NARROW), f"{name}-n")
    if kept:
        keep_whole(kept, json.dumps(drawings))
    return drawings


def draw_figure(spec: dict[str, Any], cache: Path | None = None) -> dict[str, Any]:
    """What a page shows of a chart: ``meta`` (id, title, words, table, sources), ``drawings`` (wide, narrow),
    ``zoom``."""
    return {"meta": spec["usermeta"]["roundtrip"], "drawings": list(draw(spec, cache)), "zoom": can_zoom(spec)}
