"""Make the Chinese font that the package ships for its figures.

The npm package ``@fontsource-variable/noto-sans-sc`` holds Noto Sans SC as about a hundred
variable woff2 slices for the web, none of which matplotlib can use. This script fixes every slice
at the regular weight, keeps the outlines and drops the layout tables, merges the slices to one
static TrueType font and gives it a family name of its own, so that nobody takes it for the
original. The same package and the same fontTools give the same bytes.

Needs fontTools and brotli (for woff2). From the root of the project, with the package unpacked by
``npm pack @fontsource-variable/noto-sans-sc@5.3.1`` and ``tar xf``::

    python tools/build_font.py path/to/package
"""

import argparse
import hashlib
import json
import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import (
    instantiateVariableFont,
)

FAMILY = "Resanalysis Sans SC"
STYLE = "Regular"
POSTSCRIPT_NAME = "ResanalysisSansSC-Regular"
WEIGHT = 400

PACKAGE = "@fontsource-variable/noto-sans-sc"
OUTPUT = Path(__file__).resolve().parents[1] / "resanalysis" / "data" / "fonts"

# Name records by their OpenType numbers.
COPYRIGHT, FAMILY_NAME, STYLE_NAME, UNIQUE_ID, FULL_NAME, VERSION, POSTSCRIPT = range(7)
DESCRIPTION, LICENCE, LICENCE_URL = 10, 13, 14

# Windows, Unicode, English (United States): the only platform that the slices have records for.
PLATFORM = (3, 1, 0x409)

# What a slice carries for variation, shaping, vertical writing and hinting.
DROPPED_TABLES = ["BASE", "GDEF", "GPOS", "GSUB", "HVAR", "STAT", "gasp", "prep", "vhea", "vmtx"]


@dataclass(frozen=True)
class Origin:
    """Where the slices came from, as their package says.

    Attributes
    ----------
    package, version
        Name and version of the npm package.
    licence
        Text of the licence file, as it is.
    slices
        The woff2 files, in the order in which they are merged.
    """

    package: str
    version: str
    licence: str
    slices: tuple[Path, ...]


def read_origin(folder: Path) -> Origin:
    """Read what the folder of an unpacked npm package holds.

    Parameters
    ----------
    folder
        The folder with ``package.json``, ``LICENSE`` and ``files/``.

    Returns
    -------
    Origin
        Named slices (latin, cyrillic, ...) first and by name, then the numbered ones by number.

    Raises
    ------
    ValueError
        If the folder holds another package, or no slices.
    """
    about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    if about["name"] != PACKAGE:
        raise ValueError(f"{folder} holds the package {about['name']!r}, expected {PACKAGE!r}")
    slices = sorted((folder / "files").glob("*-wght-normal.woff2"), key=_slice_order)
    if not slices:
        raise ValueError(f"{folder / 'files'} holds no file named *-wght-normal.woff2")
    licence = (folder / "LICENSE").read_text(encoding="utf-8")
    return Origin(about["name"], about["version"], licence, tuple(slices))


def _slice_order(path: Path) -> tuple[int, str]:
    number = re.search(r"-(\d+)-wght-", path.name)
    return (int(number[1]) if number else 0, path.name)


def make_static(path: Path, taken: set[int]) -> tuple[TTFont, set[int]]:
    """Fix one slice at the regular weight and keep only the characters not yet taken.

    Parameters
    ----------
    path
        A variable woff2 slice.
    taken
        Code points that an earlier slice has given. Slices overlap; where they do, their glyphs
        are the same, so the first one is as good as any.

    Returns
    -------
    font, characters
        The static TrueType slice, and the code points that it adds.
    """
    font = TTFont(path, recalcTimestamp=False)
    instantiateVariableFont(font, {"wght": WEIGHT}, inplace=True)
    font.flavor = None
    characters = set(font.getBestCmap()) - taken
    _subset(font, characters)
    return font, characters


def _subset(font: TTFont, characters: set[int]) -> None:
    options = Options(
        drop_tables=DROPPED_TABLES,
        hinting=False,
        layout_features=[],
        name_IDs=["*"],
        notdef_outline=True,
        recalc_timestamp=False,
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)


def merge_slices(slices: tuple[Path, ...]) -> TTFont:
    """Merge variable slices to one static font.

    Parameters
    ----------
    slices
        The woff2 files of one family.

    Returns
    -------
    TTFont
        A TrueType font with every character of the slices, dated and versioned as they are, with
        the name records of the first.
    """
    taken: set[int] = set()
    files = []
    for path in slices:
        font, characters = make_static(path, taken)
        if characters:
            files.append(BytesIO())
            font.save(files[-1])
            taken |= characters
    merged = Merger().merge(files)
    _subset(merged, taken)  # every slice brought a .notdef glyph; one is enough

    first = TTFont(slices[0])
    merged.recalcTimestamp = False
    for field in ("created", "modified", "fontRevision"):
        setattr(merged["head"], field, getattr(first["head"], field))
    merged["OS/2"].recalcUnicodeRanges(merged)
    merged["OS/2"].recalcAvgCharWidth(merged)
    merged["OS/2"].achVendID = "NONE"  # the original vendor did not make this one
    merged["post"].formatType = 3.0  # glyph names would only add to the size
    return merged


def rename(font: TTFont, origin: Origin) -> None:
    """Give a merged font its own names, in place, with the copyright of the original kept.

    Parameters
    ----------
    font
        The merged font, still with the name records of the original.
    origin
        Where it came from, for the description and the licence.
    """
    table = font["name"]
    kept = {number: table.getName(number, *PLATFORM) for number in (COPYRIGHT, LICENCE_URL)}
    missing = [number for number, record in kept.items() if record is None]
    if missing:
        raise ValueError(f"the slices have no name record {missing}: copyright or licence unknown")
    original = table.getDebugName(VERSION).split(";")[0].removeprefix("Version ")
    revision = f"{font['head'].fontRevision:.3f}"
    names = {number: record.toUnicode() for number, record in kept.items()} | {
        FAMILY_NAME: FAMILY,
        STYLE_NAME: STYLE,
        UNIQUE_ID: f"{revision};{POSTSCRIPT_NAME}",
        FULL_NAME: f"{FAMILY} {STYLE}",
        VERSION: f"Version {revision};from {origin.package} {origin.version}",
        POSTSCRIPT: POSTSCRIPT_NAME,
        DESCRIPTION: (
            f"Modified version of Noto Sans SC {original}, made for the figures of resanalysis: "
            f"the {len(origin.slices)} slices of the npm package {origin.package} "
            f"{origin.version}, fixed at weight {WEIGHT}, without layout tables and hints, merged "
            "to one TrueType font."
        ),
        LICENCE: origin.licence,
    }
    table.names = []
    for number, text in sorted(names.items()):
        table.setName(text, number, *PLATFORM)


def write_font(origin: Origin, folder: Path) -> Path:
    """Build the font and write it, with its licence beside it.

    Parameters
    ----------
    origin
        The unpacked package.
    folder
        Where ``ResanalysisSansSC-Regular.ttf`` and ``OFL.txt`` go; made if it is not there.

    Returns
    -------
    Path
        The font file.
    """
    font = merge_slices(origin.slices)
    rename(font, origin)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{POSTSCRIPT_NAME}.ttf"
    font.save(path)
    notice = font["name"].getDebugName(COPYRIGHT)
    (folder / "OFL.txt").write_text(f"{notice}\n\n{origin.licence}", encoding="utf-8", newline="")
    return path


def count_characters(path: Path) -> tuple[int, int]:
    """Count the characters of a font.

    Parameters
    ----------
    path
        A TrueType font.

    Returns
    -------
    characters, han
        All code points, and those in the blocks of unified Han ideographs.
    """
    characters = TTFont(path).getBestCmap()
    blocks = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0x20000, 0x32000))
    return len(characters), sum(any(c in block for block in blocks) for c in characters)


def main() -> None:
    """Build the font from the command line and report the facts that its README states."""
    parser = argparse.ArgumentParser(description=f"Make the font {FAMILY}.")
    parser.add_argument("package", type=Path, help=f"folder of the unpacked npm package {PACKAGE}")
    parser.add_argument("--output", type=Path, default=OUTPUT, help="folder to write to")
    arguments = parser.parse_args()

    path = write_font(read_origin(arguments.package), arguments.output)
    characters, han = count_characters(path)
    data = path.read_bytes()
    print(f"{path}: {len(data):,} bytes, {characters:,} characters, {han:,} of them Han")
    print(f"sha256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
