"""The list of what readers and machines can take from a site: where each file is, what it is called, and what for."""

FILES = (
    ("data/ledger.zip", "The ledger", "Every table as CSV with its schema, in one archive."),
    ("data/datapackage.json", "Data Package", "What each table and column means, for programs that read the tables."),
    ("data/croissant.json", "Croissant", "The same for search engines of data and tools for machine learning."),
    ("results.json", "All numbers", "Each with its range, day, sources and how it was computed."),
    (
        "figures/index.html",
        "Figures",
        "Each with its data as CSV and, beside that, a file that ends in .metadata.json and says what they mean: "
        "columns, units, sources, day and licence.",
    ),
    ("due.ics", "Calendar", "Payments, first and last days, promises and results to come, to import or subscribe to."),
    ("feed.xml", "Feed", "What became known, day by day, for readers of feeds."),
    ("llms.txt", "Pages as text", "Every page in Markdown, for language models and for reading without a browser."),
    ("sbom.json", "Bill of materials", "The packages that the site was built with."),
)
