"""The numbers a work is known by, cut out of what people paste."""

import re
from urllib.parse import unquote

_DOI = re.compile(
    r"^(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|(?:info:)?doi[:\s/]\s*)", re.IGNORECASE
)
# A publisher's or library's address with a DOI in it.
_IN_ADDRESS = re.compile(r"[/=.](10\.\d{4,9}/[^\s?#]+)")
_PMID = re.compile(
    r"^(?:https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/|pmid[:\s]\s*)",
    re.IGNORECASE,
)
_PMCID = re.compile(
    r"^(?:https?://(?:pmc\.|www\.)?ncbi\.nlm\.nih\.gov/(?:pmc/)?articles/|pmcid[:\s]\s*)",
    re.IGNORECASE,
)


def doi(pasted: str) -> str:
    """'https://doi.org/10.1000/AbC', 'doi: 10.1000/AbC.' and '10.1000/AbC' all give '10.1000/AbC'.

    Its letters stay as they are: DOIs are compared without regard to case, but printed as given.
    """
    bare = _bare(_DOI, pasted.strip("<> \t\n"))
    if "%" in bare and bare != pasted.strip():
        bare = _bare(_DOI, unquote(bare))  # an address, where some characters are escaped
    if bare.lower().startswith(("http:", "https:")) and (
        found := _IN_ADDRESS.search(unquote(bare))
    ):
        bare = found[1]
    return bare.rstrip(".,; ")


def _bare(before: re.Pattern[str], text: str) -> str:
    """Without what stands before the number, also where a program put it there twice."""
    while (shorter := before.sub("", text).lstrip()) != text:
        text = shorter
    return text


def pmid(pasted: str) -> str:
    """The digits of a PubMed number or address."""
    return _bare(_PMID, pasted.strip()).partition("?")[0].strip("/. ")


def pmcid(pasted: str) -> str:
    """'PMC6739245', from a number or address, with its capitals."""
    bare = _bare(_PMCID, pasted.strip()).partition("?")[0].strip("/. ")
    return f"PMC{bare}" if bare.isdecimal() and bare != pasted.strip() else bare.upper()
