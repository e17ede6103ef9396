"""What pages are made of. One template a block, in templates/cms/blocks/."""

from cms.blocks.body import ArticleBody, StandardBody
from cms.blocks.text import CITED_FEATURES, EMERGENCY_ANCHOR, LINE_FEATURES, TEXT_FEATURES

__all__ = [
    "CITED_FEATURES",
    "EMERGENCY_ANCHOR",
    "LINE_FEATURES",
    "TEXT_FEATURES",
    "ArticleBody",
    "StandardBody",
]
