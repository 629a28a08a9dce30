"""What programs of others read in the files that leave the console: openpyxl the workbook, Python's own zipfile and
csv the rest. The rows are those that crates/export-files/examples/sample.rs writes. Ends with an error where a digit,
a letter or a kind of a cell is another one."""

import csv
import datetime
import decimal
import io
import re
import sys
import zipfile

import openpyxl

folder = sys.argv[1]
ROWS = [
    ("9912140633506421", "123456789012.123456789", "plain"),
    ("007", "0.00000080000", "=1+1"),
    ("SP-1", "-1234.5", "@SUM(A1)"),
    ("+49", "-33.86", "a\u000bb _x0041_ \U0001f600"),
    ("1E5", "0", " two\nlines, \"quoted\"; <b>&amp;\t"),
    ("2026-10-01", "999999999999999", "'apostrophe"),
    ("-", "-0.10", "März/2026: \"A\""),
    ("", "12345678901234567890.50", ""),
]
# Of more digits than a spreadsheet keeps.
TEXTS = {"123456789012.123456789", "12345678901234567890.50"}
NOW = datetime.datetime(2026, 12, 1, 10, 0, 0, 250000)
decimal.getcontext().prec = 60
TOTAL = str(sum(decimal.Decimal(amount) for _, amount, _ in ROWS))


def must(found, wanted, where):
    if found != wanted:
        sys.exit(f"{where}: {found!r} instead of {wanted!r}")


def decoded(text):
    """A text as Excel reads it; openpyxl leaves what XML cannot hold as it is escaped."""
    return openpyxl.utils.escape.unescape(text) if text else text


book = openpyxl.load_workbook(f"{folder}/sample.xlsx")
must(book.sheetnames, ["Sample rows", "About this export"], "sheets")
sheet = book["Sample rows"]
must(sheet.max_row, len(ROWS) + 1, "rows")
must([cell.value for cell in sheet[1]], ["Id", "Amount", "Note", "At (UTC)"], "head")
for row, (number, amount, note) in zip(sheet.iter_rows(min_row=2), ROWS):
    where = f"row {row[0].row}"
    must((decoded(row[0].value) or "", decoded(row[2].value) or ""), (number, note), where)
    for cell in (row[0], row[2]):
        must(cell.data_type, "n" if cell.value is None else "s", f"{where}, kind of a text")
    if amount in TEXTS:
        must((row[1].data_type, row[1].value), ("s", amount), where)
    else:
        must(row[1].data_type, "n", f"{where}, kind of the amount")
        places = len(amount.partition(".")[2])
        must(f"{decimal.Decimal(repr(row[1].value)):.{places}f}", amount, where)
        must(len(row[1].number_format.partition(".")[2]), places, f"{where}, decimals that are shown")
    must((row[3].is_date, row[3].value), (True, NOW), where)
about = {row[0].value: row[1].value for row in book["About this export"].iter_rows(min_row=2)}
must(about["Completeness"], "Every row was read", "about")
must((about["Rows"], about["Amount, EUR, total"]), (len(ROWS), TOTAL), "about")

with zipfile.ZipFile(f"{folder}/sample.zip") as pack:
    must(pack.testzip(), None, "sample.zip")
    must(pack.namelist(), ["sample-rows.csv", "about this export.csv"], "sample.zip")

    def rows_of(name):
        text = pack.read(name).decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))

    lines = rows_of("sample-rows.csv")
    for line, (number, amount, note) in zip(lines[1:], ROWS, strict=True):
        unguarded = [re.sub("([;\\t\\r\\n])'", r"\1", text.removeprefix("'")) for text in (line[0], line[2])]
        must((unguarded, line[1], line[3]), ([number, note], amount, "2026-12-01 10:00:00.25"), "sample-rows.csv")
        for text in (line[0], line[2]):
            must(text[:1] in set("=+-@\t"), False, f"the beginning of {text!r}")
    about = {line[0]: line[1] for line in rows_of("about this export.csv")}
    must((about["Rows"], about["Amount, EUR, total"]), (str(len(ROWS)), TOTAL), "about this export.csv")
print(f"{len(ROWS)} rows of each file were read as they were written")
