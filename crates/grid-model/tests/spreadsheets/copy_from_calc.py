"""Has LibreOffice Calc copy ranges of cells, and keeps beside this file what it puts on the clipboard.

    python3 copy_from_calc.py

with the Python that Debian's python3-uno is for. README.md tells what came out.
"""

import pathlib
import subprocess
import tempfile
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.datatransfer import DataFlavor
from com.sun.star.lang import Locale

HERE = pathlib.Path(__file__).parent
AT = "socket,host=localhost,port=2002;urp"
ENGLISH = Locale("en", "US", "")
GERMAN = Locale("de", "DE", "")

# A cell is a text, or a number with its format. Formats are written in English for either locale.
AMOUNT, PLAIN, PERCENT, DATE, TIME = "#,##0.00", "General", "0.00%", "YYYY-MM-DD", "YYYY-MM-DD HH:MM:SS"
WORDS = [
    ["Note", "Id"],
    ["two\nlines", "007"],
    ["tab\there", "123456789012345678"],
    ['say "no"', "00012"],
    ['"quoted whole"', "7,95"],
    ['"begins', 'ends"'],
    ["a\u00a0b", "Zürich \U0001f4b6"],
    ["  two blanks  inside ", "<b>&amp;"],
    ["a\n\n<b>&\u00a0ü", '""'],
    ["", "=1+1"],
]
NUMBERS = [
    [(1234.5, AMOUNT), (-1234.5, AMOUNT), (-0.07, PERCENT), (46296, DATE)],
    [(1234, "#,##0"), (0.000001, "0.000000"), (0.5, PERCENT), (46296.354, TIME)],
    [(1234567.891, AMOUNT), (-30, "#,##0.00;(#,##0.00)"), (123456789012345, "0"), (5, "000000")],
    [(64.123, "0"), (1234.567, PLAIN), (1e21, PLAIN), (1, "BOOLEAN")],
]
GAPS = [
    ["", (5, PLAIN), "", ""],
    ["", "", "", ""],
    [(1, PLAIN), "", (3, PLAIN)],
    ["last"],
]
SPANS = [
    ["Together", "", (5.5, AMOUNT)],
    ["Below each other", (6.5, AMOUNT), (7.5, AMOUNT)],
    ["", (8.5, AMOUNT), '"noted"'],
    ["Runs over its neighbour far and wide", "", (123456789.25, AMOUNT)],
]


def main():
    with tempfile.TemporaryDirectory() as profile:
        place = "-env:UserInstallation=" + pathlib.Path(profile).as_uri()
        office = subprocess.Popen(["soffice", "--headless", "--norestore", place, f"--accept={AT};"])
        try:
            copy_all(connected())
        finally:
            office.terminate()
            office.wait()


def connected():
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    for _ in range(120):
        try:
            return resolver.resolve(f"uno:{AT};StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.5)
    raise SystemExit("LibreOffice does not answer")


def copy_all(office):
    desktop = office.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", office)
    hidden = PropertyValue(Name="Hidden", Value=True)
    for name, locale, rows in [
        ("words", ENGLISH, WORDS),
        ("gaps", ENGLISH, GAPS),
        ("spans", ENGLISH, SPANS),
        ("numbers-en", ENGLISH, NUMBERS),
        ("numbers-de", GERMAN, NUMBERS),
        ("one-number-de", GERMAN, [[(1234.5, AMOUNT)]]),
        ("one-percentage", ENGLISH, [[(-0.07, PERCENT)]]),
    ]:
        speak(office, locale)
        book = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, (hidden,))
        sheet = book.Sheets.getByIndex(0)
        sheet.CharLocale = locale
        fill(book, sheet, rows, locale)
        if rows is SPANS:
            sheet.getCellRangeByName("A1:B1").merge(True)
            sheet.getCellRangeByName("A2:A3").merge(True)
            sheet.Annotations.insertNew(sheet.getCellRangeByName("C3").CellAddress, "A note isn't the text")
            # Too narrow for its number.
            sheet.Columns.getByIndex(2).Width = 800
        width = max(len(row) for row in rows)
        keep(book, name, sheet.getCellRangeByPosition(0, 0, width - 1, len(rows) - 1))
        book.close(True)


def speak(office, locale):
    """Gives the program the locale of a person, in which it writes numbers by itself."""
    where = PropertyValue(Name="nodepath", Value="/org.openoffice.Setup/L10N")
    provider = office.ServiceManager.createInstanceWithContext(
        "com.sun.star.configuration.ConfigurationProvider", office)
    settings = provider.createInstanceWithArguments(
        "com.sun.star.configuration.ConfigurationUpdateAccess", (where,))
    settings.ooSetupSystemLocale = f"{locale.Language}-{locale.Country}"
    settings.commitChanges()


def fill(book, sheet, rows, locale):
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            cell = sheet.getCellByPosition(column, at)
            if isinstance(value, str):
                cell.NumberFormat = format_of(book, "@", locale)
                cell.String = value
            else:
                number, written = value
                cell.NumberFormat = format_of(book, written, locale)
                cell.Value = float(number)


def format_of(book, written, locale):
    """The number of a format that is written in English, in a locale."""
    formats = book.NumberFormats
    if locale != ENGLISH:
        return formats.addNewConverted(written, ENGLISH, locale)
    key = formats.queryKey(written, ENGLISH, False)
    return formats.addNew(written, ENGLISH) if key == -1 else key


def keep(book, name, cells):
    book.CurrentController.select(cells)
    copied = book.CurrentController.getTransferable()
    plain = copied.getTransferData(flavor("text/plain;charset=utf-16", uno.getTypeByName("string")))
    html = copied.getTransferData(flavor("text/html", uno.getTypeByName("[]byte")))
    (HERE / f"calc-{name}.txt").write_bytes(plain.encode())
    (HERE / f"calc-{name}.html").write_bytes(html.value)


def flavor(kind, of):
    return DataFlavor(kind, kind, of)


main()
