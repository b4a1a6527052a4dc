"""Small made-up official files, of the shape of the published ones. No number is real."""

import csv
import io
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd

from analysis.evidence.official.tidy import tidy

# CCG: year: (numerator, denominator, exceptions) of RA002; Somerset is 11X, 00C merges away.
RA002 = {
    "11X": {"2018/19": (50, 90, 10), "2019/20": (90, 95, 5)},
    "01A": {"2018/19": (80, 95, 5), "2019/20": (82, 95, 5)},
    "01B": {"2018/19": (160, 190, 10), "2019/20": (156, 190, 10)},
    "01C": {"2018/19": (70, 100, 0), "2019/20": (74, 96, 4)},
    "00C": {"2018/19": (10, 90, 10)},
}


def ccg_rows(indicator="RA002", counts=RA002):
    rows = [
        {
            "year": year,
            "area": area,
            "area_name": f"CCG {area}",
            "indicator": indicator,
            "n_practices": 10.0,
            "list_size": 1000.0,
            "points": 59.0,
            "numerator": n,
            "denominator": d,
            "exceptions": e,
        }
        for area, years in counts.items()
        for year, (n, d, e) in years.items()
    ]
    return tidy(pd.DataFrame(rows))


def workbook(path: Path, words, rows, sheets=("AF", "RA"), year="2014-15", spoil=None):
    """A sheet a condition; `words` gives the texts of one of the two published layouts."""
    book = openpyxl.Workbook()
    title = book.active
    title.title = "Title"
    title["A1"] = "Quality and Outcomes Framework, made up"
    for name in sheets:
        sheet = book.create_sheet(name)
        for _ in range(words["above"]):
            sheet.append([])
        leaves = [*list(words["areas"]), "Practices", words["list"], "Register"]
        top = [None] * len(words["areas"]) + [words["block"], None, None]
        middle = [None] * len(words["areas"]) + [year, None, None]
        for code in (f"{name}001", f"{name}002"):
            columns = words["points"] if code.endswith("1") else words["points"] + words["counts"]
            top += [f"{code}: text of the indicator"] + [None] * (len(columns) - 1)
            middle += [None] * len(columns)
            leaves += columns
        for row in (top, middle, *words["between"], leaves):
            sheet.append(row)
        for row in rows:
            sheet.append(row if len(words["areas"]) == 3 else [row[1], row[0], *row[2:]])
        sheet.append(["Total", None, None, 99, 999])
        sheet.append(["Source: made up"])
        if spoil:
            spoil(sheet)
    book.save(path)
    return path


# A row: code, ONS code, name, practices, list, register, points of the register, then eight of
# the counted indicator.
def row(area, numerator, denominator, exceptions):
    eligible = denominator + exceptions
    counted = [
        59,
        numerator,
        denominator,
        100 * numerator / denominator,
        exceptions,
        100 * exceptions / eligible,
        eligible,
        100 * numerator / eligible,
    ]
    return [area, "E38000999", f"NHS {area} CCG", 10, 1000, 200, 50, *counted]


EXCEPTIONS = {
    "above": 12,
    "areas": ("CCG Code", "CCG Geography Code", "CCG Name"),
    "block": "Prevalence",
    "list": "List Size",
    "between": (),
    "points": ["Achievement Score"],
    "counts": [
        "Numerator",
        "Denominator",
        "Underlying achievement net of exceptions\n(per cent)",
        "Exceptions",
        "Exception Rate\n(per cent)",
        "Denominator plus Exceptions",
        "Patients receiving Intervention\n(per cent)",
    ],
}
PCAS = {
    "above": 10,
    "areas": ("CCG ONS code (practice parent)", "CCG ODS code (practice parent)"),
    "block": "_",
    "list": "List size",
    "between": ([],),
    "points": ["Achievement score (max 5)"],
    "counts": [
        "Numerator",
        "Denominator",
        "Achievement net of PCAs (%)",
        "PCAs",
        "PCA rate (%)",
        "Denominator plus PCAs",
        "Patients receiving Intervention (%)",
    ],
}


def pcas_row(*counts):
    code, ons, _, *rest = row(*counts)
    return [code, ons, *rest]


LONG = """\
PRACTICE_CODE,INDICATOR_CODE,MEASURE,VALUE
A1,RA002,NUMERATOR,30
A1,RA002,DENOMINATOR,40
A1,RA002,{exceptions},10
A1,RA002,ACHIEVED_POINTS,4.5
A1,RA001,REGISTER,55
A2,RA002,NUMERATOR,20
A2,RA002,DENOMINATOR,45
A2,RA002,{exceptions},5
A2,CVD-PP001,NUMERATOR,1
A2,CVD-PP001,DENOMINATOR,2
A2,CVD-PP001,{exceptions},
A3,RA002,NUMERATOR,7
A3,RA002,DENOMINATOR,8
A3,RA002,{exceptions},0
A3,RA002,TARGET,9
"""
WIDE = """\
PracticeCode,Indicator_Code,Numerator,Denominator,Achieved_Points
A1,RA002,30,40,4.5
A2,RA002,20,45,3
"""
GEOGRAPHY = """\
PRACTICE_CODE,PRACTICE_NAME,CCG_CODE,CCG_NAME
A1,First,11X,NHS Somerset CCG
A2,Second,11X,NHS Somerset CCG
"""


def release(path: Path, files: dict[str, str]):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def stream(text: str) -> io.BytesIO:
    return io.BytesIO(text.encode())


def rows_of(text: str):
    return list(csv.DictReader(io.StringIO(text)))
