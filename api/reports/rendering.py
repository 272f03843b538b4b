"""A report in the form asked for, and the name of its file."""

from pathlib import Path
from typing import Literal

import msgspec

from api.reports.html import render_html
from api.reports.model import Report
from api.reports.pdf import render_pdf
from api.reports.xlsx import render_xlsx

Form = Literal["html", "pdf", "xlsx", "json"]

MEDIA: dict[Form, str] = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def render(report: Report, form: Form, *, font: Path | None) -> bytes:
    """Draw the report; Unavailable for a PDF where there is no font."""
    match form:
        case "html":
            return render_html(report)
        case "pdf":
            return render_pdf(report, font)
        case "xlsx":
            return render_xlsx(report)
        case "json":
            return msgspec.json.encode(report)


def file_name(report: Report, form: Form) -> str:
    """Return what the file is called, in the report's language."""
    day = report.first.isoformat() if report.kind != "monthly" else f"{report.first:%Y-%m}"
    return f"{report.title}-{day}.{form}"
