"""The shop in the chat: who sold there, at what fee, and what became of it."""

from analysis.ledger import Ledger
from analysis.numbers import quantities
from analysis.numbers.amazon.deal import AWS
from analysis.numbers.facts import Facts, day, ratio, value
from analysis.numbers.results import Results


def commerce(ledger: Ledger, scenario: str = "central") -> Results:
    """What shops pay, and the sales that would pay for the contract."""
    f = Facts(ledger, "amazon", scenario)
    aws, fee, choice = f.deal(AWS), f.last("openai", "instant_checkout_take_rate"), f.choices["merchant_fee"]
    per_year = quantities.contract_per_year(aws)
    needed, least, most = (ratio(per_year, rate) for rate in (value(fee) / 100, choice.high, choice.low))
    average = "Average year of the AWS contract over the fee; the range is that of the assumed fees."
    live = f.last("openai", "instant_checkout_merchants_live_shopify")
    merchants = ledger.entities.loc[ledger.entities["kind"] == "merchant", "entity"]
    shops = f.payments(kind="commercial", payee="openai")
    shops = shops[shops["payer"].isin(merchants)]
    walmart, blocked, checkout = f.deal("openai-walmart-checkout"), f.term("amazon-robots"), f.term("instant-checkout")
    has_left = len(walmart) > 0 and walmart["status"].iloc[0] == "cancelled"
    steps = ledger.history["terms"].query("term == 'instant-checkout'")
    is_scaled_back = len(steps) > 1
    scaled_back = checkout if is_scaled_back else checkout.head(0)
    promised, drawn = _lucent(f)
    share = 100 * ratio(value(drawn), value(promised))
    return Results(
        [
            f.result("fee", "Checkout fee on sales, as reported", value(fee), "pct", fee),
            f.result("has_fee", "The checkout fee is known", len(fee) > 0, "flag", fee),
            f.result(
                "sales_needed",
                "Sales a year whose fees would pay for one year of AWS",
                needed,
                "usd_bn",
                aws,
                fee,
                low=least,
                high=most,
                how=average,
            ),
            f.result("checkout_day", "Checkout in the chat began on", day(steps.head(1)), "date", checkout),
            f.result("is_scaled_back", "Checkout in the chat has been scaled back", is_scaled_back, "flag", checkout),
            f.result("scaled_back_day", "Checkout in the chat scaled back on", day(scaled_back), "date", checkout),
            f.result("merchants", "Shopify merchants live in the chat, as last stated", value(live), "count", live),
            f.result(
                "shops", "Shop partners whose payments have no published amount", len(shops) or None, "count", shops
            ),
            f.result("has_shops", "Shops sell in the chat", len(shops) > 0, "flag", shops),
            f.result("walmart_left", "Walmart has left checkout in the chat", bool(has_left), "flag", walmart),
            f.result(
                "lucent_drawn",
                "Share of Lucent's commitments to customers that had been drawn",
                share,
                "pct",
                drawn,
                promised,
            ),
            f.result("lucent_day", "Lucent's commitments and drawings as of", day(drawn, "end"), "date", drawn),
            f.result("has_lucent", "Lucent's commitments are in the ledger", len(drawn) > 0, "flag", drawn),
            f.result("is_blocked", "Amazon blocks OpenAI's shopping crawlers", len(blocked) > 0, "flag", blocked),
        ]
    )
