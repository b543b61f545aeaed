"""A terminal in an emulated processor: the library that was built for Android, through UniFFI.

Runs inside qemu-user. Reads one JSON call a line, {"do": NAME, ...}, and answers each with one JSON
object a line: {"given": ...}, or {"failure": ..., ...} with the fields of a typed failure, or
{"fault": ...} when the core panicked and the boundary caught it. The end of input ends it.
"""

import json
import sys
import threading
import time

import pos_ffi as core

SUPERVISOR = "00"
PIN = b"824605"
PATIENCE_S = 120

# What a port gives that is told to garble: the boundary cannot read it and the core panics, deep in
# whatever it was doing when it asked.
GARBLED = object()
UNREADABLE = core._UniffiRustBuffer(0, 1, None)


def let_garble(converter):
    lower = converter.lower
    converter.lower = lambda value: UNREADABLE if value is GARBLED else lower(value)


let_garble(core._UniffiFfiConverterTypeClockReading)
let_garble(core._UniffiFfiConverterOptionalTypeSecret)


class Port:
    """Counts its calls, and fails as it is told: not at all, by raising, or by garbling."""

    def __init__(self):
        self.calls = 0
        self.fails = None
        self.only_threads_of_core = False

    def answer(self, good):
        self.calls += 1
        on_main = threading.current_thread() is threading.main_thread()
        if self.fails is None or (self.only_threads_of_core and on_main):
            return good()
        if self.fails == "garbles":
            return GARBLED
        raise core.PortFailure.Failed(reason="not today")


class Clock(Port, core.Clock):
    def now(self):
        wall, since_boot = time.time_ns() // 1_000_000, time.monotonic_ns() // 1_000_000
        return self.answer(lambda: core.ClockReading(wall=wall, since_boot=since_boot, boot_id="emulated"))


class Keys(Port, core.KeyStore):
    def wrap(self, key):
        return self.answer(lambda: bytes(byte ^ 0x5A for byte in key))

    def unwrap(self, wrapped):
        return self.answer(lambda: bytes(byte ^ 0x5A for byte in wrapped))


class Observer(Port, core.Observer):
    def __init__(self):
        super().__init__()
        self.changes = []
        self.told = threading.Condition()

    def on_event(self, event):
        try:
            return self.answer(lambda: None)
        finally:
            with self.told:
                self.changes.append(kind(event.change))
                self.told.notify_all()

    def once(self, look, fits):
        """What `look` gives once it fits; looked at after each event."""
        end = time.monotonic() + PATIENCE_S
        while True:
            with self.told:
                before = len(self.changes)
            seen = look()
            if fits(seen):
                return seen
            with self.told:
                left = end - time.monotonic()
                if not self.told.wait_for(lambda: len(self.changes) > before, left):
                    raise TimeoutError(f"still {seen}")


class Till:
    def __init__(self, folder):
        self.ports = {"clock": Clock(), "keys": Keys(), "observer": Observer()}
        self.observer = self.ports["observer"]
        self.places = core.Places(
            home=f"{folder}/home", outside=f"{folder}/outside", edition=core.Edition.TRAINING
        )
        core.init_logging(f"{folder}/log")
        self.begin()

    def begin(self):
        self.core = core.Core(self.places, *self.ports.values())

    # ---- the calls ----

    def open(self):
        state = self.core.open()
        if isinstance(state, core.CoreState.READY):
            self.core.log_on(SUPERVISOR, PIN)
        return state

    def begin_again(self):
        """As the app does after a fault: ends this core and opens another, in the same process."""
        self.core.shutdown()
        self.begin()
        return self.open()

    def be(self, edition):
        """Another core, for the app's edition LIVE or TRAINING."""
        self.places.edition = core.Edition[edition]
        self.begin()

    def check_profile(self, toml):
        return self.core.check_profile(core.ProfileGiven(toml=toml.encode(), beside=[]))

    def set_up(self, toml, files=None, pin=PIN.decode()):
        beside = [core.FileGiven(name=name, bytes=text.encode()) for name, text in (files or {}).items()]
        supervisor = core.NewOperator(number=SUPERVISOR, name="王店长", role=core.Role.SUPERVISOR, pin=pin.encode())
        return self.core.set_up(core.ProfileGiven(toml=toml.encode(), beside=beside), supervisor)

    def log_on(self, pin):
        return self.core.log_on(SUPERVISOR, pin.encode())

    def sell(self, request, amount, code=None):
        card = core.CardRead.MANUAL(number=b"6222020000000000018", expiry=b"3012", pin=None)
        means = core.Means.CODE(code=code.encode()) if code else core.Means.CARD(card=card)
        return self.core.sell(core.SaleRequest(request=request, amount=amount, means=means)).id

    def void(self, request, sale):
        approval = core.Approval(operator=SUPERVISOR, pin=PIN)
        reason = core.UndoReason.CUSTOMER_RETURNS
        wish = core.VoidRequest(request=request, sale=sale, reason=reason, approval=approval, card=None)
        return self.core.void_sale(wish).id

    def sale(self, sale):
        return self.core.sale(sale)

    def undo(self, undo):
        return self.core.undo(undo)

    def sale_once(self, sale, status):
        return self.observer.once(lambda: self.core.sale(sale), lambda seen: seen.status.name == status)

    def undo_once(self, undo, status):
        return self.observer.once(lambda: self.core.undo(undo), lambda seen: seen.status.name == status)

    def undo_waits_for_network(self, undo):
        def waits(seen):
            now = [step.kind.name for step in seen.steps if step.state == core.StepState.NOW]
            return seen.status.name == "QUEUED" and "WAIT_NETWORK" in now

        return self.observer.once(lambda: self.core.undo(undo), waits)

    def retry_all(self):
        self.core.retry_all()

    def quiet_once(self):
        """Once nothing is owed and no sale is on its way."""
        query = core.SaleQuery(text="", filter=core.SaleFilter.ALL, after=None, limit=100, since=None)

        def open_things():
            sales = [sale.status.name for sale in self.core.sales(query).sales]
            return len(self.core.queue()) + sales.count("SENDING") + sales.count("UNKNOWN")

        self.observer.once(open_things, lambda count: count == 0)

    def settle(self):
        return self.core.settle(None, None)

    def self_check(self):
        return self.core.self_check()

    def explain(self, code, language):
        self.core.set_language(core.Lang[language])
        return self.core.explain(code, core.Rail.UNION_PAY)

    def draw_and_read(self, text):
        """A code drawn by the core, 8 pixels a module, and what the core reads in that picture."""
        drawn, pixels, quiet = self.core.modules(text), 8, 4
        side = (drawn.size + 2 * quiet) * pixels

        def light(at):
            x, y = at % side // pixels - quiet, at // side // pixels - quiet
            inside = 0 <= x < drawn.size and 0 <= y < drawn.size
            return 20 if inside and is_dark(drawn, x, y) else 230

        picture = bytes(light(at) for at in range(side * side))
        frame = core.Frame(luminance=picture, width=side, height=side, stride=side)
        return [found.decode() for found in self.core.read_frame(frame)]

    def at_once(self, threads, rounds):
        """Good calls and garbled ones from many threads: how many were answered, how many caught."""
        counted, lock = {"answered": 0, "caught": 0}, threading.Lock()

        def work():
            for number in range(2 * rounds):
                try:
                    self.core.terminal() if number % 2 else self.garbled_call()
                    ended = "answered"
                except core.InternalError:
                    ended = "caught"
                with lock:
                    counted[ended] += 1

        workers = [threading.Thread(target=work) for _ in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return counted

    def garbled_call(self):
        """Hands the core bytes that are no sale; the bindings themselves never would."""
        library = core._UniffiLib
        call = library.uniffi_pos_ffi_fn_method_core_sell
        core._uniffi_rust_call_with_error(
            core._UniffiFfiConverterTypeFailure, call, self.core._uniffi_clone_handle(), UNREADABLE
        )

    def port(self, name, fails, only_threads_of_core=False):
        port = self.ports[name]
        port.only_threads_of_core = only_threads_of_core
        port.fails = fails

    def port_calls(self):
        return {name: port.calls for name, port in self.ports.items()}

    def told_once(self, change):
        self.observer.once(lambda: self.observer.changes, lambda changes: change in changes)


def is_dark(drawn, x, y):
    return drawn.dark[y * drawn.size + x] != 0


def plain(value):
    """Records of the boundary as JSON: fields by name, enums by name, variants with "is"."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, bytes):
        return value.hex()
    if hasattr(value, "name") and hasattr(value, "value"):
        return value.name
    fields = {name: plain(item) for name, item in vars(value).items()}
    return {"is": kind(value), **fields}


def kind(value):
    """The name of a record, or of a variant without that of its enum."""
    return type(value).__name__.rpartition(".")[2]


def answer(till, call):
    name = call.pop("do")
    try:
        return {"given": plain(getattr(till, name)(**call))}
    except core.InternalError as fault:
        return {"fault": str(fault)}
    except core.Failure as failure:
        return {**plain(failure), "failure": kind(failure)}


def main():
    till = Till(sys.argv[1])
    for line in sys.stdin:
        print(json.dumps(answer(till, json.loads(line))), flush=True)


main()
