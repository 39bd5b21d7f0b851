"""The attacker: he has the files of two editions, knows how counts are bound, and tries to pin down a count of 1 to 4.

His relations are written here in his own words, not taken from the program's list of them. He must fail; and must get
somewhere when only small counts are hidden, so that this test can fail.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gevinst.backend import Backend
from gevinst.follow_up.disclosure.bounds import Attack, Domain
from gevinst.follow_up.disclosure.cells import Relation
from gevinst.follow_up.disclosure.counts import Hidden
from gevinst.follow_up.disclosure.released import Released, as_json, from_json
from gevinst.follow_up.disclosure.shares import FINEST, coarse
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figures import as_json as figures_json
from gevinst.follow_up.full_precision import curves_json, effects_json
from gevinst.publish import as_file, sealed
from gevinst.register.business_case import Line
from gevinst.report import as_html
from gevinst.report.memo import build_memo
from gevinst.trace import as_json as step_json
from tests.follow_up.suppression_town import PRICE, Studied, outside, studied

REASONS = ("starts_after_horizon", "starts_before_register", "starts_in_suspension", "repeated_participation",
           "credited_elsewhere", "not_on_benefit_at_start")  # fmt: skip
COUNT = r"([\d.]+|et skjult antal|under \d+)"
MOST = 2_000
SMALL = range(1, 5)


@pytest.fixture(scope="module")
def days(duckdb_backend: Backend) -> tuple[Studied, Studied]:
    """The town on both days."""
    return studied(duckdb_backend, 0), studied(duckdb_backend, 1)


def files_of(edition: Edition, folder: Path) -> Path:
    """The files of an edition that hold counts."""
    folder.mkdir()
    (folder / "memo.html").write_text(as_html.render(build_memo(edition)), encoding="utf-8")
    (folder / "counts.json").write_bytes(as_file(as_json(edition.released)))
    (folder / "edition.json").write_bytes(as_file(sealed(edition)))
    steps = {key: step_json(step) for key, step in edition.explanations.items()}
    (folder / "explanations.json").write_bytes(as_file(steps))
    (folder / "figures.json").write_bytes(as_file(figures_json(edition.figures)))
    (folder / "effects.json").write_bytes(as_file(effects_json(edition)))
    (folder / "curves.json").write_bytes(as_file(curves_json(edition)))
    return folder


class Tables(HTMLParser):
    """The tables of a page: caption and rows of texts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[list[str]]]] = []
        self._into: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.found.append(("", []))
        elif tag == "tr" and self.found:
            self.found[-1][1].append([])
        elif tag in ("td", "th", "caption"):
            self._into = []

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("td", "th", "caption") or self._into is None or not self.found:
            return
        text = " ".join("".join(self._into).split())
        if tag == "caption":
            self.found[-1] = (text, self.found[-1][1])
        else:
            self.found[-1][1][-1].append(text)
        self._into = None


def tables_in(folder: Path) -> list[tuple[str, list[list[str]]]]:
    parser = Tables()
    parser.feed((folder / "memo.html").read_text(encoding="utf-8"))
    return parser.found


def texts_in(folder: Path) -> str:
    page = (folder / "memo.html").read_text(encoding="utf-8")
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).replace("\xa0", " ").split())


def whole(text: str) -> int | None:
    return int(text.replace(".", "")) if re.fullmatch(r"[\d.]+", text) else None


def seen_in_memo(folder: Path) -> dict[str, int]:
    """Every count the memo prints, by the program's name for it."""
    found: dict[str, int] = {}

    def note(key: str, text: str) -> None:
        count = whole(text)
        if count is not None:
            assert found.setdefault(key, count) == count, f"{key} is told twice, differently"

    sentence = rf"I registret er {COUNT} personer i målgruppen, og {COUNT}"
    for number, told in enumerate(re.findall(sentence, texts_in(folder)), 1):
        note(f"{number}/target_group", told[0])
        note(f"{number}/participants", told[1])
    ground = {"Hele målgruppen": ("participants", "target_group"), "Resten af målgruppen": ("participants", "rest"),
              "Borgere, der ligner deltagerne": ("in_effect", "comparison/matched")}  # fmt: skip
    flow = {"Deltagere i opgørelsen": "participants", "Uden for fælles grundlag: ingen ligner dem": "outside_support",
            "Med i effekten": "in_effect", "Ligner ingen deltager": "unlike",
            "Sammenlignes med deltagerne": "compared"}  # fmt: skip
    for caption, rows in tables_in(folder):
        if (at := re.search(r"Investering (\d): hvad metodernes svar hviler på", caption)) is not None:
            for name, took_part, beside, *_ in (row for row in rows if row and row[0] in ground):
                note(f"{at[1]}/{ground[name][0]}", took_part)
                note(f"{at[1]}/{ground[name][1]}", beside)
        elif (at := re.search(r"Investering (\d): fra registrerede", caption)) is not None:
            for name, *counts in (row for row in rows if row and row[0] in flow):
                for count in counts:
                    note(f"{at[1]}/{flow[name]}", count)
        elif "Filer, som opgørelsen bygger på" in caption:
            for row in rows:
                if row and row[0] == "spells.csv":
                    for name, count in zip(("rows", "accepted", "rejected"), row[1:4], strict=True):
                        note(f"file/spells.csv/{name}", count)
    for key, text in (*tables_of_weeks(folder), *costs_in_weeks(folder)):
        note(key, text)
    steps = json.loads((folder / "explanations.json").read_text(encoding="utf-8"))
    for key, step in steps.items():
        if re.fullmatch(r"\d/\d{4}", key):
            for name, took_part, beside in _ladders(step):
                note(f"{key[0]}/{ground[name][0]}", took_part)
                note(f"{key[0]}/{ground[name][1]}", beside)
    for key, text in counts_in_ladders(steps):
        note(key, text)
    return found


LEFT_OUT = {"begynder efter sidste dag": "starts_after_horizon", "begynder, før data": "starts_before_register",
            "står til at begynde": "starts_in_suspension", "har deltaget før": "repeated_participation",
            "har deltaget i en investering før": "credited_elsewhere",
            "modtog ikke målgruppens": "not_on_benefit_at_start"}  # fmt: skip
FLOW = {"Deltagere i opgørelsen": "participants", "Uden for fælles grundlag: ingen ligner dem": "outside_support",
        "Med i effekten": "in_effect", "Ligner ingen deltager": "unlike", "Sammenlignes med deltagerne": "compared",
        "Registreret med start i indsatsen": "registered"}  # fmt: skip
BESIDE = {"target_group": ("participants", "target_group"), "rest_of_target_group": ("participants", "rest"),
          "matched": ("in_effect", "comparison/matched")}  # fmt: skip
OF_PAYMENTS = {"uger i alt": "weeks", "uger med en anden refusion": "other", "uger uden udbetaling": "unpaid"}


def counts_in_ladders(steps: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every count in the ladders of single figures, by the program's name for it."""
    for key, step in steps.items():
        under = {one["label"]: one["value"] for one in step["under"]}
        at = key.split("/")
        match at:
            case [n, "register", "target_group" | "participants" as name]:
                yield f"{n}/{name}", step["value"]
            case [n, "register", "left_out", _]:
                yield f"{n}/left_out/{next(name for words, name in LEFT_OUT.items() if words in step['label'])}", \
                    step["value"]
            case [n, "effect", estimator, "participants" | "comparison" as name] if estimator in BESIDE:
                yield f"{n}/{BESIDE[estimator][name == 'comparison']}", step["value"]
            case [n, "detail", "flow"]:
                yield from ((f"{n}/{FLOW[words.removeprefix('− ')]}", count) for words, count in under.items()
                            if words.removeprefix("− ") in FLOW)
                yield from ((f"{n}/left_out/{name}", count) for words, count in under.items()
                            for start, name in LEFT_OUT.items() if start in words[2:].lower())
            case [n, "detail", "participants"]:
                yield f"{n}/in_effect", step["value"]
            case ["payments", "reach"]:
                yield from ((f"payments/{name}", under[words]) for words, name in (
                    ("uger med udbetaling", "paid"), ("uger uden udbetaling", "unpaid")) if words in under)
            case ["payments", benefit, place, year]:
                yield from ((f"payments/{benefit}/{place}/{year}/{name}", under[words])
                            for words, name in OF_PAYMENTS.items() if words in under)
            case [n, "ledger", year] if "leverede deltageruger" in under:
                yield f"{n}/delivered/{'all' if year == 'total' else year}", under["leverede deltageruger"]
            case ["files"]:
                told = re.fullmatch(r"(.+) rækker, (.+) godkendt, (.+) afvist", under["spells.csv"])
                assert told is not None
                yield from zip((f"file/spells.csv/{name}" for name in ("rows", "accepted", "rejected")), told.groups(),
                               strict=True)
            case ["quality", "short-gaps"]:
                for benefit, value in under.items():
                    counted = re.search(r"([\d.]+) af ([\d.]+)", value)
                    if counted:
                        yield f"quality/short-gaps/{BENEFITS[benefit]}/count", counted[1]
                        yield f"quality/spells/{BENEFITS[benefit]}", counted[2]


def test_every_count_of_a_curves_ladder_is_one_of_its_steps(days: tuple[Studied, Studied], tmp_path: Path) -> None:
    folder = files_of(days[0].edition(), tmp_path / "first")
    released = json.loads((folder / "counts.json").read_text(encoding="utf-8"))["curves"]
    known = {of for steps in released.values() for _, _, of in steps}
    told = [one["formula"] for key, step in json.loads((folder / "explanations.json").read_text("utf-8")).items()
            if re.fullmatch(r"\d/curve/.*", key) for one in step["under"]]
    counts = [found[1] for text in told if (found := re.fullmatch(rf"hviler på {COUNT} forløb", text)) is not None]
    assert len(counts) == len(told) > 20
    assert {int(count.replace(".", "")) for count in counts if "under" not in count} <= known
    assert not any(whole(count) in SMALL for count in counts)


STEPS = {"1–4": "0", "5–26": "1", "27–52": "2", "fra 53": "3", "uden trappe": "none"}
BENEFITS = {"a-dagpenge": "a-dagpenge", "A-dagpenge": "a-dagpenge", "kontanthjælp": "kontanthjaelp",
            "kontanthjaelp": "kontanthjaelp", "Kontanthjælp": "kontanthjaelp"}  # fmt: skip
UNPAID = r"([\d.]+) uger på ydelse (?:\(([\d,]+) ?%\) )?i den tid"


def tables_of_weeks(folder: Path) -> Iterator[tuple[str, str]]:
    """The counts of the appendix on payments, the ledger and data quality, by the program's name for them."""
    for caption, rows in tables_in(folder):
        body = [row for row in rows if row]
        if "Ugepris efter trappen" in caption:
            for row in body:
                if row[0].removesuffix(" *") in BENEFITS:
                    place = f"payments/{BENEFITS[row[0].removesuffix(' *')]}/{STEPS[row[2]]}/{row[1]}"
                    yield from zip((f"{place}/weeks", f"{place}/other", f"{place}/unpaid"), row[-3:], strict=True)
        elif "Posteringer, budget og levering" in caption or "Bogført" in caption:
            number = ""
            for row in body:
                number = row[0][0] if re.match(r"\d\. ", row[0]) else number
                year = row[0].rstrip("*")
                if len(row) > 5 and (year == "I alt" or re.fullmatch(r"\d{4}", year)):
                    yield f"{number}/delivered/{'all' if year == 'I alt' else year}", row[5]
        elif "Det, der er over en grænse" in caption:
            for row in body:
                counted = re.search(r"([\d.]+) af ([\d.]+)", row[2])
                if counted and "huller" in row[0]:
                    benefit = BENEFITS[row[1]]
                    yield f"quality/short-gaps/{benefit}/count", counted[1]
                    yield f"quality/spells/{benefit}", counted[2]
    for told in re.findall(UNPAID, texts_in(folder)):
        yield "payments/unpaid", told[0]


def costs_in_weeks(folder: Path) -> Iterator[tuple[str, str]]:
    """The weeks that a cost is of: he knows the agreed price."""
    figures = json.loads((folder / "figures.json").read_text(encoding="utf-8"))["figures"]
    for one in figures:
        if one["line"] == "investment" and one["source"] == "computed" and one["investment"] != "portfolio" and (
            one["basis"] == "realised" and one["year"] is not None and not one.get("derived")
        ):
            yield f"{one['investment']}/delivered/{one['year']}", str(round(one["value"] / float(PRICE.in_dkk)))


def _ladders(step: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    found = []
    for one in step["under"]:
        name = re.search(r"borgerforløb: ([^(]*)", one["label"])
        for below in one["under"] if name else []:
            counted = re.search(rf"{COUNT} deltagere; sammenligning: (.*) forløb", below["source"])
            if counted and name:
                found.append((name[1].strip(), counted[1], counted[2]))
    return found


def attack(folders: Sequence[Path]) -> tuple[Attack, list[str]]:
    """All he knows: numbers, signs, and relations within each edition, between them, and between the investments."""
    domains: dict[str, Domain] = {}
    relations: list[Relation] = []

    def bound(whole: str, *parts: str) -> None:
        if whole in domains and all(part in domains for part in parts if not part.endswith("?")):
            for part in parts:
                domains.setdefault(part, (0, MOST))
            relations.append(Relation(whole, parts))

    for folder in folders:
        e = f"{folder.name}:"
        told = json.loads((folder / "counts.json").read_text(encoding="utf-8"))
        for key, count in {**told["counts"], **seen_in_memo(folder)}.items():
            few = (1, 4 * told["one_person_at_most"].get(key, 1))
            signs: dict[object, Domain] = {"few": few, "protects": (5, MOST), "either": (1, MOST)}
            domains[e + key] = (count, count) if isinstance(count, int) else signs[count]
        for n in answers_with_a_figure(folder):
            low, high = domains[f"{e}{n}/in_effect"]
            domains[f"{e}{n}/in_effect"] = (max(low, 20), high)  # he knows what it takes
        for n in ("1", "2"):
            n = f"{e}{n}/"
            bound(f"{n}registered", *(f"{n}left_out/{reason}" for reason in REASONS), f"{n}participants")
            bound(f"{n}participants", f"{n}in_effect", f"{n}outside_support")  # the flow has no further box
            bound(f"{n}target_group", f"{n}rest", f"{n}took part?")
            bound(f"{n}candidates", f"{n}compared", f"{n}unlike")
            bound(f"{n}in_effect", *(key for key in domains if key.startswith(f"{n}step/")))
            bound(f"{n}in_effect", f"{n}placebo/pre_period", f"{n}no pre-period?")
            bound(f"{n}delivered/all", *(f"{n}delivered/{year}" for year in (2020, 2021)))
        bound(f"{e}2/target_group", f"{e}1/target_group", f"{e}later entries?")
        bound(f"{e}2/rest", f"{e}1/rest", f"{e}later entries of the rest?")
        answered = answers_with_a_figure(folder)
        bound(f"{e}portfolio/counted_once", *(f"{e}{n}/left_out/credited_elsewhere" for n in answered))
        rows = [key.removesuffix("/weeks") for key in domains if key.startswith(f"{e}pay") and key.endswith("/weeks")]
        bound(f"{e}payments/paid", *(f"{row}/weeks" for row in rows))
        bound(f"{e}payments/unpaid", *(f"{row}/unpaid" if f"{row}/unpaid" in domains else f"{row} unpaid?"
                                       for row in rows))
        for row in rows:
            bound(f"{row}/weeks", f"{row}/other", f"{row} at the step's refund?")
        bound(f"{e}file/spells.csv/rejected", *(key for key in domains if key.startswith(f"{e}quality/spells.csv/")))
        bound(f"{e}quality/spells/a-dagpenge", f"{e}quality/short-gaps/a-dagpenge/count", f"{e}no gap?")
        bound(f"{e}quality/spells/a-dagpenge", f"{e}quality/starts-on-the-first/a-dagpenge/count", f"{e}others?")
        bound(f"{e}file/spells.csv/rows", f"{e}file/spells.csv/accepted", f"{e}file/spells.csv/rejected")
    for old, new in pairwise(folders):
        kept = [one.split(":", 1)[1] for one in domains if one.startswith(f"{old.name}:") and not one.endswith("?")]
        for key in kept:
            if (key.endswith(("/registered", "/participants", "/target_group", "/weeks")) or "/left_out/" in key
                    or "/delivered/" in key):
                bound(f"{new.name}:{key}", f"{old.name}:{key}", f"grown {key}?")
            elif key.endswith("/rest"):
                bound(f"{old.name}:{key}", f"{new.name}:{key}", f"shrunk {key}?")
    return Attack(domains, relations), list(domains)


def answers_with_a_figure(folder: Path) -> list[str]:
    """The investments of which the matched comparison tells one figure of the weeks, not the interval alone."""
    steps = json.loads((folder / "explanations.json").read_text(encoding="utf-8"))
    told = {key.split("/")[0]: step["value"] for key, step in steps.items()
            if key.endswith("/effect/matched/weeks_saved")}
    assert told
    return [number for number, value in told.items() if re.match(r"[−\d]", value)]


def pinned(folders: Sequence[Path]) -> dict[str, int]:
    """The counts of 1 to 4 that he has found."""
    him, keys = attack(folders)
    assert him.possible, "what the files say does not agree"
    found = {key: him.outer(key) for key in keys}
    few = {f"{folder.name}:{key}" for folder in folders for key, count in json.loads(
        (folder / "counts.json").read_text(encoding="utf-8"))["counts"].items() if count == "few"}
    return {key: low for key, (low, high) in found.items() if low == high and (low in SMALL or key in few)}


def test_no_count_of_one_to_four_can_be_pinned_down(days: tuple[Studied, Studied], tmp_path: Path) -> None:
    first = days[0].edition()
    second = days[1].edition(earlier=(first.released,))
    folders = [files_of(first, tmp_path / "first"), files_of(second, tmp_path / "second")]
    for tried in ([folders[0]], [folders[1]], folders):
        assert pinned(tried) == {}
    him, _ = attack(folders)
    for edition, folder in ((first, "first"), (second, "second")):
        few = [key for key, count in edition.released.counts.items() if count is Hidden.FEW]
        assert few
        most = edition.released.most
        counts = [key for key in few if key not in most]
        assert {him.bounds(f"{folder}:{key}") for key in counts} == {(1, 4)}, "nor narrowed beyond what the sign says"
        weeks = [him.outer(f"{folder}:{key}") for key in few if key in most]
        assert len(weeks) >= 3
        assert all(low == 1 and high > 20 for low, high in weeks), "of weeks not even roughly"


def test_with_small_counts_alone_hidden_he_finds_them(days: tuple[Studied, Studied], tmp_path: Path) -> None:
    editions = [day.edition(secondary_suppression=False) for day in days]
    folders = [files_of(one, tmp_path / str(at)) for at, one in enumerate(editions)]
    alone, both = pinned(folders[:1]), pinned(folders)
    truth = [day.edition(small_cell_threshold=1, secondary_suppression=False).released.counts for day in days]
    assert alone["0:file/spells.csv/rejected"] == 2
    assert alone["0:payments/kontanthjaelp/2/2021/weeks"] == 17
    assert alone["0:2/delivered/2020"] == 14
    assert alone["0:2/left_out/credited_elsewhere"] == truth[0]["2/left_out/credited_elsewhere"] == 4
    grown = int(str(truth[1]["1/participants"])) - int(str(truth[0]["1/participants"]))
    assert both["grown 1/participants?"] == grown == 3
    assert both.keys() > alone.keys()


def test_the_second_edition_made_without_knowing_the_first_gives_counts_away(
    days: tuple[Studied, Studied], tmp_path: Path
) -> None:
    folders = [files_of(day.edition(), tmp_path / str(at)) for at, day in enumerate(days)]
    assert pinned(folders[:1]) == pinned(folders[1:]) == {}
    assert "grown 1/participants?" in pinned(folders)


@pytest.mark.parametrize("took_part", [21, 22, 23, 24])
def test_that_there_is_a_figure_does_not_tell_how_many_nobody_is_like(
    days: tuple[Studied, Studied], tmp_path: Path, took_part: int
) -> None:
    told = []
    for few in SMALL:
        edition = outside(days[0], took_part, few).edition()
        folder = files_of(edition, tmp_path / str(few))
        assert edition.released.counts["2/participants"] == took_part
        assert {edition.released.counts[f"2/{key}"] for key in ("outside_support", "in_effect")} == {
            Hidden.FEW, Hidden.PROTECTS}
        him, _ = attack([folder])
        assert him.bounds(f"{few}:2/outside_support") == (1, 4)
        grade = next(one.evidence for one in edition.effects if one.investment == "2" and one.estimator == "matched")
        told.append((answers_with_a_figure(folder), [one.claim for one in edition.details], grade))
        said = "Det præcise antal deltagere er ikke vist og kan være under 20"
        assert (grade is not None and said in grade.reasons[0]) == (took_part < 24)
        assert (f"{said}. Derfor gives der ikke ét tal" in texts_in(folder)) == (took_part < 24)
    assert told == [told[0]] * 4
    assert told[0][0] == (["1", "2"] if took_part >= 24 else ["1"])


def test_with_the_exact_number_it_would(days: tuple[Studied, Studied], tmp_path: Path) -> None:
    """What the rule is for: the same judged by the number itself."""
    wide = outside(days[0], 21, 1)
    exact = [case.claims(20) for case in wide.found.cases]
    assert exact == [True, True]
    assert [case.claims(20) for case in outside(days[0], 21, 2).found.cases] == [True, False]


def weeks_from_the_curve(folder: Path, number: int) -> float | None:
    """The participants' mean weeks on benefit: what those they are compared with have by the curve, less the saving."""
    numbers = json.loads((folder / "effects.json").read_text(encoding="utf-8"))["numbers"]
    base = f"effect/{number}/rest_of_target_group"
    saved = numbers.get(f"{base}/weeks_saved/estimate")
    if saved is None and numbers.get(f"{base}/weeks_saved/low") is not None:
        saved = (numbers[f"{base}/weeks_saved/low"] + numbers[f"{base}/weeks_saved/high"]) / 2
    for one in json.loads((folder / "curves.json").read_text(encoding="utf-8"))["curves"]:
        if one["id"] == f"curve/{number}/same/with_relapse/Resten af målgruppen" and saved is not None:
            share = {week: share for week, share, *_ in one["points"]}
            return sum(share[week] for week in range(numbers[f"{base}/horizon_weeks"])) - float(saved)
    return None


@pytest.mark.parametrize("alone", [1, 3, 4])
def test_the_weeks_of_a_few_cannot_be_had_from_the_curve_beside_them(
    duckdb_backend: Backend, tmp_path: Path, alone: int
) -> None:
    few = studied(duckdb_backend, 0, alone)
    study = few.found.cases[1].study
    assert study is not None
    assert study.participants == alone
    edition, open_hand = few.edition(), few.edition(small_cell_threshold=1, minimum_participants=1)
    folder, other = files_of(edition, tmp_path / "shown"), files_of(open_hand, tmp_path / "open")
    weeks = weeks_from_the_curve(other, 2)
    assert weeks is not None, "else this test could not fail"
    assert weeks_from_the_curve(folder, 1) is not None
    assert weeks_from_the_curve(folder, 2) is None
    # Nothing of the second investment's results is in any file, by any name.
    result = {f"{abs(edge):.{decimals}f}" for effect in study.effects.values() for decimals in (3, 9)
              for edge in (effect.weeks_saved[0], *np.quantile(effect.weeks_saved[1:], [0.025, 0.975]))
              if np.isfinite(edge)}
    for file in folder.iterdir():
        text = file.read_text(encoding="utf-8").replace(",", ".")
        assert not [one for one in result if one in text], file.name
        assert not re.search(r"\b(effect|detail)/2/(?!recorded)", text), file.name
    assert "Hovedmetodens resultat er ikke vist. Det hviler på færre end 5 deltagere" in texts_in(folder)
    assert "Hovedmetodens resultat er ikke vist" not in texts_in(other)
    assert [one.no_decision for one in edition.warnings] == ["no-starts", "too-few"]


def test_where_one_figure_may_not_be_told_no_file_has_it(duckdb_backend: Backend, tmp_path: Path) -> None:
    edition = studied(duckdb_backend, 0, 9).edition()
    numbers = json.loads((files_of(edition, tmp_path / "nine") / "effects.json").read_text(encoding="utf-8"))["numbers"]
    base = "effect/2/rest_of_target_group/weeks_saved"
    assert numbers[f"{base}/low"] < numbers[f"{base}/high"]
    points = {name: value for name, value in numbers.items() if name.endswith("estimate") and "/2/" in name}
    assert points
    assert {*points.values()} == {None}
    assert "2/detail/spread" not in edition.explanations
    assert numbers["effect/1/rest_of_target_group/weeks_saved/estimate"] is not None


def test_a_year_in_which_few_had_started_is_in_no_file(duckdb_backend: Backend, tmp_path: Path) -> None:
    waits = studied(duckdb_backend, 1, second_waits=True)
    edition, other = waits.edition(), studied(duckdb_backend, 1).edition()
    main = waits.found.cases[1].effect
    assert main is not None
    assert main.participants >= 20
    assert (main.years, main.withheld) == ((2021,), ((2020, 2021),))
    assert main.present[0] > 50
    folder = files_of(edition, tmp_path / "waits")
    numbers = json.loads((folder / "effects.json").read_text(encoding="utf-8"))["numbers"]
    of_year = [name for name in numbers if "2020" in name and re.match(r"(effect|detail|forecast)/2/", name)]
    assert not of_year
    assert [name for name in numbers if "2021" in name and name.startswith("effect/2/")]
    assert not [one for one in edition.figures if (one.investment, one.line, one.year, one.source) == (
        "2", Line.SAVING, 2020, "computed")]
    assert [one for one in other.figures if (one.investment, one.line, one.year, one.source) == (
        "2", Line.SAVING, 2020, "computed")], "else this test could not fail"
    total = next(one for one in edition.effects if one.investment == "2" and one.headline)
    assert total.net_total is not None
    assert [total.net_total.estimate] == [year.net.estimate for year in total.by_year]
    assert ("Investering 2: kun få deltagere er fulgt i et år, og det vises ikke for sig selv: 2020 er regnet med i "
            "2021.") in edition.notes


def test_no_figure_has_more_digits_than_the_memo_prints(days: tuple[Studied, Studied], tmp_path: Path) -> None:
    """With all its digits a mean is a fraction of whole persons and weeks, and its denominators can be read from it."""
    edition = days[1].edition()
    files = files_of(edition, tmp_path / "told")
    numbers = json.loads((files / "effects.json").read_text(encoding="utf-8"))["numbers"]
    kinds = {"weeks": 0, "kroner": 0, "shares": 0}
    for name, value in numbers.items():
        if not isinstance(value, float):
            continue
        if name.endswith(("weeks_saved/estimate", "any_support/estimate", "weeks/estimate")):
            kinds["weeks"] += 1
            assert value == round(value, 1), name
        elif re.search(r"(by_year|net_by_year|accounts|net_total|net_dkk|forecast).*(estimate|to_date|coming)$", name):
            kinds["kroner"] += 1
            assert value % 1000 == 0 or "accounts" in name, name
        elif re.search(r"frequencies/.*(with_effort|without)$|destinations/.*(with_effort|without)$", name):
            kinds["shares"] += 1
            assert value == round(value, 4), name
    assert min(kinds.values()) >= 4, kinds
    saved = [one for one in edition.figures if one.line is Line.SAVING and one.source == "computed" and not one.derived]
    assert saved
    assert all(one.amount.in_dkk % 1000 == 0 for one in saved)
    # The attack itself: whole weeks of which group, so that the estimate comes out?
    study = days[1].found.cases[0].study
    assert study is not None
    rest = study.effects["rest_of_target_group"]
    exact = float(rest.share_without[0, 13])

    def fits(share: float, within: float) -> list[int]:
        sizes = range(rest.comparison - 10, rest.comparison + 11)
        return [size for size in sizes if abs(share * size - round(share * size)) <= max(within * size, 1e-6)]

    assert fits(exact, 0.0) == [rest.comparison], "else this test could not fail"
    assert len(fits(coarse(exact, FINEST), FINEST / 2)) > 4


def test_the_fewest_participants_are_never_fewer_than_may_be_counted(duckdb_backend: Backend, tmp_path: Path) -> None:
    edition = studied(duckdb_backend, 0, 1).edition(minimum_participants=1)
    assert edition.minimum_participants == 5
    computed = [one for one in edition.figures if one.source == "computed" and one.line is Line.SAVING]
    assert {one.investment for one in computed} <= {"1", "portfolio"}
    assert {one.investment for one in edition.forecasts} <= {"1"}


def test_a_cost_is_not_told_where_it_would_tell_the_weeks_of_a_few(
    days: tuple[Studied, Studied], tmp_path: Path
) -> None:
    shown, open_hand = days[0].edition(), days[0].edition(small_cell_threshold=1)
    costs = dict(costs_in_weeks(files_of(shown, tmp_path / "shown")))
    assert costs == {"1/delivered/2020": "400"}
    assert dict(costs_in_weeks(files_of(open_hand, tmp_path / "open"))) == {**costs, "2/delivered/2020": "14"}
    note = "udgiften i 2020 er ikke vist"
    assert [one for one in shown.notes if "Investering 2: udgiften" in one and note in one]
    assert not [one for one in open_hand.notes if note in one]
    bridges = {(one.investment, one.year): one for one in shown.deviations.bridges}
    assert bridges["1", 2020].drivers[0].participants == Decimal(400) / 53
    assert ("2", 2020) not in bridges


def test_every_count_of_the_memo_is_one_that_passed_the_door(days: tuple[Studied, Studied], tmp_path: Path) -> None:
    first = days[0].edition()
    second = days[1].edition(earlier=(first.released,))
    for name, edition in (("first", first), ("second", second)):
        seen = seen_in_memo(files_of(edition, tmp_path / name))
        shown = {key: count for key, count in edition.released.counts.items() if isinstance(count, int)}
        assert len(seen) >= 12
        assert seen.items() <= shown.items()
        ladders = json.loads((tmp_path / name / "explanations.json").read_text(encoding="utf-8"))
        opened = {key: count for key, text in counts_in_ladders(ladders) if (count := whole(text)) is not None}
        assert len(opened) >= 20
        assert opened.items() <= shown.items()


@pytest.mark.parametrize("at", [0, 1])
def test_each_step_of_a_printed_curve_is_of_five_or_of_nobody(
    days: tuple[Studied, Studied], tmp_path: Path, at: int
) -> None:
    folder = files_of(days[at].edition(), tmp_path / "one")
    curves = json.loads((folder / "counts.json").read_text(encoding="utf-8"))["curves"]
    assert any(len(steps) > 5 for steps in curves.values())
    for key, steps in curves.items():
        on = [(week, share * of) for week, share, of in steps]
        for (_, share, of), (_, later, still) in pairwise(steps):
            assert of == still or of - still >= 5
            assert abs(share - later) * still < 1e-6 or abs(share - later) * still > 5 - 1e-6
        other = {week: share * of for week, share, of in curves[key.replace("/any/", "/same/")]}
        for week, persons in on:
            apart = abs(persons - other.get(week, persons))
            assert apart < 1e-6 or apart > 5 - 1e-6
    printed = 0
    for caption, rows in tables_in(folder):
        if "kurverne" in caption:
            printed += _steps_of_table(rows)
    assert printed > 20


def _steps_of_table(rows: list[list[str]]) -> int:
    """Look through the share and number of each group, week by week; how many steps there were."""
    heads = next(row for row in rows if "Andel" in row)
    heads = heads if heads[0] == "Uge" else ["Uge", *heads]
    body = [row for row in rows if row and re.fullmatch(r"\d+", row[0])]
    found = 0
    for at in (at for at, head in enumerate(heads) if head == "Andel" and "Antal" in heads[at : at + 4]):
        number = next(place for place in range(at, at + 4) if heads[place] == "Antal")
        told = [(row[at], row[number]) for row in body if whole(row[number]) is not None and row[at] != "–"]
        persons = [(float(share.replace(",", ".")) / 100, int(of.replace(".", ""))) for share, of in told]
        for (share, _), (later, still) in pairwise(persons):
            step = abs(share - later) * still
            assert step < 0.5 or step > 4.5
            found += 1
    return found


def test_a_count_that_did_not_change_is_shown_again(days: tuple[Studied, Studied]) -> None:
    first = days[0].edition()
    again = days[0].edition(earlier=(first.released,))
    assert again.released == first.released
    assert again.id == first.id


def test_what_is_written_is_read_again_as_it_was(days: tuple[Studied, Studied]) -> None:
    tried: list[dict[str, Any]] = [{"small_cell_rules": name} for name in ("standard", "acro", "opensafely")]
    tried.append({"small_cell_rounding": 5})
    for options in tried:
        released: Released = days[0].edition(**options).released
        back = from_json(json.loads(as_file(as_json(released))))
        assert (back.counts, back.relations, back.unprinted) == (
            dict(released.counts), released.relations, released.unprinted)
        assert back.curves == {key: dict(steps) for key, steps in released.curves.items()}
        assert back.rules.threshold == released.rules.threshold


@pytest.mark.parametrize("options", [{"small_cell_rules": "acro"}, {"small_cell_rules": "opensafely"}])
def test_under_other_rules_no_count_is_shown_that_they_forbid(
    days: tuple[Studied, Studied], tmp_path: Path, options: dict[str, Any]
) -> None:
    edition = days[0].edition(**options)
    least = 10 if options["small_cell_rules"] == "acro" else 8
    seen = seen_in_memo(files_of(edition, tmp_path / "one"))
    assert seen
    assert min(count for count in seen.values() if count or least == 10) >= least
    if least == 8:
        assert {count % 6 for count in seen.values() if count} == {3}, "each is the middle of a run of six"
