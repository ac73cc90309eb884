/* SPDX-License-Identifier: Apache-2.0 */
/* Files are verified before they are published, wherever they are written to. */
#include "pipeline/written_file.h"

#include <hawser/memory.h>

#include "codec/checksum.h"
#include "store/store_file.h"
#include "support/rows.h"
#include "support/scratch.h"

#define TEXT "a,b\n1,2\n3,4\n"

/* What the writer says that it has written. */
struct claim {
    const char *name;
    const char *text; /* that is written */
    uint64_t rows;
    uint64_t bytes_more; /* than there are */
    uint64_t sum_flips;
    enum hw_verify_level level;
    enum hw_status want;
    const char *says;
};

static const struct claim claims[] = {
    {"as it is", TEXT, 2, 0, 0, HW_VERIFY_VALUES, HW_OK, ""},
    {"other bytes", TEXT, 2, 0, 1, HW_VERIFY_PAGES, HW_ECHECKSUM, "the CRC-64/NVME of what is there is"},
    {"more bytes", TEXT, 2, 1, 0, HW_VERIFY_FOOTER, HW_ECHECKSUM, "13 bytes were written, and 12 are there"},
    {"other rows", TEXT, 3, 0, 0, HW_VERIFY_PAGES, HW_ECHECKSUM, "3 rows were written, and 2 are there"},
    {"a bad record", "a,b\n1,2\n3\n", 2, 0, 0, HW_VERIFY_VALUES, HW_ECHECKSUM, "the record in line 3 is bad"},
    {"a delimiter within quotes", "a\n\"1;2\"\n\"3;4\"\n", 2, 0, 0, HW_VERIFY_VALUES, HW_OK, ""},
};

/* Whoever is asked may be no more than one. */
static sem_t slots;

static void claim_check(const struct claim *claim, struct hw_store *store) {
    static const struct hw_csv_options csv = {.delimiter = ',', .header = HW_CSV_HEADER_YES};
    const size_t bytes = strlen(claim->text);
    const struct hw_written_options options = {.level = claim->level, .memory_bytes = HW_MIB(16), .slots = &slots};
    const struct hw_written_facts facts = {
        .rows = claim->rows,
        .bytes = bytes + claim->bytes_more,
        .crc64nvme = hw_checksum_add(HW_CHECKSUM_CRC64NVME, 0, claim->text, bytes) ^ claim->sum_flips,
        .csv = &csv,
    };
    struct hw_error err = HW_ERROR_INIT;
    struct hw_written_file file;
    struct hw_sink *sink;
    assert_ok(store->ops->sink_open(store, "x.csv", NULL, &sink, &err), err);
    assert_ok(hw_written_file_begin(&file, sink, "x.csv", &err), err);
    assert_ok(sink->ops->write(sink, claim->text, bytes, &err), err);
    assert_ok(hw_written_file_add(&file, claim->text, bytes, &err), err);
    assert_ok(sink->ops->settle(sink, &err), err);
    assert_row_int(claim->name, hw_written_file_verify(&file, &options, &facts, &err), claim->want);
    assert_row_says(claim->name, err.message, claim->says);
    hw_written_file_release(&file);
    sink->ops->free(sink);
}

static void wrong_files_are_told(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *folder;
    struct hw_store *memory;
    assert_ok(hw_store_file_open(scratch_path(&scratch, ""), NULL, &folder, &err), err);
    assert_ok(hw_memory_store_new("mem://", NULL, &memory, &err), err);
    for (size_t i = 0; i < COUNT_OF(claims); i++) {
        claim_check(&claims[i], folder); /* it is read again */
        claim_check(&claims[i], memory); /* a copy is */
    }
    hw_memory_store_free(memory);
    hw_store_close(folder);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_files_are_told),
    };
    sem_init(&slots, 0, 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
