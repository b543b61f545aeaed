package com.voidproof.app.screens.pay

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Step
import com.voidproof.app.core.Told
import com.voidproof.app.core.Tools
import com.voidproof.app.device.CustomerSees
import com.voidproof.app.device.PrintResult
import com.voidproof.app.device.Signal
import com.voidproof.app.screens.printSlip
import com.voidproof.app.screens.undo.Approving
import com.voidproof.gateway.Approval
import com.voidproof.gateway.Change
import com.voidproof.gateway.Consent
import com.voidproof.gateway.Copy
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Modules
import com.voidproof.gateway.Operator
import com.voidproof.gateway.PaymentStage
import com.voidproof.gateway.ReceiptOf
import com.voidproof.gateway.Role
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SaleKind
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.Secret
import com.voidproof.gateway.WayBack

/** What became of a payment. */
data class SaleResultState(
    val sale: Sale? = null,
    val readAt: Long = 0,
    val printing: Boolean = false,
    val printed: PrintResult? = null,
    /** The customer has to sign the shop's slip. */
    val signs: Boolean = false,
    /** What is still to be printed. */
    val copies: List<Copy> = if (signs) listOf(Copy.MERCHANT, Copy.CUSTOMER) else listOf(Copy.CUSTOMER),
    /** The code for the customer's phone, once it was made. */
    val modules: Modules? = null,
    /** Taking the payment back is asked about once more. */
    val takingBack: Boolean = false,
    /** Whether a supervisor says that the goods are with the customer. */
    val approving: Approving? = null,
    /** "Not paid", or "handed over", was ordered and is not yet recorded. */
    val acting: Boolean = false,
    /** Back was pressed while the payment is under way. */
    val stay: Boolean = false,
    val failure: Failure? = null,
)

sealed interface SaleResultMessage {
    data class Loaded(val sale: Sale, val readAt: Long) : SaleResultMessage

    data class Failed(val failure: Failure) : SaleResultMessage

    data object Print : SaleResultMessage

    /** [left]: the copies that are not out. */
    data class Printed(val result: PrintResult, val left: List<Copy>) : SaleResultMessage

    data object Finish : SaleResultMessage

    /** Of the code that is shown; null: it could not be made. */
    data class Drawn(val modules: Modules?) : SaleResultMessage

    data object TakeBack : SaleResultMessage

    data object KeepWaiting : SaleResultMessage

    data object GiveUp : SaleResultMessage

    data object HandedOver : SaleResultMessage

    data class AskConsent(val supervisors: List<Operator>) : SaleResultMessage

    data class ChooseSupervisor(val number: String) : SaleResultMessage

    class Approve(val pin: Secret) : SaleResultMessage

    data object Again : SaleResultMessage

    data object Slip : SaleResultMessage

    data object Void : SaleResultMessage

    data object Explain : SaleResultMessage

    data object Decide : SaleResultMessage

    data object Evidence : SaleResultMessage
}

class SaleResultPresenter(private val id: String, signs: Boolean = false, private val newId: () -> String) :
    Presenter<SaleResultState, SaleResultMessage>() {

    override val initial = SaleResultState(signs = signs)

    override fun shown(state: SaleResultState) = Step(state, load())

    override fun heard(state: SaleResultState, change: Change) = when (change) {
        is Change.SaleChanged -> if (change.sale == id) shown(state) else Step(state)
        is Change.UndoChanged -> if (change.sale == id) shown(state) else Step(state)
        else -> Step(state)
    }

    override fun on(state: SaleResultState, message: SaleResultMessage): Step<SaleResultState, SaleResultMessage> = when (message) {
        is SaleResultMessage.Loaded -> loaded(state, message)
        is SaleResultMessage.Failed -> Step(failed(state, message.failure))
        is SaleResultMessage.Drawn -> Step(state.copy(modules = message.modules))
        SaleResultMessage.Print -> print(state)
        is SaleResultMessage.Printed ->
            if (message.result.done) {
                Step(state.copy(printing = false), Effect.Reset())
            } else {
                Step(state.copy(printing = false, printed = message.result, copies = message.left))
            }
        SaleResultMessage.Finish -> Step(state, Effect.Reset())
        SaleResultMessage.TakeBack ->
            if (state.acting || state.sale?.payment?.canTakeBack == false) Step(state) else Step(state.copy(takingBack = true, stay = false))
        SaleResultMessage.KeepWaiting -> Step(state.copy(takingBack = false, approving = null))
        SaleResultMessage.GiveUp -> giveUp(state)
        SaleResultMessage.HandedOver -> handedOver(state)
        is SaleResultMessage.AskConsent -> Step(
            state.copy(acting = false, approving = Approving(Consent.Supervisor(null), message.supervisors)),
        )
        is SaleResultMessage.ChooseSupervisor -> Step(state.copy(approving = state.approving?.copy(chosen = message.number)))
        is SaleResultMessage.Approve -> approve(state, message.pin)
        SaleResultMessage.Again -> again(state)
        SaleResultMessage.Slip -> Step(state, Effect.Go(Route.Slip(ReceiptOf.OfSale(id, state.copies.first()))))
        SaleResultMessage.Void -> way(state)
        SaleResultMessage.Decide -> Step(state, Effect.Go(Route.Decide(Route.Decide.Of.SALE, id)))
        SaleResultMessage.Evidence -> Step(state, Effect.Go(Route.Evidence(id)))
        SaleResultMessage.Explain -> explain(state)
    }

    /** Money under way is not left by the back button; once the answer is overdue, its screen may be. */
    override fun back(state: SaleResultState): Step<SaleResultState, SaleResultMessage> = when {
        state.acting -> Step(state)
        state.takingBack || state.approving != null -> on(state, SaleResultMessage.KeepWaiting)
        isUnderWay(state) -> Step(state.copy(stay = true))
        else -> Step(state, Effect.Reset())
    }

    private fun isUnderWay(state: SaleResultState): Boolean {
        val sale = state.sale ?: return state.failure == null
        return sale.payment?.let { it.stage in WAITED_FOR } ?: (sale.status == SaleStatus.SENDING)
    }

    override fun tellsOf(state: SaleResultState) = Told(id, state.sale?.status?.name)

    override fun customerSees(state: SaleResultState): CustomerSees? {
        val sale = state.sale ?: return null
        val asked = when (sale.payment?.stage) {
            PaymentStage.ASKING -> CustomerSees.Asked.WAIT
            PaymentStage.CUSTOMER_PASSWORD -> CustomerSees.Asked.ENTER_PASSWORD
            PaymentStage.CUSTOMER_SCANS -> CustomerSees.Asked.SCAN
            PaymentStage.LOOKING_UP, PaymentStage.PAID_LATE, PaymentStage.TAKING_BACK, PaymentStage.HANDED_OVER -> null
            null -> CustomerSees.Asked.WAIT.takeIf { sale.status == SaleStatus.SENDING }
        }
        return asked?.let { CustomerSees(sale.amount, it, state.modules) }
    }

    private fun load() = Effect.Ask(SaleResultMessage::Failed) { SaleResultMessage.Loaded(gateway.sale(id), now()) }

    private fun loaded(state: SaleResultState, message: SaleResultMessage.Loaded): Step<SaleResultState, SaleResultMessage> {
        val sale = message.sale
        val next = state.copy(
            sale = sale,
            readAt = message.readAt,
            failure = null,
            acting = false,
            modules = state.modules.takeIf { sale.code == state.sale?.code },
            takingBack = state.takingBack && sale.payment?.canTakeBack == true,
            approving = state.approving.takeIf { sale.payment?.canHandOver == true },
        )
        val effects = ArrayList<Effect<SaleResultMessage>>()
        if (state.sale?.status != sale.status || state.sale.payment?.stage != sale.payment?.stage) signal(sale)?.let { effects += Effect.Tell(it) }
        val code = sale.code
        if (code != null && next.modules == null && sale.payment?.stage == PaymentStage.CUSTOMER_SCANS) effects += draw(code)
        return Step(next, effects)
    }

    private fun draw(code: String): Effect<SaleResultMessage> =
        Effect.Ask({ SaleResultMessage.Drawn(null) }) { SaleResultMessage.Drawn(gateway.modules(code)) }

    private fun signal(sale: Sale): Signal? = when (sale.payment?.stage) {
        PaymentStage.ASKING, PaymentStage.CUSTOMER_PASSWORD, PaymentStage.CUSTOMER_SCANS, PaymentStage.HANDED_OVER -> null
        PaymentStage.LOOKING_UP, PaymentStage.PAID_LATE -> Signal.OWED
        PaymentStage.TAKING_BACK -> Signal.REFUSED
        null -> signal(sale.status)
    }

    private fun signal(status: SaleStatus) = when (status) {
        SaleStatus.APPROVED, SaleStatus.HELD -> Signal.DONE
        SaleStatus.UNKNOWN -> Signal.OWED
        SaleStatus.DECLINED, SaleStatus.REVERSED, SaleStatus.NOT_SENT -> Signal.REFUSED
        else -> null
    }

    private fun print(state: SaleResultState): Step<SaleResultState, SaleResultMessage> {
        if (state.printing) return Step(state)
        return Step(
            state.copy(printing = true, printed = null),
            Effect.Ask(SaleResultMessage::Failed) { printAll(state.copies) },
        )
    }

    /** In order, up to the first that does not come out. */
    private suspend fun Tools.printAll(copies: List<Copy>): SaleResultMessage.Printed {
        val result = printSlip(ReceiptOf.OfSale(id, copies.first()))
        val left = copies.drop(1)
        return when {
            !result.done -> SaleResultMessage.Printed(result, copies)
            left.isEmpty() -> SaleResultMessage.Printed(result, left)
            else -> printAll(left)
        }
    }

    private fun giveUp(state: SaleResultState): Step<SaleResultState, SaleResultMessage> {
        if (state.acting || !state.takingBack) return Step(state)
        return Step(
            state.copy(acting = true),
            Effect.Ask(SaleResultMessage::Failed) { SaleResultMessage.Loaded(gateway.giveUpSale(id), now()) },
        )
    }

    /** What was paid late is kept by anybody; what is being taken back is kept by a supervisor alone. */
    private fun handedOver(state: SaleResultState): Step<SaleResultState, SaleResultMessage> {
        val payment = state.sale?.payment
        if (state.acting || payment?.canHandOver != true) return Step(state)
        return Step(
            state.copy(acting = true),
            Effect.Ask(SaleResultMessage::Failed) {
                if (payment.stage == PaymentStage.PAID_LATE) {
                    SaleResultMessage.Loaded(gateway.handedOver(id, null), now())
                } else {
                    SaleResultMessage.AskConsent(gateway.operators().filter { it.role == Role.SUPERVISOR && it.enabled })
                }
            },
        )
    }

    private fun approve(state: SaleResultState, pin: Secret): Step<SaleResultState, SaleResultMessage> {
        val by = state.approving?.chosen
        if (state.acting || by == null) return Step(state)
        return Step(
            state.copy(acting = true),
            Effect.Ask(SaleResultMessage::Failed) { pin.use { SaleResultMessage.Loaded(gateway.handedOver(id, Approval(by, it)), now()) } },
        )
    }

    private fun failed(state: SaleResultState, failure: Failure): SaleResultState {
        val approving = state.approving
        return if (failure is Failure.WrongPin && approving != null) {
            state.copy(acting = false, approving = approving.wrong(failure.attemptsLeft))
        } else {
            state.copy(failure = failure, printing = false, acting = false, takingBack = false, approving = null)
        }
    }

    private fun again(state: SaleResultState): Step<SaleResultState, SaleResultMessage> {
        val sale = state.sale ?: return Step(state)
        val parent = sale.parent
        val route = when (sale.kind) {
            SaleKind.PREAUTH -> Route.Hold(sale.amount, newId(), parent)
            SaleKind.COMPLETION -> if (parent != null) Route.Complete(parent, sale.amount, newId(), advice = false) else Route.Preauths
            SaleKind.SALE, SaleKind.UNMATCHED -> Route.Pay(sale.amount, newId())
        }
        return Step(state, Effect.Reset(route))
    }

    private fun way(state: SaleResultState): Step<SaleResultState, SaleResultMessage> = when (val way = state.sale?.wayBack) {
        is WayBack.Void -> Step(state, Effect.Go(Route.ConfirmVoid(id, newId())))
        is WayBack.InProgress -> Step(state, Effect.Go(Route.Progress(way.undo)))
        WayBack.RefundOnly -> Step(state, Effect.Go(Route.ConfirmRefund(id, newId())))
        WayBack.None, null -> Step(state)
    }

    private fun explain(state: SaleResultState): Step<SaleResultState, SaleResultMessage> =
        Step(state, listOfNotNull(state.sale?.explanation?.let { Effect.Go(Route.Explain(it.code, it.rail)) }))

    companion object {
        /** The customer still acts, or the wallet still answers. */
        val WAITED_FOR = setOf(PaymentStage.ASKING, PaymentStage.CUSTOMER_PASSWORD, PaymentStage.CUSTOMER_SCANS)
    }
}
