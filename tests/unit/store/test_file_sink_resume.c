/* SPDX-License-Identifier: Apache-2.0 */
/* Files in parts that a run has left unfinished, and that another one goes on with. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/checksum_crc64nvme.h"
#include "store/file_sink.h"
#include "store/file_temp.h"
#include "store/store_file.h"
#include "support/faulty_io.h"
#include "support/rows.h"
#include "support/scratch.h"

enum { PART_BYTES = 1000, SIZE = 5500, PARTS = 6 };

static uint8_t data[SIZE];

static int data_make(void **state) {
    (void)state;
    for (size_t i = 0; i < SIZE; i++) {
        data[i] = (uint8_t)((i * UINT64_C(0x9e3779b97f4a7c15)) >> 56);
    }
    return 0;
}

/* A sink of "d/x" in a folder of its own. */
struct desk {
    struct scratch scratch;
    struct hw_store *store;
    struct hw_sink *sink;
    struct hw_error error;
    char partial[80];
    char journal[80];
};

static void desk_open(struct desk *desk) {
    char names[2][HW_FILE_TEMP_BYTES];
    *desk = (struct desk){.scratch = scratch_make(), .error = HW_ERROR_INIT};
    hw_file_partial_names("x", names[0], names[1]);
    snprintf(desk->partial, sizeof(desk->partial), "d/%s", names[0]);
    snprintf(desk->journal, sizeof(desk->journal), "d/%s", names[1]);
    assert_ok(hw_store_file_open(desk->scratch.folder, NULL, &desk->store, &desk->error), desk->error);
}

static void desk_close(struct desk *desk) {
    desk->store->ops->close(desk->store);
    scratch_remove(&desk->scratch);
}

static enum hw_status sink_open(struct desk *desk, const char *id, uint64_t size, bool keep,
                                struct hw_sink **out_sink) {
    const struct hw_sink_options options = {.resume_id = id, .keep_partial = keep};
    struct hw_store *store = desk->store;
    uint64_t part_bytes = PART_BYTES;
    HW_TRY(store->ops->sink_open(store, "d/x", &options, out_sink, &desk->error));
    enum hw_status status = (*out_sink)->ops->parts_begin(*out_sink, size, &part_bytes, &desk->error);
    if (status) {
        (*out_sink)->ops->free(*out_sink);
        *out_sink = NULL;
    }
    return status;
}

static struct hw_sink_part part_of(uint64_t number, uint64_t size) {
    const uint64_t offset = number * PART_BYTES;
    const size_t bytes = (size_t)hw_min_size(PART_BYTES, size - offset);
    return (struct hw_sink_part){.number = number,
                                 .offset = offset,
                                 .data = data + offset,
                                 .bytes = bytes,
                                 .crc64nvme = hw_crc64nvme(0, data + offset, bytes)};
}

/* Writes the parts that are not there; `*out_there` tells how many were. */
static enum hw_status parts_write(struct hw_sink *sink, uint64_t size, uint64_t count, unsigned *out_there,
                                  struct hw_error *err) {
    *out_there = 0;
    for (uint64_t i = 0; i < count; i++) {
        const struct hw_sink_part part = part_of(i, size);
        uint8_t read[PART_BYTES];
        bool there = false;
        HW_TRY(sink->ops->part_read(sink, &part, read, &there, err));
        *out_there += there;
        if (!there) {
            HW_TRY(sink->ops->part_write(sink, &part, err));
        }
    }
    return HW_OK;
}

/* What a killed run leaves: four parts and their journal. */
static void partial_leave(struct desk *desk, const char *id) {
    struct hw_sink *sink;
    unsigned there;
    assert_ok(sink_open(desk, id, SIZE, true, &sink), desk->error);
    assert_ok(parts_write(sink, SIZE, 4, &there, &desk->error), desk->error);
    sink->ops->free(sink);
    assert_int_equal(access(scratch_path(&desk->scratch, desk->partial), F_OK), 0);
    assert_int_equal(access(scratch_path(&desk->scratch, desk->journal), F_OK), 0);
}

static void damage_none(struct desk *desk) {
    (void)desk;
}

static void damage_byte(struct desk *desk) {
    const int fd = open(scratch_path(&desk->scratch, desk->partial), O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(fd, "??", 2, 1500), 2);
    close(fd);
}

static void damage_longer(struct desk *desk) {
    assert_int_equal(truncate(scratch_path(&desk->scratch, desk->partial), 2 * SIZE), 0);
}

static void damage_shorter(struct desk *desk) {
    assert_int_equal(truncate(scratch_path(&desk->scratch, desk->partial), 2500), 0);
}

static void damage_partial(struct desk *desk) {
    assert_int_equal(unlink(scratch_path(&desk->scratch, desk->partial)), 0);
}

static void damage_journal(struct desk *desk) {
    assert_int_equal(unlink(scratch_path(&desk->scratch, desk->journal)), 0);
}

static void damage_torn(struct desk *desk) {
    struct stat info;
    assert_int_equal(stat(scratch_path(&desk->scratch, desk->journal), &info), 0);
    assert_int_equal(truncate(scratch_path(&desk->scratch, desk->journal), info.st_size - 5), 0);
}

static void damage_pipe(struct desk *desk) {
    damage_partial(desk);
    assert_int_equal(mkfifo(scratch_path(&desk->scratch, desk->partial), 0600), 0);
}

static void damage_link(struct desk *desk) {
    damage_partial(desk);
    assert_int_equal(symlink("../secret", scratch_path(&desk->scratch, desk->partial)), 0);
}

static void damage_name(struct desk *desk) {
    damage_partial(desk);
    assert_int_equal(link(scratch_path(&desk->scratch, "secret"), scratch_path(&desk->scratch, desk->partial)), 0);
}

static void damage_journal_link(struct desk *desk) {
    damage_journal(desk);
    assert_int_equal(symlink("../secret", scratch_path(&desk->scratch, desk->journal)), 0);
}

static const struct {
    const char *name;
    void (*damage)(struct desk *desk);
    const char *id; /* of the run that goes on; NULL: none */
    uint64_t size;
    unsigned there; /* the parts that it finds */
    bool stays;     /* Something that is not ours has the name, and keeps it. */
} rows[] = {
    {"all", damage_none, "id", SIZE, 4, false},
    {"another version", damage_none, "other", SIZE, 0, false},
    {"another size", damage_none, "id", SIZE - 1, 0, false},
    {"a damaged part", damage_byte, "id", SIZE, 3, false},
    {"a file that is longer", damage_longer, "id", SIZE, 4, false},
    {"a file that is shorter", damage_shorter, "id", SIZE, 2, false},
    {"no file", damage_partial, "id", SIZE, 0, false},
    {"no journal", damage_journal, "id", SIZE, 0, false},
    {"a torn journal", damage_torn, "id", SIZE, 3, false},
    {"a pipe in its place", damage_pipe, "id", SIZE, 0, true},
    {"a link in its place", damage_link, "id", SIZE, 0, true},
    {"a second name of another file", damage_name, "id", SIZE, 0, true},
    {"a link in place of the journal", damage_journal_link, "id", SIZE, 0, true},
};

static void a_run_goes_on_where_another_was_killed(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        struct hw_sink *sink;
        unsigned there;
        const int files = open_files();
        desk_open(&desk);
        scratch_write(&desk.scratch, "secret", data, 2 * PART_BYTES);
        partial_leave(&desk, "id");
        rows[i].damage(&desk);
        assert_ok(sink_open(&desk, rows[i].id, rows[i].size, false, &sink), desk.error);
        assert_ok(parts_write(sink, rows[i].size, PARTS, &there, &desk.error), desk.error);
        assert_row_int(rows[i].name, there, rows[i].there);
        assert_ok(sink->ops->finish(sink, &desk.error), desk.error);
        sink->ops->free(sink);
        assert_row_int(rows[i].name, scratch_holds(&desk.scratch, "d/x", data, rows[i].size), true);
        assert_row_int(rows[i].name, scratch_holds(&desk.scratch, "secret", data, 2 * PART_BYTES), true);
        if (!rows[i].stays) {
            assert_row_text(rows[i].name, scratch_names(&desk.scratch), "d/ d/x secret ");
        }
        struct stat info;
        assert_row_int(rows[i].name, lstat(scratch_path(&desk.scratch, "d/x"), &info), 0);
        assert_row_int(rows[i].name, S_ISREG(info.st_mode) && info.st_nlink == 1, true);
        desk_close(&desk);
        assert_row_int(rows[i].name, open_files(), files);
    }
}

static void what_is_left_is_as_asked_for(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *id;
        uint64_t size;
        bool keep;
        bool left;
    } kinds[] = {
        {"kept", "id", SIZE, true, true},
        {"not kept", "id", SIZE, false, false},
        {"without a name of the version", NULL, SIZE, true, false},
        {"few parts", "id", 3999, true, false},
        {"enough parts", "id", 4000, true, true},
    };
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct desk desk;
        struct hw_sink *sink;
        unsigned there;
        desk_open(&desk);
        assert_ok(sink_open(&desk, kinds[i].id, kinds[i].size, kinds[i].keep, &sink), desk.error);
        assert_ok(parts_write(sink, kinds[i].size, 3, &there, &desk.error), desk.error);
        assert_int_equal(sink->ops->finish(sink, &desk.error), HW_EIO);
        sink->ops->free(sink);
        assert_row_int(kinds[i].name, access(scratch_path(&desk.scratch, desk.journal), F_OK) == 0, kinds[i].left);
        assert_row_int(kinds[i].name, access(scratch_path(&desk.scratch, desk.partial), F_OK) == 0, kinds[i].left);
        if (!kinds[i].left) {
            assert_row_text(kinds[i].name, scratch_names(&desk.scratch), "");
        }
        desk_close(&desk);
    }
}

/* Two runs at once: the second one writes a file of its own. */
static void each_of_two_runs_writes_for_itself(void **state) {
    (void)state;
    struct desk desk;
    struct hw_sink *sinks[2];
    unsigned there;
    desk_open(&desk);
    partial_leave(&desk, "id");
    assert_ok(sink_open(&desk, "id", SIZE, false, &sinks[0]), desk.error);
    assert_ok(sink_open(&desk, "id", SIZE, true, &sinks[1]), desk.error);
    assert_ok(parts_write(sinks[1], SIZE, PARTS, &there, &desk.error), desk.error);
    assert_int_equal(there, 0);
    assert_ok(parts_write(sinks[0], SIZE, PARTS, &there, &desk.error), desk.error);
    assert_int_equal(there, 4);
    for (size_t i = 0; i < 2; i++) {
        assert_ok(sinks[i]->ops->finish(sinks[i], &desk.error), desk.error);
        assert_true(scratch_holds(&desk.scratch, "d/x", data, SIZE));
        sinks[i]->ops->free(sinks[i]);
    }
    assert_string_equal(scratch_names(&desk.scratch), "d/ d/x ");
    desk_close(&desk);
}

/* Each call fails in turn: the name holds the old bytes or all new ones, and nothing else stays. */
static void no_fault_tears_a_file_that_is_taken_up(void **state) {
    (void)state;
    const int files = open_files();
    bool hit = true;
    for (int k = 1; hit; k++) {
        struct desk desk;
        struct hw_sink *sink = NULL;
        unsigned there;
        char row[64];
        desk_open(&desk);
        scratch_write(&desk.scratch, "d/x", "old", 3);
        partial_leave(&desk, "id");
        faulty_io_start(IO_ANY, k, EIO);
        enum hw_status status = sink_open(&desk, "id", SIZE, false, &sink);
        status = status ? status : parts_write(sink, SIZE, PARTS, &there, &desk.error);
        status = status ? status : sink->ops->finish(sink, &desk.error);
        if (sink) {
            sink->ops->free(sink);
        }
        const enum io_call call = faulty_io_stop();
        hit = call != IO_ANY;
        snprintf(row, sizeof(row), "call %d (%s)", k, faulty_io_name(call));
        const bool is_new = scratch_holds(&desk.scratch, "d/x", data, SIZE);
        assert_row_int(row, is_new || scratch_holds(&desk.scratch, "d/x", "old", 3), true);
        assert_row_int(row, is_new || status != HW_OK, true);
        if (status == HW_OK && call != IO_UNLINKAT) {
            assert_row_text(row, scratch_names(&desk.scratch), "d/ d/x ");
        }
        desk_close(&desk);
        assert_row_int(row, open_files(), files);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_goes_on_where_another_was_killed),
        cmocka_unit_test(what_is_left_is_as_asked_for),
        cmocka_unit_test(each_of_two_runs_writes_for_itself),
        cmocka_unit_test(no_fault_tears_a_file_that_is_taken_up),
    };
    return cmocka_run_group_tests_name("store/file_sink_resume", tests, data_make, NULL);
}
