/* SPDX-License-Identifier: Apache-2.0 */
#include "core/shown_name.h"

#include <strings.h>

struct hw_shown_name hw_shown_name(const char *path) {
    static const hw_view schemes[] = {HW_VIEW_INIT("https://"), HW_VIEW_INIT("http://")};
    struct hw_shown_name shown = {.scheme = {path, 0}, .rest = hw_view_of(path)};
    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        if (strncasecmp(path, schemes[i].data, schemes[i].size) == 0) {
            shown.scheme.size = schemes[i].size;
        }
    }
    if (shown.scheme.size == 0) {
        return shown;
    }
    const char *rest = path + shown.scheme.size;
    /* A '/' may stand in a password that was not encoded: the last '@' before the query counts. */
    const size_t told = strcspn(rest, "?#");
    const char *at = told > 0 ? memrchr(rest, '@', told) : NULL;
    const bool user = at && (size_t)(at - rest) < strcspn(rest, "/?#");
    const bool doubtful = at && !user && memchr(rest, ':', strcspn(rest, "/")) != NULL;
    shown.user = user || doubtful;
    shown.rest = shown.user ? (hw_view){at + 1, told - (size_t)(at - rest) - 1} : (hw_view){rest, told};
    shown.query = rest[told] != '\0';
    return shown;
}
