package com.voidproof.gateway.fake

import com.voidproof.gateway.Ability
import com.voidproof.gateway.Approval
import com.voidproof.gateway.CardRead
import com.voidproof.gateway.Change
import com.voidproof.gateway.CheckItem
import com.voidproof.gateway.CheckState
import com.voidproof.gateway.CoreEvent
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.Explanation
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Gateway
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.Language
import com.voidproof.gateway.Link
import com.voidproof.gateway.Network
import com.voidproof.gateway.NewOperator
import com.voidproof.gateway.Operator
import com.voidproof.gateway.OwedAction
import com.voidproof.gateway.OwedItem
import com.voidproof.gateway.ProfileSummary
import com.voidproof.gateway.Rail
import com.voidproof.gateway.ReceiptLine
import com.voidproof.gateway.ReceiptOf
import com.voidproof.gateway.RefundPreview
import com.voidproof.gateway.RefundRequest
import com.voidproof.gateway.RequestId
import com.voidproof.gateway.Role
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SaleFilter
import com.voidproof.gateway.SalePage
import com.voidproof.gateway.SaleQuery
import com.voidproof.gateway.SaleRecord
import com.voidproof.gateway.SaleRequest
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.Secret
import com.voidproof.gateway.Settlement
import com.voidproof.gateway.SettlementPhase
import com.voidproof.gateway.SettlementResult
import com.voidproof.gateway.SignIn
import com.voidproof.gateway.Terminal
import com.voidproof.gateway.Total
import com.voidproof.gateway.Undo
import com.voidproof.gateway.UndoKind
import com.voidproof.gateway.UndoStatus
import com.voidproof.gateway.VoidPreview
import com.voidproof.gateway.VoidRequest
import com.voidproof.gateway.WayBack
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.onSubscription

/**
 * A gateway without a core: a shop in memory that does what it is told by a test. Nothing happens by itself; [answers] says what a
 * host answers to the next message, and an empty list means approval.
 */
class FakeGateway(val shop: FakeShop = FakeShop()) : Gateway {
    enum class Answer { APPROVE, DECLINE, NONE, LATER }

    override var abilities: Set<Ability> = Ability.values().toSet()
    var state: CoreState? = null
    var online = true
    var signIn = SignIn.SIGNED_IN
    var answers = ArrayList<Answer>()

    /** Thrown by the next command or query. */
    var failNext: Failure? = null

    /** The names of the commands that were given, in order. */
    val commands = ArrayList<String>()
    var acknowledged = 0L
        private set

    /** Everything told so far counts as seen. */
    fun seenAll() {
        acknowledged = stored.size.toLong()
    }

    private val live = MutableSharedFlow<CoreEvent>(extraBufferCapacity = 1_000)
    private val stored = ArrayList<CoreEvent>()

    override val events: Flow<CoreEvent> = live.onSubscription { stored.filter { it.sequence > acknowledged }.forEach { emit(it) } }

    fun tell(change: Change, persisted: Boolean = true) {
        val event = CoreEvent(if (persisted) stored.size + 1L else 0L, shop.now, change)
        if (persisted) stored += event
        check(live.tryEmit(event)) { "too many events" }
    }

    /** Moves an undo on, as the core would, and tells it. */
    fun move(undo: String, status: UndoStatus, explanation: Explanation? = null) {
        val moved = shop.move(undo, status, explanation)
        tell(Change.UndoChanged(undo, moved.sale.id, moved.kind, status, moved.amount))
        tell(Change.QueueChanged, persisted = false)
    }

    fun answerSale(sale: String, status: SaleStatus) {
        shop.answer(sale, status)
        tell(Change.SaleChanged(sale, status))
    }

    /** The plug in or out; what is queued goes out when it is in. */
    fun plug(inserted: Boolean) {
        online = inserted
        tell(Change.TerminalChanged, persisted = false)
        if (inserted) shop.undos.values.filter { it.status == UndoStatus.QUEUED }.forEach { move(it.id, UndoStatus.VOIDED) }
    }

    override suspend fun open(): CoreState = asked("open") { state ?: CoreState.Ready(terminalNow()) }

    override suspend fun close() = asked("close") {}

    override suspend fun setLanguage(language: Language) {
        shop.language = language
    }

    override suspend fun networkChanged(network: Network) = plug(network == Network.CONNECTED)

    override suspend fun checkProfile(text: String): ProfileSummary = asked("checkProfile") {
        if ("schema = 1" !in text) throw GatewayException(Failure.ProfileInvalid(1, "schema", "schema = 1"))
        ProfileSummary(shop.merchant, "898310048140001", "10000001", Rail.values().toSet(), training = true)
    }

    override suspend fun setUp(profile: String, supervisor: NewOperator): CoreState = asked("setUp") {
        shop.add(supervisor)
        shop.here = supervisor.number
        state = null
        CoreState.Ready(terminalNow())
    }

    override suspend fun logOn(operator: String, pin: Secret): Operator = asked("logOn") {
        checkPin(operator, pin)
        shop.here = operator
        shop.operators.first { it.number == operator }
    }

    override suspend fun logOff() = asked("logOff") { shop.here = null }

    override suspend fun operators(): List<Operator> = asked("") { shop.operators.toList() }

    override suspend fun addOperator(operator: NewOperator, approval: Approval): Operator = asked("addOperator") {
        checkPin(approval.operator, approval.pin)
        shop.add(operator)
    }

    override suspend fun disableOperator(number: String, approval: Approval) = asked("disableOperator") {
        checkPin(approval.operator, approval.pin)
        shop.operators.replaceAll { if (it.number == number) it.copy(enabled = false) else it }
    }

    override suspend fun terminal(): Terminal = asked("") { terminalNow() }

    override suspend fun signIn() = asked("signIn") {
        signIn = if (online) SignIn.SIGNED_IN else SignIn.REFUSED
        tell(Change.TerminalChanged, persisted = false)
    }

    override suspend fun selfCheck(): List<CheckItem> = asked("selfCheck") {
        listOf(
            CheckItem(shop.words("账本", "Ledger"), shop.words("可写，余 2.1 GB", "Writable, 2.1 GB free"), CheckState.OK),
            CheckItem(shop.words("网络", "Network"), shop.words("银行 41 毫秒", "Bank 41 ms"), if (online) CheckState.OK else CheckState.BAD),
            CheckItem(shop.words("打印机", "Printer"), shop.words("没有连接", "Not connected"), CheckState.WARNING),
        )
    }

    override suspend fun sell(request: SaleRequest): Sale = asked("sell") {
        shop.requests[request.request.value]?.let { return@asked shop.sale(it) }
        val sale = shop.newSale(request)
        when (next()) {
            Answer.APPROVE -> if (online) answerSale(sale.id, SaleStatus.APPROVED) else answerSale(sale.id, SaleStatus.NOT_SENT)
            Answer.DECLINE -> answerSale(sale.id, SaleStatus.DECLINED)
            Answer.NONE -> answerSale(sale.id, SaleStatus.UNKNOWN)
            Answer.LATER -> Unit
        }
        sale
    }

    override suspend fun saleOf(request: RequestId): Sale? = asked("") { shop.requests[request.value]?.let(shop::sale) }

    override suspend fun giveUpSale(sale: String): Sale = asked("giveUpSale") {
        answerSale(sale, SaleStatus.REVERSED)
        shop.sale(sale)
    }

    override suspend fun sales(query: SaleQuery): SalePage = asked("") {
        val found = shop.sales.keys.reversed().map(shop::sale).filter { matches(it, query) }
        val from = query.after?.toInt() ?: 0
        SalePage(found.drop(from).take(query.limit), (from + query.limit).takeIf { it < found.size }?.toString())
    }

    private fun matches(sale: Sale, query: SaleQuery): Boolean {
        val fits = when (query.filter) {
            SaleFilter.ALL -> true
            SaleFilter.CAN_UNDO -> sale.wayBack != WayBack.None
            SaleFilter.UNKNOWN -> sale.status == SaleStatus.UNKNOWN
        }
        val amount = "${sale.amount / 100}.${(sale.amount % 100).toString().padStart(2, '0')}"
        val fields = listOfNotNull(sale.voucher, sale.lastFour, sale.orderNumber, amount)
        return fits && (query.text.isEmpty() || fields.any { query.text in it })
    }

    override suspend fun sale(id: String): Sale = asked("") { shop.sale(id) }

    override suspend fun record(sale: String): SaleRecord = asked("") { shop.record(sale) }

    override suspend fun previewVoid(sale: String): VoidPreview = asked("") { shop.previewVoid(sale) }

    override suspend fun voidSale(request: VoidRequest): Undo = asked("voidSale") {
        shop.requests[request.request.value]?.let { return@asked shop.undo(it) }
        request.approval?.let { checkPin(it.operator, it.pin) }
        val undo = shop.newUndo(request.request.value, UndoKind.VOID, request.sale, null, request.reason)
        send(undo)
        shop.undo(undo.id)
    }

    override suspend fun previewRefund(sale: String): RefundPreview = asked("") { shop.previewRefund(sale) }

    override suspend fun refund(request: RefundRequest): Undo = asked("refund") {
        shop.requests[request.request.value]?.let { return@asked shop.undo(it) }
        request.approval?.let { checkPin(it.operator, it.pin) }
        val undo = shop.newUndo(request.request.value, UndoKind.REFUND, request.sale, request.amount, request.reason)
        send(undo)
        shop.undo(undo.id)
    }

    private fun send(undo: Undo) {
        if (shop.needsCard) return move(undo.id, UndoStatus.NEEDS_CARD)
        if (!online) return move(undo.id, UndoStatus.QUEUED)
        when (next()) {
            Answer.APPROVE -> move(undo.id, if (undo.kind == UndoKind.VOID) UndoStatus.VOIDED else UndoStatus.REFUNDED)
            Answer.DECLINE -> move(undo.id, UndoStatus.REFUND_OFFERED, shop.tooLate())
            Answer.NONE -> move(undo.id, UndoStatus.UNKNOWN)
            Answer.LATER -> Unit
        }
    }

    override suspend fun undo(id: String): Undo = asked("") { shop.undo(id) }

    override suspend fun undoOf(request: RequestId): Undo? = asked("") { shop.requests[request.value]?.let { shop.undos[it] } }

    override suspend fun presentCard(undo: String, card: CardRead): Undo = asked("presentCard") {
        move(undo, if (online) UndoStatus.VOIDED else UndoStatus.QUEUED)
        shop.undo(undo)
    }

    override suspend fun queue(): List<OwedItem> = asked("") { shop.queue() }

    override suspend fun act(item: String, action: OwedAction, approval: Approval?): OwedItem? = asked("act $action") {
        approval?.let { checkPin(it.operator, it.pin) }
        when (action) {
            OwedAction.HOLD -> move(item, UndoStatus.ON_HOLD)
            OwedAction.RELEASE -> move(item, if (online) UndoStatus.VOIDED else UndoStatus.QUEUED)
            OwedAction.WITHDRAW -> move(item, UndoStatus.WITHDRAWN)
            OwedAction.RETRY_NOW -> if (online) move(item, UndoStatus.VOIDED)
            OwedAction.ESCALATE -> move(item, UndoStatus.ESCALATED)
        }
        shop.queue().firstOrNull { it.id == item }
    }

    override suspend fun retryAll() = asked("retryAll") { if (online) plug(true) }

    override suspend fun settlement(): Settlement = asked("") { settlementNow(shop.settled) }

    override suspend fun settle(approval: Approval?): Settlement = asked("settle") {
        shop.settled = if (shop.queue().isEmpty()) SettlementResult.BALANCED else SettlementResult.BLOCKED
        settlementNow(shop.settled)
    }

    private fun settlementNow(result: SettlementResult?): Settlement {
        val paid = shop.sales.values.filter { it.status != SaleStatus.DECLINED && it.status != SaleStatus.UNKNOWN }
        val back = shop.undos.values.filter { it.status == UndoStatus.VOIDED || it.status == UndoStatus.REFUNDED }
        val phase = if (result == SettlementResult.BALANCED) SettlementPhase.CLEARED else SettlementPhase.OPEN
        return Settlement(
            "000001", phase, Total(paid.size, paid.sumOf { it.amount }), Total(back.size, back.sumOf { it.amount }), 0,
            if (result == SettlementResult.BLOCKED) shop.queue() else emptyList(), result, null,
        )
    }

    override suspend fun explain(code: String, rail: Rail?): Explanation = asked("") { shop.explain(code, rail) }

    override suspend fun receipt(of: ReceiptOf): List<ReceiptLine> = asked("") { shop.receipt(of) }

    override suspend fun slipPrinted(of: ReceiptOf) = asked("slipPrinted") {}

    override suspend fun acknowledge(sequence: Long) {
        acknowledged = maxOf(acknowledged, sequence)
    }

    private fun next() = if (answers.isEmpty()) Answer.APPROVE else answers.removeAt(0)

    private fun checkPin(operator: String, pin: Secret) {
        val right = pin.reveal { typed -> shop.pins[operator]?.contentEquals(typed) == true }
        if (!right) throw GatewayException(Failure.WrongPin(operator, 2))
    }

    private fun terminalNow() = Terminal(
        merchantName = shop.merchant,
        merchantId = "898310048140001",
        terminalId = "10000001",
        rails = Rail.values().toSet(),
        signIn = signIn,
        signInFailure = null,
        batch = "000001",
        link = if (online) Link.ONLINE else Link.OFFLINE,
        owed = shop.owed(),
        operator = shop.operators.firstOrNull { it.number == shop.here },
        underWay = shop.sales.values.lastOrNull { it.status == SaleStatus.SENDING },
        training = false,
    )

    private inline fun <T> asked(command: String, answer: () -> T): T {
        if (command.isNotEmpty()) commands += command
        failNext?.let {
            failNext = null
            throw GatewayException(it)
        }
        return answer()
    }

    companion object {
        /** A shop with a supervisor 00 and a cashier 01 at the counter; their PINs are for tests only. */
        fun ready() = FakeGateway().apply {
            shop.add(NewOperator("00", "王店长", Role.SUPERVISOR, Secret("246810")))
            shop.add(NewOperator("01", "小李", Role.CASHIER, Secret("135790")))
            shop.here = "01"
        }
    }
}
