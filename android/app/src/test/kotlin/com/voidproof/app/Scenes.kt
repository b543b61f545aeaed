package com.voidproof.app

import com.voidproof.app.device.CardResult
import com.voidproof.app.device.FileContent
import com.voidproof.app.device.PaperState
import com.voidproof.app.device.PrintResult
import com.voidproof.app.device.Shared
import com.voidproof.gateway.CardRead
import com.voidproof.gateway.CompletionRequest
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Language
import com.voidproof.gateway.Means
import com.voidproof.gateway.Network
import com.voidproof.gateway.PaymentStage
import com.voidproof.gateway.PreauthRequest
import com.voidproof.gateway.Rail
import com.voidproof.gateway.RequestId
import com.voidproof.gateway.SaleRequest
import com.voidproof.gateway.Secret
import com.voidproof.gateway.SignIn
import com.voidproof.gateway.UndoStatus
import com.voidproof.gateway.fake.FakeGateway
import com.voidproof.gateway.fake.FakeGateway.Answer
import kotlinx.coroutines.runBlocking
import org.robolectric.RuntimeEnvironment

/** A place in the app worth a picture, and how to get there. [before] runs before the app starts. */
class Scene(
    val name: String,
    val before: FakeGateway.() -> Unit = {},
    val hardware: FakeDevices.() -> Unit = {},
    val go: Counter.() -> Unit,
)

/** Every screen in every state that looks different. */
val SCENES: List<Scene> = listOf(
    Scene("set-up", { state = CoreState.NeedsSetUp }) {},
    Scene("set-up-wrong", { state = CoreState.NeedsSetUp }) { type(R.id.profile, "schema = 2\n[merchant]\n"); tap(R.id.main_action) },
    Scene("set-up-pasted", { state = CoreState.NeedsSetUp }) { type(R.id.profile, PASTED) },
    Scene("set-up-files", { state = CoreState.NeedsSetUp }, { profiles() }) { tap("chain-store-42.toml") },
    Scene("supervisor", { state = CoreState.NeedsSetUp }) { type(R.id.profile, "schema = 1"); tap(R.id.main_action) },
    Scene("broken", { state = CoreState.Broken(Failure.DiskFull, owed = true) }) {},
    Scene("broken-other-edition", { state = refused(Failure.EditionRefused.LEDGER) }) {},
    Scene("broken-test-host", { state = refused("unionpay.host") }) {},
    Scene("broken-no-core", { state = CoreState.Broken(Failure.CoreMissing("UnsatisfiedLinkError"), owed = true) }) {},
    Scene("broken-newer", { state = CoreState.Broken(Failure.LedgerNewer, owed = true) }) {},
    Scene("home-clock", { shop.now = 1_000_000_000_000 }) {},
    Scene("log-on", { shop.here = null }) { digits("135") },
    Scene("home", { queued() }) { digits("128.00") },
    Scene("home-empty", { signIn = SignIn.SIGNED_OUT }) {},
    Scene("home-portal", { network = Network.PORTAL }) {},
    Scene("pay") { digits("128"); tap(R.id.charge) },
    Scene("pay-manual") { digits("128"); tap(R.id.charge); tap(R.id.way_manual) },
    Scene("pay-no-reader") { devices.cardReader = null; digits("128"); tap(R.id.charge) },
    Scene("pay-code") { digits("36.50"); tap(R.id.charge); tap(R.id.way_code) },
    Scene("pay-code-known") { typedCode("134567890123456789") },
    Scene("pay-code-shown") { typedCode("134567890123456789"); tap(R.id.show_digits) },
    Scene("pay-manual-typed") { digits("128"); tap(R.id.charge); tap(R.id.way_manual); type(R.id.card_number, "6222020000000114") },
    Scene("pay-code-wrong") { typedCode("999999999999999999") },
    Scene("pay-scan", hardware = { scanner = FakeScanner() }) { digits("36.50"); tap(R.id.charge); tap(R.id.way_code) },
    Scene("pay-show") { digits("36.50"); tap(R.id.charge); tap(R.id.way_show) },
    Scene("wallet-scans") { shown("微信", "WeChat") },
    Scene("wallet-password", { answers += Answer.LATER }) { wallet(PaymentStage.CUSTOMER_PASSWORD) },
    Scene("wallet-stay", { answers += Answer.LATER }) { wallet(PaymentStage.CUSTOMER_PASSWORD); back() },
    Scene("wallet-unknown", { answers += Answer.LATER }) { wallet(PaymentStage.LOOKING_UP) },
    Scene("wallet-take-back", { answers += Answer.LATER }) { wallet(PaymentStage.LOOKING_UP); tap(R.id.give_up) },
    Scene("wallet-taking-back", { answers += Answer.LATER }) { wallet(PaymentStage.TAKING_BACK) },
    Scene("wallet-handed-over", { answers += Answer.LATER }) { wallet(PaymentStage.TAKING_BACK); tap(R.id.handed_over) },
    Scene("wallet-paid-late", { answers += Answer.LATER }) { wallet(PaymentStage.PAID_LATE) },
    Scene("confirm-alipay", { day() }) { tap(R.id.home_void); tap("8.80") },
    Scene("paying", { answers += Answer.LATER }) { charge("128") },
    Scene("paid") { charge("128") },
    Scene("paid-sign") { digits("128"); tap(R.id.charge); devices.cardReader!!.present(CardResult.Read(FakeReader.card(), signs = true)); idle() },
    Scene("declined", { answers += Answer.DECLINE }) { charge("128") },
    Scene("sale-unknown", { answers += Answer.NONE }) { charge("128") },
    Scene("pick", { day() }) { tap(R.id.home_void) },
    Scene("pick-nothing", { day() }) { tap(R.id.home_void); type(R.id.search, "999999") },
    Scene("confirm", { day() }) { toConfirm() },
    Scene("confirm-blocked", { day(); shop.blocked = shop.tooLate() }) { tap(R.id.home_void); tap("0217") },
    Scene("approve", { day() }) { toConfirm(); tap(R.id.main_action); digits("2468") },
    Scene("approve-wrong", { day() }) { toConfirm(); tap(R.id.main_action); digits("111111"); tap(R.id.approve) },
    Scene("void-queued") { undone(UndoStatus.QUEUED) },
    Scene("void-sending") { undone(UndoStatus.SENDING) },
    Scene("void-unknown") { undone(UndoStatus.UNKNOWN) },
    Scene("void-voided") { undone(UndoStatus.VOIDED) },
    Scene("void-refund-offered") { undone(UndoStatus.REFUND_OFFERED) },
    Scene("void-refused") { undone(UndoStatus.REFUSED) },
    Scene("void-needs-card") { undone(UndoStatus.NEEDS_CARD); tap(R.id.main_action) },
    Scene("void-on-hold") { undone(UndoStatus.ON_HOLD) },
    Scene("void-withdraw") { undone(UndoStatus.QUEUED); tap(R.id.withdraw) },
    Scene("void-withdrawn") { undone(UndoStatus.WITHDRAWN) },
    Scene("void-escalated") { undone(UndoStatus.ESCALATED) },
    Scene("void-paper-out") { undone(UndoStatus.VOIDED); devices.printer!!.result = PrintResult.PAPER_OUT; tap(R.id.main_action) },
    Scene("refund", { day() }) { tap(R.id.home_refund); tap("0217"); tap(R.id.part); digits("28.5") },
    Scene("queue", { queued() }) { tap(R.id.owed) },
    Scene("queue-empty") { tap(R.id.home_more); tap(R.id.menu_queue) },
    Scene("records", { day() }) { tap(R.id.home_records) },
    Scene("records-rail", { day() }) { tap(R.id.home_records); tap(if (texts().any { it == "支付宝" }) "支付宝" else "Alipay") },
    Scene("records-rail-none", { queued() }) { gateway.shop.sales.clear(); tap(R.id.home_records); tap(if (texts().any { it == "支付宝" }) "支付宝" else "Alipay") },
    Scene("record", { queued() }) { tap(R.id.home_records); tap("0217") },
    Scene("slip") { charge("128"); tap(R.id.see_slip) },
    Scene("news", { day() }) {
        val undo = undone(UndoStatus.UNKNOWN)
        tap(R.id.main_action)
        gateway.move(undo, UndoStatus.VOIDED)
        idle()
    },
    Scene("more", { queued() }) { tap(R.id.home_more) },
    Scene("language") { tap(R.id.home_more); tap(R.id.menu_language) },
    Scene("about") { tap(R.id.home_more); tap(R.id.menu_about) },
    Scene("licences") { tap(R.id.home_more); tap(R.id.menu_about); tap(R.id.licences) },
    Scene("licence") { tap(R.id.home_more); tap(R.id.menu_about); tap(R.id.licences); tap("unicode-ident") },
    Scene("self-check") { tap(R.id.home_more); tap(R.id.menu_check) },
    Scene("settlement", { queued() }) { tap(R.id.home_more); tap(R.id.menu_settlement); tap(R.id.main_action) },
    Scene("settlement-cleared", { cleared() }) { tap(R.id.home_more); tap(R.id.menu_settlement); tap(R.id.main_action) },
    Scene("pass-over", { queued() }) { toPassOver() },
    Scene("pass-over-approve", { queued() }) { toPassOver(); tap(R.id.main_action) },
    Scene("report", { failed() }) { tap(R.id.home_more); tap(R.id.menu_report) },
    Scene("report-nothing", { day() }) { tap(R.id.home_more); tap(R.id.menu_report); tap(R.id.days_yesterday) },
    Scene("printer", { shop.here = "00" }, { printers = FakePrinters() }) { toPrinter() },
    Scene("printer-cashier", hardware = { printers = FakePrinters() }) { toPrinter() },
    Scene("printer-fixed", hardware = { printer!!.paper = PaperState.LOW }) { toPrinter() },
    Scene("printer-tested", { shop.here = "00" }, { printers = FakePrinters() }) { toPrinter(); tap(R.id.main_action) },
    Scene("printer-open", hardware = { openPrinter() }) { toPrinter(); tap(R.id.main_action) },
    Scene("printer-address-wrong", { shop.here = "00" }, { printers = FakePrinters() }) {
        toPrinter()
        type(R.id.printer_address, "8.8.8.8")
        tap(R.id.printer_address_save)
    },
    Scene("void-maybe-printed") { undone(UndoStatus.VOIDED); devices.printer!!.result = PrintResult.UNSURE; tap(R.id.main_action) },
    Scene("slip-sent") { charge("128"); tap(R.id.see_slip); devices.printer!!.result = PrintResult.SENT; tap(R.id.main_action) },
    Scene("slip-pinned") { charge("128"); tap(R.id.see_slip); devices.printer!!.result = PrintResult.PINNED; tap(R.id.main_action) },
    Scene("line") { toLine(); tap(R.id.main_action) },
    Scene("line-silent", { plug(false) }) { toLine(); tap(R.id.main_action) },
    Scene("sign-out") { toLine(); tap(R.id.sign_out) },
    Scene("signed-out") { toLine(); tap(R.id.sign_out); tap(R.id.main_action) },
    Scene("sign-out-failed", { plug(false) }) { toLine(); tap(R.id.sign_out); tap(R.id.main_action) },
    Scene("operators") { tap(R.id.home_more); tap(R.id.menu_operators) },
    Scene("preauths", { held() }) { toPreauths() },
    Scene("preauths-none") { toPreauths() },
    Scene("preauth", { held() }) { toPreauths(); tap("1188") },
    Scene("preauth-taken", { held(); taken() }) { tap(R.id.home_records); tap("6543"); tap(R.id.open_preauth) },
    Scene("hold-amount") { toPreauths(); tap(R.id.main_action); digits("500") },
    Scene("hold") { toPreauths(); tap(R.id.main_action); digits("500"); tap(R.id.main_action) },
    Scene("held") { toPreauths(); tap(R.id.main_action); digits("500"); tap(R.id.main_action); devices.cardReader!!.present(); idle() },
    Scene("preauth-add", { held() }) { toPreauths(); tap("1188"); tap(R.id.preauth_add); digits("60") },
    Scene("complete-amount", { held() }) { toPreauths(); tap("1188"); tap(R.id.main_action) },
    Scene("complete-other", { held() }) { toPreauths(); tap("1188"); tap(R.id.main_action); tap(R.id.part); digits("900") },
    Scene("complete", { held() }) { toPreauths(); tap("1188"); tap(R.id.main_action); tap(R.id.main_action) },
    Scene("complete-other-card", { held() }) { toPreauths(); tap("1188"); complete("6222020200009999") },
    Scene("completed", { held() }) { toPreauths(); tap("1188"); complete("6222020200001188") },
    Scene("confirm-preauth", { held() }) { toPreauths(); tap("1188"); tap(R.id.take_back) },
    Scene("preauth-released", { held(); shop.limit = 1_000_000 }) { toPreauths(); tap("1188"); tap(R.id.take_back); tap(R.id.main_action) },
    Scene("restored", { queued(); restored = true }) {},
    Scene("restored-approve", { queued(); restored = true }) { tap(R.id.main_action) },
    Scene("keys-lost", { keysLost = true }) {},
    Scene("import-keys", { keysLost = true }, { profiles() }) { tap(R.id.main_action) },
    Scene("decide") { undone(UndoStatus.UNKNOWN); tap(R.id.decide) },
    Scene("decide-chosen") { undone(UndoStatus.ESCALATED); tap(R.id.decide); tap(R.id.executed); type(R.id.reference, "函 2026-0042") },
    Scene("decide-wrong") { undone(UndoStatus.ESCALATED); tap(R.id.decide); tap(R.id.executed); tap(R.id.main_action) },
    Scene("decide-clear") { undone(UndoStatus.ESCALATED); tap(R.id.decide); tap(R.id.clear) },
    Scene("decide-first") { decideFirst() },
    Scene("decide-second") { decideSecond() },
    Scene("decide-sale", { answers += Answer.NONE }) { charge("128"); tap(R.id.decide) },
    Scene("evidence", { day() }) { tap(R.id.home_records); tap("0217"); tap(R.id.evidence) },
    Scene("evidence-pinned", { day() }) {
        tap(R.id.home_records); tap("0217"); tap(R.id.evidence)
        devices.outbox.share = Shared.PINNED
        tap(R.id.share)
    },
    Scene("evidence-kept", { day() }) { tap(R.id.home_records); tap("0217"); tap(R.id.evidence); tap(R.id.main_action) },
    Scene("pick-refund", { day() }) { tap(R.id.home_refund) },
    Scene("by-reference", { day() }) { tap(R.id.home_refund); tap(R.id.by_reference) },
    Scene("by-reference-wrong", { day() }) { tap(R.id.home_refund); tap(R.id.by_reference); tap(R.id.main_action) },
    Scene("by-reference-confirm", { day() }) { toReference() },
    Scene("by-reference-card", { day() }) { toReference(); tap(R.id.main_action) },
    Scene("by-reference-own", { day() }) { toReference(gateway.shop.sales.values.last().reference!!) },
    Scene("operator-add") { tap(R.id.home_more); tap(R.id.menu_operators); tap(R.id.main_action) },
) + COPY_SCENES + SCAN_SCENES

private fun refused(key: String) = CoreState.Broken(Failure.EditionRefused(key, "names this machine"), owed = true)

private const val PASTED = "schema = 1\n[merchant]\nid = \"898310148140001\"\n\n[unionpay]\ntmk = \"00112233445566778899AABBCCDDEEFF\"\nkeys = \"double\""

/** Whether tests of pictures look at [scene]: at all, or at those that `-Dscenes=home,pay` names. */
fun isLookedAt(scene: String) = System.getProperty("scenes")?.split(',')?.contains(scene) ?: true

fun scene(name: String) = SCENES.first { it.name == name }

/** Starts the app in [language] and goes to [scene]. */
fun visit(scene: Scene, language: Language = Language.ZH): Counter {
    val app = RuntimeEnvironment.getApplication() as TestApp
    app.getSharedPreferences("settings", 0).edit().putString("language", language.name).commit()
    app.fake.shop.language = language
    scene.before(app.fake)
    scene.hardware(app.hardware)
    return Counter().apply(scene.go)
}

private fun FakeDevices.profiles() {
    profiles.files["shop-changning-road.toml"] = FileContent.Read("schema = 1".encodeToByteArray())
    profiles.files["chain-store-42.toml"] = FileContent.Read("schema = 2".encodeToByteArray())
}

private fun FakeDevices.openPrinter() {
    printers = FakePrinters().apply { last = PrintResult.COVER_OPEN }
    printer!!.paper = PaperState.COVER_OPEN
    printer!!.result = PrintResult.COVER_OPEN
}

private fun Counter.toPrinter() {
    tap(R.id.home_more)
    tap(R.id.menu_printer)
}

private fun Counter.typedCode(code: String) {
    digits("36.50")
    tap(R.id.charge)
    tap(R.id.way_code)
    type(R.id.payment_code, code)
}

private fun Counter.shown(zh: String, en: String) {
    gateway.answers += Answer.LATER
    digits("36.50")
    tap(R.id.charge)
    tap(R.id.way_show)
    tap(if (texts().any { zh in it }) zh else en)
}

/** A payment by code that has come to [stage]. */
private fun Counter.wallet(stage: PaymentStage) {
    typedCode("134567890123456789")
    tap(R.id.main_action)
    gateway.stage(gateway.shop.sales.keys.last(), stage)
    idle()
}

/** Both items in the way of the settlement chosen to stay behind. */
private fun Counter.toPassOver() {
    tap(R.id.home_more)
    tap(R.id.menu_settlement)
    tap(R.id.main_action)
    tap(R.id.pass_over)
    tap("128.00")
    tap("36.50")
}

/** A stuck void is to be cleared, with a reason: the first of two people is asked. */
private fun Counter.decideFirst() {
    undone(UndoStatus.ESCALATED)
    tap(R.id.decide)
    tap(R.id.clear)
    type(R.id.clear_reason, "收单机构停止服务")
    tap(R.id.main_action)
}

private fun Counter.decideSecond() {
    decideFirst()
    digits("246810")
    tap(R.id.approve)
}

/** The form of a refund by slip, filled in and gone on with. */
private fun Counter.toReference(reference: String = "093412990128") {
    tap(R.id.home_refund)
    tap(R.id.by_reference)
    type(R.id.reference, reference)
    type(R.id.slip_date, "1123")
    type(R.id.slip_amount, "45.50")
    tap(R.id.main_action)
}

/** A day on which some payments failed. */
private fun FakeGateway.failed() {
    queued()
    online = true
    answers += List(3) { Answer.DECLINE }
    runBlocking { listOf(500L, 600L, 700L).forEach { sold(it, card("6225880000000217"), minutes = 5) } }
    seenAll()
}

private fun Counter.toLine() {
    tap(R.id.home_more)
    tap(R.id.menu_line)
}

private fun Counter.toPreauths() {
    tap(R.id.home_more)
    tap(R.id.menu_preauths)
}

private fun Counter.complete(card: String) {
    tap(R.id.main_action)
    tap(R.id.main_action)
    devices.cardReader!!.present(CardResult.Read(card(card).card))
    idle()
}

private fun Counter.toConfirm() {
    tap(R.id.home_void)
    tap("0217")
    tap(reasonOf())
}

/** The first reason, in whatever language the app speaks. */
private fun Counter.reasonOf() = if (texts().any { it == "顾客退货" }) "顾客退货" else "Goods returned"

/** A sale of ¥128.00 and a void of it that has come to [status]; gives the void's id. */
private fun Counter.undone(status: UndoStatus): String {
    gateway.shop.limit = 1_000_000
    charge("128")
    tap(R.id.finish)
    gateway.answers += Answer.LATER
    toConfirm()
    tap(R.id.main_action)
    val undo = gateway.shop.undos.keys.last()
    val offered = status == UndoStatus.REFUND_OFFERED || status == UndoStatus.REFUSED
    if (status == UndoStatus.QUEUED) gateway.plug(false)
    if (status != UndoStatus.SENDING) gateway.move(undo, status, if (offered) gateway.shop.tooLate() else null)
    idle()
    return undo
}

/** A day with sales on every rail. */
fun FakeGateway.day() = runBlocking {
    val start = shop.now
    sold(9_900, card("6222020200001188"), minutes = 20)
    sold(26_000, card("6228480000006543"), minutes = 200)
    sold(880, Means.Code(Secret("28763412345678901234")), minutes = 46)
    shop.sales.values.last().let { shop.sales[it.id] = it.copy(rail = Rail.ALIPAY) }
    sold(3_650, Means.Code(Secret("134567890123456789")), minutes = 23)
    sold(12_800, card("6225880000000217"), minutes = 9)
    shop.now = start
    val voided = shop.newUndo("v", com.voidproof.gateway.UndoKind.VOID, shop.sales.keys.elementAt(1), null, com.voidproof.gateway.UndoReason.OTHER)
    shop.move(voided.id, UndoStatus.VOIDED, null)
    seenAll()
    val first = shop.sales.values.first()
    shop.sales[first.id] = first.copy(settled = true, wayBack = com.voidproof.gateway.WayBack.RefundOnly, at = shop.now - 18 * 3_600_000L)
}

suspend fun FakeGateway.sold(amount: Long, means: Means, minutes: Int) {
    val now = shop.now
    shop.now = now - minutes * 60_000L
    sell(SaleRequest(RequestId("r$amount"), amount, means))
    shop.now = now
}

fun card(number: String) =
    Means.Card(CardRead.Chip(Secret("9F26"), Secret("$number=2912"), null, contactless = number.endsWith("0217"), pin = null))

/** Money held on two cards, one of them added to. */
fun FakeGateway.held() = runBlocking {
    val now = shop.now
    shop.now = now - 26 * 3_600_000L
    preauth(PreauthRequest(RequestId("p1"), 120_000, card("6228480000006543").card, null))
    shop.now = now - 3 * 3_600_000L
    val hotel = preauth(PreauthRequest(RequestId("p2"), 60_000, card("6222020200001188").card, null))
    preauth(PreauthRequest(RequestId("p3"), 20_000, card("6222020200001188").card, hotel.id))
    shop.now = now
    seenAll()
    commands.clear()
}

/** The first of them has been completed. */
private fun FakeGateway.taken() = runBlocking {
    val first = shop.sales.keys.first()
    complete(CompletionRequest(RequestId("c1"), first, 98_000, card("6228480000006543").card, advice = false))
    seenAll()
}

/** A day, and two voids that wait. */
fun FakeGateway.queued() {
    day()
    online = false
    val ids = shop.sales.keys.toList()
    val reason = com.voidproof.gateway.UndoReason.CUSTOMER_RETURNS
    val first = shop.newUndo("q1", com.voidproof.gateway.UndoKind.VOID, ids[4], null, reason)
    shop.move(first.id, UndoStatus.QUEUED, null)
    val second = shop.newUndo("q2", com.voidproof.gateway.UndoKind.VOID, ids[3], null, reason)
    shop.move(second.id, UndoStatus.UNKNOWN, null)
}

/** A day, one void of which two people took off the list. */
fun FakeGateway.cleared() {
    day()
    val undo = shop.newUndo("q1", com.voidproof.gateway.UndoKind.VOID, shop.sales.keys.last(), null, com.voidproof.gateway.UndoReason.CUSTOMER_RETURNS)
    shop.move(undo.id, UndoStatus.ESCALATED, null)
    shop.cleared += undo.id
}
