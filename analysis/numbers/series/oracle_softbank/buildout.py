"""What is to be built, what stands, and what a gigawatt costs: the tables of the figures, and their findings."""

import numpy as np
import pandas as pd

from analysis.ledger import Ledger
from analysis.ledger.known import latest
from analysis.models import deals
from analysis.models.sites import is_for
from analysis.numbers import formats
from analysis.numbers.facts import Facts
from analysis.numbers.oracle_softbank import buildout
from analysis.numbers.vintages import story_start

PLAN, CONTRACT, LOANS = "plan", "contract", "loans"
HEADLINES = {
    "openai-compute-plan": ("OpenAI's compute plan", PLAN),
    "stargate-us-program": ("Stargate pledge", PLAN),
    "stargate-us-sites": ("US sites, planned", PLAN),
    "openai-oracle-compute": ("Oracle contract", CONTRACT),
    "oracle-linked-construction-loans-rated": ("Loans rated on Oracle leases", LOANS),
}
FOR_OPENAI, FOR_OTHERS = "for OpenAI", "others in the ledger"
END_OF_RANGE = {"cost_per_gw_low": ", low", "cost_per_gw_high": ", high"}
STATES = {"live": "partly live", "under construction": "under construction", "planned": "on paper"}


def _facts(ledger: Ledger, scenario: str = "central") -> Facts:
    return Facts(ledger, "oracle_softbank", scenario)


def headlines(ledger: Ledger) -> pd.DataFrame:
    """Return the headlines with an amount: deal, name, kind, low and high (US$ bn, as last stated), value, label."""
    known = (
        ledger.deals.set_index("deal").reindex(list(HEADLINES)).dropna(how="all", subset=["low_usd_bn", "high_usd_bn"])
    )
    ends = known[["low_usd_bn", "high_usd_bn"]]
    return pd.DataFrame(
        {
            "deal": known.index,
            "name": [HEADLINES[k][0] for k in known.index],
            "kind": [HEADLINES[k][1] for k in known.index],
            "low": ends["low_usd_bn"].to_numpy(float),
            "high": ends["high_usd_bn"].to_numpy(float),
            "value": deals.bounds(known)["high"].to_numpy(float),
            "label": [formats.amount_text(low, high) for low, high in ends.itertuples(index=False)],
        }
    )


def headlines_finding(frame: pd.DataFrame) -> str:
    """Return in a sentence which of the `headlines` is a customer's contract."""
    contract = frame.loc[frame["kind"] == CONTRACT, "value"]
    if len(contract):
        amount = formats.amount(contract.iloc[0], "usd_bn")
        return f"Only one headline is a customer's contract, Oracle's {amount}; they overlap and do not add up"
    if len(frame) == 1:
        return "One headline and no priced contract"
    return f"{len(frame)} headlines and no priced contract: they overlap and do not add up"


def mapped_sites(ledger: Ledger) -> pd.DataFrame:
    """Return the sites of the United States whose place is published, with label (a short name) and use."""
    sites = ledger.sites
    here = sites[(sites["country"] == "US") & sites["lat"].notna() & sites["lon"].notna()]
    use = is_for(here, "openai").map({True: FOR_OPENAI, False: FOR_OTHERS})
    return here.assign(use=use, label=[n.split(" (")[0].removeprefix("Stargate ") for n in here["name"]])


def sites_finding(ledger: Ledger) -> str:
    """Return in a sentence how many of the sites for OpenAI are live and how many are being built."""
    states = buildout.openai_sites(ledger.sites)["status"]
    if states.empty:
        return "No site is named for OpenAI by this day"
    live, building = int((states == "live").sum()), int((states == "under construction").sum())
    are = "is" if live == 1 else "are"
    of = formats.counted(len(states), "site", "sites")
    return f"Of {of} named for OpenAI, {live} {are} at least partly live and {building} under construction"


def silence(sites: pd.DataFrame, column: str, what: str) -> str:
    """Return in words how many sites publish nothing in a column: ``3 sites publish no town``."""
    return f"{formats.counted(int(sites[column].isna().sum()), 'site publishes', 'sites publish')} no {what}"


def capacity(ledger: Ledger) -> pd.DataFrame:
    """Return the published capacity of sites for OpenAI, by the state in which each site was on each day.

    Returns
    -------
    DataFrame
        day, status, state (the status in words), gw; one row for each day on which a site's news came and each status.
    """
    history = ledger.history["sites"]
    start = story_start(ledger)
    days = sorted(d for d in {*history["as_of"], ledger.as_of} if d >= start)
    sums = {
        day: buildout.openai_sites(latest(history, ["site"], day)).groupby("status")["planned_gw"].sum() for day in days
    }
    rows = [(day, s, STATES[s], float(gw.get(s, 0.0))) for day, gw in sums.items() for s in STATES]
    return pd.DataFrame(rows, columns=["day", "status", "state", "gw"])


def capacity_finding(frame: pd.DataFrame) -> tuple[str, str]:
    """Return what the last day of `capacity` shows, and in a second sentence what is live and what is being built."""
    end = frame[frame["day"] == frame["day"].max()].set_index("status")["gw"]
    total, planned = (formats.amount(gw, "gw") for gw in (end.sum(), end["planned"]))
    return (
        f"Campuses named for OpenAI total {total}; {planned} is still on paper",
        f"On the last day {end['live']:g} GW belong to campuses that are partly live and "
        f"{end['under construction']:g} GW are under construction",
    )


def capacity_note(ledger: Ledger, fleet: pd.DataFrame) -> str:
    """Return which sites the picture of `capacity` leaves out, and what the mark of the `fleet` is."""
    sites = buildout.openai_sites(ledger.sites)
    are = "is" if sites["planned_gw"].isna().sum() == 1 else "are"
    left_out = f"{silence(sites, 'planned_gw', 'capacity')} and {are} missing here."
    return left_out + (" The diamond is all the compute OpenAI said it had, on all clouds." if len(fleet) else "")


def fleet(ledger: Ledger, since: pd.Timestamp) -> pd.DataFrame:
    """Return OpenAI's statements of all its computing power on a balance-sheet day that falls into the picture."""
    known = _facts(ledger).metric("openai", "compute_capacity", basis="actual")
    return known[known["end"] >= since - pd.Timedelta(days=2)].assign(label="OpenAI's whole fleet")


def speaker(ledger: Ledger, key: str) -> str:
    """Return who said a figure: NVIDIA CEO for ``nvidia-ceo`` if the key begins with a firm of the ledger."""
    first, _, rest = key.partition("-")
    name = ledger.name(first)
    words = rest.replace("-", " ").replace("ceo", "CEO")
    return f"{name if name != first else first.capitalize()} {words}".strip()


def costs(ledger: Ledger) -> pd.DataFrame:
    """Return the published costs of a gigawatt: who, value (US$ bn), scope (what it counts), label; lowest first.

    Where no speaker is named, the one who quotes the figure is. A bank's figure that stands among the metrics and among
    the published models is drawn once.
    """
    metrics, models = buildout.costs_per_gw(ledger)
    publishers = ledger.sources.set_index("source")["publisher_of_record"]
    said = [
        speaker(ledger, by) if by else f"Quoted by {publishers.get(source) or source}"
        for by, source in zip(metrics["by"], metrics["source"], strict=True)
    ]
    frame = pd.DataFrame(
        {
            "who": [*said, *models["publisher"]],
            "end": [END_OF_RANGE.get(q, "") for q in [*metrics["metric"], *models["quantity"]]],
            "value": [*metrics["value"], *models["value"]],
            "scope": [*metrics["note"], *models["note"]],
        }
    )
    frame["who"] = frame["who"] + frame["end"]
    relayed = [any(other.startswith(f"{who} (") for other in frame["who"]) for who in frame["who"]]
    frame = (
        frame[~np.array(relayed, dtype=bool)]
        .drop_duplicates(["who", "value"])
        .sort_values(["value", "who"], ignore_index=True)
    )
    return frame.assign(label=[formats.rounded(v, 1) for v in frame["value"]])


def costs_finding(frame: pd.DataFrame) -> str:
    """Return the range of the `costs` in a sentence."""
    low, high = frame["value"].min(), frame["value"].max()
    words = formats.quantity(None, "usd_bn", low, high)
    if low < high:
        return f"A gigawatt costs {words}, depending on what is counted"
    return f"A gigawatt costs {words} by {'the only figure' if len(frame) == 1 else 'every figure'} published"
