"""The public site's typefaces, made small: `python -m config.setup.typefaces` writes them anew.

Source Sans 3 for text and Source Serif 4 for titles, both by Adobe under the SIL Open Font License;
what they are made of lies in config/setup/fonts, and nobody is served that. The sans is variable
from regular to bold, which is smaller than two of a fixed weight; titles have one weight only. What
is left are the letters of English and Spanish; a changed version may not be called Source, by that
license.

Until they are there, and on machines that never load them, text is set in a typeface that the
machine has, at the size at which it takes the same room: nothing moves when they come.
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "config" / "setup" / "fonts"
SMALL = ROOT / "static" / "fonts" / "small"
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
    """`instead`: what stands in for it at each weight, from the lightest that it has on."""

    family: str
    source: str
    instead: dict[int, tuple[Instead, ...]]

    @property
    def weights(self) -> tuple[int, int]:
        return min(self.instead), max(self.instead)

    @property
    def file(self) -> Path:
        return SMALL / f"{self.family.lower().replace(' ', '-')}.woff2"

    def at(self, *weights: int) -> TTFont:
        """The font at a weight, or between two."""
        low, high = min(weights), max(weights)
        font = TTFont(SOURCES / self.source)
        return instantiateVariableFont(font, {"wght": low if low == high else (low, high)})


FACES = [
    Face(
        "Footing Sans",
        "source-sans-3-latin-wght-normal.woff2",
        {
            400: (
                Instead("Footing Sans Instead", ("Arial", "Liberation Sans", "Arimo"), ARIAL),
                Instead("Footing Sans on Android", ("Roboto", "Roboto Regular"), ROBOTO),
            ),
            700: (
                Instead(
                    "Footing Sans Instead",
                    ("Arial Bold", "Liberation Sans Bold", "Arimo Bold"),
                    ARIAL_BOLD,
                ),
                Instead("Footing Sans on Android", ("Roboto Bold", "Roboto"), ROBOTO_BOLD),
            ),
        },
    ),
    Face(
        "Footing Serif",
        "source-serif-4-latin-wght-normal.woff2",
        {
            700: (
                Instead(
                    "Footing Serif Instead",
                    ("Times New Roman Bold", "Liberation Serif Bold", "Tinos Bold"),
                    TIMES_BOLD,
                ),
            )
        },
    ),
]


def small(face: Face) -> TTFont:
    """Only our letters, under a name of our own."""
    kept = BytesIO()  # the subsetter wants a font that was read, not one that was made
    made = face.at(*face.weights)
    made.flavor = None
    made.save(kept)
    kept.seek(0)
    font = TTFont(kept)
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
    weights = " ".join(map(str, sorted(set(face.weights))))
    own = f"""@font-face {{
  font-family: "{face.family}";
  font-weight: {weights};
  font-display: swap;
  src: url("../fonts/small/{face.file.name}") format("woff2");
}}
"""
    others = (
        stand_in(one, weight, face.at(weight))
        for weight, instead in face.instead.items()
        for one in instead
    )
    return own + "".join(others)


def stand_in(instead: Instead, weight: int, font: TTFont) -> str:
    """Another typeface at the size at which it takes as much room as `font`."""
    units, head, widths = font["head"].unitsPerEm, font["hhea"], font["hmtx"].metrics
    names = font.getBestCmap()
    own = sum(often * widths[names[ord(one)]][0] / units for one, often in OFTEN.items())
    both = zip(OFTEN.values(), instead.widths, strict=True)
    adjust = own / sum(often * wide / 1000 for often, wide in both)
    up, down = (abs(part) / units / adjust for part in (head.ascent, head.descent))
    return f"""@font-face {{
  font-family: "{instead.family}";
  font-weight: {weight};
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
    for face in FACES:
        small(face).save(face.file)
    STYLES.write_text(HEAD + "".join(map(styles, FACES)) + USE, encoding="utf-8")


if __name__ == "__main__":
    main()
