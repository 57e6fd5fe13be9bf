#include "journal/place.h"

#include "base/beside.h"
#include "base/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* "All processes using a database must be on the same host computer; WAL does
 * not work over a network filesystem" (SQLite, Write-Ahead Logging). FUSE is
 * let through: it does not say what is behind it, and encrypted folders and
 * virtual machines' shares are as local as a disk. 9p likewise. */
static const struct {
    uint64_t type;
    const char *name;
} networks[] = {
    {0x6969, "NFS"},
    {0x517b, "SMB"},
    {0xfe534d42, "SMB"},
    {0xff534d42, "CIFS"},
    {0x5346414f, "AFS"},
    {0x6b414653, "AFS"},
    {0x73757245, "Coda"},
    {0x564c, "NCP"},
    {0x00c36400, "Ceph"},
    {0x0bd00bd0, "Lustre"},
    {0x47504653, "GPFS"},
    {0x19830326, "BeeGFS"},
    {0xaad7aaea, "PanFS"},
    {0x7461636f, "OCFS2"},
    {0x01161970, "GFS2"},
};

static const uint64_t room_needed = UINT64_C(64) << 20;

static const int rights[] = {
    EACCES, EPERM, EROFS, ENOTDIR, ELOOP, ENAMETOOLONG};

enum error_kind place_blame(int cause)
{
    size_t i;

    for (i = 0; i < sizeof rights / sizeof rights[0]; i++) {
        if (rights[i] == cause)
            return ERROR_USAGE;
    }
    return ERROR_DISK;
}

static bool say_missing(const char *path, struct error *err)
{
    return error_set(err, ERROR_USAGE,
        "there is no journal at %s. Without it, everything that was ever "
        "released would be sent again. New customer: omnitron journal new. "
        "Otherwise find the old one.",
        path);
}

/* The journal, and what is believed beside it: SQLite takes what a -wal says
 * for the journal's own. */
static bool trust_family(const char *real, struct error *err)
{
    char path[PATH_MAX + 16];

    for (size_t i = 1; i < BESIDE_ENDS; i++) {
        snprintf(path, sizeof path, "%s%s", real, beside_ends[i]);
        if (!trust_path(path, err))
            return false;
    }
    return trust_path(real, err);
}

/* Two names of one file have two WALs and two locks: "How To Corrupt An
 * SQLite Database File", Multiple links to the same file. */
bool place_find(const char *path, char real[PATH_MAX], struct error *err)
{
    struct stat st;

    if (!realpath(path, real) || stat(real, &st) != 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            return say_missing(path, err);
        return error_set(err, place_blame(errno),
            "cannot look at the journal %s: %s", path, strerror(errno));
    }
    if (!S_ISREG(st.st_mode))
        return error_set(err, ERROR_USAGE,
            "%s is not a file. A journal is one: name it with --journal, or "
            "in profile.lua.",
            path);
    if (st.st_nlink > 1)
        return error_set(err, ERROR_USAGE,
            "the journal %s has a second name (a hard link), and two runs "
            "could use it at once. Remove the other name.",
            path);
    return trust_family(real, err);
}

static bool check_file_beside(
    const char *real, const char *name, const char *end, struct error *err)
{
    char path[PATH_MAX + 8];
    struct stat st;

    snprintf(path, sizeof path, "%s%s", real, end);
    if (lstat(path, &st) != 0 || (S_ISREG(st.st_mode) && st.st_nlink == 1))
        return true;
    return error_set(err, ERROR_USAGE,
        "%s%s is %s, and SQLite's own file has to be there. Find out who put "
        "it there, and put the journal's own back.",
        name, end,
        S_ISREG(st.st_mode) ? "a file with a second name (a hard link)"
                            : "not a regular file");
}

/* A journal has a write-ahead log. What lies beside it as a rollback journal
 * is another program's, and SQLite would copy pages out of it into the journal
 * before anything is looked at. An empty one it takes for none. */
static bool check_rollback(
    const char *real, const char *name, struct error *err)
{
    char path[PATH_MAX + 16];
    struct stat st;

    snprintf(path, sizeof path, "%s-journal", real);
    if (lstat(path, &st) != 0 || (S_ISREG(st.st_mode) && st.st_size == 0))
        return true;
    return error_set(err, ERROR_USAGE,
        "%s-journal lies beside the journal, and this program makes none: "
        "another one wrote in the journal and did not end, or somebody put it "
        "there. Keep a copy of both, and put the last good journal back.",
        name);
}

bool place_check_beside(const char *real, const char *name, struct error *err)
{
    return check_file_beside(real, name, "-wal", err) &&
           check_file_beside(real, name, "-shm", err) &&
           check_rollback(real, name, err);
}

const char *place_network(uint64_t type)
{
    size_t i;

    for (i = 0; i < sizeof networks / sizeof networks[0]; i++) {
        if (networks[i].type == type)
            return networks[i].name;
    }
    return NULL;
}

bool place_check_kind(const char *where, const char *name, struct error *err)
{
    struct statfs fs;
    const char *network;

    if (statfs(where, &fs) != 0)
        return error_set(err, place_blame(errno),
            "cannot look at the disk of %s: %s", name, strerror(errno));
    /* f_type is a signed 32-bit number on some machines */
    network = place_network((uint32_t)fs.f_type);
    if (network)
        return error_set(err, ERROR_USAGE,
            "the journal %s is on a network file system (%s), where no lock "
            "can be trusted. Put it on a disk of this machine.",
            name, network);
    return true;
}

bool place_enough(uint64_t free, struct error *err)
{
    if (free >= room_needed)
        return true;
    return error_set(err, ERROR_DISK,
        "only %llu MiB are left on the journal's disk; it needs %llu. "
        "Nothing was sent. Free some space; the next run goes on by itself.",
        (unsigned long long)(free >> 20),
        (unsigned long long)(room_needed >> 20));
}

bool place_check_room(const char *where, struct error *err)
{
    struct statfs fs;

    if (statfs(where, &fs) != 0)
        return error_set(err, ERROR_DISK, "cannot look at the disk of %s: %s",
            where, strerror(errno));
    return place_enough((uint64_t)fs.f_bavail * (uint64_t)fs.f_bsize, err);
}

void place_hand_over(int fd, const char *journal)
{
    struct stat st;

    if (geteuid() == 0 && stat(journal, &st) == 0)
        (void)!fchown(fd, st.st_uid, st.st_gid);
}

bool place_sync_folder(const char *folder, struct error *err)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (!ok)
        error_set(err, ERROR_DISK, "cannot make the folder %s durable: %s",
            folder, strerror(errno));
    if (fd >= 0)
        close(fd);
    return ok;
}
