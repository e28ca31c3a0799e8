"""What is said and what came, in the words of figures and tables."""

import pandas as pd

from analysis.numbers import formats


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def signed(per_cent: float) -> str:
    text = f"{formats.rounded(per_cent, 0)}%"
    return f"+{text}" if per_cent > 0 and text != "0%" else text


def told(found: pd.DataFrame) -> pd.DataFrame:
    """Statements with their names and what was said in words."""
    return found.assign(
        figure=found["name"].map(capital),
        name=[f"{capital(r.name)}, forecast made {r.as_of:%b %Y}" for r in found.itertuples(index=False)],
        said=[formats.quantity(r.p50, r.unit, r.p5, r.p95) for r in found.itertuples(index=False)],
        came=[formats.amount(r.outcome, r.unit) for r in found.itertuples(index=False)],
    )
