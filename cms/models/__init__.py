from cms.models.author import Author
from cms.models.pages import ArticleIndexPage, ArticlePage, HomePage
from cms.models.settings import CitationSettings
from cms.models.source import CheckState, Design, Source
from cms.models.stamp import ContentStamp
from cms.models.video import Video

__all__ = [
    "ArticleIndexPage",
    "ArticlePage",
    "Author",
    "CheckState",
    "CitationSettings",
    "ContentStamp",
    "Design",
    "HomePage",
    "Source",
    "Video",
]
