#include "lua/embedded.h"

#include <string.h>

const struct embedded *embedded_find(const char *name)
{
    const struct embedded *file = embedded_files;

    while (file->name && strcmp(file->name, name) != 0)
        file++;
    return file->name ? file : NULL;
}
