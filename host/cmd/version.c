#include "cmd/version.h"

#include "base/digest.h"
#include "base/exit_code.h"
#include "base/version.h"
#include "journal/journal.h"
#include "lua/lua_version.h"
#include "mock/mock.h"
#include "net/net.h"
#include "repl/repl_edit.h"

#include <stdio.h>

/* In the order of the layers that use them. */
int version_say(void)
{
    char cjson[VERSION_TEXT_MAX];

    printf("omnitron %s (%s)\n", OMNITRON_VERSION, version_commit);
    printf("OpenSSL %s\n", digest_version());
    printf("lua-cjson %s\n", lua_version_cjson(cjson));
    printf("libcurl %s, %s%s\n", net_version(), net_tls_version(),
        net_sees_names() ? "" : ", which takes a certificate with a CN alone");
    printf("zlib %s\n", net_zlib_version());
    printf("SQLite %s\n", journal_version());
    printf("libmicrohttpd %s\n", mock_version());
    printf("%s\n", lua_version_lua());
    printf("libedit %s\n", repl_edit_version());
    return EXIT_DONE;
}
