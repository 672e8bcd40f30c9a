"""Money as integer minor units with its currency; never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

MINOR_DIGITS = {"INR": 2, "USD": 2, "GBP": 2, "EUR": 2, "JPY": 0}
"""ISO 4217 exponents of the currencies that a marketplace may name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An amount in minor units (paise, cents, pence; yen have none)."""

    amount_minor: int
    currency: str

    @classmethod
    def from_major(cls, amount: Decimal, currency: str) -> Money:
        """Convert a decimal in major units; half a minor unit rounds up.

        Raises ValueError when the currency is not in MINOR_DIGITS.
        """
        scale = Decimal(10) ** minor_digits(currency)
        minor = (amount * scale).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return cls(amount_minor=int(minor), currency=currency)

    @property
    def major(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.amount_minor).scaleb(-minor_digits(self.currency))


def minor_digits(currency: str) -> int:
    """Decimal places of the currency; ValueError names the known ones."""
    try:
        return MINOR_DIGITS[currency]
    except KeyError:
        known = ", ".join(sorted(MINOR_DIGITS))
        raise ValueError(f"currency {currency!r} is not known. Use one of {known}.") from None
