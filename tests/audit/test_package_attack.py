"""The attacker on the whole package: every byte of two of them, half a year apart, in his own words.

He knows the program, how counts are bound, and all that a package says: the edition, the twin and its model, logs,
lists, checksums. He wants a number of one to four persons that the memo hides, or a piece of one person's data. He must
fail; and must get somewhere where a protection is taken away, so that this test can fail.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from gevinst.editions.basis import GUESSED, input_files
from gevinst.follow_up.disclosure.bounds import Attack, Domain
from gevinst.follow_up.disclosure.cells import Relation
from gevinst.register.snapshots import snapshots
from gevinst.sources.manifest import Manifest, read_manifest
from gevinst.twin.make import drawn_files
from tests.audit.conftest import Packed
from tests.audit.hidden_town import INVOICE, ODD_GROSS, UNPAID, Few, edition, packages, without_memo, workspace
from tests.leaks import layers

SMALL = range(1, 5)
MOST = 4_000
HASH = re.compile(rb"(?<![0-9a-z])[0-9a-f]{12,64}(?![0-9a-z])")
MOMENT = re.compile(rb"\d{8}T\d{12}Z-[0-9a-f]{8}|\d{4}-\d\d-\d\dT[\d:.]+(?:\+00:00|Z)?")
REASONS = ("starts_after_horizon", "starts_before_register", "starts_in_suspension", "repeated_participation",
           "credited_elsewhere", "not_on_benefit_at_start")  # fmt: skip
Files = Mapping[str, bytes]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Packed, ...]:
    return packages(tmp_path_factory.mktemp("hidden"), Few())


def rows(content: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter))


def read(files: Files, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every byte, and what is packed in it."""
    for name, content in files.items():
        path = folder / "one"
        path.write_bytes(content)
        yield from ((f"{name}{where}", data) for where, data in layers(path) if isinstance(data, bytes))


# --- counts


def counted(packed: Sequence[Files]) -> tuple[dict[str, Domain], list[Relation]]:
    """Every number of persons in the packages, and how they are bound: within one, and from one to the next."""
    known: dict[str, Domain] = {}
    bonds: list[Relation] = []

    def bound(whole: str, *parts: str) -> None:
        if whole in known and all(part in known or part.endswith("?") for part in parts):
            known.update({part: (0, MOST) for part in parts if part not in known})
            bonds.append(Relation(whole, parts))

    for at, files in enumerate(packed):
        e = f"{at}:"
        told = json.loads(files["edition/counts.json"])
        for key, count in told["counts"].items():
            few = (1, 4 * told["one_person_at_most"].get(key, 1))
            signs: dict[object, Domain] = {"few": few, "protects": (5, MOST), "either": (1, MOST)}
            known[e + key] = (count, count) if isinstance(count, int) else signs[count]
        for key, span in (*listed(files), *of_the_model(files)):
            low, high = known.get(e + key, (0, MOST))
            known[e + key] = max(low, span[0]), min(high, span[1])
        bound(f"{e}1/registered", *(f"{e}1/left_out/{reason}" for reason in REASONS), f"{e}1/participants")
        bound(f"{e}file/participants.csv/accepted", f"{e}1/registered", f"{e}rows of something else?")
        bound(f"{e}1/target_group", f"{e}1/rest", f"{e}took part?")
        bound(f"{e}1/participants", f"{e}1/in_effect", f"{e}1/outside_support")
        bound(f"{e}1/candidates", f"{e}1/compared", f"{e}1/unlike")
        bound(f"{e}1/delivered/all", f"{e}1/delivered/2020", f"{e}1/delivered/2021")
        cells = [key.removesuffix("/weeks") for key in known if key.startswith(f"{e}pay") and key.endswith("/weeks")]
        for part, total in (("weeks", "paid"), ("unpaid", "unpaid")):
            bound(f"{e}payments/{total}", *(f"{cell}/{part}" for cell in cells))
        for cell in cells:
            bound(f"{cell}/weeks", f"{cell}/other", f"{cell} at the step's refund?")
        for name in ("spells", "payments", "persons", "participants"):
            bound(f"{e}file/{name}.csv/rows", f"{e}file/{name}.csv/accepted", f"{e}file/{name}.csv/rejected")
        bound(f"{e}file/spells.csv/rejected", *(key for key in known if key.startswith(f"{e}quality/spells.csv/")))
        bound(f"{e}file/persons.csv/accepted", *(key for key in known if key.startswith(f"{e}education ")),
              f"{e}an education that is not named?")
    for key in [key.removeprefix("0:") for key in known if key.startswith("0:") and not key.endswith("?")]:
        if key in ("1/registered", "1/participants", "1/target_group") or "/left_out/" in key:
            bound(f"1:{key}", f"0:{key}", f"grown {key}?")
    return known, bonds


def listed(files: Files) -> Iterator[tuple[str, Domain]]:
    """The rows of the files that were imported."""
    for one in rows(files["inputs.csv"], ";"):
        if one["rows"]:
            yield f"file/{one['name']}/rows", (int(one["rows"]), int(one["rows"]))


def of_the_model(files: Files) -> Iterator[tuple[str, Domain]]:
    """What a number rounded to five can have been, and how many the twin itself has."""
    model = json.loads(files["twin/model.json"])
    half = model["base"] // 2
    for column in model["columns"]:
        if column["name"] == "education":
            for share in column["shares"][""]:
                yield f"education {share['value']}", (share["persons"] - half, share["persons"] + half)
    told = json.loads(files["edition/counts.json"])["counts"]
    printed = next((told[key] for key in ("1/participants", "1/registered") if isinstance(told[key], int)), None)
    for one in model["investments"]:
        starts = sum(span["persons"] for span in one["starts"])
        if printed is None or not abs(printed - starts) <= half:  # else it is a number he has, rounded
            yield "1/participants", (starts - half, starts + half)
    # The price of a week: a mean of two refunds says how many had which.
    for place, net, gross in priced(files):
        weeks = told[f"payments/{place}/weeks"]
        if net != gross * 0.6 and isinstance(weeks, int):
            other = round(weeks * (gross * 0.6 - net) / (gross * 0.1))
            yield f"payments/{place}/other", (other - 1, other + 1)


def priced(files: Files) -> Iterator[tuple[str, float, float]]:
    for one in rows(files["parameters.csv"], ";"):
        cost = re.match(r"faktisk nettoudgift (\d{4}), A-dagpenge, fra uge 5", one["name"])
        gross = re.search(r"brutto ([\d.,]+) kr", one["source"])
        if cost and gross:
            yield f"a-dagpenge/1/{cost[1]}", kroner(one["value"]), kroner(gross[1])


def kroner(text: str) -> float:
    return float(text.split(" ")[0].replace(".", "").replace(",", "."))


def hidden(files: Files) -> list[str]:
    return [key for key, count in json.loads(files["edition/counts.json"])["counts"].items() if count == "few"]


def narrowed(packed: Sequence[Files]) -> dict[str, Domain]:
    """What he knows of the hidden numbers of few beyond their sign; and of those that nobody prints."""
    known, bonds = counted(packed)
    him = Attack(known, bonds)
    assert him.possible, "what the packages say does not agree"
    found = {}
    for at, files in enumerate(packed):
        most = json.loads(files["edition/counts.json"])["one_person_at_most"]
        for key in hidden(files):
            low, high = him.outer(f"{at}:{key}")
            if low > 1 or high < min(4 * most.get(key, 1), 20):  # of weeks not even roughly
                found[f"{at}:{key}"] = low, high
    return found | {key: him.outer(key) for key in known if key.endswith("?") and him.outer(key)[0] in SMALL
                    and him.outer(key)[0] == him.outer(key)[1]}


def test_there_is_something_to_look_for(both: tuple[Packed, ...]) -> None:
    for one in both:
        assert {"payments/a-dagpenge/0/2020/unpaid", "payments/a-dagpenge/1/2020/other", "file/spells.csv/rejected",
                "1/left_out/not_on_benefit_at_start"} <= {*hidden(one.files)}
        known, bonds = counted([one.files])
        assert len(known) > 60
        assert len(bonds) >= 12


def test_no_hidden_number_is_pinned_or_narrowed(both: tuple[Packed, ...]) -> None:
    files = [one.files for one in both]
    assert narrowed(files[:1]) == {}
    assert narrowed(files[1:]) == {}
    assert narrowed(files) == {}


def with_price(files: Files, few: Few) -> Files:
    """As it was: the net price a mean over all refunds. Two had fifty per cent in so many weeks."""
    weeks = json.loads(files["edition/counts.json"])["counts"]["payments/a-dagpenge/1/2020/weeks"]
    net = 2400 - 400 * len(UNPAID) * few.other / weeks
    told = files["parameters.csv"].decode("utf-8-sig").replace("2.400 kr.", f"{net:.2f} kr.".replace(".", ",", 1))
    return {**files, "parameters.csv": told.encode("utf-8-sig")}


def test_a_price_that_is_a_mean_of_two_refunds_gives_him_the_weeks(both: tuple[Packed, ...]) -> None:
    assert [(net, gross) for _, net, gross in priced(both[0].files)] == [(2400, kroner(told_gross(both[0].files)))]
    spoilt = with_price({**both[0].files}, Few())
    low, high = narrowed([spoilt])["0:payments/a-dagpenge/1/2020/other"]
    assert low <= 8 <= high <= 9


def told_gross(files: Files) -> str:
    found = re.search(r"brutto ([\d.,]+) kr", files["parameters.csv"].decode("utf-8-sig"))
    assert found is not None
    return found[1]


def test_a_twin_with_as_many_participants_as_the_register_gives_him_the_few(both: tuple[Packed, ...]) -> None:
    """As it was first: 23 counted in the register beside a printed number of 26 registered."""
    said = json.loads(both[1].files["edition/counts.json"])
    said["counts"] |= {"1/registered": 26, "1/participants": "protects", "file/participants.csv/rows": "protects",
                       "file/participants.csv/accepted": "protects"}
    model = json.loads(both[1].files["twin/model.json"]) | {"base": 1}
    model["investments"][0]["starts"] = [{"first": 0, "last": 9, "persons": 23}]
    spoilt = {**both[1].files, "twin/model.json": json.dumps(model).encode(),
              "edition/counts.json": json.dumps(said).encode(), "inputs.csv": b"name;sha256;rows\n"}
    assert narrowed([spoilt])["0:1/left_out/not_on_benefit_at_start"] == (3, 3)


def test_the_rows_of_the_participants_file_beside_their_number_gave_him_the_few(both: tuple[Packed, ...]) -> None:
    """As it was: 24 rows, and 21 who took part, so that three at most did not count."""
    said = json.loads(both[0].files["edition/counts.json"])
    rows_and_number = {"file/participants.csv/accepted": 24, "1/participants": 21}
    assert not rows_and_number.items() <= said["counts"].items()
    said["counts"] |= {**rows_and_number, "file/participants.csv/rows": 24, "1/registered": "protects"}
    model = json.loads(both[0].files["twin/model.json"]) | {"investments": []}
    spoilt = {**both[0].files, "edition/counts.json": json.dumps(said).encode(),
              "twin/model.json": json.dumps(model).encode(), "inputs.csv": b"name;sha256;rows\n"}
    assert narrowed([spoilt])["0:1/left_out/not_on_benefit_at_start"] == (1, 3)


# --- checksums


def guesses(manifest: Manifest) -> Iterator[Manifest]:
    """What he would try who knows all of an import but how many rows were rejected, and which two."""
    files = {one.name: one for one in manifest.files}
    spells = files["spells.csv"]
    for rejected in SMALL:
        tried = replace(spells, rejected=rejected, accepted=spells.rows - rejected,
                        duplicates=spells.duplicates + spells.rejected - rejected,
                        reasons=((spells.reasons[0][0], rejected),))
        yield replace(manifest, files=tuple({**files, "spells.csv": tried}.values()))


def test_no_checksum_is_found_by_trying(both: tuple[Packed, ...], tmp_path: Path) -> None:
    """Of what the import came to, of a small file, of the list of two rejected rows, of one row of anything."""
    for at, one in enumerate(both):
        folder = one.settings.workspace.parent / f"delivery-{at}"
        tried = {hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.csv")
                 if path.name not in ("postings.csv", "prices.csv") and len(path.read_text().splitlines()) <= GUESSED}
        tried |= {hashlib.sha256(line.encode() + end).hexdigest() for path in folder.glob("*.csv")
                  for line in path.read_text().splitlines() for end in (b"", b"\n", b"\r\n")}
        manifest = read_manifest(snapshots(one.settings.workspace)[at].folder)
        tried |= {manifest.rejects_sha256}
        tried |= {replace(guess, salt=salt).fingerprint for guess in guesses(manifest)
                  for salt in ("", manifest.key_id)}
        tried |= {hashlib.sha256(str(number).encode()).hexdigest() for number in range(10_000)}
        every = b"\n".join(data for _, data in read(one.files, tmp_path))
        told = {found.decode() for found in HASH.findall(every)}
        assert len(told) > 100
        assert not {text for guess in tried for text in (guess, guess[:12])} & told
        named = {found.decode() for found in re.findall(rb"\d{8}T\d{12}Z-([0-9a-f]{8})", every)}
        assert named
        assert not {guess[:8] for guess in tried} & named
        assert manifest.fingerprint in told, "the workspace knows its own"


def test_without_the_salt_he_finds_how_many_were_rejected(both: tuple[Packed, ...]) -> None:
    plain = replace(read_manifest(snapshots(both[0].settings.workspace)[0].folder), salt="")
    found = [guess.files for guess in guesses(plain) if guess.fingerprint == plain.fingerprint]
    assert [next(file.rejected for file in files if file.name == "spells.csv") for files in found] == [2]


def test_without_a_mark_a_small_file_is_known_by_its_checksum(both: tuple[Packed, ...]) -> None:
    """He has the file but for the week in which one of 24 started."""
    manifest = read_manifest(snapshots(both[0].settings.workspace)[0].folder)
    text = (both[0].settings.workspace.parent / "delivery-0" / "participants.csv").read_text()
    day = next(line.split(",")[2] for line in text.splitlines() if line.startswith("P0021"))
    tried = {hashlib.sha256(text.replace(f"P0021,net,{day}", f"P0021,net,{week}").replace("\n", "\r\n").encode())
             .hexdigest() for week in ("2020-01-13", day, "2020-01-27")}
    plain = {one.sha256 for one in input_files(manifest.files, "da", 5)}
    marked = {one.sha256 for one in input_files(manifest.files, "da", 5, manifest.mark)}
    told = {one["sha256"] for one in rows(both[0].files["inputs.csv"], ";")}
    assert len(plain & tried) == 1
    assert not marked & tried
    assert told == marked


# --- one person's data


def test_nothing_of_one_person_stands_in_any_byte(both: tuple[Packed, ...], tmp_path: Path) -> None:
    """A payment, an invoice and an education that one or three have; days on which one person starts or stops."""
    words = [ODD_GROSS, ODD_GROSS.replace(".", ","), "7.913", "7913", "7910", INVOICE, "61.237", "61237",
             "61000", "fisker", "Jens"]  # fmt: skip
    for one in both:
        found = [(where, word) for where, data in read(one.files, tmp_path) for word in words
                 if re.search(rb"(?<![0-9a-f])" + re.escape(word.encode()) + rb"(?![0-9a-f])", data)]
        assert [pair for pair in found if "(stream)" not in pair[0]] == []


def test_the_twin_is_of_the_model_and_no_cell_of_the_model_is_of_few(both: tuple[Packed, ...]) -> None:
    """Whatever the twin's rows say, who has the model and the seed has them: there is nothing else to look for."""
    from gevinst.curves.twin_model import from_json, keeps_its_rule
    from gevinst.parameters.book import national_book

    for one in both:
        model = from_json(json.loads(one.files["twin/model.json"]))
        seed = json.loads(one.files["twin/twin.json"])["seed"]
        for name, content in drawn_files(model, seed, national_book()).items():
            assert one.files[f"twin/{name}"] == content
        assert keeps_its_rule(model)
        assert all(share.persons >= model.few for column in model.columns for shares in column.shares.values()
                   for share in shares)


# --- whatever else there is


def test_two_registers_that_a_memo_tells_the_same_of_have_the_same_package(
    both: tuple[Packed, ...], tmp_path: Path
) -> None:
    """Three rows rejected in place of two, three weeks at another refund in place of four: no byte tells which.

    Left out are checksums (which are looked at above), moments, names made of them, and how wide a name was set.
    """
    settings = workspace(tmp_path / "other")
    key = edition(settings, Few(rejected=3, repeated=2, other=3), 0, tmp_path / "other")
    theirs, ours = without_memo(settings, key), both[0].files
    assert {*ours} - {*theirs} == {name for name in ours if name.startswith("twin/memo/")}
    for name in ("logs/edition.json", "logs/journal.json"):  # as long as the workspace has a history
        (log,) = unnamed({name: ours[name]}, tmp_path)
        entries = b'"lines": %d' % len(json.loads(ours[name])["chain"])  # of the log itself
        said = log.replace(b"sha256", b"").replace(b"2021-04-02", b"").replace(entries, b"")
        assert re.findall(rb"\d+", said) == []
    looked = [name for name in theirs if not name.startswith("logs/") and name not in (
        "rerun.json", "SHA256SUMS", "edition/SHA256SUMS")]
    apart = [name for name in looked
             if unnamed({name: ours[name]}, tmp_path) != unnamed({name: theirs[name]}, tmp_path)]
    assert apart == []


def unnamed(files: Files, folder: Path) -> list[bytes]:
    """All layers without checksums, moments and widths; of a PDF its text."""
    (name,) = files
    found = list(read(files, folder))
    packed = name.endswith((".pdf", ".docx", ".xlsx"))
    kept = [data for where, data in (found[1:] if packed else found) if "(stream)" not in where]
    return [re.sub(rb'w:w="\d+"', b"w", HASH.sub(b"hash", MOMENT.sub(b"moment", data))) for data in kept]


