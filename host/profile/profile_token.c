#include "base/buf.h"
#include "base/protected.h"
#include "profile/profile_own.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char credential[] = "$CREDENTIALS_DIRECTORY/omnitron-token";
static const char variable[] = "OMNITRON_TOKEN";

/* What main took out of the environment; either may be none. */
static struct {
    struct secret *token;
    struct error flaw; // why its value is no token
} taken;

bool profile_take_environment(struct error *err)
{
    profile_forget_environment();
    taken.token = secret_take_env(variable, &taken.flaw);
    if (taken.token || taken.flaw.kind != ERROR_MEMORY)
        return true;
    *err = taken.flaw;
    return false;
}

bool profile_took_token(void)
{
    return taken.token || taken.flaw.text[0];
}

void profile_forget_environment(void)
{
    secret_free(taken.token);
    taken.token = NULL;
    taken.flaw.text[0] = '\0';
}

void profile_forget_public(const char *word)
{
    if (taken.token && strcmp(secret_text(taken.token), word) == 0)
        profile_forget_environment();
}

static const char *credential_folder(void)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");

    return folder && folder[0] ? folder : NULL;
}

/* The credential's path into *path; "" when systemd handed none over. */
static bool find_credential(struct buf *path, struct error *err)
{
    const char *folder = credential_folder();

    if (!folder)
        return true;
    if (!buf_printf(path, "%s/omnitron-token", folder))
        return error_memory(err);
    if (access(path->data, F_OK) != 0)
        buf_clear(path);
    return true;
}

static struct secret *no_token(const struct profile *p, struct error *err)
{
    const char *file = p->path;
    bool here = file && strcmp(p->folder, ".") == 0;

    if (taken.flaw.text[0])
        error_set(err, ERROR_USAGE, "%s (or name a token_file in the profile)",
            taken.flaw.text);
    else if (!file)
        error_set(err, ERROR_USAGE,
            "there is no API token: set OMNITRON_TOKEN, or name a token_file "
            "in a profile (omnitron init makes one)");
    else
        error_set(err, ERROR_USAGE,
            "%s names no API token: write token_file = \"token\" there and put "
            "the token into %s%stoken (mode 0600), or set OMNITRON_TOKEN",
            file, here ? "" : p->folder, here ? "" : "/");
    return NULL;
}

/* A copy, so that what was taken can be asked for again. */
static struct secret *from_variable(const struct profile *p, struct error *err)
{
    if (!taken.token)
        return no_token(p, err);
    const char *text = secret_text(taken.token);
    return secret_new(variable, text, strlen(text), err);
}

static struct secret *from_outside(const struct profile *p, struct error *err)
{
    struct buf path = {0};
    struct secret *token = NULL;

    if (!find_credential(&path, err))
        return NULL;
    if (path.len)
        token =
            secret_read_as("the API token", path.data, SECRET_CREDENTIAL, err);
    else
        token = from_variable(p, err);
    buf_free(&path);
    return token;
}

bool profile_token(
    const struct profile *p, struct secret **token, struct error *err)
{
    *token = NULL;
    if (p->username)
        return true;
    struct secret *found = p->token_file ? secret_read_as("the API token",
                                               p->token_file, SECRET_OWN, err)
                                         : from_outside(p, err);
    if (!found)
        return false;
    if (strchr(secret_text(found), ' ')) {
        secret_free(found);
        return error_set(err, ERROR_USAGE,
            "%s has a space in it: it must hold the API token alone",
            profile_token_place(p));
    }
    *token = found;
    return true;
}

bool profile_password(
    const struct profile *p, struct secret **password, struct error *err)
{
    *password =
        secret_read_as("the password", p->password_file, SECRET_OWN, err);
    return *password != NULL;
}

static bool protect_credential(struct error *err)
{
    struct buf path = {0};
    bool ok = find_credential(&path, err) &&
              (!path.len || protected_add(PROTECTED_TOKEN, path.data, err));

    buf_free(&path);
    return ok;
}

bool profile_protect(const struct profile *p, struct error *err)
{
    return (!p->token_file ||
               protected_add(PROTECTED_TOKEN, p->token_file, err)) &&
           (!p->password_file ||
               protected_add(PROTECTED_PASSWORD, p->password_file, err)) &&
           protect_credential(err) &&
           (!p->path || protected_add(PROTECTED_PROFILE, p->path, err)) &&
           (!p->route.ca_file ||
               protected_add(PROTECTED_PROFILE, p->route.ca_file, err)) &&
           protected_add(PROTECTED_JOURNAL, p->journal, err);
}

const char *profile_token_place(const struct profile *p)
{
    struct buf path = {0};
    struct error ignored;
    const char *place = taken.token ? variable : "";

    if (p->username)
        return p->password_file;
    if (p->token_file)
        return p->token_file;
    if (find_credential(&path, &ignored) && path.len)
        place = credential;
    buf_free(&path);
    return place;
}
