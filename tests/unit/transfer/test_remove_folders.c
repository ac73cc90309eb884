/* SPDX-License-Identifier: Apache-2.0 */
/* Local folders that removals and moves leave empty. */
#include <hawser/transfer.h>

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit/transfer/copy_desk.h"

enum command { REMOVE, MOVE, SYNC };

struct row {
    const char *name;
    enum command command;
    /* Below the scratch folder. */
    const char *paths[2];
    const char *exclude;
    /* The lines of a list; NULL: there is none. */
    const char *list;
    bool dry_run;
    enum hw_status want;
    /* What is left in the folder. */
    const char *left;
};

#define OUT "out/ out/secret "
#define ALL "list " OUT "t/ t/a/ t/a/b/ t/a/b/1 t/a/b/2 t/a/c/ t/a/c/3 t/hollow/ t/link u/ "

static const struct row rows[] = {
    {"what is behind a link stays, and a folder that was empty",
     REMOVE,
     {"t/"},
     NULL,
     NULL,
     false,
     HW_EPARTIAL,
     "list " OUT "t/ t/hollow/ t/link u/ "},
    {"the folder that is named stays",
     REMOVE,
     {"t/a"},
     NULL,
     NULL,
     false,
     HW_OK,
     "list " OUT "t/ t/a/ t/hollow/ t/link u/ "},
    {"what is not empty stays",
     REMOVE,
     {"t/a/"},
     "*1",
     NULL,
     false,
     HW_OK,
     "list " OUT "t/ t/a/ t/a/b/ t/a/b/1 t/hollow/ t/link u/ "},
    {"a wildcard", REMOVE, {"t/a/*/?"}, NULL, NULL, false, HW_OK, "list " OUT "t/ t/a/ t/hollow/ t/link u/ "},
    {"a wildcard names no folder above it",
     REMOVE,
     {"t/a/c/*"},
     NULL,
     NULL,
     false,
     HW_OK,
     "list " OUT "t/ t/a/ t/a/b/ t/a/b/1 t/a/b/2 t/a/c/ t/hollow/ t/link u/ "},
    {"files that are named leave their folder",
     REMOVE,
     {"t/a/b/1", "t/a/b/2"},
     NULL,
     NULL,
     false,
     HW_OK,
     "list " OUT "t/ t/a/ t/a/b/ t/a/c/ t/a/c/3 t/hollow/ t/link u/ "},
    {"through a link that is named",
     REMOVE,
     {"t/link/"},
     NULL,
     NULL,
     false,
     HW_OK,
     "list out/ t/ t/a/ t/a/b/ t/a/b/1 t/a/b/2 t/a/c/ t/a/c/3 t/hollow/ t/link u/ "},
    {"a dry run", REMOVE, {"t/a/"}, NULL, NULL, true, HW_OK, ALL},
    {"a list below a folder",
     REMOVE,
     {"t/"},
     NULL,
     "a/b/1\na/b/2\nhollow/none\n",
     false,
     HW_OK,
     "list " OUT "t/ t/a/ t/a/c/ t/a/c/3 t/hollow/ t/link u/ "},
    {"moved",
     MOVE,
     {"t/a/", "u/"},
     NULL,
     NULL,
     false,
     HW_OK,
     "list " OUT "t/ t/a/ t/hollow/ t/link u/ u/b/ u/b/1 u/b/2 u/c/ u/c/3 "},
    {"moved by their names",
     MOVE,
     {"t/a/c/3", "u/"},
     NULL,
     NULL,
     false,
     HW_OK,
     "list " OUT "t/ t/a/ t/a/b/ t/a/b/1 t/a/b/2 t/a/c/ t/hollow/ t/link u/ u/3 "},
    {"not in the source", SYNC, {"u/", "t/a/"}, NULL, NULL, false, HW_OK, "list " OUT "t/ t/a/ t/hollow/ t/link u/ "},
    {"some are left out",
     SYNC,
     {"u/", "t/a/"},
     "*3",
     NULL,
     false,
     HW_OK,
     "list " OUT "t/ t/a/ t/a/c/ t/a/c/3 t/hollow/ t/link u/ "},
};

static void folders_make(struct desk *desk, const struct row *row) {
    const char *list = row->list ? row->list : "";
    scratch_write(&desk->scratch, "out/secret", "secret", 6);
    scratch_write(&desk->scratch, "t/a/b/1", "1", 1);
    scratch_write(&desk->scratch, "t/a/b/2", "2", 1);
    scratch_write(&desk->scratch, "t/a/c/3", "3", 1);
    scratch_write(&desk->scratch, "list", list, strlen(list));
    assert_int_equal(mkdir(scratch_path(&desk->scratch, "t/hollow"), 0777), 0);
    assert_int_equal(mkdir(scratch_path(&desk->scratch, "u"), 0777), 0);
    assert_int_equal(symlink("../out", scratch_path(&desk->scratch, "t/link")), 0);
}

static enum hw_status row_run(struct desk *desk, const struct row *row) {
    const char *paths[2] = {scratch_path(&desk->scratch, row->paths[0]), ""};
    const size_t count = row->paths[1] ? 2 : 1;
    paths[1] = count > 1 ? scratch_path(&desk->scratch, row->paths[1]) : NULL;
    desk->options.exclude = row->exclude ? &row->exclude : NULL;
    desk->options.exclude_count = row->exclude ? 1 : 0;
    desk->options.files_from = row->list ? scratch_path(&desk->scratch, "list") : NULL;
    desk->options.dry_run = row->dry_run;
    desk->options.move = row->command == MOVE;
    if (row->command == REMOVE) {
        return hw_remove(paths, count, &desk->options, &desk->result, &desk->error);
    }
    if (row->command == MOVE) {
        return hw_copy(paths, 1, paths[1], &desk->options, &desk->result, &desk->error);
    }
    const struct hw_sync_options options = {.size = sizeof(options), .transfer = desk->options, .remove_extra = true};
    return hw_sync(paths[0], paths[1], &options, &desk->result, &desk->error);
}

static void folders_that_become_empty_go(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        desk_open(&desk);
        desk.error = (struct hw_error)HW_ERROR_INIT;
        folders_make(&desk, &rows[i]);
        const enum hw_status status = row_run(&desk, &rows[i]);
        if (status != rows[i].want) {
            assert_row_text(rows[i].name, desk.error.message, "");
        }
        assert_row_int(rows[i].name, status, rows[i].want);
        assert_row_text(rows[i].name, scratch_names(&desk.scratch), rows[i].left);
        desk_close(&desk);
    }
}

/* Batches of one folder end on several threads, and the last of them removes it. */
static void folders_of_many_batches_go(void **state) {
    (void)state;
    char name[32];
    struct desk desk;
    desk_open(&desk);
    for (unsigned i = 0; i < 2500; i++) {
        snprintf(name, sizeof(name), "t/a/%u/%04u", i % 2, i);
        scratch_write(&desk.scratch, name, "", 0);
    }
    const char *path = scratch_path(&desk.scratch, "t/");
    assert_ok(hw_remove(&path, 1, &desk.options, &desk.result, &desk.error), desk.error);
    assert_string_equal(scratch_names(&desk.scratch), "t/ ");
    desk_close(&desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folders_that_become_empty_go),
        cmocka_unit_test(folders_of_many_batches_go),
    };
    return cmocka_run_group_tests_name("transfer/remove_folders", tests, NULL, NULL);
}
