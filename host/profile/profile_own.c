/* The memory of a profile, and its words for messages. */
#include "profile/profile_own.h"

#include "base/mem.h"

#include <lua.h>
#include <stdalign.h>
#include <string.h>

struct profile_block {
    struct profile_block *next;
    size_t size; // of the bytes
    alignas(max_align_t) char bytes[];
};

void *profile_alloc(struct profile *p, size_t size)
{
    struct profile_block *block = mem_calloc(1, sizeof *block + size);

    if (!block)
        return NULL;
    block->size = size;
    block->next = p->own->blocks;
    p->own->blocks = block;
    return block->bytes;
}

const char *profile_keep(struct profile *p, const char *text, size_t len)
{
    char *copy = profile_alloc(p, len + 1);

    if (copy)
        memcpy(copy, text, len);
    return copy;
}

const char *profile_join(struct profile *p, const char *path)
{
    size_t folder = strlen(p->folder), len = strlen(path);

    if (path[0] == '/' || strcmp(p->folder, ".") == 0)
        return profile_keep(p, path, len);
    char *joined = profile_alloc(p, folder + 1 + len + 1);
    if (!joined)
        return NULL;
    memcpy(joined, p->folder, folder);
    if (p->folder[folder - 1] != '/')
        joined[folder++] = '/';
    memcpy(joined + folder, path, len);
    return joined;
}

static bool holds_secret(const struct profile *p, const char *text)
{
    const struct profile_secret *s = p->own ? p->own->secrets : NULL;

    for (; s; s = s->next)
        if (s->secret && strstr(text, secret_text(s->secret)))
            return true;
    return false;
}

const char *profile_show(
    const struct profile *p, const char *text, char out[PROFILE_SHOWN])
{
    size_t len = 0;

    if (holds_secret(p, text))
        return "a secret";
    out[len++] = '"';
    for (; *text && len < PROFILE_SHOWN - 5; text++)
        out[len++] = (unsigned char)*text < 0x20 || *text == 0x7F ? '?' : *text;
    memcpy(out + len, *text ? "...\"" : "\"", *text ? 5 : 2);
    return out;
}

static void free_secrets(struct profile_secret *s)
{
    for (; s; s = s->next)
        secret_free(s->secret);
}

static void free_blocks(struct profile_block *block)
{
    while (block) {
        struct profile_block *next = block->next;
        explicit_bzero(block, sizeof *block + block->size);
        mem_free(block);
        block = next;
    }
}

void profile_own_free(struct profile_own *own)
{
    if (!own)
        return;
    if (own->state)
        lua_close(own->state);
    free_secrets(own->secrets); // they lie in the blocks
    free_blocks(own->blocks);
    mem_free(own);
}
