import struct
import zlib

from flask import Flask, Response, redirect, render_template, request, url_for


def create_app() -> Flask:
    app = Flask(__name__)

    @app.get("/")
    def index() -> str:
        return render_template("index.html", colour=request.cookies.get("colour", "#00aa77"))

    @app.post("/colour")
    def choose() -> Response:
        response = redirect(url_for("index"))
        response.set_cookie("colour", request.form["colour"], path=url_for("index"))
        response.set_cookie("chosen", "yes", path=url_for("index"))
        return response

    @app.get("/colour/<code>.png")
    def image(code: str) -> Response:
        return Response(make_png(bytes.fromhex(code)), mimetype="image/png")

    @app.get("/seen")
    def seen() -> dict[str, object]:
        return {
            "url": request.url,
            "root": request.script_root,
            "path": request.path,
            "query": request.args.to_dict(flat=False),
            "client": request.remote_addr,
        }

    return app


def make_png(colour: bytes) -> bytes:
    """A picture of one colour, 64 pixels wide and high."""
    rows = (b"\0" + colour * 64) * 64

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
