/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Expected: cgroups(7) and the kernel's cgroup-v2.rst: a group has at most what every group above
 * it has.
 */
#include "core/cgroup.h"

#include <errno.h>

#include "core/io.h"
#include "support/faulty_io.h"
#include "support/rows.h"
#include "support/scratch.h"

enum { FILES_MAX = 6 };

static const struct {
    const char *name;
    struct {
        const char *path; /* below the root; NULL: no more */
        const char *text;
    } files[FILES_MAX];
    uint64_t want;
} rows[] = {
    {"no files", {{0}}, 0},
    {"version 2, in the root", {{"proc/self/cgroup", "0::/\n"}, {"sys/fs/cgroup/memory.max", "1000\n"}}, 1000},
    {"version 2, a group of a group, which has the limit",
     {{"proc/self/cgroup", "0::/a/b\n"},
      {"sys/fs/cgroup/a/memory.max", "max\n"},
      {"sys/fs/cgroup/a/b/memory.max", "2000\n"}},
     2000},
    {"version 2, the group above has less",
     {{"proc/self/cgroup", "0::/a/b\n"},
      {"sys/fs/cgroup/a/memory.max", "1500\n"},
      {"sys/fs/cgroup/a/b/memory.max", "2000\n"}},
     1500},
    {"a service below systemd's slices",
     {{"proc/self/cgroup", "0::/system.slice/convert.service\n"},
      {"sys/fs/cgroup/system.slice/memory.max", "max\n"},
      {"sys/fs/cgroup/system.slice/convert.service/memory.max", "536870912\n"}},
     536870912},
    {"what is slowed down beyond memory.high counts",
     {{"proc/self/cgroup", "0::/a\n"},
      {"sys/fs/cgroup/a/memory.max", "4000\n"},
      {"sys/fs/cgroup/a/memory.high", "3000\n"}},
     3000},
    {"another group's limit is not ours",
     {{"proc/self/cgroup", "0::/a\n"}, {"sys/fs/cgroup/b/memory.max", "10\n"}, {"sys/fs/cgroup/a/memory.max", "max\n"}},
     0},
    {"version 1, a group of a group",
     {{"proc/self/cgroup", "12:cpu,cpuacct:/c\n5:memory:/jobs/7\n1:name=systemd:/\n"},
      {"sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"},
      {"sys/fs/cgroup/memory/jobs/7/memory.limit_in_bytes", "7000\n"}},
     7000},
    {"version 1, memory among other controllers",
     {{"proc/self/cgroup", "5:hugetlb,memory,cpuset:/jobs\n"},
      {"sys/fs/cgroup/memory/jobs/memory.limit_in_bytes", "7000\n"}},
     7000},
    {"a controller whose name only begins so",
     {{"proc/self/cgroup", "5:memory2:/jobs\n"}, {"sys/fs/cgroup/memory/jobs/memory.limit_in_bytes", "7000\n"}},
     0},
    {"a container sees its own group as the root, the path is the host's",
     {{"proc/self/cgroup", "5:memory:/docker/0123\n"}, {"sys/fs/cgroup/memory/memory.limit_in_bytes", "6000\n"}},
     6000},
    {"both versions at once",
     {{"proc/self/cgroup", "5:memory:/m\n0::/u\n"}, {"sys/fs/cgroup/memory/m/memory.limit_in_bytes", "5000\n"}},
     5000},
    {"no /proc, the root's limit", {{"sys/fs/cgroup/memory.max", "1000\n"}}, 1000},
    {"max is no limit", {{"proc/self/cgroup", "0::/\n"}, {"sys/fs/cgroup/memory.max", "max\n"}}, 0},
    {"a number and garbage is no limit", {{"sys/fs/cgroup/memory.max", "12 apples\n"}}, 0},
    {"a number that is too large is no limit", {{"sys/fs/cgroup/memory.max", "99999999999999999999\n"}}, 0},
    {"a negative number is no limit", {{"sys/fs/cgroup/memory.max", "-1\n"}}, 0},
    {"an empty file is no limit", {{"sys/fs/cgroup/memory.max", ""}}, 0},
    {"garbage for groups",
     {{"proc/self/cgroup", "memory\n\n:\n::\n0::x\n"}, {"sys/fs/cgroup/memory.max", "1000\n"}},
     1000},
};

static void the_smallest_limit_of_all_groups_counts(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        for (size_t k = 0; k < FILES_MAX && rows[i].files[k].path; k++) {
            scratch_write(&scratch, rows[i].files[k].path, rows[i].files[k].text, strlen(rows[i].files[k].text));
        }
        scratch.folder[strlen(scratch.folder) - 1] = '\0';
        assert_row_int(rows[i].name, hw_cgroup_memory_limit(scratch.folder), rows[i].want);
        scratch.folder[strlen(scratch.folder)] = '/';
        scratch_remove(&scratch);
    }
}

static void what_cannot_be_read_is_no_limit(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "sys/fs/cgroup/memory.max", "1000", 4);
    int files = open_files();
    scratch.folder[strlen(scratch.folder) - 1] = '\0';
    faulty_io_start_forever(IO_READ, 1, EIO);
    assert_int_equal(hw_cgroup_memory_limit(scratch.folder), 0);
    assert_int_equal(faulty_io_stop(), IO_READ);
    assert_int_equal(open_files(), files);
    scratch.folder[strlen(scratch.folder)] = '/';
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smallest_limit_of_all_groups_counts),
        cmocka_unit_test(what_cannot_be_read_is_no_limit),
    };
    return cmocka_run_group_tests_name("core/cgroup", tests, NULL, NULL);
}
