/* field.h: one field of a request body, read as the serializers of Django
 * REST Framework read it.
 *
 * Each reader returns NULL, or what is wrong in that framework's words. */
#ifndef CALL_FIELD_H
#define CALL_FIELD_H

#include "json/json.h"

/* Part of a text; borrowed. */
struct field_slice {
    const char *text;
    size_t len;
};

/* CharField(max_length=255): *text is the text as it came (a number is one,
 * as Python writes it); *usable is whether there was any. *memory is set to
 * false when there is no memory. */
const char *field_text(const struct json_value *object, const char *name,
    struct buf *text, bool *usable, bool *memory);

/* What a CharField keeps of it: no white space at either end, as Python's
 * str.strip does it. */
struct field_slice field_strip(const char *text, size_t len);

/* BooleanField(): *flag is left alone when the field is absent or wrong. */
const char *field_flag(const struct json_value *object, const char *name,
    bool *flag, bool *memory);

/* The same for a plain text, such as a query's: false when it is neither. */
bool field_flag_text(const char *text, bool *flag);

#endif
