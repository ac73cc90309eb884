/* SPDX-License-Identifier: Apache-2.0 */
#include "store/file_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/siphash.h"
#include "support/alloc_fault.h"
#include "support/faulty_io.h"
#include "support/rows.h"
#include "support/scratch.h"

#define HEADER "hawser journal 1\ns3://b/k etag 5\n1000 bytes in parts of 100\n"
enum { RECORD_BYTES = 24 };

/* A folder with a journal in it. */
struct desk {
    struct scratch scratch;
    int folder_fd;
    struct hw_file_journal journal;
    struct hw_error error;
};

static struct hw_file_journal_params params_of(const struct desk *desk) {
    return (struct hw_file_journal_params){
        .folder_fd = desk->folder_fd, .name = "j", .source_id = "s3://b/k etag 5", .size = 1000, .part_bytes = 100};
}

static void desk_open(struct desk *desk) {
    *desk = (struct desk){.scratch = scratch_make(), .error = HW_ERROR_INIT};
    desk->folder_fd = open(desk->scratch.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(desk->folder_fd >= 0);
}

static void desk_close(struct desk *desk) {
    hw_file_journal_release(&desk->journal);
    close(desk->folder_fd);
    scratch_remove(&desk->scratch);
}

static bool journal_open(struct desk *desk) {
    const struct hw_file_journal_params params = params_of(desk);
    bool resumed = false;
    assert_ok(hw_file_journal_open(&desk->journal, &params, &resumed, &desk->error), desk->error);
    return resumed;
}

/* A record as the format has it, computed beside the code. */
static void record_make(uint64_t number, uint64_t crc, uint8_t out[RECORD_BYTES]) {
    const struct hw_siphash_key plain = {{0}};
    uint64_t words[3] = {number, crc, 0};
    words[2] = hw_siphash128(&plain, words, 16).words[0];
    memcpy(out, words, RECORD_BYTES);
}

static const char *parts_of(const struct hw_file_journal *journal) {
    static char text[64];
    size_t used = 0;
    for (uint64_t i = 0; i < 12; i++) {
        uint64_t crc;
        if (hw_file_journal_has(journal, i, &crc)) {
            assert_int_equal(crc, 1000 + i);
            text[used++] = (char)('a' + i);
        }
    }
    text[used] = '\0';
    return text;
}

static void parts_are_found_again(void **state) {
    (void)state;
    static const uint64_t order[] = {3, 0, 9};
    struct desk desk;
    desk_open(&desk);
    assert_false(journal_open(&desk));
    assert_true(scratch_holds(&desk.scratch, "j", HEADER, sizeof(HEADER) - 1));
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        assert_ok(hw_file_journal_add(&desk.journal, order[i], 1000 + order[i], &desk.error), desk.error);
    }
    hw_file_journal_release(&desk.journal);
    hw_file_journal_release(&desk.journal);
    assert_true(journal_open(&desk));
    assert_string_equal(parts_of(&desk.journal), "adj");
    /* What is added then comes behind. */
    assert_ok(hw_file_journal_add(&desk.journal, 5, 1005, &desk.error), desk.error);
    hw_file_journal_release(&desk.journal);
    assert_true(journal_open(&desk));
    assert_string_equal(parts_of(&desk.journal), "adfj");
    desk_close(&desk);
}

static void what_is_no_journal_of_this_file_is_begun_anew(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *header;
        bool resumed;
        const char *parts; /* of two records behind the header */
    } rows[] = {
        {"this one", HEADER, true, "bc"},
        {"another version of the source", "hawser journal 1\ns3://b/k other 5\n1000 bytes in parts of 100\n", false,
         ""},
        {"another time", "hawser journal 1\ns3://b/k etag 6\n1000 bytes in parts of 100\n", false, ""},
        {"another size", "hawser journal 1\ns3://b/k etag 5\n1001 bytes in parts of 100\n", false, ""},
        {"other parts", "hawser journal 1\ns3://b/k etag 5\n1000 bytes in parts of 200\n", false, ""},
        {"another version of the format", "hawser journal 2\ns3://b/k etag 5\n1000 bytes in parts of 100\n", false, ""},
        {"empty", "", false, ""},
        {"cut in its header", "hawser journal 1\ns3://b/k et", false, ""},
        {"something else", "PAR1", false, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        uint8_t bytes[256];
        const size_t header_bytes = strlen(rows[i].header);
        desk_open(&desk);
        memcpy(bytes, rows[i].header, header_bytes);
        record_make(1, 1001, bytes + header_bytes);
        record_make(2, 1002, bytes + header_bytes + RECORD_BYTES);
        scratch_write(&desk.scratch, "j", bytes, header_bytes < 40 ? header_bytes : header_bytes + 2 * RECORD_BYTES);
        assert_row_int(rows[i].name, journal_open(&desk), rows[i].resumed);
        assert_row_text(rows[i].name, parts_of(&desk.journal), rows[i].parts);
        if (!rows[i].resumed) {
            assert_row_int(rows[i].name, scratch_holds(&desk.scratch, "j", HEADER, sizeof(HEADER) - 1), true);
        }
        desk_close(&desk);
    }
}

static void records_that_are_none_end_it(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t cut;      /* bytes at the end that are missing */
        size_t tampered; /* a byte behind the header that is another one; SIZE_MAX: none */
        uint64_t number; /* of the second record */
        const char *parts;
    } rows[] = {
        {"whole", 0, SIZE_MAX, 2, "bcd"},
        {"torn", 1, SIZE_MAX, 2, "bc"},
        {"torn long before", 30, SIZE_MAX, 2, "b"},
        {"another number", 0, 24, 2, "b"},
        {"another checksum", 0, 24 + 8, 2, "b"},
        {"another hash", 0, 24 + 16, 2, "b"},
        {"the first", 0, 3, 2, ""},
        {"a part that is none", 0, SIZE_MAX, 11, "b"},
        {"a part far beyond", 0, SIZE_MAX, UINT64_MAX, "b"},
        {"one behind the last, which a size of whole parts has", 0, SIZE_MAX, 10, "bdk"},
        {"a part twice", 0, SIZE_MAX, 1, "bd"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        uint8_t bytes[256] = HEADER;
        uint8_t *records = bytes + sizeof(HEADER) - 1;
        desk_open(&desk);
        record_make(1, 1001, records);
        record_make(rows[i].number, 1000 + rows[i].number, records + RECORD_BYTES);
        record_make(3, 1003, records + 2 * RECORD_BYTES);
        if (rows[i].tampered != SIZE_MAX) {
            records[rows[i].tampered] ^= 1;
        }
        scratch_write(&desk.scratch, "j", bytes, sizeof(HEADER) - 1 + 3 * RECORD_BYTES - rows[i].cut);
        assert_row_int(rows[i].name, journal_open(&desk), true);
        assert_row_text(rows[i].name, parts_of(&desk.journal), rows[i].parts);
        /* What is added then is found, wherever the good records end. */
        assert_ok(hw_file_journal_add(&desk.journal, 0, 1000, &desk.error), desk.error);
        hw_file_journal_release(&desk.journal);
        assert_row_int(rows[i].name, journal_open(&desk), true);
        assert_row_int(rows[i].name, parts_of(&desk.journal)[0], 'a');
        desk_close(&desk);
    }
}

/* ------ other processes and users */

static void one_process_at_a_time_has_it(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk);
    assert_false(journal_open(&desk));
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct hw_file_journal other;
        const struct hw_file_journal_params params = params_of(&desk);
        bool resumed;
        close(desk.journal.fd);
        /* The lock is the parent's still. */
        const enum hw_status status = hw_file_journal_open(&other, &params, &resumed, NULL);
        _exit(status == HW_EEXISTS ? 0 : 1);
    }
    int ending;
    assert_int_equal(waitpid(child, &ending, 0), child);
    assert_int_equal(ending, 0);
    const struct hw_file_journal_params params = params_of(&desk);
    struct hw_file_journal other;
    bool resumed;
    assert_int_equal(hw_file_journal_open(&other, &params, &resumed, &desk.error), HW_EEXISTS);
    assert_row_says("locked", desk.error.message, "another process writes the same file");
    hw_file_journal_release(&desk.journal);
    assert_true(journal_open(&desk));
    desk_close(&desk);
}

/* The process that had the journal publishes its file between the open and the lock. */
static struct {
    struct hw_io io;
    int folder_fd;
    int times;
} race;

static int racing_openat(int dir_fd, const char *path, int flags, mode_t mode) {
    const int fd = hw_io_system.openat(dir_fd, path, flags, mode);
    if (race.times > 0) {
        race.times--;
        unlinkat(race.folder_fd, "j", 0);
    }
    return fd;
}

static void a_journal_without_a_name_is_not_taken(void **state) {
    (void)state;
    for (int times = 1; times <= 100; times += 99) {
        struct desk desk;
        bool resumed;
        desk_open(&desk);
        assert_false(journal_open(&desk));
        assert_ok(hw_file_journal_add(&desk.journal, 1, 1001, &desk.error), desk.error);
        hw_file_journal_release(&desk.journal);
        race.io = hw_io_system;
        race.io.openat = racing_openat;
        race.folder_fd = desk.folder_fd;
        race.times = times;
        hw_io_set(&race.io);
        const struct hw_file_journal_params params = params_of(&desk);
        const enum hw_status status = hw_file_journal_open(&desk.journal, &params, &resumed, &desk.error);
        hw_io_set(NULL);
        assert_int_equal(status, times == 1 ? HW_OK : HW_EEXISTS);
        if (status == HW_OK) {
            assert_false(resumed);
            assert_string_equal(parts_of(&desk.journal), "");
            assert_int_equal(access(scratch_path(&desk.scratch, "j"), F_OK), 0);
        }
        desk_close(&desk);
    }
}

static void what_others_may_write_to_is_not_taken(void **state) {
    (void)state;
    static const char *const kinds[] = {"two names", "a link", "a pipe", "a folder", "another user"};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct desk desk;
        bool resumed;
        desk_open(&desk);
        const char *path = scratch_path(&desk.scratch, "j");
        scratch_write(&desk.scratch, "other", HEADER, sizeof(HEADER) - 1);
        const int files = open_files();
        switch (i) {
        case 0:
            assert_int_equal(link(scratch_path(&desk.scratch, "other"), path), 0);
            break;
        case 1:
            assert_int_equal(symlink("other", path), 0);
            break;
        case 2:
            assert_int_equal(mkfifo(path, 0600), 0);
            break;
        case 3:
            assert_int_equal(mkdir(path, 0700), 0);
            break;
        default:
            scratch_write(&desk.scratch, "j", HEADER, sizeof(HEADER) - 1);
            if (chown(path, geteuid() + 1, (gid_t)-1) != 0) {
                desk_close(&desk);
                continue;
            }
        }
        const struct hw_file_journal_params params = params_of(&desk);
        const enum hw_status status = hw_file_journal_open(&desk.journal, &params, &resumed, &desk.error);
        assert_row_int(kinds[i], status, HW_EEXISTS);
        assert_row_int(kinds[i], scratch_holds(&desk.scratch, "other", HEADER, sizeof(HEADER) - 1), true);
        assert_row_int(kinds[i], open_files(), files);
        desk_close(&desk);
    }
}

/* ------ faults */

static void faults_leave_nothing_open(void **state) {
    (void)state;
    static const struct {
        enum io_call call;
        int errnum;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {IO_OPENAT, EACCES, HW_EIO, "open the journal"},
        {IO_FSTAT, EIO, HW_EIO, "look at the journal"},
        {IO_PWRITE, ENOSPC, HW_EIO, "No space left"},
        {IO_FSYNC, EIO, HW_EIO, "bring the journal to the disk"},
        {IO_PREAD, EIO, HW_OK, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        bool resumed;
        desk_open(&desk);
        const int files = open_files();
        const struct hw_file_journal_params params = params_of(&desk);
        faulty_io_start(rows[i].call, 1, rows[i].errnum);
        const enum hw_status status = hw_file_journal_open(&desk.journal, &params, &resumed, &desk.error);
        faulty_io_stop();
        assert_row_int(faulty_io_name(rows[i].call), status, rows[i].want);
        assert_row_says(faulty_io_name(rows[i].call), desk.error.message, rows[i].says);
        hw_file_journal_release(&desk.journal);
        assert_row_int(faulty_io_name(rows[i].call), open_files(), files);
        desk_close(&desk);
    }
    struct desk desk;
    desk_open(&desk);
    assert_false(journal_open(&desk));
    faulty_io_start(IO_PWRITE, 1, ENOSPC);
    assert_int_equal(hw_file_journal_add(&desk.journal, 1, 1, &desk.error), HW_EIO);
    faulty_io_stop();
    desk_close(&desk);
}

static void want_of_memory_leaves_nothing_open(void **state) {
    (void)state;
    enum hw_status status = HW_ENOMEM;
    const int files = open_files();
    size_t allowed = 0;
    for (; status == HW_ENOMEM && allowed < 20; allowed++) {
        struct desk desk;
        struct alloc_fault fault;
        bool resumed;
        desk_open(&desk);
        const struct hw_file_journal_params params = params_of(&desk);
        alloc_fault_begin(&fault, allowed);
        status = hw_file_journal_open(&desk.journal, &params, &resumed, NULL);
        hw_file_journal_release(&desk.journal);
        assert_int_equal(alloc_fault_end(&fault), status == HW_ENOMEM);
        desk_close(&desk);
        assert_int_equal(open_files(), files);
    }
    assert_int_equal(status, HW_OK);
    assert_true(allowed > 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_found_again),
        cmocka_unit_test(what_is_no_journal_of_this_file_is_begun_anew),
        cmocka_unit_test(records_that_are_none_end_it),
        cmocka_unit_test(one_process_at_a_time_has_it),
        cmocka_unit_test(a_journal_without_a_name_is_not_taken),
        cmocka_unit_test(what_others_may_write_to_is_not_taken),
        cmocka_unit_test(faults_leave_nothing_open),
        cmocka_unit_test(want_of_memory_leaves_nothing_open),
    };
    return cmocka_run_group_tests_name("store/file_journal", tests, NULL, NULL);
}
