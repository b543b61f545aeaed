package com.voidproof.app.screens.more

import android.text.InputFilter
import android.text.InputType
import android.view.View
import com.voidproof.app.R
import com.voidproof.app.device.PaperState
import com.voidproof.app.device.PaperWidth
import com.voidproof.app.device.PrinterKind
import com.voidproof.app.device.PrinterSetting
import com.voidproof.app.device.SlipDrawing
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.FlowView
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.PlainScreen
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.button
import com.voidproof.app.ui.chip
import com.voidproof.app.ui.choice
import com.voidproof.app.ui.field
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.printTrouble
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.putPrintTrouble
import com.voidproof.app.ui.text

class PrinterView(ui: Ui, private val send: (PrinterMessage) -> Unit, back: () -> Unit) :
    PlainScreen<PrinterState>(ui, R.string.printer, back) {

    private val address = ui.field(R.string.printer_address, R.id.printer_address, InputType.TYPE_CLASS_TEXT or URI, R.string.printer_address_hint)

    /** The address that stands in the field unless the person typed another. */
    private var known: String? = null

    init {
        address.input.filters = arrayOf(InputFilter.LengthFilter(LONGEST))
    }

    override fun Scaffold.fill(state: PrinterState) {
        body.putFailure(ui, state.failure)
        val facts = state.facts
        if (facts == null) {
            if (state.failure == null) body.put(ui.text(R.string.checking, Type.LARGE, R.color.ink_2))
        } else {
            how(state, facts)
            when {
                facts.setting == null -> body.put(ui.text(R.string.printer_fixed, Type.BODY, R.color.ink_2), top = Gap.MEDIUM)
                facts.mayChange -> choose(state, facts, facts.setting)
                else -> uses(facts.setting)
            }
        }
        val test = ui.button(ui.string(R.string.printer_test), ButtonKind.MAIN, R.id.main_action, R.drawable.ic_print) { send(PrinterMessage.Test) }
        foot.put(test.apply { isEnabled = !state.busy })
    }

    private fun Scaffold.how(state: PrinterState, facts: PrinterFacts) {
        val (meaning, words) = paper(facts.paper)
        body.put(ui.notice(meaning, ui.string(R.string.printer_paper_state), ui.string(words)).apply { id = R.id.printer_state })
        val tested = state.tested
        if (tested == null) {
            facts.last?.let { body.put(ui.notice(Meaning.OWED, ui.string(R.string.printer_last), ui.string(printTrouble(it))), top = Gap.MEDIUM) }
        } else {
            if (tested.done) body.put(ui.notice(Meaning.DONE, ui.string(R.string.printer_test), ui.string(printTrouble(tested))), top = Gap.MEDIUM)
            body.putPrintTrouble(ui, tested)
        }
    }

    private fun Scaffold.uses(setting: PrinterSetting) {
        val name = ui.string(setting.kind?.let(::name) ?: R.string.printer_best)
        val where = setting.address?.takeIf { setting.kind == PrinterKind.NETWORK }?.let { " · $it" }.orEmpty()
        body.put(ui.notice(Meaning.INFO, ui.string(R.string.printer_use) + " " + name + where, ui.string(R.string.printer_supervisor)), top = Gap.MEDIUM)
    }

    private fun Scaffold.choose(state: PrinterState, facts: PrinterFacts, setting: PrinterSetting) {
        body.put(ui.text(R.string.printer_use, Type.BODY_BOLD), top = Gap.LARGE)
        (listOf<PrinterKind?>(null) + PrinterKind.values()).forEach { kind ->
            body.put(option(kind, facts, setting), top = Gap.SMALL)
        }
        address(state, setting)
        chips(
            R.string.printer_paper,
            chip(R.string.printer_narrow, setting.paper == PaperWidth.NARROW, PrinterMessage.Width(PaperWidth.NARROW)),
            chip(R.string.printer_wide, setting.paper == PaperWidth.WIDE, PrinterMessage.Width(PaperWidth.WIDE)),
        )
        chips(
            R.string.printer_drawing,
            chip(R.string.printer_picture, setting.drawing == SlipDrawing.PICTURE, PrinterMessage.Draw(SlipDrawing.PICTURE)),
            chip(R.string.printer_letters, setting.drawing == SlipDrawing.LETTERS, PrinterMessage.Draw(SlipDrawing.LETTERS)),
        )
    }

    private fun option(kind: PrinterKind?, facts: PrinterFacts, setting: PrinterSetting): View {
        val why = when (kind) {
            null -> R.string.printer_best_why
            PrinterKind.ANDROID -> R.string.printer_android_why
            PrinterKind.NONE -> R.string.printer_none_why
            else -> if (kind in facts.found) R.string.printer_found else R.string.printer_not_found
        }
        val label = ui.string(kind?.let(::name) ?: R.string.printer_best)
        return ui.choice(label, ui.string(why), setting.kind == kind) { send(PrinterMessage.Use(kind)) }
    }

    private fun Scaffold.address(state: PrinterState, setting: PrinterSetting) {
        val now = setting.address?.toString().orEmpty()
        if (known != now) address.input.setText(now)
        known = now
        body.put(address.detached(), top = Gap.LARGE)
        if (state.addressWrong) {
            val wrong = ui.notice(Meaning.REFUSED, ui.string(R.string.did_not_work), ui.string(R.string.printer_address_wrong))
            body.put(wrong.apply { id = R.id.failure }, top = Gap.SMALL)
        }
        val save = ui.button(ui.string(R.string.printer_address_save), ButtonKind.SECOND, R.id.printer_address_save) {
            send(PrinterMessage.Address(address.input.text.toString()))
        }
        body.put(save.apply { isEnabled = !state.busy }, top = Gap.SMALL)
    }

    private fun Scaffold.chips(title: Int, vararg chips: View) {
        body.put(ui.text(title, Type.BODY_BOLD), top = Gap.LARGE)
        body.put(FlowView(ui.context, ui.dp(Gap.SMALL)).apply { chips.forEach(::addView) }, top = Gap.SMALL)
    }

    private fun chip(label: Int, chosen: Boolean, message: PrinterMessage) = ui.chip(ui.string(label), chosen) { send(message) }

    private fun name(kind: PrinterKind) = when (kind) {
        PrinterKind.BUILT_IN -> R.string.printer_built_in
        PrinterKind.USB -> R.string.printer_usb
        PrinterKind.NETWORK -> R.string.printer_network
        PrinterKind.ANDROID -> R.string.printer_android
        PrinterKind.NONE -> R.string.printer_none
    }

    private fun paper(state: PaperState): Pair<Meaning, Int> = when (state) {
        PaperState.READY -> Meaning.DONE to R.string.paper_ready
        PaperState.LOW -> Meaning.OWED to R.string.paper_low
        PaperState.OUT -> Meaning.REFUSED to R.string.paper_out
        PaperState.COVER_OPEN -> Meaning.REFUSED to R.string.paper_open
        PaperState.TOO_HOT -> Meaning.OWED to R.string.paper_hot
        PaperState.BROKEN -> Meaning.REFUSED to R.string.paper_broken
        PaperState.ABSENT -> Meaning.REFUSED to R.string.paper_absent
        PaperState.NOT_ALLOWED -> Meaning.REFUSED to R.string.paper_not_allowed
        PaperState.UNTOLD -> Meaning.INFO to R.string.paper_untold
    }

    private companion object {
        const val URI = InputType.TYPE_TEXT_VARIATION_URI

        /** Letters of the longest address and port. */
        const val LONGEST = 21
    }
}
