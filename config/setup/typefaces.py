"""The public site's typefaces, made small: `python -m config.setup.typefaces` writes them anew.

Source Sans Pro for text (in static/fonts, for paper, too) and Source Serif Pro for titles (from the
package font-source-serif-pro), both by Adobe under the SIL Open Font License. What is left of them
are the letters of English and Spanish; a changed version may not be called Source, by that license.

Until they are there, and on machines that never load them, text is set in a typeface that the
machine has, at the size at which it takes the same room: nothing moves when they come.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parents[2]
FONTS = ROOT / "static" / "fonts"
SMALL = FONTS / "small"
STYLES = ROOT / "static" / "css" / "typefaces.css"
MOST = 60 * 1024  # bytes of all of them
# ASCII, Latin-1, and what our texts use besides.
LETTERS = [*range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, "–—‘’“”•…→←−≤≥€™")]
# How often a letter stands in English, in a thousand, and how wide it is in typefaces that nearly
# every machine has one of, in thousandths of its size: Adobe's metrics of Helvetica, as wide as
# Arial, and Times Bold, and what Google's Roboto says itself, which Android has.
LETTERS_BY_USE = " abcdefghijklmnopqrstuvwxyz"
OFTEN = dict(zip(LETTERS_BY_USE, (
    180, 66, 12, 23, 35, 104, 18, 16, 50, 57, 1, 6, 33, 20, 57, 62, 15, 1, 49, 52, 74, 23, 8, 19,
    1, 16, 1,
), strict=True))  # fmt: skip
ARIAL = (
    278, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333,
    500, 278, 556, 500, 722, 500, 500, 500,
)  # fmt: skip
ARIAL_BOLD = (
    278, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389,
    556, 333, 611, 556, 778, 556, 556, 500,
)  # fmt: skip
ROBOTO = (
    248, 544, 562, 523, 564, 530, 348, 562, 551, 243, 239, 507, 243, 877, 552, 570, 562, 568, 339,
    516, 327, 551, 484, 751, 496, 473, 496,
)  # fmt: skip
ROBOTO_BOLD = (
    249, 536, 563, 522, 564, 541, 358, 571, 560, 265, 260, 534, 265, 866, 560, 565, 563, 565, 365,
    515, 338, 560, 506, 735, 509, 502, 509,
)  # fmt: skip
TIMES_BOLD = (
    250, 500, 556, 444, 556, 444, 333, 500, 556, 278, 333, 556, 278, 833, 556, 500, 556, 556, 444,
    389, 333, 556, 500, 722, 500, 500, 444,
)  # fmt: skip


@dataclass(frozen=True)
class Instead:
    """What a machine has: names of typefaces of the same width, and how wide their letters are."""

    family: str
    names: tuple[str, ...]
    widths: tuple[int, ...]


@dataclass(frozen=True)
class Face:
    family: str
    weight: int
    source: Path
    instead: tuple[Instead, ...]

    @property
    def file(self) -> Path:
        return SMALL / f"{self.family.lower().replace(' ', '-')}-{self.weight}.woff2"


def faces() -> list[Face]:
    package = find_spec("font_source_serif_pro")
    assert package is not None
    assert package.origin is not None
    serif = Path(package.origin).parent / "files" / "SourceSerifPro-Bold.ttf"
    sans = str(FONTS / "SourceSansPro-{}.ttf")
    regular = (
        Instead("Footing Sans Instead", ("Arial", "Liberation Sans", "Arimo"), ARIAL),
        Instead("Footing Sans on Android", ("Roboto", "Roboto Regular"), ROBOTO),
    )
    bold = (
        Instead(
            "Footing Sans Instead", ("Arial Bold", "Liberation Sans Bold", "Arimo Bold"), ARIAL_BOLD
        ),
        Instead("Footing Sans on Android", ("Roboto Bold", "Roboto"), ROBOTO_BOLD),
    )
    titles = ("Times New Roman Bold", "Liberation Serif Bold", "Tinos Bold")
    return [
        Face("Footing Sans", 400, Path(sans.format("Regular")), regular),
        Face("Footing Sans", 700, Path(sans.format("Bold")), bold),
        Face("Footing Serif", 700, serif, (Instead("Footing Serif Instead", titles, TIMES_BOLD),)),
    ]


def small(face: Face) -> TTFont:
    """Only our letters, under a name of our own."""
    font = TTFont(face.source)
    options = Options(flavor="woff2", layout_features=["kern", "liga"], hinting=False)
    options.name_IDs = [0, 1, 2, 13]
    subset = Subsetter(options)
    subset.populate(unicodes=LETTERS)
    subset.subset(font)
    for record in font["name"].names:
        if record.nameID == 1:
            record.string = face.family
    font.flavor = "woff2"
    return font


def styles(face: Face) -> str:
    """The typeface, and what stands in for it."""
    return "".join((own_style(face), *(instead_style(face, instead) for instead in face.instead)))


def own_style(face: Face) -> str:
    return f"""@font-face {{
  font-family: "{face.family}";
  font-weight: {face.weight};
  font-display: swap;
  src: url("../fonts/small/{face.file.name}") format("woff2");
}}
"""


def instead_style(face: Face, instead: Instead) -> str:
    """Another typeface at the size at which it takes as much room."""
    font = TTFont(face.source)
    units, head, widths = font["head"].unitsPerEm, font["hhea"], font["hmtx"].metrics
    names = font.getBestCmap()
    own = sum(often * widths[names[ord(one)]][0] / units for one, often in OFTEN.items())
    other = sum(
        often * wide / 1000 for often, wide in zip(OFTEN.values(), instead.widths, strict=True)
    )
    adjust = own / other
    up, down = (abs(part) / units / adjust for part in (head.ascent, head.descent))
    return f"""@font-face {{
  font-family: "{instead.family}";
  font-weight: {face.weight};
  src: {", ".join(f'local("{name}")' for name in instead.names)};
  size-adjust: {adjust:.1%};
  ascent-override: {up:.1%};
  descent-override: {down:.1%};
  line-gap-override: 0%;
}}
"""


HEAD = """/* Made by `python -m config.setup.typefaces`; not to be changed here. */
"""
USE = """.public {
  --font: "Footing Sans", "Footing Sans Instead", "Footing Sans on Android", system-ui, sans-serif;
  --font-title: "Footing Serif", "Footing Serif Instead", Georgia, serif;
}
"""


def main() -> None:
    SMALL.mkdir(exist_ok=True)
    for face in faces():
        small(face).save(face.file)
    STYLES.write_text(HEAD + "".join(map(styles, faces())) + USE, encoding="utf-8")


if __name__ == "__main__":
    main()
