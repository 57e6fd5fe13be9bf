/* bare: the releases that `omnitron` would send, by libcurl alone: no journal,
 * no Lua, no gate, and of the reply only whether it echoes the code. What can
 * be reused is: handles, headers, connections. The ceiling of `make bench`. */
#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AT_ONCE_MAX = 64, REPLY_MAX = 1024, TIMEOUT_MS = 30000 };

struct slot {
    CURL *easy;
    long item;
    char url[128];
    char body[128];
    char reply[REPLY_MAX];
    size_t len;
};

struct bare {
    CURLM *multi;
    const char *origin;
    long next, end; // items
    long failed;
    int open; // requests under way
    struct slot slots[AT_ONCE_MAX];
};

/* As host/net/transfer_option.c has them. */
static const struct {
    CURLoption option;
    long value;
} fixed[] = {
    {CURLOPT_NOSIGNAL, 1},
    {CURLOPT_FOLLOWLOCATION, 0},
    {CURLOPT_NETRC, CURL_NETRC_IGNORED},
    {CURLOPT_PATH_AS_IS, 1},
    {CURLOPT_HTTP09_ALLOWED, 0},
    {CURLOPT_HTTP_CONTENT_DECODING, 0},
    {CURLOPT_DISALLOW_USERNAME_IN_URL, 1},
    {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
    {CURLOPT_HEADEROPT, CURLHEADER_SEPARATE},
    {CURLOPT_MAXAGE_CONN, 4},
    {CURLOPT_LOW_SPEED_LIMIT, 1},
    {CURLOPT_LOW_SPEED_TIME, 60},
    {CURLOPT_POST, 1},
    {CURLOPT_BUFFERSIZE, 2048},
    {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
    {CURLOPT_TIMEOUT_MS, TIMEOUT_MS},
    {CURLOPT_CONNECTTIMEOUT_MS, 10000},
};

static size_t take_head(char *data, size_t size, size_t n, void *arg)
{
    (void)data, (void)arg;
    return size * n;
}

static size_t take_body(char *data, size_t size, size_t n, void *arg)
{
    struct slot *slot = arg;

    if (size * n >= REPLY_MAX - slot->len)
        return 0;
    memcpy(slot->reply + slot->len, data, size * n);
    slot->len += size * n;
    slot->reply[slot->len] = '\0';
    return size * n;
}

static void open_slot(struct slot *slot, struct curl_slist *headers)
{
    slot->easy = curl_easy_init();
    if (!slot->easy)
        exit(2);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        curl_easy_setopt(slot->easy, fixed[i].option, fixed[i].value);
    curl_easy_setopt(slot->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(slot->easy, CURLOPT_PROXY, "");
    curl_easy_setopt(slot->easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(slot->easy, CURLOPT_HEADERFUNCTION, take_head);
    curl_easy_setopt(slot->easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(slot->easy, CURLOPT_WRITEDATA, slot);
    curl_easy_setopt(slot->easy, CURLOPT_PRIVATE, slot);
}

static void start_next(struct bare *b, struct slot *slot)
{
    if (b->next == b->end)
        return;
    slot->item = b->next++;
    slot->len = 0;
    snprintf(slot->url, sizeof slot->url,
        "%s/api/i1/order_items/%ld/create_mapping/", b->origin, slot->item);
    int len = snprintf(slot->body, sizeof slot->body,
        "{\"update_stock\":true,\"code\":\"B/%ld\"}", slot->item);
    curl_easy_setopt(slot->easy, CURLOPT_URL, slot->url);
    curl_easy_setopt(slot->easy, CURLOPT_POSTFIELDS, slot->body);
    curl_easy_setopt(slot->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
    curl_multi_add_handle(b->multi, slot->easy);
    b->open++;
}

static bool is_applied(struct slot *slot, CURLcode code)
{
    long status = 0;
    char want[64];

    curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &status);
    snprintf(want, sizeof want, "\"code\":\"B/%ld\"", slot->item);
    return !code && status / 100 == 2 && strstr(slot->reply, want);
}

static void collect(struct bare *b)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(b->multi, &left))) {
        struct slot *slot;
        CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
        curl_multi_remove_handle(b->multi, slot->easy);
        b->open--;
        b->failed += !is_applied(slot, code);
        start_next(b, slot);
    }
}

static void work(struct bare *b)
{
    while (b->open > 0) {
        int running;
        curl_multi_perform(b->multi, &running);
        collect(b);
        if (b->open > 0)
            curl_multi_poll(b->multi, NULL, 0, 1000, NULL);
    }
}

int main(int argc, char **argv)
{
    static struct bare b;
    static const char *const texts[] = {"Authorization: Token mock",
        "Content-Type: application/json", "Accept: application/json",
        "User-Agent: omnitron", "Expect:"};
    struct curl_slist *headers = NULL;
    int at_once = argc == 5 ? atoi(argv[4]) : 0;

    if (at_once < 1 || at_once > AT_ONCE_MAX) {
        fputs("usage: bare URL FIRST COUNT AT_ONCE\n", stderr);
        return 2;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    b.multi = curl_multi_init();
    b.origin = argv[1];
    b.next = atol(argv[2]);
    b.end = b.next + atol(argv[3]);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        headers = curl_slist_append(headers, texts[i]);
    for (int i = 0; i < at_once; i++) {
        open_slot(&b.slots[i], headers);
        start_next(&b, &b.slots[i]);
    }
    work(&b);
    if (b.failed)
        fprintf(stderr, "bare: %ld failed\n", b.failed);
    return b.failed ? 1 : 0;
}
