# SPDX-License-Identifier: Apache-2.0
"""Starts hawser-fault-server for the length of a test, and asks it and tells it things (control.h)."""

import contextlib
import http.client
import json
import os
import pathlib
import subprocess
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[3]
KEY_ID, SECRET = "AKIDHAWSERFAULTS", "hawser-fault-secret-0000000000000000000"


def find():
    """The program: $HAWSER_FAULT_SERVER, or that of a build here. None where it is nowhere."""
    places = [os.environ.get("HAWSER_FAULT_SERVER"), *(ROOT / "build" / p / "tests/support/fault_server/hawser-fault-server" for p in ("check", "dev", "asan"))]
    return next((str(p) for p in places if p and pathlib.Path(p).is_file()), None)


class FaultServer:
    """A running server: `url` of S3, and what its control port can do."""

    def __init__(self, process, told):
        self.process = process
        self.url = told["url"]
        self.trap = told["trap"]
        parts = urllib.parse.urlsplit(told["control"])
        self._host, self._token = parts.netloc, parts.path
        self._control = None

    def ask(self, method, path, body=None, headers=None):
        """A request to the control port; the body of its reply. Fails by AssertionError where it is no 200."""
        if self._control is None:
            self._control = http.client.HTTPConnection(self._host, timeout=60)
        try:
            self._control.request(method, f"{self._token}/{path}", body=body, headers=headers or {})
            reply = self._control.getresponse()
            text = reply.read()
        except (http.client.HTTPException, OSError):
            self._control.close()
            self._control = None
            raise
        assert reply.status == 200, f"{method} {path}: {reply.status} {text.decode(errors='replace').strip()}"
        return text

    def state(self):
        return json.loads(self.ask("GET", "state"))

    def log(self):
        return [json.loads(line) for line in self.ask("GET", "log").decode().splitlines()]

    def reset(self):
        self.ask("POST", "reset")

    def faults(self, script):
        self.ask("POST", "faults", script.encode())

    def clock(self, seconds):
        self.ask("POST", f"clock?ms={int(seconds * 1000)}")

    def account(self, key_id, secret, token="", expired=False):
        query = {"id": key_id, "secret": secret, "token": token, **({"expired": "1"} if expired else {})}
        self.ask("POST", "account?" + urllib.parse.urlencode(query))

    def bucket(self, name, **options):
        """Options as of control.h, with "_" for "-"."""
        query = urllib.parse.urlencode({k.replace("_", "-"): v for k, v in options.items()})
        self.ask("PUT", f"bucket/{name}?{query}")

    def put(self, bucket, key, body=b"", headers=None, **options):
        self.ask("PUT", f"object/{bucket}/{urllib.parse.quote(key)}?{urllib.parse.urlencode(options)}", body, headers)

    def get(self, bucket, key):
        return self.ask("GET", f"object/{bucket}/{urllib.parse.quote(key)}")

    def delete(self, bucket, key):
        self.ask("DELETE", f"object/{bucket}/{urllib.parse.quote(key)}")

    def list(self, bucket, sizes_only=False):
        """What control.h says of each object, by its key."""
        return {entry["key"]: entry for entry in json.loads(self.ask("GET", f"list/{bucket}{'?sizes=1' if sizes_only else ''}"))}

    def environment(self, key_id=KEY_ID, secret=SECRET, **more):
        """The environment for a program that uses the server."""
        return {
            **{k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "HAWSER"))},
            "AWS_ACCESS_KEY_ID": key_id,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL_S3": self.url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            **more,
        }


@contextlib.contextmanager
def running(*options):
    """Starts the server on a free port with an account of KEY_ID; stops it at the end."""
    command = [find(), "--account", f"{KEY_ID}:{SECRET}", *options]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        try:
            yield FaultServer(process, json.loads(process.stdout.readline()))
        finally:
            process.terminate()
