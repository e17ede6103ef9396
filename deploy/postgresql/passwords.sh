#!/bin/sh
# Run by the image of PostgreSQL at its first start, after roles.sql: the roles' passwords. They stand
# in addresses (DATABASE_URL) as well, so let them be letters and digits.
set -eu
psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username postgres --dbname footing \
    --set owner="$FOOTING_OWNER_PASSWORD" --set web="$FOOTING_WEB_PASSWORD" \
    --set worker="$FOOTING_WORKER_PASSWORD" <<'SQL'
ALTER ROLE footing_owner PASSWORD :'owner';
ALTER ROLE footing_web PASSWORD :'web';
ALTER ROLE footing_worker PASSWORD :'worker';
SQL
