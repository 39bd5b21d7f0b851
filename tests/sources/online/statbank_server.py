"""StatBank as it is described: POST of JSON, faults with errorTypeCode, CSV and BULK with a mark, JSON-stat, PX."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from tests.sources.online.servers import Handler

AREAS = {"000": "Hele landet", "707": "Norddjurs", "825": "Læsø"}
KINDS = {"TOT": "I alt", "DP": "A-dagpenge", "SY": "Sygedagpenge"}
TIMES = [f"{year}K{quarter}" for year in range(2019, 2022) for quarter in range(1, 5)]
UNITS = {"LOBM": "Løbende priser", "INDL": "Pr. indbygger"}


def value(area: str, kind: str, time: str) -> float | None:
    """A made-up figure; Læsø's are hidden."""
    if area == "825":
        return None
    return int(area) + list(KINDS).index(kind) * 10 + TIMES.index(time) + 0.5


@dataclass
class FakeStatBank:
    """`most_cells` is the limit on answers that are not streamed."""

    most_cells: int = 1_000_000

    def __call__(self, handler: Handler) -> None:
        if handler.asked.method != "POST":
            return handler.json({"errorTypeCode": "REQUEST-MISSING", "message": "Format ikke angivet"}, 400)
        asked = json.loads(handler.asked.body)
        match handler.asked.path:
            case "/v1/subjects":
                return handler.json([{"id": "2", "description": "Arbejde", "subjects": [], "hasSubjects": True}])
            case "/v1/tables":
                return handler.json([{"id": "AUK01", "text": "Fuldtidsmodtagere af offentlig forsørgelse",
                                      "variables": ["område"], "active": True}, {"id": "FOLK1A", "text": "Folketal"}])
            case "/v1/tableinfo":
                if asked["table"].upper() != "AUK01":
                    return handler.json({"errorTypeCode": "EXTRACT-NOTFOUND", "message": "Tabel findes ikke: X"}, 400)
                return handler.json(self.info(), StatbankAPI_Request_Id="info-1")
            case "/v1/data":
                return self.data(handler, asked)
            case _:
                return handler.json({"errorTypeCode": "REQUEST-NOTFOUND", "message": "Siden kan ikke findes."}, 404)

    def info(self) -> dict[str, Any]:
        def values(named: dict[str, str]) -> list[dict[str, str]]:
            return [{"id": code, "text": text} for code, text in named.items()]

        return {"id": "AUK01", "text": "Fuldtidsmodtagere", "unit": "Antal", "footnote": {}, "variables": [
            {"id": "OMRÅDE", "text": "område", "elimination": True, "time": False, "map": "x", "values": values(AREAS)},
            {"id": "YDELSESTYPE", "text": "ydelsestype", "elimination": True, "values": values(KINDS)},
            {"id": "Tid", "text": "tid", "elimination": False, "time": True,
             "values": values({one: one for one in TIMES})}]}

    def data(self, handler: Handler, asked: dict[str, Any]) -> None:
        named = {one["code"]: one["values"] for one in asked["variables"]}
        if asked["format"] == "BULK" and set(named) != {"OMRÅDE", "YDELSESTYPE", "Tid"}:
            return handler.json({"errorTypeCode": "EXTRACT-NOTALLOWED",
                                 "message": "Der skal vælges værdier for variabel: OMRÅDE"}, 400)
        if asked["format"] != "BULK" and prod(map(len, named.values())) > self.most_cells:
            return handler.json({"errorTypeCode": "REQUEST-LIMIT",
                                 "message": "Forespørgslen returnerer for mange observationer"}, 400)
        chosen = {"OMRÅDE": named.get("OMRÅDE", ["000"]), "YDELSESTYPE": named.get("YDELSESTYPE", ["TOT"]),
                  "Tid": named["Tid"]}
        match asked["format"]:
            case "JSONSTAT":
                return handler.json({"dataset": self.jsonstat({name: chosen[name] for name in named}, chosen)},
                                    StatbankAPI_Request_Id="data-1")
            case "PX":
                return handler.send(200, self.px(chosen).encode("cp1252"), "text/plain")
            case _:
                lines = [";".join([*place, shown(value(*place))]) for place in product(*chosen.values())]
                text = "\r\n".join(["OMRÅDE;YDELSESTYPE;TID;INDHOLD", *lines, ""])
                return handler.send(200, text.encode("utf-8-sig"), "text/csv; charset=utf-8")

    def jsonstat(self, named: dict[str, list[str]], chosen: dict[str, list[str]]) -> dict[str, Any]:
        ids = [*named, "ContentsCode"]
        codes = {**named, "ContentsCode": ["AUK01"]}
        dimension: dict[str, Any] = {"id": ids, "size": [len(codes[one]) for one in ids], "role": {"time": ["Tid"]}}
        for one in ids:
            dimension[one] = {"category": {"index": {code: at for at, code in enumerate(codes[one])}}}
        return {"dimension": dimension, "label": "x", "value": [value(*place) for place in product(*chosen.values())]}

    def px(self, chosen: dict[str, list[str]]) -> str:
        found = [value(*place) for place in product(*chosen.values())]
        cells = " ".join('".."' if cell is None else f"{cell}" for cell in found)
        listed = {name: ",".join(f'"{code}"' for code in codes) for name, codes in chosen.items()}
        values = "".join(f'VALUES("{name}")={codes};\n' for name, codes in listed.items())
        return ('CHARSET="ANSI";\nCODEPAGE="Windows-1252";\nMATRIX="AUK01";\nNOTE="a; b=c";\n'
                f'STUB="OMRÅDE","YDELSESTYPE";\nHEADING="Tid";\n{values}DATA=\n{cells}\n;\n')


def shown(cell: float | None) -> str:
    return ".." if cell is None else f"{cell}".replace(".", ",")
