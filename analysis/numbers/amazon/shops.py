"""The shop in the chat: who sold there, at what fee, and what became of it."""

from analysis.ledger import Ledger
from analysis.numbers import formats, quantities
from analysis.numbers.amazon.deal import AWS
from analysis.numbers.calculations import labelled
from analysis.numbers.company_names import short_name
from analysis.numbers.facts import Facts, ratio, value
from analysis.numbers.results import Results


def commerce(ledger: Ledger, scenario: str = "central") -> Results:
    """What shops pay, and the sales that would pay for the contract."""
    f = Facts(ledger, "amazon", scenario)
    aws, fee, choice = f.standing(AWS), f.last("openai", "instant_checkout_take_rate"), f.choices["merchant_fee"]
    per_year = quantities.contract_per_year(aws)
    least_fee, most_fee = (labelled(100 * fee, "pct", "assumed fee") / 100 for fee in (choice.low, choice.high))
    needed, least, most = (ratio(per_year, rate) for rate in (value(fee) / 100, most_fee, least_fee))
    average = "Average year of the AWS contract over the fee; the range is that of the assumed fees."
    live = f.last("openai", "instant_checkout_merchants_live_shopify")
    merchants = ledger.entities.loc[ledger.entities["kind"] == "merchant", "entity"]
    shops = f.payments(kind="commercial", payee="openai")
    shops = shops[shops["payer"].isin(merchants)]
    kept = f.last("openai", "instant_checkout_conversion_vs_walmart_site")
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
            f.result(
                "has_sales_needed", "A year of AWS can be held against the fee", needed == needed, "flag", aws, fee
            ),
            f.result("merchants", "Shopify merchants live in the chat, as last stated", value(live), "count", live),
            f.result(
                "shops",
                "Shop partners whose payments have no published amount",
                formats.listed(sorted(short_name(ledger.name(shop)) for shop in shops["payer"])) or None,
                "text",
                shops,
            ),
            f.result("has_shops", "Shops sell in the chat", len(shops) > 0, "flag", shops),
            f.result(
                "conversion_words",
                "The same in words",
                formats.fraction(value(kept) / 100) if len(kept) else None,
                "text",
                kept,
            ),
        ]
    )
