/* SPDX-License-Identifier: Apache-2.0 */
#include "objects/doctor_machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/cgroup.h"
#include "core/io.h"
#include "core/temp_file.h"

enum {
    /* Connections, files and threads of a run with many objects take so many descriptors. */
    OPEN_FILES_LEAST = 1024,
    MEMORY_MIB_LEAST = 128,
    TEMP_MIB_LEAST = 1024,
};

static void open_files_check(struct hw_doctor_call *call) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return;
    }
    const bool few = limit.rlim_max < OPEN_FILES_LEAST;
    hw_doctor_say(call, "open-files", few ? HW_DOCTOR_WARNING : HW_DOCTOR_OK,
                  few ? "Raise the limit (ulimit -Hn, LimitNOFILE= of systemd), or give fewer --connections." : "",
                  "%" PRIu64 " at most", (uint64_t)limit.rlim_max);
}

static void memory_check(struct hw_doctor_call *call, const char *root) {
    const long pages = sysconf(_SC_PHYS_PAGES);
    const long page_bytes = sysconf(_SC_PAGESIZE);
    const uint64_t machine = pages > 0 && page_bytes > 0 ? (uint64_t)pages * (uint64_t)page_bytes : 0;
    const uint64_t group = hw_cgroup_memory_limit(root);
    const uint64_t least = group > 0 && group < machine ? group : machine;
    const bool little = least < HW_MIB(MEMORY_MIB_LEAST);
    hw_doctor_say(call, "memory", little ? HW_DOCTOR_WARNING : HW_DOCTOR_OK,
                  little ? "Give --memory, so that a run stays below the limit." : "",
                  "%" PRIu64 " MiB, %s; %ld processors", least >> 20,
                  least == machine ? "and no control group sets less" : "as a control group limits it",
                  sysconf(_SC_NPROCESSORS_ONLN));
}

static void temp_folder_check(struct hw_doctor_call *call) {
    const char *given = getenv("TMPDIR");
    struct hw_error err = HW_ERROR_INIT;
    struct statvfs facts;
    int fd;
    if (hw_temp_file_open(&fd, &err) != HW_OK) {
        hw_doctor_fail(call, "temp-folder", "Set TMPDIR to a folder that can be written to.", &err);
        return;
    }
    const bool known = fstatvfs(fd, &facts) == 0;
    hw_io()->close(fd);
    const uint64_t free_mib = known ? ((uint64_t)facts.f_bavail * (uint64_t)facts.f_frsize) >> 20 : 0;
    const bool little = known && free_mib < TEMP_MIB_LEAST;
    hw_doctor_say(call, "temp-folder", little ? HW_DOCTOR_WARNING : HW_DOCTOR_OK,
                  little ? "Set TMPDIR to a folder with more room; only lists of very many objects need it." : "",
                  "%s, %" PRIu64 " MiB free", given && given[0] ? given : "/var/tmp", free_mib);
}

char *hw_doctor_proxy_text(const char *address, char out[HW_DOCTOR_PROXY_BYTES]) {
    const char *scheme = strstr(address, "://");
    const char *host = scheme ? scheme + 3 : address;
    const size_t authority = strcspn(host, "/?#");
    const char *at = memrchr(host, '@', authority);
    snprintf(out, HW_DOCTOR_PROXY_BYTES, "%.*s%.*s", (int)(host - address), address,
             (int)(authority - (at ? (size_t)(at + 1 - host) : 0)), at ? at + 1 : host);
    return out;
}

/*
 * The variables that libcurl asks. It does not know HTTP_PROXY, which a CGI program gets from
 * outside.
 */
static void proxy_check(struct hw_doctor_call *call) {
    static const char *const names[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    HW_AUTO(hw_buf) found = {0};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char text[HW_DOCTOR_PROXY_BYTES];
        const char *value = getenv(names[i]);
        if (value && value[0]) {
            (void)!hw_buf_printf(&found, NULL, "%s%s=%s", found.size > 0 ? ", " : "", names[i],
                                 hw_doctor_proxy_text(value, text));
        }
    }
    const char *without = getenv("no_proxy") ? getenv("no_proxy") : getenv("NO_PROXY");
    if (found.size == 0 || hw_buf_end_text(&found, NULL) != HW_OK) {
        hw_doctor_say(call, "proxy", HW_DOCTOR_OK, "", "none");
        return;
    }
    hw_doctor_say(call, "proxy", HW_DOCTOR_OK, "", "%s; none for %s", (const char *)found.data,
                  without && without[0] ? without : "no host (no_proxy)");
}

void hw_doctor_machine(struct hw_doctor_call *call, const char *root) {
    open_files_check(call);
    memory_check(call, root);
    temp_folder_check(call);
    proxy_check(call);
}
