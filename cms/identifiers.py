"""The numbers a work is known by, cut out of what people paste."""

import re
from urllib.parse import unquote

_DOI = re.compile(
    r"^(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|(?:info:)?doi[:\s/]\s*)", re.IGNORECASE
)
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
    bare = _DOI.sub("", pasted.strip().strip("<>"))
    if "%" in bare and bare != pasted.strip():
        bare = unquote(bare)  # an address, where some characters are escaped
    return bare.rstrip(".,; ")


def pmid(pasted: str) -> str:
    """The digits of a PubMed number or address."""
    return _PMID.sub("", pasted.strip()).strip("/. ")


def pmcid(pasted: str) -> str:
    """'PMC6739245', from a number or address, with its capitals."""
    bare = _PMCID.sub("", pasted.strip()).strip("/. ")
    return f"PMC{bare}" if bare.isdecimal() and bare != pasted.strip() else bare.upper()
