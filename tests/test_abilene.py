"""The walk with the money through Abilene: its steps, what has a price, and how it is drawn."""

import itertools
import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis.book.drawing import charts
from analysis.figures import oracle_softbank
from analysis.figures.canvas import NARROW, WIDE, meet, text_width
from analysis.figures.marks.round_trips import STOP
from analysis.ledger import Ledger
from analysis.numbers.series.oracle_softbank import abilene
from tests.conftest import add_row
from tests.ledgers import FROZEN

BILL, RENT = (abilene.OPENAI, abilene.ORACLE), (abilene.ORACLE, abilene.OWNERS)


def pairs(steps: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(steps["payer"], steps["payee"], strict=True))


def test_the_money_goes_from_openai_to_the_banks_and_by_nvidia_back_to_openai(ledger: Ledger):
    """Of March 2026: loans of 2.3 and 7.1, chips of 40, shares of 0.1 and 30; no price for computing and rent."""
    steps, rows = abilene.walk(ledger)
    assert pairs(steps) == [
        BILL, RENT, (abilene.OWNERS, abilene.BANKS), (abilene.ORACLE, abilene.NVIDIA), (abilene.NVIDIA, abilene.OPENAI),
    ]  # fmt: skip
    assert steps["label"].tolist() == [abilene.UNPRICED] * 2 + ["US$9.4bn", "US$40bn", "US$30.1bn"]
    assert [*rows] == [f"{a} to {b}" for a, b in pairs(steps)] and all(len(f) for part in rows.values() for f in part)
    assert abilene.finding(steps).endswith("OpenAI’s bill and Oracle’s rent, have no published price")
    assert "for 15 years, press reports say. The rent is not published." in steps["told"][1]


def test_a_step_is_told_only_once_it_is_known(ledger: Ledger):
    """The lease and the chips became known on 23 May 2025, the day after the owners told of the campus and its loans."""
    before, after = (abilene.walk(ledger.at(day))[0] for day in ("2025-05-22", "2025-05-23"))
    assert pairs(before) == [BILL, (abilene.OWNERS, abilene.BANKS)], "NVIDIA's shares wait for its chips"
    assert len(after) == 5 and abilene.finding(before) == "In Abilene OpenAI’s bill has no published price"
    assert abilene.walk(ledger.at("2024-10-01"))[0].empty


def test_talks_of_shares_are_not_told_as_bought(ledger: Ledger):
    """In January 2026 NVIDIA was in talks over up to 30: by then it had bought for 0.1."""
    steps = abilene.walk(ledger.at("2026-02-01"))[0].set_index(["payer", "payee"])
    row = steps.loc[(abilene.NVIDIA, abilene.OPENAI)]
    assert row["label"] == "US$0.1bn" and "has bought shares" in row["told"]


def test_a_rent_that_becomes_known_has_its_price_and_a_cancelled_lease_is_gone(tmp_path: Path):
    for name, more in (("known", {"low_usd_bn": "20", "high_usd_bn": "22"}), ("gone", {"status": "cancelled"})):
        shutil.copytree(FROZEN, tmp_path / name)
        add_row(tmp_path / name / "deals.csv", {"deal": "oracle-abilene-lease"}, as_of="2026-03-30", **more)
    known, gone = (abilene.walk(Ledger.load(tmp_path / name))[0] for name in ("known", "gone"))
    rent = known.set_index(["payer", "payee"]).loc[RENT]
    assert rent["label"] == "US$20–22bn" and "not published" not in rent["told"]
    assert abilene.finding(known) == "In Abilene OpenAI’s bill has no published price"
    assert RENT not in pairs(gone)


@pytest.mark.parametrize("day", ["2025-09-10", "2026-03-31", None])
def test_an_arrow_is_dashed_where_no_price_is_published_and_words_keep_clear(view, day: str | None):
    ledger = view(day)
    steps, _ = abilene.walk(ledger)
    spec = oracle_softbank.fig_oracle_abilene(ledger).to_dict()
    meta = spec["usermeta"]["roundtrip"]
    stops = meta["slider"]["stops"]
    assert [s[0] for s in stops] == [0, *steps["number"]] and [s[2] for s in stops[1:]] == steps["told"].to_list()
    assert spec["params"] == [{"name": STOP, "value": 0}], "all is bright where nobody moves the slider"
    shrink = {"wide": WIDE / (charts.WIDE - 12), "narrow": 1.0}  # of words, where the page stretches the drawing
    sizes = {"wide": (WIDE, spec["height"]), "narrow": (NARROW, meta["narrow_height"])}
    for width, (pixels, height) in sizes.items():
        dashed, boxes, texts = {}, [], set()
        for layer in spec["layer"]:
            if not layer["name"].startswith(width):
                continue
            data, mark = pd.DataFrame(spec["datasets"][layer["data"]["name"]]), layer["mark"]
            if mark["type"] == "line":
                dashed |= dict.fromkeys(zip(data["payer"], data["payee"], strict=True), mark["strokeDash"] != [1, 0])
            elif mark["type"] == "rect":
                boxes = [(r.x, r.x2, r.y, r.y2) for r in data.itertuples()]
            elif mark["type"] == "text":
                for x, y, text in zip(data["x"], data["y"], data["text"], strict=True):
                    lines = text.split("\n")
                    wide = max(text_width(line, mark["fontSize"]) for line in lines) * shrink[width]
                    left = {"left": 0.0, "center": wide / 2, "right": wide}[mark.get("align", "center")]
                    top = y - 7 if mark["baseline"] == "middle" else y
                    texts.add((x - left, x - left + wide, top, top + 15 * len(lines) - 2))
        assert dashed == dict(zip(pairs(steps), ~steps["is_priced"], strict=True))
        assert not any(meet(a, b) for a, b in itertools.combinations(texts, 2))
        for text in texts:
            inside = [b[0] <= text[0] and text[1] <= b[1] and b[2] <= text[2] and text[3] <= b[3] for b in boxes]
            assert any(inside) or not any(meet(text, b) for b in boxes), "words stand in a box or clear of all"
            assert text[0] >= -1 and text[1] <= pixels + 1 and text[2] >= 0 and text[3] <= height + 2
