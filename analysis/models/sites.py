"""Data centres by who uses them."""

import re

import pandas as pd


def is_for(sites: pd.DataFrame, tenant: str) -> pd.Series:
    """Whether ``tenant`` is among the tenants of each site (a semicolon-separated list); index as given."""
    return sites["tenant"].str.contains(rf"(?:^|;){re.escape(tenant)}(?:;|$)", regex=True).astype(bool)
