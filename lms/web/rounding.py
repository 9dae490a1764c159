"""The one way an exact figure is rounded, on pages, reports, workbooks and certificates: a half goes away from zero.

A person's score is whole; means of scores and percentages have one decimal, figures of surveys and gains two.
"""

from decimal import Decimal
from fractions import Fraction


def rounded(exact: Fraction, places: int) -> Decimal:
    """To so many decimals."""
    size = int(abs(exact) * 10**places + Fraction(1, 2))
    return Decimal(size if exact >= 0 else -size).scaleb(-places)


def score(exact: Fraction, *bounds: int) -> Decimal:
    """0 to 100, whole; cut off after one decimal where rounding would reach a bound that the score stays below."""
    whole = rounded(exact, 0)
    if any(exact < bound <= whole for bound in bounds):
        return Decimal(int(10 * exact)).scaleb(-1)
    return whole


def _written(number: Decimal) -> str:
    return f"{number:f}".replace(".", ",").replace("-", "−")


def nilai(exact: Fraction, *bounds: int) -> str:
    """70, or 69,6 where 70 is a bound."""
    return _written(score(exact, *bounds))


def desimal(exact: Fraction, places: int) -> str:
    """67,0, 0,50 or −0,50; what rounds to nought has no sign."""
    return _written(rounded(exact, places))


def ringkas(exact: Fraction, places: int) -> str:
    """2, 1,5 or 0,67: without noughts at the end."""
    return desimal(exact, places).rstrip("0").rstrip(",")


def persen(percent: Fraction) -> str:
    """66,7% or 100%."""
    return f"{ringkas(percent, 1)}%"
