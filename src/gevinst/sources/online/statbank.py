"""StatBank Denmark: its subjects, tables, a table's description, and its figures. No token; every answer is kept.

Read in public descriptions (autumn 2025): POST of JSON to `subjects`, `tables`, `tableinfo` and `data`; a fault is
status 400 with `errorTypeCode` and `message`; CSV and BULK have semicolons, a byte order mark and the column INDHOLD;
JSON-stat of version 1; PX in Windows-1252; 1,000,000 cells at most unless the answer is streamed (BULK), and BULK
wants every variable named. The source's own name of a call (`StatbankAPI-Request-Id`) is kept with the answer.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, TextIO

from gevinst.disk import told_plainly
from gevinst.errors import GevinstError
from gevinst.settings import Settings
from gevinst.sources.online.answers import Answer, decoded, is_web_page, read_json, read_text
from gevinst.sources.online.downloads import Download, keep, keep_stream
from gevinst.sources.online.fetching import utc_now
from gevinst.sources.online.http import HttpClient, Patience
from gevinst.sources.online.jsonstat import VALUE, read_jsonstat
from gevinst.sources.online.px import read_px
from gevinst.sources.online.shapes import TableName
from gevinst.sources.online.statbank_choice import MOST_CELLS, Selection, TableInfo, Variable, selection
from gevinst.sources.online.values import published_number
from gevinst.sources.report import Note, note

SOURCE = "statbank"
Form = Literal["JSONSTAT", "CSV", "BULK", "PX"]
FORMS: tuple[Form, ...] = ("JSONSTAT", "CSV", "BULK", "PX")
ENDINGS: Mapping[Form, str] = {"JSONSTAT": "json", "CSV": "csv", "BULK": "csv", "PX": "px"}
CONTENT = "INDHOLD"


@dataclass(frozen=True)
class StatBank:
    """The source, and where its answers are kept."""

    http: HttpClient
    workspace: Path
    clock: Callable[[], datetime] = utc_now
    most_cells: int = MOST_CELLS

    def subjects(self) -> Any:
        """The subjects with all below them, as they come. Raises the errors of a request."""
        return self._described("subjects", {"lang": "da", "format": "JSON", "recursive": True}, "subjects")

    def tables(self) -> tuple[TableName, ...]:
        """All active tables. Raises the errors of a request, and `online.shape`."""
        found = self._described("tables", {"lang": "da", "format": "JSON"}, "tables")
        listed = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
        named = tuple(TableName(str(one["id"]), str(one.get("text", ""))) for one in listed if one.get("id"))
        if not named:
            raise GevinstError("online.shape", where=self.http.url("tables"), missing="id")
        return named

    def info(self, table: str) -> TableInfo:
        """What a table can be asked for. Raises the errors of a request, and `online.shape`."""
        asked = {"table": table.strip(), "lang": "da", "format": "JSON"}
        return read_info(self._described("tableinfo", asked, f"{table}-info"), self.http.url("tableinfo"))

    def data(self, info: TableInfo, values: Mapping[str, tuple[str, ...]], form: Form = "JSONSTAT",
             ) -> tuple[Download, ...]:
        """Fetch what is chosen, in as many requests as the limit on cells takes.

        Raises the errors of a request, of `selection`, and those of writing.
        """
        chosen = selection(info, values, everything=form == "BULK")
        if form == "BULK":
            return (self._streamed(chosen),)
        return tuple(download for part in chosen.parts(self.most_cells) for download in self._part(part, form))

    def _part(self, chosen: Selection, form: Form) -> list[Download]:
        try:
            answer, request = self._asked("data", chosen.payload(form))
        except GevinstError as fault:
            halves = chosen.halves()
            if fault.code not in {"online.too-many-cells", "online.too-large"} or len(halves) < 2:
                raise
            return [download for half in halves for download in self._part(half, form)]
        where = self.http.url("data")
        if form == "JSONSTAT":
            next(read_jsonstat(read_json(answer, where), where), None)
        else:
            read_text(answer, where)
        return [keep(self.workspace, SOURCE, chosen.info.id, answer.body, ending=ENDINGS[form], request=request,
                     now=self.clock())]

    def _streamed(self, chosen: Selection) -> Download:
        """A long answer, straight onto the disk."""
        asked = chosen.payload("BULK")
        with keep_stream(self.workspace, SOURCE, chosen.info.id, ending=ENDINGS["BULK"]) as stream:
            answer = self.http.post_into("data", _json(asked), stream.file)
            if is_web_page(answer.content_type, answer.body):
                raise GevinstError("online.web-page", where=self.http.url("data"))
            if not answer.body.strip():
                raise GevinstError("online.empty", where=self.http.url("data"))
            return stream.done(self._request("data", asked, answer), self.clock())

    def _described(self, path: str, asked: Mapping[str, Any], table: str) -> Any:
        answer, request = self._asked(path, asked)
        payload = read_json(answer, self.http.url(path))
        keep(self.workspace, SOURCE, table, answer.body, ending="json", request=request, now=self.clock())
        return payload

    def _asked(self, path: str, asked: Mapping[str, Any]) -> tuple[Answer, dict[str, Any]]:
        answer = self.http.post(path, _json(asked))
        return answer, self._request(path, asked, answer)

    def _request(self, path: str, asked: Mapping[str, Any], answer: Answer) -> dict[str, Any]:
        return {"method": "POST", "url": self.http.url(path), "json": dict(asked),
                "content_type": answer.content_type, "request_id": answer.request_id}


def open_statbank(settings: Settings, *, patience: Patience | None = None,
                  said: Callable[[float], None] = lambda _: None,
                  clock: Callable[[], datetime] = utc_now) -> StatBank:
    """The source, its answers kept in the workspace. Raises `online.address` and `online.proxy`."""
    http = HttpClient(settings.statbank_url, None, patience or Patience(), said=said)
    return StatBank(http, settings.workspace, clock)


def read_info(payload: Any, where: str) -> TableInfo:
    """A table's description. Raises `online.shape` naming what is missing."""
    inner = payload if isinstance(payload, dict) else {}
    if not isinstance(inner.get("variables"), list) or not inner.get("id"):
        raise GevinstError("online.shape", where=where, missing="id, variables")
    variables = []
    for one in inner["variables"]:
        listed = one.get("values") if isinstance(one, dict) else None
        if not isinstance(listed, list) or not one.get("id"):
            raise GevinstError("online.shape", where=where, missing="variables[].id, variables[].values")
        values = tuple((str(value["id"]), str(value.get("text", ""))) for value in listed
                       if isinstance(value, dict) and value.get("id") is not None)
        variables.append(Variable(str(one["id"]), str(one.get("text", "")), one.get("elimination") is True, values))
    return TableInfo(str(inner["id"]), str(inner.get("text", "")), str(inner.get("unit", "")), tuple(variables))


def figures(downloads: tuple[Download, ...]) -> Iterator[dict[str, Any]]:
    """The cells of downloads of one table, row by row: codes by variable, and `value` (a number or `None`).

    Raises `online.download-changed` and `online.shape`.
    """
    for download in downloads:
        path, where = download.checked(), str(download.folder)
        match path.suffix:
            case ".json":
                yield from read_jsonstat(json.loads(path.read_text(encoding="utf-8-sig")), where)
            case ".px":
                yield from read_px(decoded(path.read_bytes()), where)
            case _:
                yield from _csv_rows(path, where)


def write_figures(downloads: tuple[Download, ...], path: Path) -> int:
    """Write the cells of downloads into one new CSV file (UTF-8 with mark, semicolons, decimal comma), row by row.

    Gives the number of rows; nothing is left where it fails. Raises the errors of `figures`, `online.file-exists`
    and those of writing.
    """
    with told_plainly(path):
        if path.exists():
            raise GevinstError("online.file-exists", where=str(path))
        unfinished = path.with_name(f".{path.name}.part")
        try:
            with unfinished.open("w", encoding="utf-8-sig", newline="") as file:
                count = _written(downloads, file)
            unfinished.rename(path)
        finally:
            unfinished.unlink(missing_ok=True)
    return count


def _written(downloads: tuple[Download, ...], file: TextIO) -> int:
    count, writer = 0, csv.writer(file, delimiter=";")
    names: list[str] = []
    for row in figures(downloads):
        if not names:
            names = list(row)
            writer.writerow(names)
        cells = [row.get(name) for name in names]
        writer.writerow([str(cell).replace(".", ",") if isinstance(cell, float) else cell for cell in cells])
        count += 1
    return count


def price_units(info: TableInfo, values: Mapping[str, tuple[str, ...]]) -> list[Note]:
    """A warning where a table of accounts is taken in several price units, which doubles every amount."""
    chosen = selection(info, values, everything=False)
    return [note("online.price-units", variable=name) for name, codes in chosen.codes.items()
            if "prisenhed" in name.casefold() and len(codes) > 1]


def _csv_rows(path: Path, where: str) -> Iterator[dict[str, Any]]:
    """CSV and BULK, a row at a time: semicolons, the column INDHOLD is the content."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _csv_cells(csv.DictReader(file, delimiter=";"), where)
    except (csv.Error, UnicodeDecodeError):
        raise GevinstError("online.shape", where=where, missing="CSV") from None


def _csv_cells(reader: csv.DictReader[str], where: str) -> Iterator[dict[str, Any]]:
    for row in reader:
        if CONTENT not in row or None in row or None in row.values():
            raise GevinstError("online.shape", where=where, missing=CONTENT)
        number = published_number(row.pop(CONTENT), bounded=True)  # no points between thousands here
        yield {**row, VALUE: float(number) if isinstance(number, Decimal) else None}


def _json(asked: Mapping[str, Any]) -> bytes:
    return json.dumps(asked, ensure_ascii=False).encode()
