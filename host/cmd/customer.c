#include "cmd/customer.h"

#include "base/mem.h"
#include "base/secret.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_SANITIZER
#endif
#endif

#ifdef UNDER_SANITIZER
static void forbid_core(void)
{
}
#else
/* Neither by a core nor by another process of the same user. */
static void forbid_core(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
#endif

bool customer_load(struct customer *c, const char *named,
    const char *script_or_folder, struct error *err)
{
    char *beside = named ? NULL : profile_beside(script_or_folder);
    const char *path = named ? named : beside;
    bool ok = true;

    if (!path)
        return error_memory(err);
    if (named || access(path, F_OK) == 0)
        ok = profile_load(path, &c->profile, err);
    else
        profile_defaults(&c->profile);
    mem_free(beside);
    return ok;
}

bool customer_unlock(struct customer *c, struct error *err)
{
    forbid_core();
    return profile_ready(&c->profile, err) &&
           profile_token(&c->profile, &c->token, err) &&
           (c->token || profile_password(&c->profile, &c->password, err));
}

void customer_free(struct customer *c)
{
    secret_free(c->token);
    secret_free(c->password);
    profile_free(&c->profile);
}
