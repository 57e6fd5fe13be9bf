/* trust.h: whose files the program believes.
 *
 * A profile says where the token goes, a script what is released, a journal
 * what was: so each belongs to who runs the program, or to root, and nobody
 * else can write it; and so does the folder that it is in. As ssh's StrictModes
 * and git's safe.directory have it: under sudo the user who called it is
 * believed, too. A group may write: Debian gives every user one of his own. */
#ifndef BASE_TRUST_H
#define BASE_TRUST_H

#include "base/error.h"

#include <stdbool.h>
#include <sys/types.h>

/* Whether what this user owns is believed. */
bool trust_owner(uid_t uid);

/* Whether the folder in which `path` is, or would be, is believed: by its owner
 * and its mode. False, ERROR_USAGE: whose it is, and the way out; ERROR_DISK:
 * the disk failed. A folder that all may write is believed if it is sticky, as
 * /tmp is. */
bool trust_folder_of(const char *path, struct error *err);

/* The same of a file that is open, of the link that led there, if one did, and
 * of the folder. */
bool trust_open(int fd, const char *path, struct error *err);

/* The same by its name alone, for what others open. Nothing there is right. */
bool trust_path(const char *path, struct error *err);

#endif
