#include "session/endpoint.h"

const char *endpoint_journal_name(const struct endpoint *endpoint)
{
    return endpoint->mock ? endpoint->name : endpoint->origin;
}

struct token_options endpoint_token_options(const struct endpoint *endpoint,
    const struct profile *profile, const char *journal_path)
{
    return (struct token_options){.given = endpoint->token,
        .username = endpoint->username,
        .password = endpoint->password,
        .journal_path = journal_path,
        .visit = request_options_of(profile, endpoint->origin)};
}
