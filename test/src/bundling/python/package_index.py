"""Makes packages, and serves folders of them as package indexes.

`wheel FOLDER NAME VERSION TEXT [TAG]` makes a wheel with one module.
`sdist FOLDER NAME VERSION TEXT [TAG]` makes a source distribution. Its module also has the environment of its build, as ENVIRONMENT.
`serve FOLDER` serves each folder in it as an index, below `/<folder>/simple/`. The one named `private` wants user:open-sesame.
"""
import base64
import hashlib
import http.server
import io
import os
import sys
import tarfile
import zipfile

MAKE_WHEEL = '''
def make_wheel(name, version, text, tag, extra=()):
    import io, zipfile
    info = f"{name}-{version}.dist-info"
    purelib = "true" if tag.endswith("any") else "false"
    files = {
        f"{name}.py": text,
        f"{info}/METADATA": f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: {purelib}\\nTag: {tag}\\n",
    }
    record = "".join(f"{file},,\\n" for file in [*files, f"{info}/RECORD"])
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as wheel:
        for file, content in {**files, f"{info}/RECORD": record}.items():
            wheel.writestr(zipfile.ZipInfo(file), content)
    return f"{name}-{version}-{tag}.whl", target.getvalue()
'''
exec(MAKE_WHEEL)

BACKEND = MAKE_WHEEL + '''
def build_wheel(folder, config_settings=None, metadata_directory=None):
    import os
    name, version, text, tag = PACKAGE
    environment = {**os.environ, "ENTRIES_OF_HOME": str(os.listdir(os.environ["HOME"]))}
    file, content = make_wheel(name, version, f"{text}\\nENVIRONMENT = {environment!r}\\n", tag)
    with open(os.path.join(folder, file), "wb") as target:
        target.write(content)
    return file
'''


def wheel(folder, name, version, text, tag="py3-none-any"):
    file, content = make_wheel(name, version, text, tag)
    write(folder, file, content)


def sdist(folder, name, version, text, tag="py3-none-any"):
    files = {
        "PKG-INFO": f"Metadata-Version: 2.2\nName: {name}\nVersion: {version}\n",
        "pyproject.toml": f'[project]\nname = "{name}"\nversion = "{version}"\n[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
        "backend.py": f"PACKAGE = {(name, version, text, tag)!r}\n{BACKEND}",
    }
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as archive:
        for file, content in files.items():
            entry = tarfile.TarInfo(f"{name}-{version}/{file}")
            entry.size = len(content.encode())
            archive.addfile(entry, io.BytesIO(content.encode()))
    write(folder, f"{name}-{version}.tar.gz", target.getvalue())


def write(folder, file, content):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, file), "wb") as target:
        target.write(content)


class Index(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        _, index, kind, name, *_ = f"{self.path}///".split("/")
        expected = "Basic " + base64.b64encode(b"user:open-sesame").decode()
        folder = os.path.join(sys.argv[2], index)
        if index == "private" and self.headers.get("Authorization") != expected:
            self.answer(401, b"")
        elif kind == "files" and os.path.exists(os.path.join(folder, name)):
            with open(os.path.join(folder, name), "rb") as file:
                self.answer(200, file.read(), "application/octet-stream")
        elif kind == "simple" and os.path.isdir(folder):
            files = [file for file in sorted(os.listdir(folder)) if file.split("-")[0] == name]
            links = "".join(f'<a href="/{index}/files/{file}#sha256={digest(os.path.join(folder, file))}">{file}</a>' for file in files)
            self.answer(200 if files else 404, f"<!DOCTYPE html><html><body>{links}</body></html>".encode())
        else:
            self.answer(404, b"")

    do_HEAD = do_GET

    def answer(self, status, body, content_type="text/html"):
        self.send_response(status)
        if status == 401:
            self.send_header("WWW-Authenticate", "Basic")
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        pass


def digest(file):
    with open(file, "rb") as opened:
        return hashlib.sha256(opened.read()).hexdigest()


def serve(_folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
    print(server.server_port, flush=True)
    server.serve_forever()


{"wheel": wheel, "sdist": sdist, "serve": serve}[sys.argv[1]](*sys.argv[2:])
