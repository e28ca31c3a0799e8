"""Who readers are told has published a source."""

import pytest

from analysis.ledger import Ledger
from analysis.numbers.source_names import host_of, named, names_by_key


@pytest.mark.parametrize(
    ("publisher", "origin", "url", "rank", "said"),
    [
        ("Pulse", "Financial Times", "https://www.pulse.bot/a", "relay", "Financial Times, via pulse.bot"),
        ("MarketWatch", "MarketWatch", "https://investify.vn/a", "relay", "MarketWatch, via investify.vn"),
        ("a copy", "The Information", "https://thechek.posthaven.com/a", "first report", "The Information, via "),
        (
            "CNA (Reuters)",
            "Reuters",
            "https://www.channelnewsasia.com/a",
            "first report",
            "Reuters, via channelnewsasia",
        ),
        ("Reuters", "Reuters", "https://www.reuters.com/a", "first report", "Reuters"),
        ("Associated Press", "Associated Press", "https://apnews.com/a", "first report", "Associated Press"),
        ("WSJ", "Wall Street Journal", "https://www.wsj.com/a", "relay", "Wall Street Journal"),
        ("SEC EDGAR", "Alphabet", "https://www.sec.gov/a", "primary", "Alphabet"),
        ("AMD investor relations", "AMD", "https://ir.amd.com/a", "primary", "AMD"),
        ("mirror site", "AWS", "http://sibshop.example/a", "primary", "AWS, via sibshop.example"),
        ("rbtfl", "not stated", "https://rbtfl.xyz/a", "relay", "rbtfl.xyz"),
        ("Italian press", "Financial Times", "", "relay", "Financial Times, via Italian press"),
        ("The Register", "", "https://www.theregister.com/a", "first report", "The Register"),
        ("", "", "", "", ""),
    ],
)
def test_a_page_of_another_is_not_told_as_the_paper(publisher: str, origin: str, url: str, rank: str, said: str):
    """'MarketWatch' opened investify.vn, and 'Financial Times' pulse.bot."""
    told = named({"publisher": publisher, "publisher_of_record": origin, "url": url, "rank": rank})
    assert told.startswith(said) and (told == said or ", via " in told)


def test_every_relay_names_whose_page_opens():
    """By the ledger: a relay either stands on its origin's host or names the host."""
    sources = Ledger.load().sources
    told = names_by_key(sources)
    assert set(told) == set(sources["source"]) and not any(name.startswith("not stated") for name in told.values())
    for row in sources[sources["rank"] == "relay"].to_dict("records"):
        host, name = host_of(row["url"]), told[row["source"]]
        words = [w for w in name.casefold().replace(",", " ").split() if len(w) > 2]
        initials = "".join(w[0] for w in name.casefold().split())
        bare = host.replace("-", "")
        assert (
            not host or host in name or any("".join(filter(str.isalnum, w)) in bare for w in words) or initials in host
        )
