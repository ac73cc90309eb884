/* SPDX-License-Identifier: Apache-2.0 */
#include "store/file_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <unistd.h>

#include "codec/checksum_crc64nvme.h"
#include "support/faulty_io.h"
#include "support/rows.h"
#include "support/scratch.h"

enum { PART_BYTES = 10, SIZE = 25 };

static const char text[SIZE + 1] = "0123456789abcdefghijABCDE";

/* A file of three parts, with a journal. */
struct desk {
    struct scratch scratch;
    int folder_fd;
    int fd;
    struct hw_file_parts parts;
    struct hw_error error;
};

static void desk_open(struct desk *desk, bool journal) {
    bool resumed;
    *desk = (struct desk){.scratch = scratch_make(), .error = HW_ERROR_INIT};
    desk->folder_fd = open(desk->scratch.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    desk->fd = open(scratch_path(&desk->scratch, "f"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_true(desk->folder_fd >= 0 && desk->fd >= 0);
    const struct hw_file_journal_params params = {
        .folder_fd = desk->folder_fd, .name = "j", .source_id = "s", .size = SIZE, .part_bytes = PART_BYTES};
    if (journal) {
        assert_ok(hw_file_journal_open(&desk->parts.journal, &params, &resumed, &desk->error), desk->error);
    }
    assert_ok(hw_file_parts_begin(&desk->parts, desk->fd, SIZE, &desk->error), desk->error);
}

/* Begins again, as another run does after this one was killed. */
static void desk_again(struct desk *desk) {
    bool resumed;
    hw_file_journal_release(&desk->parts.journal);
    desk->parts = (struct hw_file_parts){0};
    const struct hw_file_journal_params params = {
        .folder_fd = desk->folder_fd, .name = "j", .source_id = "s", .size = SIZE, .part_bytes = PART_BYTES};
    assert_ok(hw_file_journal_open(&desk->parts.journal, &params, &resumed, &desk->error), desk->error);
    assert_true(resumed);
    assert_ok(hw_file_parts_begin(&desk->parts, desk->fd, SIZE, &desk->error), desk->error);
}

static void desk_close(struct desk *desk) {
    hw_file_journal_release(&desk->parts.journal);
    close(desk->fd);
    close(desk->folder_fd);
    scratch_remove(&desk->scratch);
}

static struct hw_sink_part part_of(uint64_t number) {
    const uint64_t offset = number * PART_BYTES;
    const size_t bytes = SIZE - offset < PART_BYTES ? (size_t)(SIZE - offset) : PART_BYTES;
    return (struct hw_sink_part){.number = number,
                                 .offset = offset,
                                 .data = text + offset,
                                 .bytes = bytes,
                                 .crc64nvme = hw_crc64nvme(0, text + offset, bytes)};
}

static void part_write(struct desk *desk, uint64_t number) {
    const struct hw_sink_part part = part_of(number);
    assert_ok(hw_file_parts_write(&desk->parts, &part, &desk->error), desk->error);
}

static bool part_there(struct desk *desk, uint64_t number) {
    const struct hw_sink_part part = part_of(number);
    char data[PART_BYTES];
    bool there = true;
    assert_ok(hw_file_parts_read(&desk->parts, &part, data, &there, &desk->error), desk->error);
    assert_true(!there || memcmp(data, part.data, part.bytes) == 0);
    return there;
}

static void parts_of_an_earlier_run_are_found(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk, true);
    assert_false(part_there(&desk, 0));
    part_write(&desk, 2);
    part_write(&desk, 0);
    /* Those of this run are written, and not read back. */
    assert_false(part_there(&desk, 0));
    desk_again(&desk);
    assert_true(part_there(&desk, 0));
    assert_false(part_there(&desk, 1));
    assert_int_equal(hw_file_parts_check(&desk.parts, &desk.error), HW_EIO);
    assert_row_says("missing", desk.error.message, "10 bytes of 25 were written");
    assert_true(part_there(&desk, 2));
    part_write(&desk, 1);
    assert_ok(hw_file_parts_check(&desk.parts, &desk.error), desk.error);
    assert_true(scratch_holds(&desk.scratch, "f", text, SIZE));
    desk_close(&desk);
}

static void parts_are_believed_once_they_were_read(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t damaged;  /* a byte that is another one */
        off_t cut;         /* the size that the file has then */
        int errnum;        /* of reading; 0: it works */
        const char *there; /* of the three parts */
    } rows[] = {
        {"whole", SIZE, SIZE, 0, "yyy"},
        {"the first is damaged", 0, SIZE, 0, "nyy"},
        {"the last is damaged", 24, SIZE, 0, "yyn"},
        {"cut in the last", SIZE, 24, 0, "yyn"},
        {"cut in the second", SIZE, 11, 0, "ynn"},
        {"empty", SIZE, 0, 0, "nnn"},
        {"cannot be read once", SIZE, SIZE, EIO, "nyy"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        desk_open(&desk, true);
        for (uint64_t n = 0; n < 3; n++) {
            part_write(&desk, n);
        }
        if (rows[i].damaged < SIZE) {
            assert_int_equal(pwrite(desk.fd, "x", 1, (off_t)rows[i].damaged), 1);
        }
        /* The file system takes no room again, which would make the file whole. */
        faulty_io_start_forever(IO_FALLOCATE, 1, EOPNOTSUPP);
        assert_int_equal(ftruncate(desk.fd, rows[i].cut), 0);
        desk_again(&desk);
        faulty_io_stop();
        faulty_io_start(IO_PREAD, rows[i].errnum ? 1 : 0, rows[i].errnum);
        char got[4] = "";
        for (uint64_t n = 0; n < 3; n++) {
            got[n] = part_there(&desk, n) ? 'y' : 'n';
        }
        faulty_io_stop();
        assert_row_text(rows[i].name, got, rows[i].there);
        desk_close(&desk);
    }
}

static void without_a_journal_nothing_is_noted(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk, false);
    part_write(&desk, 0);
    assert_false(part_there(&desk, 0));
    assert_string_equal(scratch_names(&desk.scratch), "f ");
    desk_close(&desk);
}

static void faults_are_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_sink_part part;
        int fails_at; /* the n-th pwrite */
        const char *says;
    } rows[] = {
        {"beyond the file", {.offset = 20, .data = text, .bytes = 6}, 0, "is beyond the 25 bytes of the file"},
        {"far beyond", {.offset = UINT64_MAX - 1, .data = text, .bytes = 6}, 0, "is beyond the 25 bytes of the file"},
        {"a full disk", {.offset = 0, .data = text, .bytes = 10}, 1, "No space left"},
        {"a full disk for the journal", {.offset = 0, .data = text, .bytes = 10}, 2, "No space left"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        char data[PART_BYTES];
        bool there;
        desk_open(&desk, true);
        faulty_io_start(IO_PWRITE, rows[i].fails_at, ENOSPC);
        assert_row_int(rows[i].name, hw_file_parts_write(&desk.parts, &rows[i].part, &desk.error), HW_EIO);
        faulty_io_stop();
        assert_row_says(rows[i].name, desk.error.message, rows[i].says);
        /* What was not written whole, and noted, does not count. */
        assert_row_int(rows[i].name, hw_file_parts_check(&desk.parts, NULL), HW_EIO);
        if (rows[i].fails_at == 0) {
            assert_row_int(rows[i].name, hw_file_parts_read(&desk.parts, &rows[i].part, data, &there, NULL), HW_EIO);
        }
        desk_close(&desk);
    }
}

static void room_is_taken(void **state) {
    (void)state;
    static const struct {
        uint64_t size;
        int errnum;
        enum hw_status want;
    } rows[] = {
        {SIZE, 0, HW_OK},          {0, ENOSPC, HW_OK},   {SIZE, ENOSPC, HW_EIO},
        {SIZE, EOPNOTSUPP, HW_OK}, {SIZE, EINTR, HW_OK}, {(uint64_t)INT64_MAX + 1, 0, HW_ELIMIT},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        desk_open(&desk, false);
        faulty_io_start(IO_FALLOCATE, rows[i].errnum ? 1 : 0, rows[i].errnum);
        assert_int_equal(hw_file_parts_begin(&desk.parts, desk.fd, rows[i].size, &desk.error), rows[i].want);
        faulty_io_stop();
        desk_close(&desk);
    }
}

/*
 * A file system in memory is asked for room, and makes pages as parts are written. The numbers of
 * blocks are those of statfs(2): f_bavail are free, of f_bsize bytes each.
 */
static void room_in_memory_is_looked_for(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t blocks;
        uint64_t available;
        uint64_t size;
        /* The file has a part already. */
        bool begun;
        enum hw_status want;
    } rows[] = {
        {"room", 10, 2, 8192, false, HW_OK},
        {"a byte too long", 10, 2, 8193, false, HW_EIO},
        {"full", 10, 0, 1, false, HW_EIO},
        {"full, but the file has it", 10, 0, 4096, true, HW_OK},
        {"full, and the file has less", 10, 0, 4097, true, HW_EIO},
        {"the rest of a file", 10, 1, 8192, true, HW_OK},
        {"no limit", 0, 0, UINT64_C(1) << 40, false, HW_OK},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct statfs memory = {
            .f_type = TMPFS_MAGIC, .f_bsize = 4096, .f_blocks = rows[i].blocks, .f_bavail = rows[i].available};
        struct desk desk;
        desk_open(&desk, false);
        /* A block of 4,096 bytes, whatever the file system of this test gives. */
        assert_int_equal(ftruncate(desk.fd, 0), 0);
        assert_int_equal(fallocate(desk.fd, 0, 0, rows[i].begun ? 4096 : 1), 0);
        assert_int_equal(ftruncate(desk.fd, rows[i].begun ? 4096 : 0), 0);
        faulty_io_start(IO_ANY, 0, 0);
        faulty_io_file_system(&memory);
        const enum hw_status status = hw_file_parts_begin(&desk.parts, desk.fd, rows[i].size, &desk.error);
        const int taken = faulty_io_calls(IO_FALLOCATE);
        faulty_io_stop();
        assert_row_int(rows[i].name, status, rows[i].want);
        assert_row_int(rows[i].name, taken, 0);
        assert_row_int(rows[i].name, desk.error.sys_errno, status ? ENOSPC : 0);
        desk_close(&desk);
    }
}

static void room_is_refused_where_the_file_cannot_be_looked_at(void **state) {
    (void)state;
    static const struct statfs memory = {.f_type = TMPFS_MAGIC, .f_bsize = 4096, .f_blocks = 10, .f_bavail = 10};
    struct desk desk;
    desk_open(&desk, false);
    faulty_io_start(IO_FSTAT, 1, EIO);
    faulty_io_file_system(&memory);
    const enum hw_status status = hw_file_parts_begin(&desk.parts, desk.fd, SIZE, &desk.error);
    faulty_io_stop();
    assert_int_equal(status, HW_EIO);
    assert_row_says("fstat", desk.error.message, "cannot take room for the file: ");
    desk_close(&desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_of_an_earlier_run_are_found),
        cmocka_unit_test(parts_are_believed_once_they_were_read),
        cmocka_unit_test(without_a_journal_nothing_is_noted),
        cmocka_unit_test(faults_are_told),
        cmocka_unit_test(room_is_taken),
        cmocka_unit_test(room_in_memory_is_looked_for),
        cmocka_unit_test(room_is_refused_where_the_file_cannot_be_looked_at),
    };
    return cmocka_run_group_tests_name("store/file_parts", tests, NULL, NULL);
}
