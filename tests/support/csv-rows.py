"""Prints the rows of a CSV file as JSON objects by their headings, read by Python's own csv module."""
import csv
import json
import sys

with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
    rows = list(csv.DictReader(file, strict=True))
assert all(None not in row and None not in row.values() for row in rows), "every line has as many cells as headings"
print(json.dumps(rows))
