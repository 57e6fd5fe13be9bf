/* csv FILE LINES: reads a CSV file to its end, as csv.rows does, and makes
 * nothing of its rows. Fails unless it has so many. */
#include "csv/csv.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    struct csv_options options = {.path = argc == 3 ? argv[1] : ""};
    struct csv_record record;
    struct error err;
    struct csv_reader *reader = csv_open(&options, &err);
    enum csv_got got = CSV_FAILED;
    long rows = 0;

    if (!reader) {
        fprintf(stderr, "csv: %s\n", err.text);
        return 1;
    }
    while ((got = csv_next(reader, &record, &err)) == CSV_ROW)
        rows++;
    csv_close(reader);
    return got != CSV_END || rows != atol(argv[2]);
}
