package com.voidproof.app.screens.more

import android.view.View
import com.voidproof.app.R
import com.voidproof.app.core.Route
import com.voidproof.app.core.Theme
import com.voidproof.app.screens.start.operatorLabel
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.FlowView
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.PlainScreen
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.button
import com.voidproof.app.ui.card
import com.voidproof.app.ui.chip
import com.voidproof.app.ui.image
import com.voidproof.app.ui.menuRow
import com.voidproof.app.ui.pad
import com.voidproof.app.ui.pair
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.rail
import com.voidproof.app.ui.rows
import com.voidproof.app.ui.sign
import com.voidproof.app.ui.text
import com.voidproof.gateway.Ability
import com.voidproof.gateway.CheckItem
import com.voidproof.gateway.CheckState
import com.voidproof.gateway.Language
import com.voidproof.gateway.SignIn
import com.voidproof.gateway.Terminal
import com.voidproof.gateway.UpdateAnswer
import com.voidproof.gateway.UpdateReason

class MoreView(ui: Ui, private val send: (MoreMessage) -> Unit, back: () -> Unit) : PlainScreen<MoreState>(ui, R.string.home_more, back) {
    override fun Scaffold.fill(state: MoreState) {
        body.putFailure(ui, state.failure)
        state.terminal?.operator?.let { operator ->
            body.put(
                ui.card {
                    put(ui.text(R.string.at_the_counter, Type.SMALL, R.color.ink_2))
                    put(ui.text(operatorLabel(operator.number, operator.name), Type.TITLE))
                },
                bottom = Gap.MEDIUM,
            )
        }
        val owed = state.terminal?.owed?.count ?: 0
        body.put(
            ui.rows(
                listOfNotNull(
                    row(R.drawable.ic_queue, R.string.queue, R.id.menu_queue, Route.Queue, if (owed == 0) "" else owed.toString()),
                    row(R.drawable.ic_lock, R.string.preauths, R.id.menu_preauths, Route.Preauths).takeIf { ui.can(Ability.PREAUTH) },
                    row(R.drawable.ic_settle, R.string.settlement, R.id.menu_settlement, Route.Settlement).takeIf { ui.can(Ability.SETTLEMENT) },
                    row(R.drawable.ic_search, R.string.report, R.id.menu_report, Route.Report),
                    row(R.drawable.ic_person, R.string.operators, R.id.menu_operators, Route.Operators),
                ),
            ),
        )
        body.put(
            ui.rows(
                listOf(
                    row(R.drawable.ic_globe, R.string.language_and_look, R.id.menu_language, Route.Language),
                    row(R.drawable.ic_online, R.string.line, R.id.menu_line, Route.Line),
                    row(R.drawable.ic_print, R.string.printer, R.id.menu_printer, Route.Printer),
                    row(R.drawable.ic_shield, R.string.copies, R.id.menu_copies, Route.Copies),
                    row(R.drawable.ic_stethoscope, R.string.self_check, R.id.menu_check, Route.SelfCheck),
                    row(R.drawable.ic_info, R.string.about, R.id.menu_about, Route.About),
                ),
            ),
            top = Gap.MEDIUM,
        )
        foot.put(ui.button(ui.string(R.string.log_off), ButtonKind.SECOND, R.id.log_off) { send(MoreMessage.LogOff) }.apply {
            isEnabled = !state.leaving
        })
    }

    private fun row(icon: Int, label: Int, id: Int, route: Route, value: String = ""): View =
        ui.menuRow(icon, ui.string(label), id, value) { send(MoreMessage.Open(route)) }
}

class LanguageView(ui: Ui, private val send: (LanguageMessage) -> Unit, back: () -> Unit) :
    PlainScreen<LanguageState>(ui, R.string.language_and_look, back) {

    override fun Scaffold.fill(state: LanguageState) {
        body.put(ui.text(R.string.language, Type.BODY_BOLD))
        body.put(
            FlowView(ui.context, ui.dp(Gap.SMALL)).apply {
                addView(language(R.string.chinese, R.id.speak_zh, Language.ZH, state))
                addView(language(R.string.english, R.id.speak_en, Language.EN, state))
            },
            top = Gap.SMALL,
        )
        body.put(ui.text(R.string.look, Type.BODY_BOLD), top = Gap.LARGE)
        body.put(
            FlowView(ui.context, ui.dp(Gap.SMALL)).apply {
                addView(theme(R.string.look_system, R.id.look_system, Theme.SYSTEM, state))
                addView(theme(R.string.look_light, R.id.look_light, Theme.LIGHT, state))
                addView(theme(R.string.look_dark, R.id.look_dark, Theme.DARK, state))
            },
            top = Gap.SMALL,
        )
    }

    private fun language(label: Int, id: Int, language: Language, state: LanguageState) =
        ui.chip(ui.string(label), state.settings.language == language) { send(LanguageMessage.Speak(language)) }.apply { this.id = id }

    private fun theme(label: Int, id: Int, theme: Theme, state: LanguageState) =
        ui.chip(ui.string(label), state.settings.theme == theme) { send(LanguageMessage.Paint(theme)) }.apply { this.id = id }
}

class AboutView(ui: Ui, private val version: String, private val send: (AboutMessage) -> Unit, back: () -> Unit) :
    PlainScreen<AboutState>(ui, R.string.about, back) {

    override fun Scaffold.fill(state: AboutState) {
        body.put(ui.image(R.drawable.ic_launcher_mark, R.color.done, MARK), width = ui.dp(MARK), height = ui.dp(MARK))
        body.put(ui.text(R.string.app_name, Type.HEAD), top = Gap.MEDIUM)
        body.put(ui.text(R.string.promise, Type.LARGE, R.color.ink_2), top = Gap.TINY)
        body.putFailure(ui, state.failure, Gap.MEDIUM)
        state.terminal?.let { body.put(facts(it, state.update), top = Gap.LARGE) }
        foot.put(ui.button(ui.string(R.string.self_check), ButtonKind.SECOND, R.id.menu_check) { send(AboutMessage.Check) })
        foot.put(ui.button(ui.string(R.string.licences), ButtonKind.SECOND, R.id.licences) { send(AboutMessage.Licences) }, top = Gap.SMALL)
    }

    private fun facts(terminal: Terminal, update: UpdateAnswer?): View = ui.card {
        put(ui.pair(R.string.version, version))
        val live = ui.context.resources.getBoolean(R.bool.live)
        put(ui.pair(R.string.edition, ui.string(if (live) R.string.edition_live else R.string.edition_training)))
        put(ui.pair(R.string.merchant, terminal.merchantName))
        put(ui.pair(R.string.merchant_number, terminal.merchantId))
        put(ui.pair(R.string.terminal_number, terminal.terminalId))
        put(ui.pair(R.string.batch, terminal.batch ?: ui.string(R.string.none_yet)))
        put(ui.pair(R.string.takes, terminal.rails.joinToString(" · ") { ui.rail(it) }))
        put(ui.pair(R.string.signed, ui.string(signed(terminal.signIn))))
        val link = sign(terminal.link)
        put(ui.pair(R.string.network, ui.string(link.word), link.meaning.ink))
        update?.let { put(ui.pair(R.string.update_ready, updateWords(it))) }
    }

    private fun updateWords(update: UpdateAnswer): String {
        val reason = when (update.reason) {
            null -> return ui.string(R.string.update_now)
            UpdateReason.PAYMENT_UNDER_WAY -> R.string.update_payment
            UpdateReason.SETTLING -> R.string.update_settling
            UpdateReason.UNDOS_OWED -> R.string.update_undos
            UpdateReason.OWED -> R.string.update_owed
            UpdateReason.RESTORED -> R.string.update_restored
            UpdateReason.UNSETTLED -> R.string.update_unsettled
            UpdateReason.UNREADABLE -> R.string.update_unreadable
        }
        return ui.string(R.string.update_later, ui.string(reason))
    }

    private companion object {
        const val MARK = 56
    }
}

fun signed(signIn: SignIn): Int = when (signIn) {
    SignIn.SIGNED_IN -> R.string.signed_in
    SignIn.SIGNING_IN -> R.string.signing_in
    SignIn.SIGNED_OUT -> R.string.signed_out_short
    SignIn.REFUSED -> R.string.sign_in_refused
}

class SelfCheckView(ui: Ui, private val send: (SelfCheckMessage) -> Unit, back: () -> Unit) :
    PlainScreen<SelfCheckState>(ui, R.string.self_check, back) {

    override fun Scaffold.fill(state: SelfCheckState) {
        body.putFailure(ui, state.failure)
        val items = state.items
        if (items == null) {
            if (state.failure == null) body.put(ui.text(R.string.checking, Type.LARGE, R.color.ink_2))
        } else {
            body.put(ui.rows(items.map(::line)))
        }
        foot.put(ui.button(ui.string(R.string.check_again), ButtonKind.SECOND, R.id.main_action) { send(SelfCheckMessage.Again) })
    }

    private fun line(item: CheckItem): View = ui.row {
        pad(ui, Gap.LARGE, Gap.MEDIUM)
        val (icon, meaning, word) = when (item.state) {
            CheckState.OK -> Triple(R.drawable.ic_check, Meaning.DONE, R.string.check_ok)
            CheckState.WARNING -> Triple(R.drawable.ic_exclamation, Meaning.OWED, R.string.check_warning)
            CheckState.BAD -> Triple(R.drawable.ic_close, Meaning.REFUSED, R.string.check_bad)
        }
        put(ui.image(icon, meaning.ink), width = ui.dp(ICON), height = ui.dp(ICON))
        val words = ui.column {
            put(ui.text(item.title, Type.LARGE_BOLD))
            if (item.detail.isNotEmpty()) put(ui.text(item.detail, Type.BODY, R.color.ink_2))
        }
        put(words, width = 0, weight = 1f, start = Gap.MEDIUM)
        put(ui.text(word, Type.SMALL_BOLD, meaning.ink), start = Gap.SMALL)
    }

    private companion object {
        const val ICON = 22
    }
}
