#!/usr/bin/env python3
"""Makes allCountries.txt and alternateNamesV2.txt of any size from a list of names, a line each, to try builds with.

    scripts/make_geonames.py --records 13000000 --alternates 14500000 names.txt folder

A third of the names are those of the first lines, the way some names are borne by many places; a third are taken from all
over the list; a third are put together from words of two. The same list and numbers give the same tables.
"""

import argparse
import random

COUNTRIES = """AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO
CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HN HR HT HU ID IE IL IN IQ
IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MR MT MU MV MW
MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST
SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TZ UA UG US UY UZ VC VE VN VU WS YE ZA ZM ZW""".split()
FEATURES = ["P\tPPL"] * 50 + ["H\tSTM"] * 20 + ["T\tMT"] * 10 + ["S\tSCH"] * 10 + ["L\tLCTY"] * 6 + ["A\tADM3"] * 3 + ["P\tPPLA2"]
LANGS = "en fr de ru zh ar es ja uk fa sv nl it pl - - - - link wkdt iata post".split()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--records", type=int, default=13_000_000)
    parser.add_argument("--alternates", type=int, default=14_500_000)
    parser.add_argument("names")
    parser.add_argument("folder")
    args = parser.parse_args()
    dice = random.Random(1)
    roll = dice.random
    with open(args.names, encoding="utf-8", errors="replace") as file:
        names = [name for name in (" ".join(line.split()) for line in file) if name]

    def any_name():
        return names[int(roll() * len(names))]

    def name():
        which = roll()
        if which < 1 / 3:
            return names[int(roll() ** 4 * min(len(names), 40_000))]
        if which < 2 / 3:
            return any_name()
        return any_name().split()[0] + " " + any_name().split()[-1]

    with open(f"{args.folder}/allCountries.txt", "w", encoding="utf-8") as file:
        for i in range(args.records):
            # Tables stand by country, not by number; 7919 is prime.
            number = i * 7919 % args.records + 1
            country = COUNTRIES[i * len(COUNTRIES) // args.records]
            feature = FEATURES[int(roll() * len(FEATURES))]
            people = int(10 ** (roll() * 6)) if roll() < 0.05 else 0
            file.write(
                f"{number}\t{name()}\t\t\t{roll() * 170 - 85:.5f}\t{roll() * 360 - 180:.5f}\t{feature}\t{country}\t\t"
                f"{int(roll() * 30):02d}\t{int(roll() * 900):03d}\t\t\t{people}\t\t100\tEurope/Paris\t2025-01-01\n"
            )
    with open(f"{args.folder}/alternateNamesV2.txt", "w", encoding="utf-8") as file:
        for i in range(args.alternates):
            number = int(roll() ** 2 * args.records) + 1
            lang = LANGS[int(roll() * len(LANGS))]
            if lang == "wkdt":
                text = f"Q{int(roll() * 1e8) + 1}"
            elif lang == "iata":
                text = "".join(dice.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=3))
            elif lang == "post":
                text = f"{int(roll() * 99_999):05d}"
            else:
                text = name()
            flags = roll()
            mark = [("1" if low <= flags < high else "") for low, high in ((0, 0.05), (0.05, 0.07), (2, 3), (0.07, 0.1))]
            until = "1950" if 0.07 <= flags < 0.08 else ""
            lang = lang.strip("-")
            file.write(f"{i + 1}\t{number}\t{lang}\t{text}\t" + "\t".join(mark) + f"\t\t{until}\n")


if __name__ == "__main__":
    main()
