"""What may be the number of a bank account; the portal keeps none."""

#: Digits in a row, or in groups of four as an IBAN is written.
ACCOUNT_NUMBER = r"[0-9]{5}|[0-9]{4} [0-9]{4}"
