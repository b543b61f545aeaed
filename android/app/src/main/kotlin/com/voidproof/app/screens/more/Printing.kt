package com.voidproof.app.screens.more

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Step
import com.voidproof.app.core.Tools
import com.voidproof.app.device.PaperState
import com.voidproof.app.device.PaperWidth
import com.voidproof.app.device.PrintResult
import com.voidproof.app.device.PrinterAddress
import com.voidproof.app.device.PrinterKind
import com.voidproof.app.device.PrinterSetting
import com.voidproof.app.device.SlipDrawing
import com.voidproof.gateway.Align
import com.voidproof.gateway.Change
import com.voidproof.gateway.Failure
import com.voidproof.gateway.LineKind
import com.voidproof.gateway.ReceiptLine
import com.voidproof.gateway.Role
import com.voidproof.gateway.Size

/** The printer that is used, how it is, and which others there are. */
data class PrinterState(
    val facts: PrinterFacts? = null,
    /** Something is asked of the printer, or printed. */
    val busy: Boolean = false,
    val tested: PrintResult? = null,
    val addressWrong: Boolean = false,
    val failure: Failure? = null,
)

/** [setting]: null where there is nothing to choose. [mayChange]: a supervisor is at the counter: an address says where slips go. */
data class PrinterFacts(
    val setting: PrinterSetting?,
    val found: List<PrinterKind>,
    val paper: PaperState,
    val last: PrintResult?,
    val mayChange: Boolean,
)

sealed interface PrinterMessage {
    data class Loaded(val facts: PrinterFacts) : PrinterMessage

    data class Failed(val failure: Failure) : PrinterMessage

    /** Null: the best that is found. */
    data class Use(val kind: PrinterKind?) : PrinterMessage

    data class Width(val paper: PaperWidth) : PrinterMessage

    data class Draw(val drawing: SlipDrawing) : PrinterMessage

    data class Address(val text: String) : PrinterMessage

    data object Test : PrinterMessage

    data class Tested(val result: PrintResult, val facts: PrinterFacts) : PrinterMessage
}

class PrinterPresenter : Presenter<PrinterState, PrinterMessage>() {
    override val initial = PrinterState()

    override fun shown(state: PrinterState): Step<PrinterState, PrinterMessage> = ask(state) { PrinterMessage.Loaded(facts()) }

    /** Nothing in the core changes a printer. */
    override fun heard(state: PrinterState, change: Change) = Step<PrinterState, PrinterMessage>(state)

    override fun on(state: PrinterState, message: PrinterMessage): Step<PrinterState, PrinterMessage> = when (message) {
        is PrinterMessage.Loaded -> Step(state.copy(facts = message.facts, busy = false))
        is PrinterMessage.Failed -> Step(state.copy(busy = false, failure = message.failure))
        is PrinterMessage.Use -> change(state) { copy(kind = message.kind) }
        is PrinterMessage.Width -> change(state) { copy(paper = message.paper) }
        is PrinterMessage.Draw -> change(state) { copy(drawing = message.drawing) }
        is PrinterMessage.Address -> {
            val address = PrinterAddress.of(message.text)
            if (address == null) Step(state.copy(addressWrong = true)) else change(state) { copy(PrinterKind.NETWORK, address) }
        }
        PrinterMessage.Test -> ask(state) {
            val result = devices.printer?.print(TEST_PAGE) ?: PrintResult.NOT_CONNECTED
            PrinterMessage.Tested(result, facts())
        }
        is PrinterMessage.Tested -> Step(state.copy(busy = false, tested = message.result, facts = message.facts))
    }

    private fun change(state: PrinterState, change: PrinterSetting.() -> PrinterSetting): Step<PrinterState, PrinterMessage> {
        val facts = state.facts
        val next = facts?.setting?.change()
        if (next == null || !facts.mayChange) return Step(state)
        return ask(state) {
            devices.printers?.use(next)
            PrinterMessage.Loaded(facts())
        }
    }

    private fun ask(state: PrinterState, work: suspend Tools.() -> PrinterMessage): Step<PrinterState, PrinterMessage> {
        if (state.busy) return Step(state)
        return Step(state.copy(busy = true, tested = null, addressWrong = false, failure = null), Effect.Ask(PrinterMessage::Failed, work))
    }

    private suspend fun Tools.facts() = PrinterFacts(
        devices.printers?.setting(),
        devices.printers?.found().orEmpty(),
        devices.printer?.look() ?: PaperState.ABSENT,
        devices.printers?.last,
        gateway.terminal().operator?.role == Role.SUPERVISOR,
    )

    private companion object {
        /** Times ten letters: more than the widest paper takes. */
        const val WIDEST = 5

        /** In both languages: it shows whether the printer has Chinese letters, and how wide its paper is. */
        val TEST_PAGE = listOf(
            line("测试页 TEST PAGE", Align.CENTER, Size.LARGE),
            line("不是凭证 NOT A RECEIPT", Align.CENTER),
            line("", kind = LineKind.RULE),
            line("小字 small", size = Size.SMALL),
            line("左边 left\t右边 right", kind = LineKind.PAIR),
            line("0123456789".repeat(WIDEST)),
            line("", kind = LineKind.CUT),
        )

        fun line(text: String, align: Align = Align.LEFT, size: Size = Size.NORMAL, kind: LineKind = LineKind.TEXT) =
            ReceiptLine(text, align, size, kind)
    }
}
