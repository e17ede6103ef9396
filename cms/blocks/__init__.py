"""What pages are made of. One template a block, in templates/cms/blocks/."""

from cms.blocks.body import ArticleBody, StandardBody
from cms.blocks.text import EMERGENCY_ANCHOR, SMALL_FEATURES, TEXT_FEATURES

__all__ = ["EMERGENCY_ANCHOR", "SMALL_FEATURES", "TEXT_FEATURES", "ArticleBody", "StandardBody"]
