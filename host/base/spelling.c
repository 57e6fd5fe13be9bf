#include "base/spelling.h"

#include "base/ascii.h"

#include <string.h>

enum { LEN_MAX = 24 }; // a longer name is near to none

static int least_of(int a, int b, int c)
{
    int ab = a < b ? a : b;

    return ab < c ? ab : c;
}

/* How many bytes to put in, leave out or change to make `a` into `b`
 * (Levenshtein), upper case of `a` aside; it has LEN_MAX bytes at most. */
static int distance(const char *a, const char *b)
{
    int row[LEN_MAX + 1];
    int n = (int)strlen(a);

    for (int j = 0; j <= n; j++)
        row[j] = j;
    for (int i = 0; b[i]; i++) {
        int diagonal = row[0];
        row[0] = i + 1;
        for (int j = 1; j <= n; j++) {
            int above = row[j];
            int same = ascii_lower(a[j - 1]) == b[i] ? 0 : 1;
            row[j] = least_of(above + 1, row[j - 1] + 1, diagonal + same);
            diagonal = above;
        }
    }
    return row[n];
}

const char *spelling_nearest(
    const char *name, const char *const *words, size_t n)
{
    size_t len = strlen(name);
    const char *near = NULL;
    int least = len < 5 ? 2 : 3; // as far as this is not near

    if (len < 3 || len > LEN_MAX)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        int d = distance(name, words[i]);
        if (d < least) {
            least = d;
            near = words[i];
        }
    }
    for (size_t i = 0; !near && i < n; i++)
        if (strncmp(words[i], name, len) == 0)
            near = words[i];
    return near;
}
