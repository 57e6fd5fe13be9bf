/* ruin.h: what a program on the way left in place of a value.
 *
 * A code comes through an ERP's export, perhaps a spreadsheet, a JSON or CSV
 * writer and a rule. Each of them has words for "there is nothing" or "I
 * could not", and text that stands for a code is a code to whoever comes
 * next. Pure, allocates nothing; letters are ASCII's, whatever the locale. */
#ifndef DELIVERY_RUIN_H
#define DELIVERY_RUIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ruin {
    RUIN_NONE,
    RUIN_DOUBT, // a code may look like this, if hardly one does
    RUIN_SURE,  // no ERP made it
};

enum { RUIN_WORDS_MAX = 160 };

/* Looks at a valid UTF-8 text. Of RUIN_SURE the words go on after "the code
 * X": "was ruined by a spreadsheet. Export that column as text"; of RUIN_DOUBT
 * they are a clause: "NULL is hardly part of a code". Sure before doubtful, the
 * first of its kind. `words` is untouched for RUIN_NONE.
 *
 * Sure: the error values of spreadsheets, in English, Turkish and what other
 * languages write likewise (#REF!, #BAŞV!); ### of a narrow column; a number
 * in scientific notation (1E+11, 1,23E-05); what hides a text from a
 * spreadsheet (="0012", '0012); U+FFFD; a character that nobody sees; Lua's
 * nan, inf, nil and "table: 0x…".
 * Doubtful: NULL, None, undefined, NaN, N/A, \N, [object Object], {{x}}, ${x},
 * %s, true, FALSE, YANLIŞ; 10.0; 0 alone; 10.Ara and 1-Dec, which a
 * spreadsheet makes of 10-12 and 1/12; a part between two "/" with only -._?*
 * in it. */
enum ruin ruin_look(const char *text, size_t len, char words[RUIN_WORDS_MAX]);

/* Releases whose codes are doubtful: {0} at first. */
enum { RUIN_SHOWN_MAX = 64 };

struct ruin_doubts {
    int64_t n;
    int64_t order_item_id;     // of the first of them
    char code[RUIN_SHOWN_MAX]; // its code, cut to fit
};

/* Looks at a code, and counts it when it is doubtful. */
void ruin_count(
    struct ruin_doubts *doubts, int64_t order_item_id, const char *code);

#endif
