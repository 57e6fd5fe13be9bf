#include "delivery/ruin.h"

#include "base/escape.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

#define BY_SPREADSHEET "was ruined by a spreadsheet"

enum {
    HASHES_MIN = 3, // fewer may be somebody's own mark
    WORD_MAX = 40,  // bytes of a word as it is shown
};

struct text {
    const char *begin, *end;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_alnum(char c)
{
    return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z');
}

/* A letter of another script is part of a word, too. */
static bool is_word(char c)
{
    return is_alnum(c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool begins(const char *at, const char *end, const char *with)
{
    size_t len = strlen(with);

    return (size_t)(end - at) >= len && memcmp(at, with, len) == 0;
}

/* The bytes of `with` when it stands at `at` and no word goes on there. */
static size_t whole(const char *at, const char *end, const char *with)
{
    size_t len = strlen(with);

    return begins(at, end, with) && (at + len == end || !is_word(at[len])) ? len
                                                                           : 0;
}

static size_t one_of(
    const char *at, const char *end, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t len = whole(at, end, words[i]);
        if (len)
            return len;
    }
    return 0;
}

#define ONE_OF(at, end, words)                                                 \
    one_of(at, end, words, sizeof(words) / sizeof(*(words)))

/* #REF!, #AD?, #SAYI/0!: in any language such a word is in capitals and ends
 * with a mark. */
static size_t marked_error(const char *at, const char *end)
{
    const char *p = at + 1;

    if (p == end || !(is_upper(*p) || (unsigned char)*p >= 0x80))
        return 0;
    while (p < end && (is_upper(*p) || is_digit(*p) || *p == '/' || *p == '_' ||
                          (unsigned char)*p >= 0x80))
        p++;
    return p - at > 2 && p < end && (*p == '!' || *p == '?')
               ? (size_t)(p + 1 - at)
               : 0;
}

/* LibreOffice: Err:502, in Turkish Hata:502. */
static size_t numbered_error(const char *at, const char *end)
{
    size_t len = begins(at, end, "Err:")    ? strlen("Err:")
                 : begins(at, end, "Hata:") ? strlen("Hata:")
                                            : 0;

    return len && end - at >= (ptrdiff_t)len + 3 && is_digit(at[len]) &&
                   is_digit(at[len + 1]) && is_digit(at[len + 2])
               ? len + 3
               : 0;
}

static size_t error_value(const char *at, const char *end)
{
    static const char *const bare[] = {
        "#N/A", "#YOK", "#NV", "#GETTING_DATA", "#VERİ_ALINIYOR"};
    size_t len;

    if (*at != '#')
        return numbered_error(at, end);
    len = ONE_OF(at, end, bare);
    return len ? len : marked_error(at, end);
}

static size_t narrow_column(const char *at, const char *end)
{
    size_t n = 0;

    while (at + n < end && at[n] == '#')
        n++;
    return n >= HASHES_MIN ? n : 0;
}

static size_t digits(const char *at, const char *end)
{
    size_t n = 0;

    while (at + n < end && is_digit(at[n]))
        n++;
    return n;
}

/* 1E+11, 1,23E+11, 1.5e-05: one digit before the point. Without a fraction
 * only with a plus: 1E-3 may be a code of somebody's. */
static size_t scientific(const char *at, const char *end)
{
    size_t fraction = 0;
    const char *p = at + 1;

    if (!is_digit(*at))
        return 0;
    if (p < end && (*p == '.' || *p == ','))
        fraction = digits(p + 1, end);
    p += fraction ? fraction + 1 : 0;
    if (end - p < 3 || (*p != 'E' && *p != 'e') ||
        (p[1] != '+' && !(fraction && p[1] == '-')))
        return 0;
    size_t exponent = digits(p + 2, end);
    p += 2 + exponent;
    return exponent && (p == end || !is_alnum(*p)) ? (size_t)(p - at) : 0;
}

/* ="0012" and '0012 keep a spreadsheet from reading a number. */
static size_t guard(const char *at, const char *end)
{
    if (begins(at, end, "=\""))
        return 2;
    return *at == '\'' && at + 1 < end && is_digit(at[1]) ? 1 : 0;
}

static size_t lua_value(const char *at, const char *end)
{
    static const char *const values[] = {"nan", "inf", "nil"};
    static const char *const handles[] = {
        "table: ", "userdata: ", "function: ", "thread: "};

    for (size_t i = 0; i < sizeof handles / sizeof *handles; i++)
        if (begins(at, end, handles[i]))
            return strlen(handles[i]) - 1;
    return ONE_OF(at, end, values);
}

static size_t placeholder(const char *at, const char *end)
{
    static const char *const values[] = {"NULL", "Null", "null", "None",
        "undefined", "NaN", "NAN", "NaT", "N/A", "n/a", "<NA>", "\\N", "%s",
        "%d", "true", "false", "True", "False", "TRUE", "FALSE", "DOĞRU",
        "YANLIŞ", "[object Object]"};
    static const char *const brackets[] = {"{{", "${", "#{", "<%"};
    static const bool begin[256] = {['N'] = true,
        ['n'] = true,
        ['u'] = true,
        ['t'] = true,
        ['f'] = true,
        ['T'] = true,
        ['F'] = true,
        ['D'] = true,
        ['Y'] = true,
        ['<'] = true,
        ['\\'] = true,
        ['%'] = true,
        ['['] = true,
        ['{'] = true,
        ['$'] = true,
        ['#'] = true};

    if (!begin[(unsigned char)*at]) // as most are
        return 0;
    for (size_t i = 0; i < sizeof brackets / sizeof *brackets; i++)
        if (begins(at, end, brackets[i]))
            return strlen(brackets[i]);
    return ONE_OF(at, end, values);
}

/* What each kind is called: what was found stands between `before` and
 * `after`. */
static const struct kind {
    size_t (*find)(const char *at, const char *end);
    const char *before, *after;
} kinds[] = {
    {error_value, BY_SPREADSHEET ": \"",
        "\" is what a formula gives that failed"},
    {narrow_column, BY_SPREADSHEET ": \"",
        "\" stands where a column was too narrow"},
    {guard, BY_SPREADSHEET ": ",
        " keeps it from reading a number, and is no part of the code"},
    {lua_value, "has \"",
        "\" in it, which Lua writes for what is no text and no number"},
};

/* Most bytes begin none of them. */
static bool may_begin(char c)
{
    return c && strchr("#='EHnitufd", c);
}

static bool sure_at(const char *at, const char *end, char *words)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t n = kinds[i].find(at, end);
        if (!n)
            continue;
        snprintf(words, RUIN_WORDS_MAX, "%s%.*s%s", kinds[i].before,
            (int)(n < WORD_MAX ? n : WORD_MAX), at, kinds[i].after);
        return true;
    }
    return false;
}

/* U+FFFD stands for what could not be read. */
static bool odd_character(const char *at, const char *end, char *words)
{
    uint32_t point = 0;

    if (utf8_read(at, (size_t)(end - at), &point) == 0)
        return false;
    if (point == 0xFFFD)
        snprintf(words, RUIN_WORDS_MAX,
            "has U+FFFD in it: a letter was lost on its way here");
    else if (escape_is_odd(point))
        snprintf(words, RUIN_WORDS_MAX,
            "has U+%04X in it, which nobody sees: take it out in the rule",
            (unsigned)point);
    else
        return false;
    return true;
}

static bool number_here(const struct text *text, const char *at, char *words)
{
    char before = at > text->begin ? at[-1] : '/';

    if (is_alnum(before) || before == '.' || before == ',' ||
        !scientific(at, text->end))
        return false;
    snprintf(
        words, RUIN_WORDS_MAX, BY_SPREADSHEET ". Export that column as text");
    return true;
}

static bool is_sure(const struct text *text, char *words)
{
    for (const char *at = text->begin; at < text->end; at++) {
        if ((unsigned char)*at >= 0x80) {
            if (odd_character(at, text->end, words))
                return true;
        } else if (is_digit(*at)) {
            if (number_here(text, at, words))
                return true;
        } else if (may_begin(*at) && (at == text->begin || !is_word(at[-1])) &&
                   sure_at(at, text->end, words))
            return true;
    }
    return false;
}

static bool is_filler(char c)
{
    return c == '-' || c == '.' || c == '_' || c == '?' || c == '*' || c == ' ';
}

/* Of the parts between two "/" one says nothing. */
static bool has_empty_part(const struct text *text)
{
    const char *at = text->begin;

    for (;;) {
        while (at < text->end && is_filler(*at))
            at++;
        if (at == text->end || *at == '/')
            return true;
        at = memchr(at, '/', (size_t)(text->end - at));
        if (!at)
            return false;
        at++;
    }
}

/* A whole number that went through a float: "10.0" for 10. */
static size_t float_part(const struct text *text, const char *at)
{
    size_t n = digits(at, text->end);
    const char *p = at + n;

    if (!n || (at > text->begin && at[-1] != '/') || text->end - p < 2 ||
        p[0] != '.' || p[1] != '0' || (p + 2 < text->end && p[2] != '/'))
        return 0;
    return n + 2;
}

static size_t month(const char *at, const char *end)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May",
        "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Oca", "Şub", "Nis",
        "Haz", "Tem", "Ağu", "Eyl", "Eki", "Kas", "Ara"};

    return ONE_OF(at, end, months);
}

static bool parts_date(char c)
{
    return c == '-' || c == '.' || c == ' ';
}

/* 10.Ara, 1-Dec, Dec-01: what a spreadsheet makes of 10-12 and of 1/12. */
static size_t date_part(const struct text *text, const char *at)
{
    const char *p = at, *end = text->end;

    if (at > text->begin && at[-1] != '/')
        return 0;
    size_t day = digits(p, end), name = month(p, end);
    p += day ? day : name;
    if (day > 2 || p == at || p == end || !parts_date(*p))
        return 0;
    p++;
    size_t rest = day ? month(p, end) : digits(p, end);
    p += rest;
    return rest && (p == end || *p == '/') ? (size_t)(p - at) : 0;
}

/* What is there for "none": 0, 000. */
static size_t only_zeros(const struct text *text)
{
    const char *at = text->begin;

    while (at < text->end && *at == '0')
        at++;
    return at == text->end ? (size_t)(at - text->begin) : 0;
}

static size_t doubt(const struct text *text, const char *at)
{
    size_t n = placeholder(at, text->end);

    n = n ? n : float_part(text, at);
    return n ? n : date_part(text, at);
}

static bool is_doubtful(const struct text *text, char *words)
{
    size_t n = only_zeros(text);

    if (n) {
        snprintf(words, RUIN_WORDS_MAX, "%.*s is hardly a code", (int)n,
            text->begin);
        return true;
    }
    for (const char *at = text->begin; at < text->end; at++) {
        if (at > text->begin && is_word(at[-1]))
            continue;
        n = doubt(text, at);
        if (n) {
            snprintf(words, RUIN_WORDS_MAX, "%.*s is hardly part of a code",
                (int)n, at);
            return true;
        }
    }
    if (!has_empty_part(text))
        return false;
    snprintf(words, RUIN_WORDS_MAX, "a part of it is empty");
    return true;
}

enum ruin ruin_look(const char *code, size_t len, char words[RUIN_WORDS_MAX])
{
    struct text text = {code, code + len};

    if (is_sure(&text, words))
        return RUIN_SURE;
    return is_doubtful(&text, words) ? RUIN_DOUBT : RUIN_NONE;
}

void ruin_count(
    struct ruin_doubts *doubts, int64_t order_item_id, const char *code)
{
    char words[RUIN_WORDS_MAX];
    size_t len = strlen(code);

    if (ruin_look(code, len, words) != RUIN_DOUBT || doubts->n++)
        return;
    doubts->order_item_id = order_item_id;
    len = utf8_cut(code, len, sizeof doubts->code - 1);
    memcpy(doubts->code, code, len);
    doubts->code[len] = '\0';
}
