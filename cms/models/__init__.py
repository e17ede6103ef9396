from cms.models.author import Author
from cms.models.pages import ArticleIndexPage, ArticlePage, HomePage
from cms.models.source import Source
from cms.models.stamp import ContentStamp
from cms.models.video import Video

__all__ = [
    "ArticleIndexPage",
    "ArticlePage",
    "Author",
    "ContentStamp",
    "HomePage",
    "Source",
    "Video",
]
