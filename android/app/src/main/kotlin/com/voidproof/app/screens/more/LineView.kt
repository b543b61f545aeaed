package com.voidproof.app.screens.more

import android.view.View
import com.voidproof.app.R
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.PlainScreen
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.button
import com.voidproof.app.ui.card
import com.voidproof.app.ui.cause
import com.voidproof.app.ui.headline
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.pair
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.sign
import com.voidproof.app.ui.text
import com.voidproof.gateway.Explanation
import com.voidproof.gateway.LineTest
import com.voidproof.gateway.SignIn
import com.voidproof.gateway.Terminal

class LineView(ui: Ui, private val send: (LineMessage) -> Unit, back: () -> Unit) : PlainScreen<LineState>(ui, R.string.line, back) {
    override fun Scaffold.fill(state: LineState) {
        if (state.signingOut) return askSignOut()
        body.putFailure(ui, state.failure)
        when {
            state.asking -> body.put(ui.headline(R.drawable.ic_clock, Meaning.INFO, ui.string(R.string.line_asking)), bottom = Gap.LARGE)
            state.test != null -> tell(state.test)
            state.refused != null -> tell(R.string.sign_out_failed, state.refused)
        }
        state.terminal?.let { facts(it) }
        foot.put(ui.button(ui.string(R.string.line_test), ButtonKind.MAIN, R.id.main_action) { send(LineMessage.Test) }.apply {
            isEnabled = !state.asking
        })
        state.terminal?.let { signing(it, state.asking) }
    }

    private fun Scaffold.tell(test: LineTest) {
        val took = test.took
        if (took != null) {
            body.put(ui.headline(R.drawable.ic_check, Meaning.DONE, ui.string(R.string.line_answers, took.toInt())), bottom = Gap.LARGE)
        }
        test.explanation?.let { tell(R.string.line_silent, it) }
    }

    private fun Scaffold.tell(heading: Int, why: Explanation) {
        body.put(ui.headline(R.drawable.ic_exclamation, Meaning.REFUSED, ui.string(heading)))
        body.put(ui.notice(Meaning.INFO, why.title, why.nextStep), top = Gap.MEDIUM)
        body.put(
            ui.card {
                put(ui.pair(R.string.ask_cause, ui.string(cause(why.cause))))
                put(ui.pair(R.string.ask_who, why.whoFixes))
            },
            top = Gap.MEDIUM,
            bottom = Gap.MEDIUM,
        )
    }

    private fun Scaffold.facts(terminal: Terminal) {
        val link = sign(terminal.link)
        body.put(
            ui.card {
                put(ui.pair(R.string.network, ui.string(link.word), link.meaning.ink))
                put(ui.pair(R.string.signed, ui.string(signed(terminal.signIn))))
                put(ui.pair(R.string.batch, terminal.batch ?: ui.string(R.string.none_yet)))
            },
        )
        terminal.signInFailure?.let { body.put(ui.notice(Meaning.REFUSED, it.title, it.nextStep), top = Gap.MEDIUM) }
    }

    private fun Scaffold.signing(terminal: Terminal, asking: Boolean) {
        val button: View = when (terminal.signIn) {
            SignIn.SIGNED_IN -> ui.button(ui.string(R.string.sign_out), ButtonKind.SECOND, R.id.sign_out) { send(LineMessage.SignOut) }
            SignIn.SIGNED_OUT, SignIn.REFUSED -> ui.button(ui.string(R.string.signed), ButtonKind.SECOND, R.id.sign_in) { send(LineMessage.SignIn) }
            SignIn.SIGNING_IN -> return
        }
        second.put(button.apply { isEnabled = !asking })
    }

    private fun Scaffold.askSignOut() {
        body.put(ui.headline(R.drawable.ic_question, Meaning.OWED, ui.string(R.string.sign_out_head)))
        body.put(ui.text(ui.rich(R.string.sign_out_means), Type.LARGE, R.color.ink_2), top = Gap.MEDIUM)
        foot.put(ui.button(ui.string(R.string.sign_out), ButtonKind.VOID, R.id.main_action) { send(LineMessage.SurelySignOut) })
        second.put(ui.button(ui.string(R.string.stay_signed_in), ButtonKind.SECOND, R.id.keep) { send(LineMessage.Stay) })
    }
}
