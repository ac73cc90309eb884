# SPDX-License-Identifier: Apache-2.0
"""The services that hand out keys, played on one port of the loopback: STS, IAM Identity Center, the agent of a container,
and the metadata service of an instance. An S3 service that refuses everything stands beside them, and tells who has signed.
"""

import contextlib
import datetime
import hashlib
import http.server
import json
import re
import threading
import urllib.parse

TOKEN = "canary-token-of-a-session"
HOUR = datetime.timedelta(hours=1)


def in_an_hour(form="%Y-%m-%dT%H:%M:%SZ"):
    return (datetime.datetime.now(datetime.timezone.utc) + HOUR).strftime(form)


class Services:
    """What the services hand out, what they were asked, and the ids of the keys that requests to S3 were signed with.

        S3 says of the keys in `expired` that their time is over.
        """

    def __init__(self, keys):
        self.keys = keys
        self.asked = []
        self.signers = []
        self.expired = set()
        self.url = ""

    def key(self, who):
        """Key id and secret: those of `keys`, or a key that says who was asked."""
        return self.keys or (who.upper(), f"canary-secret-of-{who}")

    def json_keys(self, who, token="Token"):
        key_id, secret = self.key(who)
        return {"AccessKeyId": key_id, "SecretAccessKey": secret, token: TOKEN, "Expiration": in_an_hour()}

    def sts(self, body, signer):
        form = dict(urllib.parse.parse_qsl(body))
        action, who = form["Action"], form["RoleArn"].rsplit("/", 1)[-1]
        assert (signer is None) == (action == "AssumeRoleWithWebIdentity"), action
        who = f"{who}-by-{signer}" if signer else who
        key_id, secret = self.key(who)
        return (
            f'<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result><Credentials>'
            f"<AccessKeyId>{key_id}</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey><SessionToken>{TOKEN}</SessionToken>"
            f"<Expiration>{in_an_hour()}</Expiration></Credentials><AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/r/s</Arn>"
            f"<AssumedRoleId>r</AssumedRoleId></AssumedRoleUser></{action}Result></{action}Response>"
        )

    def sso(self):
        key_id, secret = self.key("sso")
        expiration = int((datetime.datetime.now(datetime.timezone.utc) + HOUR).timestamp() * 1000)
        return {"roleCredentials": {"accessKeyId": key_id, "secretAccessKey": secret, "sessionToken": TOKEN, "expiration": expiration}}


def handler(services):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def reply(self, status, body, kind="application/json"):
            data = (body if isinstance(body, str) else json.dumps(body)).encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            services.asked.append(f"{self.command} {self.path}")
            path = self.path
            signer = re.search(r"Credential=([^/]+)/", self.headers.get("Authorization") or "")
            signer = signer.group(1) if signer else None
            if path.startswith("/sts"):
                return self.reply(200, services.sts(body, signer), "text/xml")
            if path.startswith("/federation/credentials"):
                good = self.headers.get("x-amz-sso_bearer_token") == TOKEN
                return self.reply(200, services.sso()) if good else self.reply(401, {"message": "no", "__type": "UnauthorizedException"})
            if path == "/token":
                return self.reply(200, {"accessToken": TOKEN, "expiresIn": 3600, "refreshToken": "canary-refresh-2", "tokenType": "Bearer"})
            if path.startswith("/container"):
                number = sum("/container" in line for line in services.asked)
                return self.reply(200, services.json_keys(f"container-{number}" if services.expired and number > 1 else "container"))
            if path == "/latest/api/token":
                return self.reply(200, "imds-token", "text/plain")
            if path.startswith("/latest/") and self.headers.get("x-aws-ec2-metadata-token") != "imds-token":
                return self.reply(401, "")
            if path == "/latest/meta-data/iam/security-credentials/":
                return self.reply(200, "role", "text/plain")
            if path == "/latest/meta-data/iam/security-credentials/role":
                return self.reply(200, {"Code": "Success", **services.json_keys("instance")})
            services.signers.append(signer)
            if signer in services.expired:
                return self.reply(400, "<Error><Code>ExpiredToken</Code><Message>expired</Message></Error>", "application/xml")
            return self.reply(403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>", "application/xml")

        do_GET = do_HEAD = do_PUT = do_POST = answer

    return Handler


@contextlib.contextmanager
def running(keys=None):
    services = Services(keys)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler(services))
    services.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield services
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def cached_name(owner, kind):
    """The name of the file in which the AWS CLI keeps a token."""
    return hashlib.new("sha1" if kind == "sso" else "sha256", owner.encode()).hexdigest() + ".json"
