"""Data centres by who uses them."""

import re

import pandas as pd


def is_for(sites: pd.DataFrame, tenant: str) -> pd.Series:
    """Whether a tenant is among those of each site.

    Parameters
    ----------
    sites : DataFrame
        Column tenant: a semicolon-separated list of entities.
    tenant : str
        The entity looked for.

    Returns
    -------
    Series
        Truth values, index as given.
    """
    return sites["tenant"].str.contains(rf"(?:^|;){re.escape(tenant)}(?:;|$)", regex=True).astype(bool)
