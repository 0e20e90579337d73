#!/usr/bin/env python3
"""Cuts the theme's letters from their npm packages: fonts.py NODE_MODULES DESTINATION CONTENT

Korean has 11,172 syllables, of which a page uses some hundred. So each family is cut into files by how often
a syllable is read (those of our guide first, a text about computers; then the order of Pretendard's own
slices), and the style sheet names for each file what stands
in it: a browser loads what a page needs. The 8,672 rarest syllables are left to the reader's own fonts. Families are named anew, as the Open Font License asks of changed
fonts. Needs fonttools and brotli.
"""
import re
import sys
from collections import Counter
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

MODULES, DESTINATION, CONTENT = map(Path, sys.argv[1:])
PRETENDARD = MODULES / "pretendard/dist"
HANGUL = range(0xAC00, 0xD7A4)
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x2010, 0x2040), *range(0x2190, 0x2194),
         *map(ord, "₩✓✗≈↻↩▾▴▸→")]
SIGNS = sorted({*range(0x100, 0x180), *range(0x2000, 0x2070), *range(0x20A0, 0x20C0), *range(0x2100, 0x2150),
                *range(0x2190, 0x2270), *range(0x2460, 0x2480), *range(0x2500, 0x27C0), *range(0x3000, 0x3040),
                *range(0x3130, 0x3190), *range(0xFF00, 0xFF60)} - set(LATIN))
# How many syllables are in the first file, in it and the second, and so on.
OFTEN, SOMETIMES, USUAL, SELDOM = 450, 800, 1400, 2500


def by_use():
    """The syllables, those first that are read most."""
    text = (PRETENDARD / "web/variable/pretendardvariable-dynamic-subset.css").read_text()
    slices = re.findall(r"unicode-range:\s*([^;}]*)", text)
    order = {}
    for ranges in reversed(slices):
        for piece in ranges.split(","):
            first, _, last = piece.strip()[2:].partition("-")
            for point in range(int(first, 16), int(last or first, 16) + 1):
                if point in HANGUL:
                    order[point] = None
    counts = Counter("".join(page.read_text() for page in CONTENT.glob("*.md")))
    here = [ord(letter) for letter, _ in counts.most_common() if ord(letter) in HANGUL]
    return list(dict.fromkeys(here + list(order)))


def ranges(points):
    """As CSS has them."""
    found = []
    for point in sorted(points):
        if found and found[-1][1] == point - 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return ",".join(f"U+{a:x}" if a == b else f"U+{a:x}-{b:x}" for a, b in found)


def cut(source, points, family, file, weights):
    font = TTFont(source)
    options = Options()
    options.flavor = "woff2"
    options.hinting = False
    options.layout_features = ["kern", "mark", "mkmk", "locl", "tnum", "ccmp"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    has = set(font.getBestCmap())
    points = [point for point in points if point in has]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    if weights:
        font = instantiateVariableFont(font, {"wght": weights})
    for name in font["name"].names:
        if name.nameID in (1, 3, 4, 16):
            name.string = family
        elif name.nameID == 6:
            name.string = family.replace(" ", "")
    font.flavor = "woff2"
    font.save(DESTINATION / file)
    return points


def main():
    DESTINATION.mkdir(parents=True, exist_ok=True)
    order = by_use()
    often, sometimes = order[:OFTEN], order[OFTEN:SOMETIMES]
    usual, seldom = order[SOMETIMES:USUAL], order[USUAL:SELDOM]
    text = (PRETENDARD / "public/variable/PretendardVariable.ttf", "Haechi Text", "text", (400, 700))
    code = (MODULES / "d2coding/src/d2coding.ttf", "Haechi Code", "code", None)
    # The last rule that names a letter wins, so the first of each family is for all syllables that no other has.
    files = [(text, "seldom", seldom), (text, "latin", LATIN), (text, "signs", SIGNS), (text, "often", often),
             (text, "sometimes", sometimes), (text, "usual", usual),
             (code, "usual", sometimes, usual, seldom), (code, "latin", LATIN), (code, "signs", SIGNS),
             (code, "often", often)]
    css = ["/* Made by themes/build/fonts.py. The fonts' licences are in OFL.txt. */"]
    for (source, family, short, weights), name, *groups in files:
        file = f"{short}-{name}.woff2"
        points = set(cut(source, [point for group in groups for point in group], family, file, weights))
        found = "U+ac00-d7a3" if seldom in groups else ranges(points)
        weight = f"font-weight:{weights[0]} {weights[1]};" if weights else ""
        css.append(f'@font-face{{font-family:"{family}";src:url({file}) format("woff2");{weight}'
                   f"font-display:swap;unicode-range:{found}}}")
        print(f"{file}: {len(points)} letters, {(DESTINATION / file).stat().st_size // 1000} kB")
    (DESTINATION / "fonts.css").write_text("\n".join(css) + "\n")
    license = (PRETENDARD / "LICENSE.txt").read_text()
    (DESTINATION / "OFL.txt").write_text(
        "The files text-*.woff2 (Haechi Text) are cut from Pretendard, the files code-*.woff2 (Haechi Code) from\n"
        "D2Coding, Copyright (c) 2015-2016 NHN Corporation, font designed by FONTRIX Inc., both under the licence\n"
        "below.\n\n" + license)


main()
