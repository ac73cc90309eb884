/* SPDX-License-Identifier: Apache-2.0 */
/* Serves connections: a thread each. */
#ifndef FAULT_SERVER_SERVICE_H
#define FAULT_SERVER_SERVICE_H

#include "support/fault_server/server.h"

/* Serves the requests of a connection one after the other, until it ends. */
typedef void connection_fn(struct server *server, struct wire *wire);

/* S3; what tests ask and tell; and a place that nobody should call. */
connection_fn serve_s3, serve_control, serve_trap;

/* Listens on the loopback, on a port of its own where `port` is 0. Returns the port, 0 on an error. */
unsigned service_listen(struct server *server, unsigned port, bool tls, connection_fn *serve);

#endif
