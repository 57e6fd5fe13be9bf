/* What a download by FTP or SFTP needs besides. */
#include "net/multi.h"

#include <string.h>

enum { GOODBYE_S = 2 };

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

/* libcurl ends a session with QUIT and blocks, and with it the loop, until it
 * is answered. What comes after the end of a file, or after a refusal, is most
 * likely that. */
void transfer_note_answer(struct transfer *t, const char *line, size_t len)
{
    bool end = len >= 4 && (memcmp(line, "226 ", 4) == 0 || line[0] == '4' ||
                               line[0] == '5');

    curl_easy_setopt(t->easy, CURLOPT_SERVER_RESPONSE_TIMEOUT,
        end ? (long)GOODBYE_S : t->answer_s);
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
        {CURLOPT_CUSTOMREQUEST, NULL}, // it would be a command of FTP
        {CURLOPT_USERNAME, req->user},
        {CURLOPT_PASSWORD, req->password},
    };
    const struct {
        CURLoption option;
        long value;
    } numbers[] = {
        {CURLOPT_FORBID_REUSE, 1},
        {CURLOPT_FRESH_CONNECT, 1},
        {CURLOPT_FTP_SKIP_PASV_IP, 1},
        {CURLOPT_SSH_AUTH_TYPES, ways_in(req)},
        {CURLOPT_SERVER_RESPONSE_TIMEOUT, (req->route.timeout_ms + 999) / 1000},
    };
    CURLcode code = CURLE_OK;

    t->answer_s = (req->route.timeout_ms + 999) / 1000;
    for (size_t i = 0; !code && i < sizeof texts / sizeof *texts; i++)
        code = curl_easy_setopt(t->easy, texts[i].option, texts[i].text);
    for (size_t i = 0; !code && i < sizeof numbers / sizeof *numbers; i++)
        code = curl_easy_setopt(t->easy, numbers[i].option, numbers[i].value);
    return code;
}
