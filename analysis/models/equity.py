"""Stakes, dilution, implied losses, multiples.

- A holder who does not take part in a round keeps stake x pre-money / post-money.
- One who puts in ``amount`` gets amount / post-money on top.
- The loss implied by an equity-method result is result / stake; which stake (before or after a change)
  and which result (before or after tax) is a choice, so both are shown.
"""


def stake_after(stake: float, pre_money: float, post_money: float, amount: float = 0.0) -> float:
    """Stake after a round, as a share of 1.

    Parameters
    ----------
    stake : float
        Stake before the round, a share of 1.
    pre_money, post_money, amount : float
        Valuations before and after the round and what the holder puts in, in the same unit (US$ bn).

    Raises
    ------
    ValueError
        Unless 0 < pre_money <= post_money, 0 <= stake <= 1 and 0 <= amount <= the round.
    """
    if not 0 < pre_money <= post_money:
        raise ValueError(f"pre-money {pre_money} must be above 0 and at most post-money {post_money}")
    if not 0 <= stake <= 1:
        raise ValueError(f"stake {stake} is outside 0 to 1")
    if not 0 <= amount <= post_money - pre_money + 1e-9:
        raise ValueError(f"amount {amount} is outside 0 to the size of the round, {post_money - pre_money:g}")
    return stake * pre_money / post_money + amount / post_money


def implied_net_result(result: float, stake: float) -> float:
    """The investee's whole result behind a holder's share of it.

    Parameters
    ----------
    result : float
        The holder's equity-method result, US$ bn, negative for a loss.
    stake : float
        The holder's stake, a share of 1.

    Returns
    -------
    float
        US$ bn, sign kept.

    Raises
    ------
    ValueError
        For a stake outside (0, 1].
    """
    if not 0 < stake <= 1:
        raise ValueError(f"stake {stake} is outside (0, 1]")
    return result / stake


def multiple(value: float, invested: float) -> float:
    """Value of a stake over the money put in.

    Parameters
    ----------
    value, invested : float
        US$ bn.

    Raises
    ------
    ValueError
        When nothing was put in.
    """
    if not invested > 0:
        raise ValueError(f"invested {invested} must be above 0")
    return value / invested
