package com.voidproof.app.screens.start

import android.os.Build
import android.view.Gravity
import android.view.View
import android.widget.EditText
import com.voidproof.app.R
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.FlowView
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.PinPad
import com.voidproof.app.ui.PlainScreen
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.ScreenView
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.button
import com.voidproof.app.ui.chip
import com.voidproof.app.ui.failure
import com.voidproof.app.ui.field
import com.voidproof.app.ui.headline
import com.voidproof.app.ui.image
import com.voidproof.app.ui.linkPill
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.owedPill
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.text
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Secret

/** The first picture after the start: no spinner, one sentence. */
class OpeningView(ui: Ui) : ScreenView<Unit>(ui) {
    override val root: View = ui.column {
        gravity = Gravity.CENTER
        setBackgroundColor(ui.color(R.color.ground))
        put(ui.image(R.drawable.ic_launcher_mark, R.color.done, MARK), width = ui.dp(MARK), height = ui.dp(MARK), gravity = Gravity.CENTER)
        put(ui.text(R.string.app_name, Type.HEAD).apply { gravity = Gravity.CENTER }, top = Gap.LARGE)
        put(ui.text(R.string.opening, Type.LARGE, R.color.ink_2).apply { gravity = Gravity.CENTER }, top = Gap.SMALL)
    }

    override fun bind(state: Unit) = Unit

    private companion object {
        const val MARK = 72
    }
}

class BrokenView(ui: Ui, private val send: (BrokenMessage) -> Unit) : PlainScreen<BrokenState>(ui, R.string.app_name, null) {
    override fun Scaffold.fill(state: BrokenState) {
        body.put(ui.headline(R.drawable.ic_exclamation, Meaning.REFUSED, ui.string(R.string.broken_head)))
        body.put(ui.text(ui.failure(state.failure), Type.LARGE), top = Gap.LARGE)
        body.put(ui.notice(Meaning.INFO, ui.string(R.string.do_now), advice(state.failure)), top = Gap.LARGE)
        if (state.owed) {
            body.put(ui.notice(Meaning.OWED, ui.string(R.string.broken_owed_head), ui.string(R.string.broken_owed)), top = Gap.MEDIUM)
        }
        detail(state.failure)?.let { body.put(ui.text(it, Type.SMALL, R.color.ink_2), top = Gap.LARGE) }
        if (state.failure is Failure.KeysLost) {
            foot.put(ui.button(ui.string(R.string.import_keys), ButtonKind.MAIN, R.id.main_action) { send(BrokenMessage.ImportKeys) })
            second.put(ui.button(ui.string(R.string.try_again), ButtonKind.SECOND, R.id.try_again) { send(BrokenMessage.TryAgain) })
        } else {
            foot.put(ui.button(ui.string(R.string.try_again), ButtonKind.MAIN, R.id.main_action) { send(BrokenMessage.TryAgain) })
        }
    }

    private fun advice(failure: Failure): String = when (failure) {
        is Failure.CoreMissing -> ui.string(R.string.advice_no_core, Build.SUPPORTED_ABIS.first())
        else -> ui.string(adviceOf(failure))
    }

    private fun adviceOf(failure: Failure) = when (failure) {
        Failure.DiskFull -> R.string.advice_disk
        Failure.ReadOnly -> R.string.advice_read_only
        Failure.LedgerNewer -> R.string.advice_newer
        is Failure.EditionRefused ->
            if (failure.key == Failure.EditionRefused.LEDGER) R.string.advice_not_mine else R.string.advice_not_live
        Failure.HomeInUse -> R.string.advice_in_use
        is Failure.LedgerCorrupt -> R.string.advice_corrupt
        is Failure.KeysLost -> R.string.advice_keys
        else -> R.string.advice_internal
    }

    private fun detail(failure: Failure): String? = when (failure) {
        is Failure.LedgerCorrupt -> failure.detail
        is Failure.KeysLost -> failure.detail
        is Failure.Internal -> failure.detail
        is Failure.CoreMissing -> failure.detail
        else -> null
    }?.takeIf(String::isNotEmpty)
}

class LogOnView(ui: Ui, private val send: (LogOnMessage) -> Unit) : ScreenView<LogOnState>(ui) {
    private val scaffold = Scaffold(ui, ui.string(R.string.log_on), null)
    override val root: View get() = scaffold
    private val who = FlowView(ui.context, ui.dp(Gap.SMALL))
    private val note = ui.column()
    private val main = ui.button(ui.string(R.string.log_on), ButtonKind.MAIN, R.id.main_action) { send(LogOnMessage.Enter(pad.take())) }
    private val pad: PinPad = PinPad(ui) { update(it) }
    private var tries = 0
    private var asking = false

    init {
        scaffold.body.put(ui.text(R.string.log_on_who, Type.BODY_BOLD))
        scaffold.body.put(who, top = Gap.SMALL)
        if (!ui.low) scaffold.body.put(ui.text(R.string.pin_of_operator, Type.BODY_BOLD), top = Gap.LARGE)
        scaffold.body.put(note)
        scaffold.body.put(pad, height = 0, weight = 1f, top = Gap.SMALL)
        scaffold.foot.put(main)
    }

    private fun update(complete: Boolean) {
        main.isEnabled = complete && !asking
    }

    override fun bind(state: LogOnState) {
        asking = state.asking
        if (tries != state.tries) pad.clear()
        tries = state.tries
        who.removeAllViews()
        state.operators.forEach { operator ->
            who.addView(ui.chip(operatorLabel(operator.number, operator.name), operator.number == state.chosen) {
                send(LogOnMessage.Choose(operator.number))
            })
        }
        note.removeAllViews()
        note.putFailure(ui, state.failure, Gap.SMALL)
        scaffold.corner.removeAllViews()
        state.terminal?.let { terminal ->
            scaffold.corner.put(ui.linkPill(terminal.link))
            if (terminal.owed.count > 0) scaffold.corner.put(ui.owedPill(terminal.owed.count).apply { id = R.id.owed }, start = Gap.TINY)
        }
        update(pad.complete)
    }
}

/** `00 · 王店长` */
fun operatorLabel(number: String, name: String) = if (name.isEmpty()) number else "$number · $name"

/** The characters of a field as a secret, and the field empty. */
fun EditText.takeSecret(): Secret = Secret(text).also { text.clear() }
