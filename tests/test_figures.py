"""Every figure, on four days and on an almost empty ledger: what each must carry, and that it draws."""

import functools
import itertools
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
from jsonschema import validators

from analysis import paths
from analysis.book.drawing import cards, charts
from analysis.figures import all_figures, network, network_rows, replay
from analysis.figures.figure import round_values
from analysis.ledger import Ledger
from analysis.numbers import modelling
from analysis.numbers import network_picture as numbers
from tests.conftest import add_row, change, read_rows, write_rows
from tests.test_marks import units

FIGURES = all_figures()
NAN = re.compile(r"\bnan\b", re.I)
# The last day of the frozen ledger is among them: its figures are drawn, too.
DAYS = ("2025-01-31", "2025-12-17", "2026-03-31", None)


@functools.lru_cache(maxsize=256)
def spec_of(name: str, ledger: Ledger) -> dict:
    """A figure's specification, made once for all tests of a ledger; whoever changes it works on a copy."""
    return FIGURES[name](ledger).to_dict()


def filled_spec(name: str, ledger: Ledger, live: Ledger) -> dict:
    """The figure on the frozen ledger or, where that has nothing to draw, on the project's own."""
    spec = spec_of(name, ledger)
    is_empty = spec["usermeta"]["roundtrip"]["subtitle"].startswith("As known on")
    return spec_of(name, live) if is_empty else spec


def check_figure(spec: dict, name: str, ledger: Ledger) -> None:
    meta = spec["usermeta"]["roundtrip"]
    assert meta["id"] == name.replace("_", "-"), "the id is the function's name"
    assert meta["title"] and not meta["title"].endswith("."), "the title is a sentence without its stop"
    assert len(meta["title"]) <= 150 and not NAN.search(meta["title"])
    assert meta["alt"].startswith(meta["title"]), "those who cannot see it hear the finding first"
    assert not NAN.search(meta["alt"]) and "None" not in meta["alt"]
    assert meta["columns"] and all(len(row) == len(meta["columns"]) for row in meta["rows"])
    assert meta["rows"], "a figure has a table behind it"
    assert meta["as_of"] == f"{ledger.as_of:%Y-%m-%d}"
    assert not meta["known_on"] or meta["known_on"] <= meta["as_of"], "nothing later than the day"
    text = json.dumps(spec)
    assert json.loads(text) == spec, "survives a round trip through JSON"
    assert "http" not in text.replace(spec["$schema"], ""), "draws from its own data"


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("day", DAYS)
def test_a_figure_carries_all_it_must(view, name: str, day: str | None):
    ledger = view(day)
    spec = spec_of(name, ledger)
    check_figure(spec, name, ledger)
    years = {int(y) for y in re.findall(r"\b(20[2-9]\d)\b", spec["usermeta"]["roundtrip"]["title"])}
    assert all(y <= 2050 for y in years)


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_draws_wide_and_narrow(ledger: Ledger, live: Ledger, name: str):
    wide, narrow = charts.draw(filled_spec(name, ledger, live))
    for svg, prefix in ((wide, "w"), (narrow, "n")):
        assert svg.startswith("<svg") and "viewBox" in svg.split(">", 1)[0]
        assert not re.search(r"<svg[^>]* (width|height)=", svg), "it fills its column"
        ids = re.findall(r'\bid="([^"]+)"', svg)
        assert all(i.startswith(f"{name.replace('_', '-')}-{prefix}-") for i in ids), "ids are the figure's own"
        for used in re.findall(r"url\(#([^)]+)\)", svg):
            assert used in ids
        assert "…" not in svg, "no name is cut"
        assert "NaN" not in svg and "undefined" not in svg and "<script" not in svg
        assert svg.count("<path") + svg.count("<text") > 3


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_speaks_in_readers_words(ledger: Ledger, live: Ledger, name: str):
    """Tooltips and titles of axes name what they tell in words, never by a column of ours; what has no words tells
    nothing."""
    told = 0
    for unit in units(filled_spec(name, ledger, live)):
        if "encoding" not in unit:  # the map's land
            continue
        tooltip = unit["encoding"].get("tooltip")
        assert tooltip or unit["mark"].get("tooltip", "") is None, unit["mark"]
        told += bool(tooltip)
        for part in [*(tooltip or []), *(c for c in unit["encoding"].values() if isinstance(c, dict))]:
            assert not part.get("title") or (part["title"] != part.get("field") and "_" not in part["title"])
        assert all(part.get("title") for part in tooltip or [])
    assert told, "something answers when touched"


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_of_three_rows(three: Ledger, name: str):
    check_figure(spec_of(name, three), name, three)


@pytest.mark.parametrize(
    "wrong",
    [
        {"x": alt.X("x:Q", axis=alt.Axis(labelAngle="steep"))},
        {"x": alt.X("x:Q", scale=alt.Scale(domain=3))},
        {"color": alt.Color("x:Q", legend=alt.Legend(orient="above"))},
    ],
)
def test_a_wrong_chart_is_told_as_by_altair_alone(monkeypatch: pytest.MonkeyPatch, wrong: dict):
    """The schema is tried in fewer steps than jsonschema takes; what is wrong with a chart is said all the same."""
    chart, said = alt.Chart(pd.DataFrame({"x": [1.0]})).mark_point().encode(**wrong), []
    for is_own in (False, True):
        if is_own:
            monkeypatch.setattr(validators, "validator_for", lambda *_, **__: validators.Draft7Validator)
        with pytest.raises(alt.utils.schemapi.SchemaValidationError) as refused:
            chart.to_dict()
        said.append(str(refused.value))
    assert said[0] == said[1] and "is an invalid value for" in said[0]


def test_drawing_twice_gives_the_same_bytes(ledger: Ledger):
    spec = spec_of("fig_microsoft_backlog", ledger)
    charts.draw(spec_of("fig_amazon_price", ledger))
    assert charts.draw(spec) == charts.draw(FIGURES["fig_microsoft_backlog"](ledger).to_dict())


def test_a_spoilt_cache_entry_is_drawn_again(ledger: Ledger, tmp_path: Path):
    spec = spec_of("fig_index_growth", ledger)
    first = charts.draw(spec, tmp_path)
    (kept,) = tmp_path.glob("*.json")
    kept.write_text(kept.read_text()[:100])
    assert charts.draw(spec, tmp_path) == first


# Text that is valid in any free field and that a chart, an axis or a pattern for parsing could trip over.
UNUSUAL = (
    "15 years on average",
    "<b>bold</b> & \"quoted\" 'text' </script>",
    "数据中心 – Ünïcødé Zażółć 🏗",
    "a very long name that no axis has room for, " * 4 + "and Donaudampfschifffahrtselektrizitätenhauptbetriebswerk",
    "{{ name }} $5bn `code` [link](javascript:alert(1)) \\n %s",
    "datum['x'].y",
)


def free_fields() -> list[tuple[str, str, bool]]:
    """Each text of the schema that no list, pattern or key restricts: table, column, whether it may be empty."""
    found = []
    for resource in json.loads(paths.SCHEMA.read_text(encoding="utf-8"))["resources"]:
        fields = resource["schema"]["fields"]
        keys = {*resource["schema"]["primaryKey"], *(k["fields"][0] for k in resource["schema"].get("foreignKeys", []))}
        for field in fields:
            rules = field.get("constraints", {})
            if (
                field["type"] == "string"
                and "listOf" not in field
                and not {"enum", "pattern"} & {*rules}
                and field["name"] not in keys
            ):
                found.append((resource["name"], field["name"], not rules.get("required")))
    return found


@pytest.mark.parametrize("turn", range(2))
def test_every_figure_draws_whatever_free_text_says(copy: Path, turn: int, monkeypatch: pytest.MonkeyPatch):
    """A row that passes the checks never stops a chart: each free field of each row takes unusual text or none. Of the
    days that a picture replays every sixth is."""
    days_of = replay.days_of
    monkeypatch.setattr(replay, "days_of", lambda *given: days_of(*given)[::-6][::-1])
    for table, columns in itertools.groupby(free_fields(), key=lambda f: f[0]):
        if not (copy / f"{table}.csv").exists():  # a table that a ledger need not have
            continue
        header, *rows = read_rows(copy / f"{table}.csv")
        for _, column, is_optional in columns:
            texts = (*UNUSUAL, "") if is_optional else UNUSUAL
            for i, row in enumerate(rows):
                text = texts[(i + 3 * turn) % len(texts)]
                is_name = (table, column) == ("entities", "name")  # of which no two are the same
                row[header.index(column)] = f"{text} {i}" if is_name else text
        write_rows(copy / f"{table}.csv", [header, *rows])
    view = Ledger.load(copy)
    for name in FIGURES:
        spec = spec_of(name, view)
        assert spec["usermeta"]["roundtrip"]["title"]
        for svg in charts.draw(spec) if turn == 0 else ():
            assert "<script" not in svg and "<b>" not in svg, name


def test_markup_in_names_stays_text(copy: Path):
    change(copy / "entities.csv", {"entity": "oracle"}, "name", "<img src=x onerror=alert(1)>")
    change(copy / "sites.csv", {"site": "saline", "as_of": "2025-12-17"}, "name", "<script>alert(1)</script>")
    view = Ledger.load(copy)
    for name in ("fig_index_loop", "fig_oracle_sites"):
        wide, narrow = charts.draw(spec_of(name, view))
        assert "<script" not in wide + narrow and "<img" not in wide + narrow


@pytest.mark.parametrize("name", ["fig_index_loop", "fig_index_trip", "fig_timeline_quarters"])
def test_the_sources_are_those_of_what_is_drawn(name: str, ledger: Ledger):
    """A deal without a published amount is not drawn, so nothing stands under the picture for it alone."""
    meta = spec_of(name, ledger)["usermeta"]["roundtrip"]
    rows = ledger.history["deals"]
    rows = rows[["deal", "source"]].assign(is_priced=rows["low_usd_bn"].notna() | rows["high_usd_bn"].notna())
    unpriced = set(rows["source"]) - set(rows.loc[rows["is_priced"], "source"])
    assert meta["sources"] and not unpriced.intersection(meta["sources"])
    assert {key for _, keys in meta["source_groups"] for key in keys} == set(meta["sources"])


def test_every_chapter_has_its_figures():
    count = Counter(name.split("_")[1] for name in FIGURES)
    count["oracle"] += count["softbank"]
    assert min(count[name] for name in ("microsoft", "amazon", "oracle", "circularity", "sustainability")) >= 5


@pytest.mark.parametrize("day", ["2025-09-10", "2025-12-17", "2026-02-27", "2026-03-31"])
def test_a_replayed_day_is_that_day(ledger: Ledger, day: str):
    """What the slider shows of an earlier day is what a figure made on that day would show."""
    picture, drawn, days = network.by_day(ledger, "central")
    assert days == sorted(days) and days[-1] <= "2026-03-31" and len(days) > 20
    for frame, then in zip(drawn, picture.curves_and_boxes(ledger.at(day)), strict=True):
        shown = frame[(frame["since"] <= day) & (day < frame["until"])].drop(columns=["since", "until"])
        rows = sorted(map(str, shown.itertuples(index=False, name=None)))
        assert rows == sorted(map(str, round_values(then).itertuples(index=False, name=None)))


def test_the_network_draws_all_the_money(ledger: Ledger):
    """Its links add up to the payments of the ledger between different places, counted from the rows."""
    place, total = numbers.places(ledger)["place"], 0.0
    of = place.to_dict() | {m: place[g] for m, g in modelling.parties(ledger).groups.items() if g in place}
    for r in ledger.deals.itertuples():
        said = "" if r.condition != r.condition else str(r.condition)
        is_talk = r.status == "reported" and re.search(
            r"\btalks\b|negotiat|finalising|term sheet|no assurance", said, re.I
        )
        is_drawn = r.role == "payment" and r.status != "cancelled" and r.scope in ("openai", "chain") and not is_talk
        if is_drawn and of[r.payer] != of[r.payee]:
            amounts = [a for a in (r.high_usd_bn, r.low_usd_bn) if a == a]
            total += amounts[0] if amounts else 0.0
    drawn = numbers.links(ledger, place)
    assert drawn.loc[drawn["kind"] != "customers", "high"].sum() == pytest.approx(total)
    assert (drawn["firm"] <= drawn["high"] + 1e-9).all()


def test_the_picture_of_the_network_leaves_out_what_is_small_and_the_table_does_not(ledger: Ledger):
    """A payment of less than twelve and one to a seller of shares are in the table only; an order of OpenAI without a
    price is drawn."""
    table = numbers.links(ledger, numbers.places(ledger)["place"])
    kept = numbers.drawn(table)
    gone = table.drop(kept.index)
    assert len(gone) and (gone["high"].lt(12) | gone["payee"].eq("Sellers of shares")).all()
    assert not (gone["payer"].eq("OpenAI") & gone["unpriced"].gt(0)).any()
    shown = spec_of("fig_circularity_network", ledger)["usermeta"]["roundtrip"]["rows"]
    assert len(shown) == len(table)


def test_a_phone_has_each_payment_of_the_network_in_a_row_of_its_own(ledger: Ledger):
    """Who funds OpenAI and sells to it stands above who only sells; no two bars and no two names meet."""
    _, (curves, _), _ = network.by_day(ledger, "central")
    bars, words, height = network_rows.placed(curves, list(network.ROLES))
    links = set(curves[network_rows.LINK].itertuples(index=False, name=None))
    assert set(bars[network_rows.LINK].itertuples(index=False, name=None)) == links and len(bars) == len(links)
    rows = sorted([(y, network_rows.BAR) for y in bars["y"]] + [(y, 12.0) for y in words["y"]])
    assert all(b[0] - a[0] >= (a[1] + b[1]) / 2 for a, b in itertools.pairwise(rows)) and rows[-1][0] < height
    own = bars[bars["row"].isin(["Microsoft", "Oracle"])].groupby("row")["y"].min()
    assert own["Microsoft"] < own["Oracle"]


def test_a_new_investor_stands_in_the_network_by_name(copy: Path):
    name = "Nordwind Pension Fund of the Isles"
    add_row(copy / "entities.csv", {"kind": "investor"}, entity="nordwind", name=name)
    add_row(
        copy / "deals.csv",
        {"deal": "amazon-openai-equity"},
        deal="nordwind-openai-equity",
        payer="nordwind",
        status="signed",
        condition="",
        low_usd_bn="15",
        high_usd_bn="15",
    )
    view = Ledger.load(copy)
    assert numbers.places(view).loc["nordwind", "place"] == "Nordwind Pension Fund of the Isles"
    assert "Nordwind" in charts.draw(spec_of("fig_circularity_network", view))[0]
    boxes = network.Picture(view).layout.boxes
    assert len(set(boxes.values())) == len(boxes), "no two boxes at one place"


def printed(script: str, *arguments: Path, **settings: str) -> list[str]:
    """The lines that a script prints in a process of its own, whose environment has other settings."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    done = subprocess.run(command, env=os.environ | settings, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


ZONED = """
import json
from analysis.book.drawing import charts
from analysis.figures import index, oracle_softbank
from analysis.ledger import Ledger
for figure in (index.fig_index_growth, oracle_softbank.fig_oracle_maturity):
    print(json.dumps(charts.draw(figure(Ledger.load()).to_dict())))
"""


def test_a_drawing_is_the_same_in_every_time_zone(live: Ledger):
    """A day on an axis is that day, wherever the report is built; in the interactive chart, wherever it is read."""
    here = [json.dumps(charts.draw(spec_of(name, live))) for name in ("fig_index_growth", "fig_oracle_maturity")]
    assert all("<svg" in drawing for drawing in here)
    for zone in ("Pacific/Kiritimati", "America/Los_Angeles"):
        assert printed(ZONED, TZ=zone) == here, zone


WITHOUT_FONTS = """
import json, os, sys
from analysis.book.drawing import cards, charts
before = os.environ["FONTCONFIG_FILE"]
wide, narrow = charts.draw(json.load(open(sys.argv[1])))
card = cards.figure_card(wide, "A title in bold", "and what is drawn", "where it comes from")
print(json.dumps([wide, narrow, cards.to_png(card, None, "x").hex()]))
print(os.environ["FONTCONFIG_FILE"] == before)
"""


def test_a_drawing_is_the_same_with_whatever_fonts_a_machine_has(live: Ledger, tmp_path: Path):
    """With the machine's own fonts and as on one without any; the setting by which this is reached is put back."""
    spec, none = tmp_path / "spec.json", tmp_path / "fonts.conf"
    spec.write_text(json.dumps(spec_of("fig_index_growth", live)))
    none.write_text(f"<fontconfig><dir>{tmp_path}</dir></fontconfig>")
    wide, narrow = charts.draw(spec_of("fig_index_growth", live))
    card = cards.figure_card(wide, "A title in bold", "and what is drawn", "where it comes from")
    here = json.dumps([wide, narrow, cards.to_png(card, None, "x").hex()])
    assert printed(WITHOUT_FONTS, spec, FONTCONFIG_FILE=str(none)) == [here, "True"]


def test_the_fonts_of_the_machine_are_hidden_when_the_renderer_first_looks(monkeypatch: pytest.MonkeyPatch):
    """Also where the machine happens to have the renderer's own font: the folder it is shown holds none."""
    from analysis.book.drawing import renderer

    seen: list[str] = []

    def look(svg: str) -> bytes:
        told = Path(os.environ[renderer.SETTING]).read_text()
        folder = Path(told.partition("<dir>")[2].partition("</dir>")[0])
        seen.extend(p.name for p in folder.iterdir())
        return b""

    import vl_convert

    renderer._without_fonts_of_the_machine.cache_clear()
    monkeypatch.setattr(vl_convert, "svg_to_png", look)
    monkeypatch.setenv(renderer.SETTING, "as it was")
    try:
        assert renderer.renderer() is vl_convert
    finally:
        renderer._without_fonts_of_the_machine.cache_clear()
    assert seen == ["fonts.conf"] and os.environ[renderer.SETTING] == "as it was"


def test_a_kept_drawing_is_of_this_renderer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from analysis.figures import index

    spec = index.fig_index_growth(Ledger.load()).to_dict()
    charts.draw(spec, tmp_path)
    (kept,) = tmp_path.glob("*.json")
    kept.write_text(json.dumps(["wide", "narrow"]))
    assert charts.draw(spec, tmp_path) == ("wide", "narrow")
    monkeypatch.setattr(charts, "identity", lambda: b"another version")
    assert charts.draw(spec, tmp_path)[0].startswith("<svg")
