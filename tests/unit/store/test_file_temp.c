/* SPDX-License-Identifier: Apache-2.0 */
#include "store/file_temp.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/rows.h"
#include "support/scratch.h"

/*
 * A process that has ended, as it named itself; `*out_pid` is to be waited for, as long as it is
 * not NULL.
 */
static struct hw_file_owner ended_owner(pid_t *out_pid) {
    struct hw_file_owner owner = {0};
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct hw_file_temps temps;
        hw_file_temps_init(&temps);
        owner = temps.owner;
        _exit(write(ends[1], &owner, sizeof(owner)) == sizeof(owner) ? 0 : 1);
    }
    assert_int_equal(read(ends[0], &owner, sizeof(owner)), sizeof(owner));
    siginfo_t info;
    assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
    if (out_pid) {
        *out_pid = pid;
    } else {
        assert_int_equal(waitpid(pid, NULL, 0), pid);
    }
    close(ends[0]);
    close(ends[1]);
    return owner;
}

enum whose { OURS, ENDED, UNREAPED, ELSEWHERE, OTHER_FORM, NO_TEMPORARY };

static const struct {
    const char *name;
    enum whose whose;
    int age_hours;
    bool stays;
} rows[] = {
    {"of a run that goes on", OURS, 0, true},
    {"of a run that goes on and writes to others for weeks", OURS, 2400, true},
    {"of a process that has ended", ENDED, 0, false},
    {"of one that has ended, which its parent does not know yet", UNREAPED, 0, false},
    {"of another machine", ELSEWHERE, 23, true},
    {"of another machine, more than a day ago", ELSEWHERE, 25, false},
    {"of another version", OTHER_FORM, 23, true},
    {"of another version, more than a day ago", OTHER_FORM, 25, false},
    {"no temporary", NO_TEMPORARY, 2400, true},
};

static void temporaries_without_an_owner_go(void **state) {
    (void)state;
    struct hw_file_temps temps;
    hw_file_temps_init(&temps);
    const struct hw_file_owner self = temps.owner;
    pid_t unreaped_pid;
    const struct hw_file_owner ended = ended_owner(NULL);
    const struct hw_file_owner unreaped = ended_owner(&unreaped_pid);
    const struct hw_file_owner elsewhere = {self.place + 1, self.pid, self.started};
    assert_int_equal(self.pid, getpid());
    assert_true(self.started != 0);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        char name[HW_FILE_TEMP_BYTES];
        const struct hw_file_owner *owner = rows[i].whose == OURS       ? &self
                                            : rows[i].whose == ENDED    ? &ended
                                            : rows[i].whose == UNREAPED ? &unreaped
                                                                        : &elsewhere;
        hw_file_temp_name(owner, name);
        if (rows[i].whose >= OTHER_FORM) {
            snprintf(name, sizeof(name), rows[i].whose == OTHER_FORM ? ".hawser-0123.part" : ".hawser-notes.txt");
        }
        scratch_write(&scratch, name, "x", 1);
        const time_t then = time(NULL) - 3600 * rows[i].age_hours;
        const struct timespec times[2] = {{.tv_sec = then}, {.tv_sec = then}};
        assert_int_equal(utimensat(AT_FDCWD, scratch_path(&scratch, name), times, 0), 0);
        int fd = open(scratch.folder, O_RDONLY | O_DIRECTORY);
        hw_file_temps_look(&temps, scratch.folder, strlen(scratch.folder), fd);
        close(fd);
        assert_row_int(rows[i].name, access(scratch_path(&scratch, name), F_OK) == 0, rows[i].stays);
        scratch_remove(&scratch);
    }
    assert_int_equal(waitpid(unreaped_pid, NULL, 0), unreaped_pid);
    hw_file_temps_release(&temps);
}

static void a_folder_is_looked_through_once(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    const struct hw_file_owner ended = ended_owner(NULL);
    struct hw_file_temps temps;
    hw_file_temps_init(&temps);
    for (int look = 0; look < 2; look++) {
        char name[HW_FILE_TEMP_BYTES];
        hw_file_temp_name(&ended, name);
        scratch_write(&scratch, name, "x", 1);
        int fd = open(scratch.folder, O_RDONLY | O_DIRECTORY);
        hw_file_temps_look(&temps, scratch.folder, strlen(scratch.folder), fd);
        close(fd);
        assert_int_equal(access(scratch_path(&scratch, name), F_OK) == 0, look == 1);
    }
    hw_file_temps_release(&temps);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(temporaries_without_an_owner_go),
        cmocka_unit_test(a_folder_is_looked_through_once),
    };
    return cmocka_run_group_tests_name("store/file_temp", tests, NULL, NULL);
}
