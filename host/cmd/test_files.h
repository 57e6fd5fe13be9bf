/* test_files.h: the *_test.lua files that are meant. */
#ifndef CMD_TEST_FILES_H
#define CMD_TEST_FILES_H

#include "base/error.h"

#include <stddef.h>

struct test_files { // {0} is none; owns its paths
    char **paths;
    size_t count;
};

/* The files named, and those in the folders named, sorted; without a name,
 * those in the current folder. False, ERROR_USAGE: there is none. */
bool test_files_find(
    struct test_files *files, int count, char **named, struct error *err);

void test_files_free(struct test_files *files);

#endif
