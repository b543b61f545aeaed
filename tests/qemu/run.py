"""Runs the core's ARM library, as it is packed for Android, in an emulated processor.

    run.py --qemu PROGRAM --root FOLDER --shim FOLDER --core FOLDER --voidproof PROGRAM [--seconds S]

`root` has Debian's Python for that processor, `shim` Android's libraries made of glibc, `core` the
library and its Python bindings. Each function below is one scenario; it prints "ok NAME", and the
first that fails ends the run. With --seconds, kills at random moments go on for so long.
"""

import argparse
import json
import random
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time
import traceback
from pathlib import Path

from shop import Authority, Hosts, Machine, TlsFront

PROFILE = """schema = 1
[merchant]
id = "898310048140001"
name = "示例便利店"
[terminal]
id = "10000001"
[unionpay]
host = "127.0.0.1:{unionpay}"
tmk = "31323334353637383132333435363738"
timeout_s = 20
{tls}
[wechat]
base_url = "{scheme}://127.0.0.1:{wechat}"
app_id = "wx8888888888888888"
mch_id = "1900000109"
api_key = "192006250b4c09247ec02edce69f6a2d"
{tls}
"""
PAYS_AT_ONCE = "130000000000000000"
AMOUNT = 12_34


def profile(ports, tls=False):
    line, scheme = ('tls_ca = "keys/ca.pem"', "https") if tls else ("", "http")
    return PROFILE.format(unionpay=ports["unionpay"], wechat=ports["wechat"], scheme=scheme, tls=line)


class Shop:
    """A folder, simulated hosts, and the machine, for one scenario."""

    def __init__(self, options, folder):
        self.options, self.folder = options, Path(folder)
        self.machine = Machine(options.qemu, options.root, options.shim, options.core)
        self.hosts = Hosts(options.voidproof)
        self.home = self.folder / "home"

    def till(self):
        return self.machine.till(self.folder)

    def set_up(self):
        till = self.till()
        state = till.set_up(toml=profile(self.hosts.ports))
        assert state["is"] == "READY", state
        return till

    def opened(self):
        till = self.till()
        state = till.open()
        assert state["is"] == "READY", state
        return till

    def journal(self):
        """The terminal's sales, read beside it by the command line of this machine."""
        command = [self.options.voidproof, "--home", self.home, "--json", "journal"]
        return json.loads(subprocess.run(command, capture_output=True, text=True).stdout)["sales"]

    def check_books(self, till):
        """Both ledgers say the same, and the terminal's audit is whole."""
        ours = {}
        for sale in self.journal():
            key = sale["order_no"] or f"{sale['batch']}:{sale['trace']}"
            ours[sale["rail"], key] = sale["net"]
        books = self.hosts.books()
        assert not any(ledger["violations"] for ledger in books.values()), books
        theirs = {(rail, sale["key"]): sale["net"] for rail, ledger in books.items() for sale in ledger["sales"]}
        for key in ours.keys() | theirs.keys():
            assert ours.get(key, 0) == theirs.get(key, 0), f"{key}: ours {ours}, theirs {theirs}"
        (audit,) = [item for item in till.self_check() if item["title"] == "账本"]
        assert audit["state"] == "OK", audit

    def check_database(self):
        """This machine's own SQLite reads what the emulated one wrote, its log included."""
        copy = self.folder / "copy"
        shutil.copytree(self.home, copy)
        assert (copy / "ledger.db-wal").stat().st_size > 0
        base = sqlite3.connect(copy / "ledger.db")
        assert base.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert base.execute("SELECT count(*) FROM original").fetchone() > (0,)
        base.close()
        shutil.rmtree(copy)


# ---- the life of a void ----


def a_void_noted_offline_survives_a_kill_and_arrives_once(shop):
    till = shop.set_up()
    sale = till.sell(request="r1", amount=AMOUNT)
    till.sale_once(sale=sale, status="APPROVED")
    assert shop.hosts.net() == AMOUNT
    shop.hosts.offline()
    undo = till.void(request="v1", sale=sale)
    till.undo_waits_for_network(undo=undo)
    till.kill()
    shop.check_database()
    till = shop.opened()
    assert till.undo(undo=undo)["status"] == "QUEUED"
    shop.hosts.online()
    till.retry_all()
    till.undo_once(undo=undo, status="VOIDED")
    assert till.sale(sale=sale)["net"] == 0 and shop.hosts.net() == 0
    shop.check_books(till)
    assert till.settle()["result"] == "BALANCED"
    till.close()


def a_sale_cut_off_by_a_kill_is_unknown_and_reversed(shop):
    till = shop.set_up()
    shop.hosts.fault('on="sale"\nat="after_booking"\ndo="delay"\narg="60000"')
    sale = till.sell(request="r1", amount=AMOUNT)
    shop.hosts.wait_for_net(AMOUNT)
    till.kill()
    shop.hosts.offline()
    till = shop.opened()
    seen = till.sale(sale=sale)
    assert (seen["status"], seen["net"]) == ("UNKNOWN", None), seen
    shop.hosts.online()
    till.retry_all()
    till.sale_once(sale=sale, status="REVERSED")
    shop.check_books(till)
    till.close()


# ---- the boundary ----


def failures_are_typed_and_the_terminal_looks_at_itself(shop):
    till = shop.till()
    assert till.open()["is"] == "NEEDS_SET_UP"
    good = profile(shop.hosts.ports)
    assert till.check_profile(toml=good)["merchant_name"] == "示例便利店"
    wrong = till.ask("check_profile", toml=good.replace("[unionpay]", 'colour = "red"\n[unionpay]'))
    assert (wrong["failure"], wrong["line"], wrong["key"]) == ("ProfileInvalid", 7, "terminal.colour"), wrong
    easy = till.ask("set_up", toml=good, pin="123456")
    assert easy["explanation"]["code"] == "local.PIN_UNFIT", easy
    till.be(edition="LIVE")
    practice = till.ask("set_up", toml=good)
    assert (practice["failure"], practice["key"]) == ("ProfileInvalid", "unionpay.host"), practice
    till.be(edition="TRAINING")
    assert till.set_up(toml=good)["terminal"]["operator"]["name"] == "王店长"
    assert till.ask("log_on", pin="1111")["attempts_left"] == 4
    looked = till.self_check()
    assert all(item["state"] != "BAD" for item in looked), looked
    (room,) = [int(re.sub(r"\D", "", item["detail"])) for item in looked if item["title"] == "存储空间"]
    free = shutil.disk_usage(shop.folder).free >> 20
    assert free / 2 < room < free * 2, f"{room} MB, not {free}"
    chinese, english = (till.explain(code="51", language=language)["title"] for language in ("ZH", "EN"))
    assert not chinese.isascii() and english.isascii(), (chinese, english)
    text = "weixin://wxpay/bizpayurl?pr=abc123"
    assert till.draw_and_read(text=text) == [text]
    till.close()


def callbacks_that_fail_break_nothing(shop):
    till = shop.set_up()
    till.told_once(change="TERMINAL_CHANGED")
    calls = till.port_calls()
    assert all(calls.values()), calls
    till.port(name="clock", fails="raises")
    till.port(name="observer", fails="raises")
    sale = till.sell(request="r1", amount=AMOUNT)
    till.sale_once(sale=sale, status="APPROVED")
    assert "observer: " in (shop.folder / "log/core.log").read_text()
    till.close()
    till = shop.till()
    till.port(name="keys", fails="raises")
    broken = till.open()
    assert (broken["is"], broken["failure"]["is"]) == ("BROKEN", "KeysLost"), broken
    till.port(name="keys", fails=None)
    assert till.open()["is"] == "READY"
    assert till.sale(sale=sale)["status"] == "APPROVED"
    shop.check_books(till)
    till.close()


# ---- TLS by the library's own rustls and ring ----


def cards_and_wallets_are_reached_over_tls(shop):
    authority = Authority(shop.folder / "authority")
    fronts = {rail: TlsFront(authority, shop.hosts.ports[rail]) for rail in ("unionpay", "wechat")}
    given = profile({rail: front.port for rail, front in fronts.items()}, tls=True)
    till = shop.till()
    till.set_up(toml=given, files={"keys/ca.pem": authority.pem.read_text()})
    for request, code in (("card", None), ("code", PAYS_AT_ONCE)):
        sale = till.sell(request=request, amount=AMOUNT, code=code)
        till.sale_once(sale=sale, status="APPROVED")
        undo = till.void(request=f"{request}-void", sale=sale)
        till.undo_once(undo=undo, status="VOIDED")
    shop.check_books(till)
    for front in fronts.values():
        assert front.handshakes and all(version == "TLSv1.3" for version, _ in front.handshakes), front.handshakes
        front.close()
    till.close()


def a_host_with_a_strange_certificate_gets_no_message(shop):
    known, strange = Authority(shop.folder / "known"), Authority(shop.folder / "strange")
    front = TlsFront(strange, shop.hosts.ports["unionpay"])
    given = profile({"unionpay": front.port, "wechat": front.port}, tls=True)
    till = shop.till()
    till.set_up(toml=given, files={"keys/ca.pem": known.pem.read_text()})
    sale = till.sell(request="r1", amount=AMOUNT)
    told = till.sale_once(sale=sale, status="NOT_SENT")["explanation"]["code"]
    assert told == "net.TLS_FAILED", told
    assert not front.handshakes and shop.hosts.books()["unionpay"]["sales"] == []
    front.close()
    till.close()


# ---- panics ----


def crash_record(shop):
    return (shop.home / "crash.log").read_text().splitlines()


def depth(till):
    """Frames of the first panic, as the unwinder listed them."""
    trace = till.errors.read_text().split("stack backtrace:")[1]
    return sum(entry.strip().split(":")[0].isdigit() for entry in trace.splitlines())


def a_panic_is_a_fault_and_a_record_and_the_core_goes_on(shop):
    till = shop.set_up()
    assert "fault" in till.ask("garbled_call")
    till.told_once(change="RESTART_NEEDED")
    (line,) = crash_record(shop)
    assert ".rs:" in line, line
    assert depth(till) > 5, till.errors.read_text()
    sale = till.sell(request="r1", amount=AMOUNT)
    till.sale_once(sale=sale, status="APPROVED")
    till.close()


def a_panic_deep_in_the_core_gives_back_what_it_held(shop):
    """The home's lock and the ledger are held when the key store garbles: cleanups must run."""
    shop.set_up().close()
    till = shop.till()
    till.port(name="keys", fails="garbles")
    assert "fault" in till.ask("open")
    assert depth(till) > 20, till.errors.read_text()
    till.port(name="keys", fails=None)
    assert till.begin_again()["is"] == "READY"
    sale = till.sell(request="r1", amount=AMOUNT)
    till.sale_once(sale=sale, status="APPROVED")
    shop.check_books(till)
    till.close()


def a_panic_on_a_thread_of_the_core_loses_no_money(shop):
    till = shop.set_up()
    done = till.sell(request="r1", amount=AMOUNT)
    till.sale_once(sale=done, status="APPROVED")
    till.port(name="clock", fails="garbles", only_threads_of_core=True)
    sale = till.sell(request="r2", amount=AMOUNT)
    till.told_once(change="RESTART_NEEDED")
    till.port(name="clock", fails=None)
    assert till.begin_again()["is"] == "READY"
    till.retry_all()
    undo = till.void(request="v1", sale=done)
    till.undo_once(undo=undo, status="VOIDED")
    till.quiet_once()
    assert till.sale(sale=sale)["status"] in ("NOT_SENT", "REVERSED", "APPROVED")
    shop.check_books(till)
    till.close()


def panics_on_many_threads_are_all_caught(shop):
    till = shop.set_up()
    assert till.at_once(threads=8, rounds=25) == {"answered": 200, "caught": 200}
    assert 1 <= len(crash_record(shop)) <= 200
    till.close()


# ---- for as long as there is time ----


def kills_at_random_moments(shop):
    """Sells and voids, is killed somewhere between, opens again; in the end all is equal."""
    shop.set_up().close()
    for number in range(3):
        till = shop.opened()
        sale = till.sell(request=f"r{number}", amount=AMOUNT)
        if random.random() < 0.5:
            till.sale_once(sale=sale, status="APPROVED")
            till.void(request=f"v{number}", sale=sale)
        # The moment itself is what is tried out: somewhere in the few exchanges that follow.
        time.sleep(random.uniform(0, 0.3))
        till.kill()
    till = shop.opened()
    till.retry_all()
    till.quiet_once()
    shop.check_books(till)
    till.close()


SCENARIOS = [
    a_void_noted_offline_survives_a_kill_and_arrives_once,
    a_sale_cut_off_by_a_kill_is_unknown_and_reversed,
    failures_are_typed_and_the_terminal_looks_at_itself,
    callbacks_that_fail_break_nothing,
    cards_and_wallets_are_reached_over_tls,
    a_host_with_a_strange_certificate_gets_no_message,
    a_panic_is_a_fault_and_a_record_and_the_core_goes_on,
    a_panic_deep_in_the_core_gives_back_what_it_held,
    a_panic_on_a_thread_of_the_core_loses_no_money,
    panics_on_many_threads_are_all_caught,
]


def passes(options, scenario):
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="voidproof-") as folder:
        shop = Shop(options, folder)
        try:
            scenario(shop)
        except Exception:
            traceback.print_exc()
            print(f"FAILED {scenario.__name__}", flush=True)
            return False
        finally:
            shop.hosts.close()
    print(f"ok {scenario.__name__} {time.monotonic() - begun:.1f} s", flush=True)
    return True


def main():
    parser = argparse.ArgumentParser()
    for name in ("qemu", "root", "shim", "core", "voidproof"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--only", help="a part of the name of a scenario")
    options = parser.parse_args()
    end = time.monotonic() + options.seconds
    chosen = [scenario for scenario in SCENARIOS if (options.only or "") in scenario.__name__]
    good = bool(chosen) and all(passes(options, scenario) for scenario in chosen)
    while good and time.monotonic() < end:
        good = passes(options, kills_at_random_moments)
    raise SystemExit(0 if good else 1)


main()
