"""How static files are stored in production."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

# `import { a, b } from "./other.js";` at the beginning of a line, and `import "./other.js";`.
IMPORT = r"""(?m)^(?P<matched>import(?P<names>[^"';]*)"(?P<url>\.[^"]+)";)"""


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Compressed and named by content, also where one script of ours imports another.

    Django can do that by a switch, but for all scripts alike, and packages' trip over it.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", ((IMPORT, 'import%(names)s"%(url)s";'),)),
    )
