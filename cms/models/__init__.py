from cms.models.article import ArticlePage, ArticleTag, RelatedArticle, TopicPage
from cms.models.article_index import ArticleIndexPage
from cms.models.author import Author
from cms.models.author_page import AuthorPage
from cms.models.clinic_files import ClinicFiles
from cms.models.feedback import HelpfulCount
from cms.models.home import FeaturedArticle, HomePage, SearchPage, StandardPage
from cms.models.link import CheckedLink
from cms.models.search import SearchEntry, SearchSynonyms
from cms.models.settings import CitationSettings
from cms.models.source import CheckState, Design, Source
from cms.models.stamp import ContentStamp
from cms.models.task import ClinicalReviewTask
from cms.models.video import Video

__all__ = [
    "ArticleIndexPage",
    "ArticlePage",
    "ArticleTag",
    "Author",
    "AuthorPage",
    "CheckState",
    "CheckedLink",
    "CitationSettings",
    "ClinicFiles",
    "ClinicalReviewTask",
    "ContentStamp",
    "Design",
    "FeaturedArticle",
    "HelpfulCount",
    "HomePage",
    "RelatedArticle",
    "SearchEntry",
    "SearchPage",
    "SearchSynonyms",
    "Source",
    "StandardPage",
    "TopicPage",
    "Video",
]
