/* What a download by FTP or SFTP needs besides. */
#include "net/multi.h"

#include <string.h>

enum { GOODBYE_S = 1 };

static const struct {
    CURLcode code;
    int status;
} statuses[] = {
    {CURLE_OK, 200},
    {CURLE_LOGIN_DENIED, 401},
    {CURLE_REMOTE_ACCESS_DENIED, 403},
    {CURLE_REMOTE_FILE_NOT_FOUND, 404},
};

int transfer_file_status(CURLcode code)
{
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (statuses[i].code == code)
            return statuses[i].status;
    return 0;
}

static void set_answer_time(struct transfer *t, int seconds)
{
    curl_easy_setopt(t->easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)seconds);
}

/* libcurl ends a session with QUIT and blocks, and with it the loop, until it
 * is answered. After what ends a download there is no more than that. */
void transfer_note_answer(struct transfer *t, const char *line, size_t len)
{
    static const char *const last[] = {"226 ", "421 ", "530 "};

    for (size_t i = 0; i < sizeof last / sizeof *last; i++)
        if (len >= 4 && memcmp(line, last[i], 4) == 0)
            set_answer_time(t, GOODBYE_S);
}

/* With a key by the key, else by the password: none of the files and agents
 * that ssh would ask. */
static long ways_in(const struct transfer_request *req)
{
    return req->client_key ? CURLSSH_AUTH_PUBLICKEY
                           : CURLSSH_AUTH_PASSWORD | CURLSSH_AUTH_KEYBOARD;
}

/* No connection is kept: its end would come at any time, see above. */
CURLcode transfer_set_file(
    struct transfer *t, const struct transfer_request *req)
{
    const struct {
        CURLoption option;
        const char *text;
    } texts[] = {
        {CURLOPT_USERNAME, req->user},
        {CURLOPT_PASSWORD, req->password},
        {CURLOPT_SSH_KNOWNHOSTS, req->known_hosts},
        {CURLOPT_SSH_PRIVATE_KEYFILE, req->client_key},
    };
    const struct {
        CURLoption option;
        long value;
    } numbers[] = {
        {CURLOPT_FORBID_REUSE, 1},
        {CURLOPT_FRESH_CONNECT, 1},
        {CURLOPT_DIRLISTONLY, 1},
        {CURLOPT_FTP_SKIP_PASV_IP, 1},
        {CURLOPT_SSH_AUTH_TYPES, ways_in(req)},
        {CURLOPT_SERVER_RESPONSE_TIMEOUT, (req->timeout_ms + 999) / 1000},
    };
    CURLcode code = CURLE_OK;

    for (size_t i = 0; !code && i < sizeof texts / sizeof *texts; i++)
        code = curl_easy_setopt(t->easy, texts[i].option, texts[i].text);
    for (size_t i = 0; !code && i < sizeof numbers / sizeof *numbers; i++)
        code = curl_easy_setopt(t->easy, numbers[i].option, numbers[i].value);
    return code;
}
