/* transfer.h: one HTTP exchange, or a download by FTP or SFTP.
 *
 * A transfer is prepared once, aimed at a URL and a body, started, and can
 * be aimed and started again when it has ended: its handle, header list and
 * buffers stay. What it borrows must live until it has ended.
 *
 * The gate. libcurl sends a request again by itself when a connection that
 * it reused dies before the first byte of the reply. Each such send passes
 * CURLOPT_PREREQFUNCTION again, so that callback lets a request that
 * `writes` past exactly once, which is what `sent` says, and ends the
 * transfer when it is called again. Before a connection is used again it
 * looks for unread input: a stray reply that waits there, or an end of file,
 * ends the transfer with `sent` still false. */
#ifndef NET_TRANSFER_H
#define NET_TRANSFER_H

#include "base/account.h"
#include "base/buf.h"
#include "base/error.h"
#include "net/net.h"
#include "net/route.h"

#include <stdbool.h>
#include <stdint.h>

struct transfer;   // owns its handle, header list and reply
struct path_never; // net/path.h

struct transfer_request {
    const char *method;         // "GET", "POST" …
    const char *const *headers; // "Name: value", ends with NULL; copied.
                                // Without a User-Agent it is omnitron
    /* NULL: wherever its URL leads to. Else libcurl's own reading of that has
     * to be at this origin, "https://host[:port]", or it is not aimed. */
    const char *only_origin;
    bool only_api;     // and its path behind /api/: see path_check
    const char *token; // NULL: none. Goes as Authorization; copied. It wants
                       // both of them
    const struct path_never *never; // NULL: none; borrowed; of only_api
    bool from_outside; // it was redirected by an outside address: to an inside
                       // one it is not sent
    bool writes;       // passes the gate once; HTTP/1.1 only
    bool harmless;     // to stop one that writes, all the same
    struct route route;
    size_t body_max;         // a larger reply is an error
    int save_fd;             // -1, or where the body of a 2xx goes instead
    const char *client_cert; // NULL: none
    const char *client_key;
    bool packed; // asks for a compressed reply; body_max counts it unpacked
    /* Not NULL: the body of a 2xx is handed over as it comes, see
     * transfer_drain. It is told of each piece, with the argument of
     * transfer_start. the time-out is then for the silence between bytes. */
    void (*arrived)(struct transfer *t, void *arg);
    const char *protocol;        // NULL: http or https; "ftp" or "sftp": a GET
    const char *user, *password; // of these
    const char *known_hosts;     // of sftp: the file of ssh; who is not in it
                                 // is refused
    struct account *account; // that all it needs is taken from; NULL: no bound.
                             // ERROR_FULL and "toolarge": there is no more
    bool plain;              // of http://, which needs less
    size_t url_bytes;        // likewise taken, since libcurl makes copies of it
};

struct transfer_reply {
    bool sent;         // the request was let past the gate
    bool complete;     // libcurl is content, and the headers came to their end
    int curl;          // CURLcode, 0: none
    const char *error; // libcurl's words, "" if none
    const char *kind;  // dns connect tls timeout reset protocol toolarge, ""
    int status;        // 0: none came. A download's: 200 401 403 404
    struct buf head;   // "Name: value\r\n" … of the last head
    struct buf body;
    int64_t saved; // bytes that went to save_fd
    int64_t ms;
    int64_t wait_us; // from the request to the reply's first byte
};

/* NULL: no memory. */
struct transfer *transfer_new(struct net *net);

/* Sets all that stays the same. False: a header with a control character, a
 * token without a place that it is for, no memory, or an option that this
 * libcurl has not; ERROR_USAGE: one of the files that it names cannot be read,
 * or is none (base/file.h). */
bool transfer_prepare(
    struct transfer *t, const struct transfer_request *req, struct error *err);

/* Where to and with what; `body` may be NULL, and is borrowed. False, and
 * nothing is to be sent: the URL is not where the transfer may go. */
bool transfer_aim(struct transfer *t, const char *url, const char *body,
    size_t body_len, struct error *err);

/* For many requests to one host: the URL is read here, once, and
 * transfer_aim_path changes the path alone, to a plain one: path_is_plain. */
bool transfer_set_base(struct transfer *t, const char *url, struct error *err);
bool transfer_aim_path(struct transfer *t, const char *path, const char *body,
    size_t body_len, struct error *err);

/* `done` is called from net_turn, never from here; it may start the transfer
 * again or free it. False: nothing was started. */
bool transfer_start(struct transfer *t,
    void (*done)(struct transfer *t, void *arg), void *arg, struct error *err);

/* Ends it without a call of `done`, for nobody hears its answer any more: what
 * a person should know of it is logged. NULL is allowed. */
void transfer_give_up(struct transfer *t);

/* Whether what answered is an inside address (net/address.h): call it when it
 * has ended. */
bool transfer_was_inside(const struct transfer *t);

/* What came, valid until the next start. Borrowed. */
const struct transfer_reply *transfer_reply(const struct transfer *t);

/* A header of the reply by its name in lower case; false when it is absent.
 * The last one wins. `*value` is borrowed and ends at `*len`. */
bool transfer_header(const struct transfer_reply *reply, const char *name,
    const char **value, size_t *len);

/* How far this machine's clock is ahead of the server's, in ms, negative when
 * it is behind, as far as that is certain from a Date of whole seconds; call
 * it when the reply has just come. False: the reply has no Date. */
bool transfer_ahead(const struct transfer_reply *reply, int64_t *ahead_ms);

/* The same of a clock that showed `from_ms` before the request and `to_ms`
 * after the reply. Pure, for tests. */
int64_t transfer_ahead_of(int64_t date_s, int64_t from_ms, int64_t to_ms);

/* Of a transfer with `arrived`: forgets the reply's body, which was taken, and
 * lets more come; some 300 KiB wait at most. `arrived` may be called from
 * here. False: it cannot go on. */
bool transfer_drain(struct transfer *t);

/* Stops and frees it; NULL is allowed. */
void transfer_free(struct transfer *t);

/* "the reply needs more than …", for one that the account has no room for:
 * false, ERROR_FULL. */
bool transfer_refuse_reply(const struct account *account, struct error *err);

#endif
