#include "cli/customer.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/protected.h"
#include "base/secret.h"

#include <unistd.h>

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
    ok = ok && protected_add(PROTECTED_PROFILE, path, err); // of the next run
    mem_free(beside);
    return ok && profile_protect(&c->profile, err) && log_check(err);
}

bool customer_unlock(struct customer *c, struct error *err)
{
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
