"""Lists as files: CSV for programs, XLSX for Excel; the same rows and columns."""

from .cells import inert, text, words
from .csv import csv_response, stream_csv
from .xlsx import XLSX, TooManyRows, sheet_response, write_xlsx, xlsx_response

__all__ = [
    "XLSX",
    "TooManyRows",
    "csv_response",
    "inert",
    "sheet_response",
    "stream_csv",
    "text",
    "words",
    "write_xlsx",
    "xlsx_response",
]
