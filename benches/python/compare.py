#!/usr/bin/env python3
"""exonym's command line beside what Python has for finding the names of a list in a text: the same names, the same text.

    python3 -m venv venv && venv/bin/pip install -r benches/python/requirements.txt
    venv/bin/python benches/python/compare.py names.txt text.txt [--exonym PATH] [--rounds 3] [--only NAME …] [--json FILE]

names.txt has a name on each line (one without a letter or digit is left out). Each contender gets what serves it best: its own fastest call on lower-cased names and text (for
spaCy, words cut by a blank pipeline, which is timed with it), the longest match from the left where it can do that. exonym reads the text as
it is, by `exonym bench`, which leaves starting and reading the file aside as the others do here; the row after it is the whole command
`exonym annotate` by the clock, with starting, choosing a record for each mention and writing JSON.

The programs mean different things by a match, so their numbers differ, and the table shows them: automata also find names inside words
(`rom` in `from`), flashtext2 and spaCy only whole words, exonym whole words with inflection and other spellings. Where equal matches
are asked for, see `cargo bench --bench peers`.
"""

import argparse
import csv
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def daachorse(names, text):
    import daachorse as library

    patterns = sorted({name.encode() for name in names})
    automaton = library.DoubleArrayAhoCorasick(patterns, library.MATCH_KIND_LEFTMOST_LONGEST)
    haystack = text.encode()
    return lambda: len(automaton.find(haystack))


def ahocorasick_rs(names, text):
    import ahocorasick_rs as library

    automaton = library.AhoCorasick(
        sorted(names),
        matchkind=library.MatchKind.LeftmostLongest,
        implementation=library.Implementation.ContiguousNFA,
    )
    return lambda: len(automaton.find_matches_as_indexes(text))


def pyahocorasick(names, text):
    import ahocorasick as library

    automaton = library.Automaton()
    for number, name in enumerate(names):
        automaton.add_word(name, number)
    automaton.make_automaton()
    return lambda: sum(1 for _ in automaton.iter_long(text))


def flashtext2(names, text):
    import flashtext2 as library

    processor = library.KeywordProcessor(case_sensitive=True)
    for name in names:
        processor.add_keyword(name)
    return lambda: len(processor.extract_keywords_with_span(text))


def spacy(names, text):
    import spacy as library
    from spacy.matcher import PhraseMatcher

    pipeline = library.blank("xx")
    pipeline.max_length = len(text) + 1
    matcher = PhraseMatcher(pipeline.vocab)
    matcher.add("name", list(pipeline.tokenizer.pipe(names)))
    # It holds each text in memory as objects, so it gets a paragraph at a time.
    paragraphs = [paragraph for paragraph in text.split("\n") if paragraph.strip()]
    return lambda: sum(len(matcher(document)) for document in pipeline.tokenizer.pipe(paragraphs))


PYTHON = [daachorse, ahocorasick_rs, flashtext2, pyahocorasick, spacy]


def seconds(run, rounds):
    """The median time of some runs, and what the last one gave."""
    times, found = [], 0
    for _ in range(rounds):
        start = time.perf_counter()
        found = run()
        times.append(time.perf_counter() - start)
    return statistics.median(times), found


def exonym(program, names, path, rounds):
    """Rows for finding by `bench` and for the whole of `annotate`, by a gazetteer of the names."""
    with tempfile.TemporaryDirectory() as folder:
        table, gazetteer = Path(folder, "names.csv"), Path(folder, "names.gaz")
        with table.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["id", "name"])
            rows.writerows((f"xn:{number}", name) for number, name in enumerate(names))
        start = time.perf_counter()
        subprocess.run([program, "build", "-q", table, "-o", gazetteer], check=True)
        build = time.perf_counter() - start
        command = [program, "bench", "--json", "--threads", "1", "--gazetteer", gazetteer, path]
        runs = [json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(rounds)]
        find = [next(row for row in run["throughput"] if row["what"] == "find") for run in runs]
        yield "exonym, finding", build, statistics.median(row["mb_per_second"] for row in find), find[0]["found"]

        command = [program, "annotate", "--threads", "1", "--gazetteer", gazetteer, path]
        took, lines = seconds(lambda: subprocess.run(command, check=True, capture_output=True).stdout, rounds)
        found = sum(len(json.loads(line)["annotations"]) for line in lines.splitlines())
        yield "exonym annotate", build, path.stat().st_size / 1e6 / took, found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("names", type=Path)
    parser.add_argument("text", type=Path)
    parser.add_argument("--exonym", default="exonym", help="the program (default: exonym)")
    parser.add_argument("--rounds", type=int, default=3, help="the median of so many counts (default: 3)")
    parser.add_argument("--only", nargs="+", default=["exonym", *(run.__name__ for run in PYTHON)])
    parser.add_argument("--json", type=Path, help="write the rows to a file too")
    args = parser.parse_args()

    names = [line for line in args.names.read_text(encoding="utf-8").splitlines() if any(c.isalnum() for c in line)]
    lowered = list(dict.fromkeys(name.lower() for name in names))
    text = args.text.read_text(encoding="utf-8")
    megabytes = args.text.stat().st_size / 1e6
    print(f"{len(names)} names, {megabytes:.1f} MB of text\n")
    print(f"{'':<18}{'MB/s':>9}{'matches':>11}{'build s':>10}")
    rows = []

    def show(name, build, speed, found):
        rows.append({"contender": name, "mb_per_second": speed, "matches": found, "build_seconds": build})
        print(f"{name:<18}{speed:>9.2f}{found:>11}{build:>10.1f}", flush=True)

    if "exonym" in args.only:
        for row in exonym(args.exonym, names, args.text, args.rounds):
            show(*row)
    for contender in PYTHON:
        if contender.__name__ in args.only:
            start = time.perf_counter()
            run = contender(lowered, text.lower())
            build = time.perf_counter() - start
            took, found = seconds(run, args.rounds)
            show(contender.__name__, build, megabytes / took, found)
    if args.json:
        args.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
