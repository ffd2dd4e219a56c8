/* Runs the packed rows that the host put beside this program; the exit status says whether all came out as expected. */

#include "run.h"

#include <stdio.h>

/* Symbols of the linker script: the first byte of the rows, and one whose address is how many bytes there are. */
extern const uint8_t _rows[];
extern const uint8_t _rows_size[];

struct tally {
    struct atom file;
    unsigned ran, passed, skipped;
};

static void announce(const struct tally *tally)
{
    if (tally->ran > 0)
        printf("rows %.*s %u %u\n", (int)tally->file.size, tally->file.bytes, tally->ran, tally->passed);
    if (tally->skipped > 0)
        printf("skipped %.*s %u\n", (int)tally->file.size, tally->file.bytes, tally->skipped);
}

static void count(struct tally *tally, enum ran ran)
{
    tally->ran += ran != RAN_SKIPPED;
    tally->passed += ran == RAN_PASSED;
    tally->skipped += ran == RAN_SKIPPED;
}

int main(void)
{
    static struct row row;
    struct rows rows;
    struct tally all = {0}, file = {0};
    if (!rows_read(&rows, _rows, (size_t)_rows_size)) {
        printf("FAILED: these are no rows\n");
        return 1;
    }
    while (rows_next(&rows, &row)) {
        if (row.file.bytes != file.file.bytes) {
            announce(&file);
            file = (struct tally){.file = row.file};
        }
        enum ran ran = run_row(&row);
        count(&all, ran);
        count(&file, ran);
    }
    announce(&file);
    if (rows.left > 0)
        printf("FAILED: a row that cannot be read\n");
    return rows.left > 0 || all.ran == 0 || all.passed != all.ran;
}
