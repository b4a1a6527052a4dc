"""Serve the built book compressed, as a real server would: `serve.py [FOLDER] [PORT]`.

Each file is compressed once. Lighthouse judges what it gets; a server that does not compress would
be judged for that, and not the book.
"""

import gzip
import sys
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PACKED = ("text/", "application/json", "application/javascript", "image/svg+xml")


class Compressed(SimpleHTTPRequestHandler):
    """Files of a folder, packed where that helps and the reader can unpack."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        there = path.is_file()
        shown = path if there else Path(self.directory) / "404.html"
        if not shown.is_file():
            self.send_error(404)
            return
        kind = self.guess_type(shown)
        can = "gzip" in self.headers.get("Accept-Encoding", "") and kind.startswith(PACKED)
        body = packed(shown) if can else shown.read_bytes()
        self.send_response(200 if there else 404)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if "text" in kind else kind)
        self.send_header("Content-Length", str(len(body)))
        if can:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing of single requests."""


@cache
def packed(path):
    return gzip.compress(path.read_bytes(), 6, mtime=0)


def main(folder="_build/html", port="8000"):
    handler = partial(Compressed, directory=folder)
    server = ThreadingHTTPServer(("127.0.0.1", int(port)), handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
