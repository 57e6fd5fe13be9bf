/* "Views in the TEMP schema are always allowed" (SQLite,
 * SQLITE_DBCONFIG_ENABLE_VIEW), and a name without a schema means the
 * temporary one first. */
#include "journal/compat.h"

#include "journal/schema.h"

/* shows[i] gives a file of version i + 1 what version i + 2 added; what it made
 * a view of has what later ones added to that, too. */
static const char *const shows[] = {
    "CREATE TEMP VIEW release AS SELECT *, 0 AS resent, NULL AS order_number"
    " FROM main.release",
    "CREATE TEMP VIEW run AS SELECT *, NULL AS script_hash FROM main.run;"
    "CREATE TEMP VIEW input AS SELECT '' AS source, '' AS name, '' AS item,"
    " '' AS what, '' AS message, '' AS place, NULL AS seen, 0 AS first_run,"
    " 0 AS run, 0 AS first_at, 0 AS last_at, 0 AS times WHERE 0",
    "CREATE TEMP VIEW home AS SELECT 1 AS id, '' AS machine, 0 AS device,"
    " 0 AS inode, '' AS path WHERE 0;"
    "CREATE TEMP VIEW pause AS SELECT 1 AS id, 0 AS at, '' AS who, '' AS note"
    " WHERE 0;"
    "CREATE TEMP VIEW word AS SELECT '' AS value, 0 AS order_item_id WHERE 0;"
    "CREATE TEMP VIEW meta AS SELECT *, 0 AS words_run FROM main.meta;"
    "CREATE TEMP VIEW IF NOT EXISTS release AS"
    " SELECT *, NULL AS order_number FROM main.release",
};

bool compat_show(struct store *store, int version, struct error *err)
{
    if (version >= schema_version())
        return true;
    if (!store_exec(store, "PRAGMA temp_store = MEMORY", err))
        return false;
    for (; version < schema_version(); version++) {
        if (!store_exec(store, shows[version - 1], err))
            return false;
    }
    return true;
}
