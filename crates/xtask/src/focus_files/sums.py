"""Adds up a FOCUS file independently of the project: rows, and billed cost per currency to the last digit.

Prints `rows N` and a line `CUR sum` for each currency.
"""
import csv
import decimal
import sys

decimal.getcontext().prec = 200
rows, sums = 0, {}
with open(sys.argv[1], newline="", encoding="utf-8-sig") as file:
    for row in csv.DictReader(file):
        rows += 1
        currency = row["BillingCurrency"]
        sums[currency] = sums.get(currency, decimal.Decimal(0)) + decimal.Decimal(row["BilledCost"])
print("rows", rows)
for currency, amount in sorted(sums.items()):
    print(currency, f"{amount:f}")
