/* multi.h: what the files of net/ share; nobody else's.
 *
 * transfer.c is a transfer's life, transfer_option.c what libcurl is told,
 * transfer_aim.c where it goes, transfer_names.c the host's certificate,
 * transfer_receive.c what comes in, transfer_unpack.c unpacks it,
 * transfer_room.c asks the account for it,
 * transfer_header.c finds a header in it, transfer_date.c the server's clock,
 * transfer_trust.c reads certificates and keys, transfer_file.c has what FTP
 * and SFTP need, gate.c the gate and the sockets.
 */
#ifndef NET_MULTI_H
#define NET_MULTI_H

#include "net/socket_table.h"
#include "net/transfer.h"

#include <curl/curl.h>

enum { TRANSFER_PIECE = 64 * 1024 }; // bytes that are unpacked at a time

struct net {
    CURLM *multi;
    struct socket_table sockets;
    size_t started;
    uint64_t turns;
    size_t writing;             // of them, those that may change something
    struct curl_waitfd watched; // when `watching` is 1
    unsigned watching;
    bool (*may_write)(void *arg); // NULL: always
    void *may_write_arg;
    struct transfer *first_short; // that wait for room in their account
};

enum { TRANSFER_COPIES = 2 };

struct transfer {
    struct net *net;          // borrows
    CURL *easy;               // owns
    struct curl_slist *extra; // owns: the request's headers
    struct transfer_reply reply;
    char error[CURL_ERROR_SIZE];
    void (*done)(struct transfer *t, void *arg);
    void *arg;
    int64_t started_ms;
    size_t received; // bytes of all heads and trailers
    size_t body_max;
    void (*arrived)(struct transfer *t, void *arg); // NULL: no stream
    CURLU *url;  // owns; where it is aimed at, as libcurl uses it
    CURLU *only; // owns: the place it has to be at; NULL: wherever
    const struct path_never *never; // borrows
    const char *noproxy;            // as libcurl was told; NULL: not yet
    long answer_s;                  // how long an FTP server may think
    int copies[TRANSFER_COPIES];    // of ssh's files; -1: none
    int save_fd;
    int save_errno;
    uint64_t looked_turn; // of transfer_look, and how often it was called in it
    size_t looks;
    bool writes;
    bool counts; // in net->writing
    bool posts;  // libcurl asks stdin for the body of a POST that has none
    bool reads;  // a GET or HEAD, which has none
    bool only_api;
    bool from_outside;
    bool kept_outside; // it was led to an inside address
    bool running;
    bool head_ended; // of the latest head
    bool too_large;
    bool stale;                // the gate found unread input
    bool web;                  // http or https, else a download
    bool paused;               // more has come than was drained
    bool packed;               // asked for
    struct z_stream_s *unpack; // owns; NULL: nothing compressed came
    bool unpacked;             // to its end
    bool unpack_failed;
    struct account *account; // borrows; NULL: no bound
    size_t taken;            // of it, beside the capacity of the reply
    bool full;               // it was, and the reply too large
    bool waits_for_room;     // or has, and found none yet
    struct transfer *next_short;
};

/* libcurl says that a transfer has ended: fills its reply, calls `done`. */
void transfer_ended(struct transfer *t, CURLcode code);

/* Has libcurl refuse a certificate that names its host in the subject alone;
 * where this libcurl's TLS is not the one that we are linked with, nothing. */
CURLcode transfer_set_names(CURL *easy);

/* Whether it was refused for that. */
bool transfer_lacks_names(const struct transfer *t, CURLcode code);

/* Sets what stays the same for its whole life. False: no memory, or an
 * option that this libcurl has not. */
bool transfer_set_fixed(struct transfer *t);

/* Wipes the request's headers and forgets them. */
void transfer_drop_headers(struct transfer *t);

/* CURLOPT_HEADERFUNCTION and CURLOPT_WRITEFUNCTION; `arg` is the transfer. */
size_t transfer_receive_head(char *bytes, size_t one, size_t len, void *arg);
size_t transfer_receive_body(char *bytes, size_t one, size_t len, void *arg);

/* CURLOPT_XFERINFOFUNCTION; `arg` is the transfer. */
int transfer_look(void *arg, curl_off_t down_all, curl_off_t down,
    curl_off_t up_all, curl_off_t up);

/* Whether the body that comes was compressed; takes a piece of it: `len`, or 0
 * when it fails; whether what came is not the whole. */
bool transfer_is_packed(const struct transfer *t);
size_t transfer_unpack(struct transfer *t, const char *bytes, size_t len);
bool transfer_was_cut(const struct transfer *t);
void transfer_drop_unpack(struct transfer *t);

/* Takes what a transfer needs before anything comes. ERROR_FULL: the account
 * has not as much. */
bool transfer_take_fixed(
    struct transfer *t, const struct transfer_request *req, struct error *err);

/* Gives back all that was taken, of a reply that is about to be freed. */
void transfer_give_all(struct transfer *t);

/* buf_reserve of a part of the reply, taken from the account. False: the reply
 * is too large for it, or there is no memory. */
bool transfer_reserve(struct transfer *t, struct buf *b, size_t more);

/* Whether the account lets the reply's body grow so; what is said if not. */
bool transfer_has_room(const struct transfer *t, size_t more);
const char *transfer_full_words(struct transfer *t);

/* True: the transfer is to be paused, and goes on when those have given back
 * what they can who hold the account. False: they have just been asked. */
bool transfer_wait_for_room(struct transfer *t);
void transfer_forget_wait(struct transfer *t);

/* What libcurl is told besides about a download by ftp or sftp. */
CURLcode transfer_set_file(
    struct transfer *t, const struct transfer_request *req);

/* Reads the files that the request names and hands them over. False, of a file
 * that cannot be read: ERROR_USAGE. */
bool transfer_set_trust(
    struct transfer *t, const struct transfer_request *req, struct error *err);

/* Forgets what was copied for it. */
void transfer_drop_copies(struct transfer *t);

/* Looks at a line that the FTP server answered. */
void transfer_note_answer(struct transfer *t, const char *line, size_t len);

/* 200, 401, 403 or 404 for how a download ended; 0: another error. */
int transfer_file_status(CURLcode code);

/* CURLOPT_PREREQFUNCTION, see transfer.h; `arg` is the transfer. */
int gate_pass(
    void *arg, char *remote_ip, char *local_ip, int remote_port, int port);

/* CURLOPT_OPENSOCKETFUNCTION, of a transfer, and its counterpart, of a net:
 * the socket may outlive the transfer. */
curl_socket_t gate_open_socket(
    void *arg, curlsocktype purpose, struct curl_sockaddr *address);
int gate_close_socket(void *arg, curl_socket_t fd);

#endif
