"""The kinds of works that can be cited, by their names in CSL."""

ARTICLE = "article-journal"
KINDS = {
    ARTICLE: "Journal article",
    "chapter": "Book chapter",
    "book": "Book",
    "report": "Report or guideline",
    "webpage": "Web page",
    "thesis": "Thesis",
    "paper-conference": "Conference paper",
}
