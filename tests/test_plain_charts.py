"""A chart made without `make_figure` is drawn like any other, and the build says what it lacks."""

from pathlib import Path

import altair as alt
import nbformat
import numpy as np
import pandas as pd
import pytest

from analysis import mime_types
from analysis.book.drawing import charts
from analysis.book.pages import render
from analysis.book.pages.render import BuildError
from analysis.book.publishing import staging
from analysis.book.publishing.staging import figure_notes
from analysis.book.running import notebooks
from analysis.figures import plain_charts
from analysis.figures.figure import make_figure
from analysis.ledger import Ledger

FRAME = pd.DataFrame({"a_b": ["x", "y"], "n": [1, 2]})


def spec(**more: object) -> dict[str, object]:
    return dict(alt.Chart(FRAME, **more).mark_bar().encode(x="n:Q", y="a_b:N").to_dict())


def test_a_plain_chart_is_drawn_and_lists_its_data():
    completed = plain_charts.completed(
        spec(title="Two bars", description="y is twice x"), "fig-one-plain-1", "2026-03-31"
    )
    drawn = charts.draw_figure(completed)
    assert drawn["meta"]["title"] == "Two bars" and drawn["meta"]["alt"] == "Two bars. y is twice x"
    assert (drawn["meta"]["columns"], drawn["meta"]["rows"]) == (["a b", "n"], [["x", 1], ["y", 2]])
    assert all(drawing.startswith("<svg") for drawing in drawn["drawings"])


def test_a_chart_of_several_views_is_drawn_too():
    half = alt.Chart(FRAME).mark_bar().encode(x="n:Q")
    assert charts.draw(plain_charts.completed((half | half).to_dict(), "fig-one-plain-1", "2026-03-31"))


@pytest.mark.parametrize(
    ("given", "lacks"),
    [
        ({}, ["a title", "words for those who cannot see it", "sources"]),
        ({"title": alt.TitleParams(["In", "lines"]), "description": "x"}, ["sources"]),
    ],
)
def test_what_a_plain_chart_lacks_is_said(given: dict[str, object], lacks: list[str]):
    completed = plain_charts.completed(spec(**given), "fig-one-plain-1", "2026-03-31")
    (note,) = figure_notes({"one": [{"meta": completed["usermeta"]["roundtrip"]}]})
    assert note.startswith(f"note: one.ipynb: the figure fig-one-plain-1 lacks {', '.join(lacks)}:")


def test_signs_without_a_font_in_pictures_are_named():
    meta = {"id": "fig-x", "title": "\u7532 \u20ac \u2192 \u00e9", "rows": [["\U0001f600"]]}
    assert figure_notes({"one": [{"meta": meta}]}) == [
        "note: one.ipynb: the figure fig-x has signs that its PNG shows as boxes, for want of a font: \u7532\U0001f600"
    ]


def test_an_infinite_number_in_a_table_is_refused(ledger: Ledger):
    table = pd.DataFrame({"x": [1.0, np.inf]})
    with pytest.raises(ValueError, match="fig-x: infinite numbers in X"):
        make_figure(
            alt.Chart(table).mark_bar(),
            id="fig-x",
            title="T",
            subtitle="",
            alt_text="T. Two numbers.",
            table=table,
            columns={"x": "X"},
            ledger=ledger,
            rows=[],
        )


def test_the_log_of_sphinx_names_chapter_cell_and_line(tmp_path):
    log = f"\x1b[91m{tmp_path}/one.ipynb:20007: WARNING: no such thing [x.y]\x1b[39;49;00m\n{tmp_path}/one.ipynb:: WARNING: b"
    assert render.readable_log(log, tmp_path).splitlines() == [
        "chapters/one.ipynb, cell 2, line 7: WARNING: no such thing [x.y]",
        "chapters/one.ipynb: WARNING: b",
    ]


def test_two_figures_of_one_id_are_refused(tmp_path):
    for name in ("one", "two"):
        chart = plain_charts.completed(spec(), "fig-same", "2026-03-31")
        output = nbformat.v4.new_output("display_data", data={mime_types.CHART: chart})
        cells = [nbformat.v4.new_markdown_cell("# T"), nbformat.v4.new_code_cell("x", outputs=[output])]
        notebooks.write(nbformat.v4.new_notebook(cells=cells), tmp_path / f"{name}.ipynb")
    (tmp_path / "staged").mkdir()
    with pytest.raises(
        BuildError, match=r"two\.ipynb, cell 2: the figure fig-same is shown already in one\.ipynb, cell 2"
    ):
        staging.draw_figures(notebooks.read_all(tmp_path), tmp_path / "staged", ())


def executed(folder: Path, *outputs: nbformat.NotebookNode) -> Path:
    """A folder with one executed chapter, whose only code cell showed this."""
    cells = [nbformat.v4.new_markdown_cell("# T"), nbformat.v4.new_code_cell("x", outputs=[*outputs])]
    notebooks.write(nbformat.v4.new_notebook(cells=cells), folder / "one.ipynb")
    (folder / "staged").mkdir()
    return folder


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("application/javascript", "a script"),
        ("application/vnd.jupyter.widget-view+json", "a widget"),
        ("text/latex", "a formula in LaTeX"),
    ],
)
def test_what_no_page_can_show_is_refused(tmp_path: Path, kind: str, words: str):
    """A page has no scripts of others, so that nothing stood there, or the formula as it is typed."""
    shown = nbformat.v4.new_output("display_data", data={kind: "1", "text/plain": "<object>"})
    with pytest.raises(
        BuildError, match=rf"one\.ipynb, cell 2: shows {words}, which no page can: show text or a figure"
    ):
        staging.draw_figures(notebooks.read_all(executed(tmp_path, shown)), tmp_path / "staged", ())


def test_prints_are_shown_as_a_terminal_leaves_them(tmp_path: Path):
    text = "\x1b[31mred\x1b[0m\n 10%\r 100%\r\nend\x08\r"
    shown = executed(tmp_path, nbformat.v4.new_output("stream", text=text))
    staging.draw_figures(notebooks.read_all(shown), tmp_path / "staged", ())
    (output,) = notebooks.read(tmp_path / "staged" / "one.ipynb").cells[1].outputs
    assert output.text == "red\n 100%\nend"
