/* canned_own.h: what the files of the canned replies share: canned.c answers
 * by the table, canned_read.c reads it, canned_file.c the files it names. */
#ifndef MOCK_CANNED_OWN_H
#define MOCK_CANNED_OWN_H

#include "mock/canned.h"

struct canned_header { // owns its texts
    char *name, *value;
};

struct canned_reply { // owns its texts
    unsigned status;
    unsigned delay_ms;
    bool close; // without a byte
    char *when; // for bodies that have this text; NULL: any
    char *type; // Content-Type; NULL: among the headers
    struct canned_header *headers;
    size_t header_count;
    struct buf body;
};

struct canned_row { // owns all of it; path and query lie behind method
    char *method, *path;
    char *query; // NULL: any
    struct canned_reply *replies;
    size_t reply_count, next;
    bool list;
};

struct canned {
    struct canned_row *rows;
    size_t row_count;
    bool strict;
    struct buf received; // JSON, without the brackets
};

/* Adds the bytes of a file in a folder, at most 64 MiB. */
bool canned_file_load(
    const char *folder, const char *name, struct buf *out, struct error *err);

/* The Content-Type that goes with its name. */
const char *canned_file_type(const char *name);

#endif
