"""What stands around an emulated terminal: simulated hosts, TLS before them, and the processes.

All of it runs on this machine itself; only till.py runs in the emulator, which shares the network.
"""

import asyncio
import json
import os
import ssl
import subprocess
import threading
import time
import urllib.request
from pathlib import Path

PATIENCE_S = 120


class Hosts:
    """The simulated acquirer and wallets, one process."""

    def __init__(self, voidproof):
        ports = ["--port", "0", "--control-port", "0", "--wechat-port", "0"]
        command = [voidproof, "host", *ports]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.ports = json.loads(self.process.stdout.readline())

    def control(self, method, path, body=None):
        url = f"http://127.0.0.1:{self.ports['control']}{path}"
        request = urllib.request.Request(url, method=method, data=body and body.encode())
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()

    def offline(self):
        self.control("POST", "/do", '{"do":"offline"}')

    def online(self):
        self.control("POST", "/do", '{"do":"online"}')

    def fault(self, toml):
        self.control("POST", "/faults", "[[fault]]\n" + toml)

    def books(self):
        return json.loads(self.control("GET", "/ledger"))

    def net(self, rail="unionpay"):
        return self.books()[rail]["net"]

    def wait_for_net(self, amount):
        end = time.monotonic() + PATIENCE_S
        while self.net() != amount:
            assert time.monotonic() < end, f"net is {self.net()}, not {amount}"

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Machine:
    """How a program is started in the emulator."""

    def __init__(self, qemu, root, shim, core):
        self.core = core
        inside = {"LD_LIBRARY_PATH": shim, "LD_PRELOAD": f"{shim}/libc.so", "PYTHONPATH": core}
        inside.update(PYTHONUTF8="1", RUST_BACKTRACE="full")
        settings = [word for name, value in inside.items() for word in ("-E", f"{name}={value}")]
        self.command = [qemu, "-L", root, *settings, f"{root}/usr/bin/python3.11"]

    def till(self, folder):
        return TillProcess(self, folder)


class TillProcess:
    """One run of till.py; its calls are methods: till.sell(request="r1", amount=1)."""

    def __init__(self, machine, folder):
        program = str(Path(__file__).with_name("till.py"))
        self.folder = Path(folder)
        self.errors = self.folder / "errors.txt"
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self.errors.open("a")}
        command = [*machine.command, program, str(folder)]
        self.process = subprocess.Popen(command, text=True, env={"PATH": os.environ["PATH"]}, **pipes)
        pipes["stderr"].close()

    def ask(self, do, **given):
        """The whole answer, whatever it is."""
        try:
            print(json.dumps({"do": do, **given}), file=self.process.stdin, flush=True)
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            told = self.errors.read_text()[-4000:]
            raise AssertionError(f"the terminal ended in {do}: exit {self.process.wait()}\n{told}")
        return json.loads(line)

    def __getattr__(self, do):
        def call(**given):
            answer = self.ask(do, **given)
            assert "given" in answer, f"{do}: {answer}"
            return answer["given"]

        return call

    def kill(self):
        """SIGKILL: nothing is flushed, nobody is told."""
        self.process.kill()
        self.gone()

    def close(self):
        """The end of input: the process ends by itself, and well."""
        self.process.stdin.close()
        code = self.process.wait()
        self.process.stdout.close()
        assert code == 0, f"exit {code}: {self.errors.read_text()[-4000:]}"

    def gone(self):
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class Authority:
    """A certificate authority of one day, and certificates for this machine."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True)
        (folder / "openssl.cnf").write_text("[req]\ndistinguished_name = name\n[name]\n")
        self.pem = self.make("authority", ["basicConstraints=critical,CA:TRUE"])

    def make(self, name, extensions, signer=()):
        key, certificate = self.folder / f"{name}.key", self.folder / f"{name}.pem"
        words = ["openssl", "req", "-x509", "-config", self.folder / "openssl.cnf", "-days", "2"]
        words += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}"]
        words += ["-keyout", key, "-out", certificate, *signer]
        for extension in extensions:
            words += ["-addext", extension]
        subprocess.run(words, check=True, capture_output=True)
        return certificate

    def context(self):
        """For a server at 127.0.0.1."""
        signer = ["-CA", self.pem, "-CAkey", self.folder / "authority.key"]
        extensions = ["basicConstraints=critical,CA:FALSE", "subjectAltName=IP:127.0.0.1"]
        certificate = self.make("host", extensions, signer)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, self.folder / "host.key")
        return context


class TlsFront:
    """Ends TLS before a plain port; notes each handshake as (version, cipher)."""

    def __init__(self, authority, port):
        self.behind, self.handshakes = port, []
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        start = asyncio.start_server(self.serve, "127.0.0.1", 0, ssl=authority.context())
        self.server = asyncio.run_coroutine_threadsafe(start, self.loop).result()
        self.port = self.server.sockets[0].getsockname()[1]

    async def serve(self, reader, writer):
        shaken = writer.get_extra_info("ssl_object")
        self.handshakes.append((shaken.version(), shaken.cipher()[0]))
        try:
            behind = await asyncio.open_connection("127.0.0.1", self.behind)
        except OSError:
            writer.close()
            return
        await asyncio.gather(pump(reader, behind[1]), pump(behind[0], writer))

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)


async def pump(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # one side is gone, and the other hears of it
    finally:
        writer.close()
