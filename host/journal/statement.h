/* statement.h: the SQL of op.c. */
#ifndef JOURNAL_STATEMENT_H
#define JOURNAL_STATEMENT_H

enum statement {
    STATEMENT_BEGIN,
    STATEMENT_COMMIT,
    STATEMENT_ADMIT,
    STATEMENT_FIND,
    STATEMENT_ARCHIVE,
    STATEMENT_AGAIN,
    STATEMENT_TAKE_UP,
    STATEMENT_KEEP,
    STATEMENT_RESTORE,
    STATEMENT_SET_BACK,
    STATEMENT_LEFT,
    STATEMENT_TAKEN,
    STATEMENT_OUTCOME,
    STATEMENT_CONFLICT,
    STATEMENT_AUDIT,
    STATEMENT_REMEMBER,
    STATEMENT_RECALL,
    STATEMENTS // how many there are
};

/* Static. */
const char *statement_text(enum statement statement);

#endif
