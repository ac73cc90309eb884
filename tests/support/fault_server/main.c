/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

#include "support/fault_server/control.h"
#include "support/fault_server/faults.h"
#include "support/fault_server/service.h"

static const char help[] =
    "hawser-fault-server [OPTION...]: an S3 server of the tests and benchmarks.\n"
    "\n"
    "It listens on the loopback and prints a line of JSON with its addresses once it does: url of S3,\n"
    "control of what tests ask (control.h), trap of a port that nobody should call. It ends with SIGTERM,\n"
    "or when the program that started it does.\n"
    "\n"
    "  --port N                 the port of S3; one that is free\n"
    "  --account ID:SECRET[:TOKEN]   a key pair; may stand again. None: hawser:hawser-secret\n"
    "  --bucket NAME[?owner=ID&readers=ID;ID&writers=*&versions=1&keys=N&bytes=N...]   may stand again; control.h\n"
    "  --faults FILE            a script of faults; script.h says how it is written\n"
    "  --region NAME            us-east-1\n"
    "  --domain NAME            takes bucket.NAME as a host as well\n"
    "  --tls CERT,KEY           PEM files\n"
    "  --folder DIR             large objects lie in files there, not in memory\n"
    "  --discard                counts what is put and forgets it; objects have made-up bytes of the same size\n"
    "  --no-checks              does not prove bodies (signatures are proved): for benchmarks\n"
    "  --allow-unsigned-payload without TLS too\n"
    "  --no-encoding            takes no notice of encoding-type, as some services do\n"
    "  --copy-max BYTES         largest source of a copy; 5368709120\n"
    "  --part-min BYTES         smallest part but the last; 5242880\n"
    "  --page-max N             entries of a page of a listing; 1000\n"
    "  --token TEXT             of the control port; a random one\n"
    "  --kinds                  prints the kinds of faults\n";

static void fail(const char *what, const char *why) {
    fprintf(stderr, "hawser-fault-server: %s: %s\n", what, why);
    exit(2);
}

static void account_option(struct server *server, const char *text) {
    char *copy = must_copy(text), *secret = strchr(copy, ':');
    if (!secret) {
        fail(text, "an account is ID:SECRET[:TOKEN]");
    }
    *secret++ = '\0';
    char *token = strchr(secret, ':');
    if (token) {
        *token++ = '\0';
    }
    server_account(server, copy, secret, token, false);
    free(copy);
}

static void faults_option(struct server *server, const char *path) {
    struct text text = {0};
    char piece[4096];
    FILE *file = fopen(path, "r");
    size_t got = 0;
    if (!file) {
        fail(path, "cannot be read");
    }
    while ((got = fread(piece, 1, sizeof(piece), file)) > 0) {
        text_add(&text, piece, got);
    }
    fclose(file);
    const char *problem = script_read(text_of(&text), &server->script);
    if (problem) {
        fail(path, problem);
    }
    text_release(&text);
}

static void tls_option(struct server *server, const char *text) {
    char *copy = must_copy(text), *key = strchr(copy, ',');
    if (!key) {
        fail(text, "TLS wants CERT,KEY");
    }
    *key++ = '\0';
    server->tls = SSL_CTX_new(TLS_server_method());
    if (!server->tls || SSL_CTX_use_certificate_chain_file(server->tls, copy) != 1 ||
        SSL_CTX_use_PrivateKey_file(server->tls, key, SSL_FILETYPE_PEM) != 1) {
        fail(text, "the certificate or its key cannot be used");
    }
    free(copy);
}

static uint64_t number_option(const char *text) {
    uint64_t number = 0;
    if (!number_read(text, &number)) {
        fail(text, "is no number");
    }
    return number;
}

/* What is said on the command line and is no part of the server. */
struct wishes {
    unsigned port;
    const char *folder;
    char token[40];
};

typedef void option_fn(struct server *server, struct wishes *wishes, const char *value);

static void take_port(struct server *server, struct wishes *wishes, const char *value) {
    (void)server;
    wishes->port = (unsigned)number_option(value);
}

static void take_account(struct server *server, struct wishes *wishes, const char *value) {
    (void)wishes;
    account_option(server, value);
}

static void take_bucket(struct server *server, struct wishes *wishes, const char *value) {
    (void)wishes;
    if (!control_bucket(server, value)) {
        fail(value, "a bucket needs a name");
    }
}

static void take_faults(struct server *server, struct wishes *wishes, const char *value) {
    (void)wishes;
    faults_option(server, value);
}

static void take_region(struct server *server, struct wishes *wishes, const char *value) {
    (void)wishes;
    server->settings.region = value;
}

static void take_domain(struct server *server, struct wishes *wishes, const char *value) {
    (void)wishes;
    server->settings.domain = value;
}

static void take_tls(struct server *server, struct wishes *wishes, const char *value) {
    (void)wishes;
    tls_option(server, value);
}

static void take_folder(struct server *server, struct wishes *wishes, const char *value) {
    (void)server;
    wishes->folder = value;
}

static void take_discard(struct server *server, struct wishes *wishes, const char *value) {
    (void)wishes;
    (void)value;
    server->settings.forgets = true;
}

static void take_no_checks(struct server *server, struct wishes *wishes, const char *value) {
    (void)wishes;
    (void)value;
    server->settings.checks = false;
}

static void take_unsigned(struct server *server, struct wishes *wishes, const char *value) {
    (void)wishes;
    (void)value;
    server->settings.unsigned_allowed = true;
}

static void take_no_encoding(struct server *server, struct wishes *wishes, const char *value) {
    (void)wishes;
    (void)value;
    server->settings.no_encoding = true;
}

static void take_copy_max(struct server *server, struct wishes *wishes, const char *value) {
    (void)wishes;
    server->settings.copy_bytes_max = number_option(value);
}

static void take_part_min(struct server *server, struct wishes *wishes, const char *value) {
    (void)wishes;
    server->settings.part_bytes_min = number_option(value);
}

static void take_page_max(struct server *server, struct wishes *wishes, const char *value) {
    (void)wishes;
    server->settings.page_max = number_option(value);
}

static void take_token(struct server *server, struct wishes *wishes, const char *value) {
    (void)server;
    snprintf(wishes->token, sizeof(wishes->token), "%s", value);
}

static void take_kinds(struct server *server, struct wishes *wishes, const char *value) {
    (void)server;
    (void)wishes;
    (void)value;
    fault_kinds_print();
    exit(0);
}

static void take_help(struct server *server, struct wishes *wishes, const char *value) {
    (void)server;
    (void)wishes;
    (void)value;
    fputs(help, stdout);
    exit(0);
}

static const struct {
    const char *name;
    int has_value;
    option_fn *take;
} rows[] = {{"port", 1, take_port},
            {"account", 1, take_account},
            {"bucket", 1, take_bucket},
            {"faults", 1, take_faults},
            {"region", 1, take_region},
            {"domain", 1, take_domain},
            {"tls", 1, take_tls},
            {"folder", 1, take_folder},
            {"discard", 0, take_discard},
            {"no-checks", 0, take_no_checks},
            {"allow-unsigned-payload", 0, take_unsigned},
            {"no-encoding", 0, take_no_encoding},
            {"copy-max", 1, take_copy_max},
            {"part-min", 1, take_part_min},
            {"page-max", 1, take_page_max},
            {"token", 1, take_token},
            {"kinds", 0, take_kinds},
            {"help", 0, take_help}};

enum { ROWS = sizeof(rows) / sizeof(*rows) };

static void options_read(struct server *server, struct wishes *wishes, int count, char **arguments) {
    struct option table[ROWS + 1] = {0};
    int row = 0;
    for (size_t i = 0; i < ROWS; i++) {
        table[i] = (struct option){.name = rows[i].name, .has_arg = rows[i].has_value};
    }
    for (int found = 0; (found = getopt_long(count, arguments, "", table, &row)) != -1;) {
        if (found != 0) {
            exit(2); /* getopt has said why */
        }
        rows[row].take(server, wishes, optarg);
    }
    if (optind < count) {
        fail(arguments[optind], "is no option");
    }
}

static void random_token(char out[40]) {
    uint8_t bytes[16];
    if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes)) {
        fail("getrandom", "gives no bytes");
    }
    hex_text(bytes, sizeof(bytes), out);
}

static void open_files_raise(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int main(int count, char **arguments) {
    static struct server server = {.lock = PTHREAD_MUTEX_INITIALIZER,
                                   .settings = {.region = "us-east-1",
                                                .checks = true,
                                                .copy_bytes_max = (uint64_t)5 << 30,
                                                .part_bytes_min = 5 << 20,
                                                .page_max = 1000}};
    struct wishes wishes = {0};
    digest_prepare();
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    signal(SIGPIPE, SIG_IGN);
    open_files_raise();
    options_read(&server, &wishes, count, arguments);
    if (!blob_prepare(wishes.folder)) {
        fail("--folder", "no file can be made");
    }
    if (!server.accounts_count) {
        server_account(&server, "hawser", "hawser-secret", NULL, false);
    }
    if (!*wishes.token) {
        random_token(wishes.token);
    }
    control_prepare(wishes.token);
    server.trap_port = service_listen(&server, 0, false, serve_trap);
    unsigned control = service_listen(&server, 0, false, serve_control);
    unsigned port = service_listen(&server, wishes.port, server.tls, serve_s3);
    pthread_mutex_lock(&server.lock); /* somebody may have found the port already */
    server.port = port;
    pthread_mutex_unlock(&server.lock);
    if (!server.trap_port || !control || !port) {
        fail("listen", "the port cannot be had");
    }
    printf("{\"url\":\"%s://127.0.0.1:%u\",\"control\":\"http://127.0.0.1:%u/%s\",\"trap\":\"http://127.0.0.1:%u\"}\n",
           server.tls ? "https" : "http", port, control, wishes.token, server.trap_port);
    fflush(stdout);
    for (;;) {
        pause();
    }
}
