"""How the site's log reads: what failed and where, never what a row held."""

import logging
import re

# PostgreSQL quotes a key or a whole row there, over as many lines as the row has.
_AFTER = "HINT:|CONTEXT:|LOCATION:|Traceback |The above |During handling |  File "
_DETAIL = re.compile(rf"^DETAIL:.*?(?=^(?:{_AFTER})|\Z)", re.MULTILINE | re.DOTALL)
LEFT_OUT = "DETAIL:  left out, it quotes the row\n"


class Discreet(logging.Formatter):
    """Leaves out what the database tells of rows beside an error.

    Behind the wall it tells nothing by itself; of accounts, mail and the queue it would.
    """

    def format(self, record: logging.LogRecord) -> str:
        return _DETAIL.sub(LEFT_OUT, super().format(record)).rstrip()
