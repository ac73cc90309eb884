/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fault_server/server.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

void server_account(struct server *server, const char *id, const char *secret, const char *session, bool expired) {
    struct account *account = NULL;
    for (size_t i = 0; i < server->accounts_count; i++) {
        account = strcmp(server->accounts[i]->id, id) == 0 ? server->accounts[i] : account;
    }
    if (!account) {
        server->accounts = must_resize(server->accounts, (server->accounts_count + 1) * sizeof(struct account *));
        account = server->accounts[server->accounts_count++] = must_zero(sizeof(*account));
        account->id = must_copy(id);
    }
    /* A request on another thread may still read the old ones: they are not freed. */
    account->secret = must_copy(secret);
    account->token = session && *session ? must_copy(session) : NULL;
    account->expired = expired;
}

int64_t server_now_ms(const struct server *server) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000 + server->clock_offset_ms;
}

void time_iso(int64_t ms, char out[32]) {
    struct tm tm;
    char date[24];
    time_t seconds = ms / 1000;
    strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", gmtime_r(&seconds, &tm));
    snprintf(out, 32, "%s.%03dZ", date, (int)(ms % 1000));
}

void time_http(int64_t ms, char out[32]) {
    struct tm tm;
    time_t seconds = ms / 1000;
    strftime(out, 32, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&seconds, &tm));
}

bool time_http_read(const char *text, int64_t *out_seconds) {
    struct tm tm = {0};
    const char *end = strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
    if (!end || *end) {
        return false;
    }
    *out_seconds = timegm(&tm);
    return true;
}

bool call_refuse(struct call *call, int status, const char *code, const char *message) {
    reply_error(&call->reply, status, code, message, call->request_id);
    return false;
}

const char *call_header(const struct call *call, const char *name) {
    return fields_get(&call->request.headers, name);
}

const char *call_query(const struct call *call, const char *name) {
    return fields_get(&call->request.query, name);
}
