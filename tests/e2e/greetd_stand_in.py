"""greetd, but for logging anybody in: it takes root and a seat. The real one is in tests/login. It talks greetd-ipc over a
socket and asks as PAM does; what it was told is kept in `told`."""

import json
import pathlib
import socket
import struct
import threading

ACCOUNTS = {"ada": "opensesame", "open": None}  # whose password is what; None: whoever comes
SUCCESS = {"type": "success"}


def asks(kind, text):
    return {"type": "auth_message", "auth_message_type": kind, "auth_message": text}


def wrong(description, kind="auth_error"):
    return {"type": "error", "error_type": kind, "description": description}


class Greetd:
    """`says`, where that is set, is sent in the place of every answer but the first: bytes, with their length or without."""

    def __init__(self, folder):
        self.path = pathlib.Path(folder) / "greetd.sock"
        self.told, self.says, self.expired = [], None, False
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(str(self.path))
        self.server.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.close()
        self.path.unlink(missing_ok=True)

    def types(self):
        return [message["type"] for message in self.told]

    def _serve(self):
        while True:
            try:
                connection = self.server.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._talk, args=[connection], daemon=True).start()

    def _talk(self, connection):
        user, right = None, False
        with connection, connection.makefile("rb") as stream:
            while len(head := stream.read(4)) == 4:
                message = json.loads(stream.read(struct.unpack("=I", head)[0]))
                self.told.append(message)
                kind = message["type"]
                if kind == "create_session":
                    user, right = message["username"], False
                    password = ACCOUNTS.get(user, "no password is right")
                    right = password is None
                    answer = SUCCESS if right else asks("secret", "Password: ")
                elif kind == "post_auth_message_response":
                    right = message.get("response") == ACCOUNTS.get(user, "no password is right")
                    answer = SUCCESS if right else wrong("pam_authenticate: AUTH_ERR")
                    if right and self.expired:
                        right, answer = False, wrong("pam_acct_mgmt: ACCT_EXPIRED", "error")
                elif kind == "start_session":
                    answer = SUCCESS if right else wrong("there is no session", "error")
                else:
                    answer = SUCCESS
                data = json.dumps(answer).encode()
                frame = struct.pack("=I", len(data)) + data
                try:
                    connection.sendall(self.says if self.says and kind != "cancel_session" else frame)
                except OSError:
                    return
                if self.says and kind != "cancel_session":
                    return
