"""The types of output that a notebook holds, and by which the site finds what it draws itself."""

CHART = "application/vnd.vegalite.v6+json"
CHART_IN_JUPYTER = "application/vnd.vegalite.v5+json"  # the newest that JupyterLab 4.6 draws
FIGURE = "application/vnd.roundtrip.figure+json"  # a chart as the build has drawn it
RESULTS = "application/vnd.roundtrip.results+json"
EXPLORER = "application/vnd.roundtrip.explorer+json"
