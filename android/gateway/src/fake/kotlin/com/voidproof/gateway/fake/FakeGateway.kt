package com.voidproof.gateway.fake

import com.voidproof.gateway.Ability
import com.voidproof.gateway.Approval
import com.voidproof.gateway.Change
import com.voidproof.gateway.CheckItem
import com.voidproof.gateway.CheckState
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.Explanation
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Gateway
import com.voidproof.gateway.Language
import com.voidproof.gateway.LineTest
import com.voidproof.gateway.Link
import com.voidproof.gateway.Network
import com.voidproof.gateway.NewOperator
import com.voidproof.gateway.OwedAction
import com.voidproof.gateway.OwedItem
import com.voidproof.gateway.Papers
import com.voidproof.gateway.PaymentStage
import com.voidproof.gateway.People
import com.voidproof.gateway.Preauths
import com.voidproof.gateway.ProfileFile
import com.voidproof.gateway.ProfileSummary
import com.voidproof.gateway.Rail
import com.voidproof.gateway.ReceiptLine
import com.voidproof.gateway.ReceiptOf
import com.voidproof.gateway.RequestId
import com.voidproof.gateway.Role
import com.voidproof.gateway.Safety
import com.voidproof.gateway.Sale
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
import com.voidproof.gateway.Statement
import com.voidproof.gateway.TakingBack
import com.voidproof.gateway.Taps
import com.voidproof.gateway.Terminal
import com.voidproof.gateway.Total
import com.voidproof.gateway.UndoStatus
import com.voidproof.gateway.Wallets
import com.voidproof.gateway.Why

/**
 * A gateway without a core: a shop in memory that does what it is told by a test. Nothing happens by itself; [answers] says what a
 * host answers to the next message, and an empty list means approval.
 */
class FakeGateway private constructor(private val desk: FakeDesk, private val wallets: FakeWallets, val safety: FakeSafety) :
    Gateway,
    People by FakePeople(desk),
    TakingBack by FakeTakingBack(desk),
    Preauths by FakePreauths(desk),
    Papers by FakePapers(desk),
    Wallets by wallets,
    Safety by safety,
    Taps by FakeTaps(desk) {
    enum class Answer { APPROVE, DECLINE, NONE, LATER }

    constructor(shop: FakeShop = FakeShop()) : this(FakeDesk(shop))

    private constructor(desk: FakeDesk) : this(desk, FakeWallets(desk), FakeSafety(desk))

    val shop = desk.shop
    override var abilities: Set<Ability> = Ability.values().toSet()
    var state: CoreState? = null
    var signIn = SignIn.SIGNED_IN
    var online by desk::online

    /** The check finds something wrong with the ledger. */
    var bad = false

    /** What the device said last. */
    var network = Network.CONNECTED
    val answers by desk::answers

    /** The ledger was put back from a copy. */
    var restored by desk::restored

    /** Opening says that the keys are lost, until they are imported. */
    var keysLost by desk::keysLost

    /** What the next camera pictures show: the codes in each. */
    val seen by wallets::seen

    /** The next card held to the reader wants a PIN. */
    var tapNeedsPin by desk::tapNeedsPin
    var tapNeedsSignature by desk::tapNeedsSignature

    /** Thrown by the next command or query. */
    var failNext by desk::failNext

    /** The names of the commands that were given, in order. */
    val commands by desk::commands
    val acknowledged by desk::acknowledged
    override val events by desk::events
    private val rescue = FakeRescue(desk) { CoreState.Ready(terminalNow()) }

    init {
        safety.reopened = {
            state = null
            restored = true
            CoreState.Ready(terminalNow())
        }
    }

    /** Everything told so far counts as seen. */
    fun seenAll() {
        desk.acknowledged = desk.stored.size.toLong()
    }

    fun tell(change: Change, persisted: Boolean = true) = desk.tell(change, persisted)

    /** Moves an undo on, as the core would, and tells it. */
    fun move(undo: String, status: UndoStatus, explanation: Explanation? = null) = desk.move(undo, status, explanation)

    fun answerSale(sale: String, status: SaleStatus) = desk.answerSale(sale, status)

    /** Puts a payment by code into another stage and tells it. */
    fun stage(sale: String, stage: PaymentStage) {
        val status = if (stage == PaymentStage.ASKING) SaleStatus.SENDING else SaleStatus.UNKNOWN
        shop.sales[sale] = shop.sales.getValue(sale).copy(status = status, payment = stage(stage))
        tell(Change.SaleChanged(sale, shop.sale(sale).status))
    }

    /** The plug in or out; what is queued goes out when it is in. */
    fun plug(inserted: Boolean) {
        online = inserted
        tell(Change.TerminalChanged, persisted = false)
        if (inserted) shop.undos.values.filter { it.status == UndoStatus.QUEUED }.forEach { move(it.id, UndoStatus.VOIDED) }
    }

    override suspend fun open(): CoreState = desk.asked("open") {
        if (keysLost) CoreState.Broken(Failure.KeysLost("data.key"), owed = true) else state ?: CoreState.Ready(terminalNow())
    }

    override suspend fun close() = desk.asked("close") {}

    override suspend fun setLanguage(language: Language) {
        shop.language = language
    }

    override suspend fun networkChanged(network: Network) {
        this.network = network
        plug(network == Network.CONNECTED)
    }

    override suspend fun checkProfile(profile: ProfileFile): ProfileSummary = desk.asked("checkProfile") {
        checked(profile)
        ProfileSummary(shop.merchant, "898310048140001", "10000001", Rail.values().toSet(), training = true)
    }

    override suspend fun setUp(profile: ProfileFile, supervisor: NewOperator): CoreState = desk.asked("setUp") {
        checked(profile)
        shop.add(supervisor)
        shop.here = supervisor.number
        state = null
        CoreState.Ready(terminalNow())
    }

    override suspend fun terminal(): Terminal = desk.asked("") { terminalNow() }

    override suspend fun signOut(): Explanation? = desk.asked("signOut") {
        if (online) signIn = SignIn.SIGNED_OUT
        tell(Change.TerminalChanged, persisted = false)
        if (online) null else shop.explain("net.DOWN", null)
    }

    override suspend fun testLine(): LineTest = desk.asked("testLine") {
        if (online) LineTest(41, null) else LineTest(null, shop.explain("net.DOWN", null))
    }

    override suspend fun signIn() = desk.asked("signIn") {
        signIn = if (online) SignIn.SIGNED_IN else SignIn.REFUSED
        tell(Change.TerminalChanged, persisted = false)
    }

    override suspend fun selfCheck(): List<CheckItem> = desk.asked("selfCheck") {
        listOf(
            CheckItem(shop.words("账本", "Ledger"), shop.words("可写，余 2.1 GB", "Writable, 2.1 GB free"), if (bad) CheckState.BAD else CheckState.OK),
            CheckItem(shop.words("网络", "Network"), shop.words("银行 41 毫秒", "Bank 41 ms"), if (online) CheckState.OK else CheckState.WARNING),
            CheckItem(shop.words("打印机", "Printer"), shop.words("没有连接", "Not connected"), CheckState.WARNING),
        )
    }

    override suspend fun sell(request: SaleRequest): Sale = desk.asked("sell") {
        shop.requests[request.request.value]?.let { return@asked shop.sale(it) }
        val sale = shop.newSale(request)
        desk.send(sale, SaleStatus.APPROVED)
        sale
    }

    override suspend fun saleOf(request: RequestId): Sale? = desk.asked("") { shop.requests[request.value]?.let(shop::sale) }

    /** Offline the taking back is told and waits: [PaymentStage.TAKING_BACK]. */
    override suspend fun giveUpSale(sale: String): Sale = desk.asked("giveUpSale") {
        if (shop.sale(sale).payment?.canTakeBack == false) shop.refuse("local.NOT_IN_THIS_STATE")
        if (online) answerSale(sale, SaleStatus.REVERSED) else stage(sale, PaymentStage.TAKING_BACK)
        shop.sale(sale)
    }

    override suspend fun sales(query: SaleQuery): SalePage = desk.asked("") {
        val found = shop.sales.keys.reversed().map(shop::sale).filter { matches(it, query) }
        val from = query.after?.toInt() ?: 0
        SalePage(found.drop(from).take(query.limit), (from + query.limit).takeIf { it < found.size }?.toString())
    }

    override suspend fun sale(id: String): Sale = desk.asked("") { shop.sale(id) }

    override suspend fun record(sale: String): SaleRecord = desk.asked("") { shop.record(sale) }

    override suspend fun acceptRestored(approval: Approval) = rescue.acceptRestored(approval)

    override suspend fun resolve(statement: Statement) = rescue.resolve(statement)

    override suspend fun clear(item: String, reason: String, first: Approval, second: Approval) =
        rescue.clear(item, reason, first, second)

    override suspend fun importKeys(profile: ProfileFile, approval: Approval): CoreState = rescue.importKeys(profile, approval)

    override suspend fun queue(): List<OwedItem> = desk.asked("") { shop.queue() }

    override suspend fun act(item: String, action: OwedAction, approval: Approval?): OwedItem? = desk.asked("act $action") {
        approval?.let { desk.checkPin(it.operator, it.pin) }
        when (action) {
            OwedAction.HOLD -> move(item, UndoStatus.ON_HOLD)
            OwedAction.RELEASE -> move(item, if (online) UndoStatus.VOIDED else UndoStatus.QUEUED)
            OwedAction.WITHDRAW -> move(item, UndoStatus.WITHDRAWN)
            OwedAction.RETRY_NOW -> if (online) move(item, UndoStatus.VOIDED)
            OwedAction.ESCALATE -> move(item, UndoStatus.ESCALATED)
        }
        shop.queue().firstOrNull { it.id == item }
    }

    override suspend fun retryAll() = desk.asked("retryAll") { if (online) plug(true) }

    override suspend fun settlement(): Settlement = desk.asked("") { settlementNow(shop.settled) }

    override suspend fun settle(approval: Approval?, passOver: Set<String>?): Settlement = desk.asked("settle") {
        approval?.let { desk.checkSupervisor(it) }
        val over = if (approval == null) emptySet() else passOver ?: inTheWay().mapTo(HashSet()) { it.id }
        shop.settled = if (inTheWay().all { it.id in over }) SettlementResult.BALANCED else SettlementResult.BLOCKED
        settlementNow(shop.settled)
    }

    /** What was handed to the acquirer is listed and stops nothing. */
    private fun inTheWay() = shop.queue().filter { it.why != Why.ESCALATED }

    private fun settlementNow(result: SettlementResult?): Settlement {
        val paid = shop.sales.values.filter { it.status != SaleStatus.DECLINED && it.status != SaleStatus.UNKNOWN }
        val back = shop.undos.values.filter { it.status == UndoStatus.VOIDED || it.status == UndoStatus.REFUNDED }
        val phase = if (result == SettlementResult.BALANCED) SettlementPhase.CLEARED else SettlementPhase.OPEN
        return Settlement(
            "000001", phase, Total(paid.size, paid.sumOf { it.amount }), Total(back.size, back.sumOf { it.amount }), 0,
            if (result == SettlementResult.BLOCKED) shop.queue() else emptyList(), result, null, shop.clearedItems(),
        )
    }

    override suspend fun explain(code: String, rail: Rail?): Explanation = desk.asked("") { shop.explain(code, rail) }

    override suspend fun receipt(of: ReceiptOf): List<ReceiptLine> = desk.asked("") { shop.receipt(of) }

    override suspend fun slipPrinted(of: ReceiptOf) = desk.asked("slipPrinted") {}

    override suspend fun acknowledge(sequence: Long) {
        desk.acknowledged = maxOf(acknowledged, sequence)
    }

    private fun terminalNow() = Terminal(
        merchantName = shop.merchant,
        merchantId = "898310048140001",
        terminalId = "10000001",
        rails = Rail.values().toSet(),
        signIn = signIn,
        signInFailure = null,
        batch = "000001",
        link = when {
            network == Network.PORTAL -> Link.PORTAL
            online -> Link.ONLINE
            else -> Link.OFFLINE
        },
        owed = shop.owed(),
        operator = shop.operators.firstOrNull { it.number == shop.here },
        underWay = shop.sales.values.lastOrNull { it.status == SaleStatus.SENDING },
        training = false,
        restored = restored,
    )

    companion object {
        /** A shop with a supervisor 00 and a cashier 01 at the counter; their PINs are for tests only. */
        fun ready() = FakeGateway().apply {
            shop.add(NewOperator("00", "王店长", Role.SUPERVISOR, Secret("246810")))
            shop.add(NewOperator("01", "小李", Role.CASHIER, Secret("135790")))
            shop.here = "01"
        }
    }
}
