#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool error_set(struct error *err, enum error_kind kind, const char *fmt, ...)
{
    va_list args;

    err->kind = kind;
    va_start(args, fmt);
    vsnprintf(err->text, sizeof err->text, fmt, args);
    va_end(args);
    return false;
}

bool error_memory(struct error *err)
{
    err->kind = ERROR_MEMORY;
    memcpy(err->text, "out of memory", sizeof "out of memory");
    return false;
}
