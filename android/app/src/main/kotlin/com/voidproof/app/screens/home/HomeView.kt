package com.voidproof.app.screens.home

import android.text.SpannableStringBuilder
import android.text.style.RelativeSizeSpan
import android.view.Gravity
import android.view.View
import android.widget.LinearLayout
import com.voidproof.app.R
import com.voidproof.app.core.Route
import com.voidproof.app.text.Money
import com.voidproof.app.text.RELEASED
import com.voidproof.app.text.TypedAmount
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.ButtonRow
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.ScreenView
import com.voidproof.app.ui.TOUCH
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.amount
import com.voidproof.app.ui.amountText
import com.voidproof.app.ui.button
import com.voidproof.app.ui.image
import com.voidproof.app.ui.keypad
import com.voidproof.app.ui.linkPill
import com.voidproof.app.ui.owedPill
import com.voidproof.app.ui.pad
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.sign
import com.voidproof.app.ui.style
import com.voidproof.app.ui.tappable
import com.voidproof.app.ui.text
import com.voidproof.gateway.Ability
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SignIn
import com.voidproof.gateway.Terminal

class HomeView(ui: Ui, private val send: (HomeMessage) -> Unit) : ScreenView<HomeState>(ui) {
    private val scaffold = Scaffold(ui, "", null)
    override val root: View get() = scaffold
    private val notes = ui.column()
    private val amount = ui.amount("0.00", gravity = Gravity.END).apply { id = R.id.amount }
    private val charge = ui.button(chargeLabel(ui), ButtonKind.MAIN, R.id.charge) { send(HomeMessage.Charge) }

    init {
        val keys = ui.keypad(
            { send(HomeMessage.Digit(it)) },
            { send(HomeMessage.Point) },
            { send(HomeMessage.Erase) },
            { send(HomeMessage.Clear) },
        )
        val gap = if (ui.low) GAP_LOW else Gap.MEDIUM
        scaffold.body.put(notes)
        scaffold.body.put(if (ui.low) lowDisplay() else display())
        scaffold.body.put(keys, height = 0, weight = 1f, top = gap)
        when {
            ui.wide -> scaffold.foot.wideActions()
            ui.low -> {
                scaffold.foot.put(charge)
                scaffold.foot.put(actions(), top = GAP_LOW)
            }
            else -> {
                scaffold.body.put(charge, top = gap)
                scaffold.foot.put(actions())
            }
        }
    }

    private fun display() = ui.column {
        background = ui.ground(R.color.surface, line = R.color.line)
        pad(ui, Gap.LARGE, Gap.MEDIUM)
        put(ui.text(R.string.amount_to_take, Type.BODY, R.color.ink_2))
        put(amount)
    }

    /** Label and amount in one line, so that all keys have room. */
    private fun lowDisplay() = ui.row {
        background = ui.ground(R.color.surface, line = R.color.line)
        pad(ui, Gap.MEDIUM, 2)
        ui.style(amount, Type.AMOUNT_LOW, R.color.ink)
        put(ui.text(R.string.amount_to_take, Type.BODY, R.color.ink_2))
        put(amount, width = 0, weight = 1f, start = Gap.SMALL)
    }

    private fun actions(): View = ButtonRow(ui).apply { buttons().forEach(::addView) }

    /** Four tiles above, the main action below. */
    private fun LinearLayout.wideActions() {
        buttons().chunked(2).forEachIndexed { i, pair ->
            val row = ui.row {
                put(pair[0], width = 0, height = ui.dp(TILE), weight = 1f)
                pair.getOrNull(1)?.let { put(it, width = 0, height = ui.dp(TILE), weight = 1f, start = Gap.SMALL) }
            }
            put(row, top = if (i == 0) 0 else Gap.SMALL)
        }
        put(View(ui.context), height = 0, weight = 1f)
        put(charge, height = ui.dp(TILE), top = Gap.MEDIUM)
    }

    private fun buttons() = listOfNotNull(
        ui.button(ui.string(R.string.home_void), ButtonKind.SECOND_VOID, R.id.home_void) { open(Route.Pick(refund = false)) },
        if (ui.can(Ability.REFUND)) {
            ui.button(ui.string(R.string.home_refund), ButtonKind.SECOND, R.id.home_refund) { open(Route.Pick(refund = true)) }
        } else {
            null
        },
        ui.button(ui.string(R.string.home_records), ButtonKind.SECOND, R.id.home_records) { open(Route.Records) },
        ui.button(ui.string(R.string.home_more), ButtonKind.SECOND, R.id.home_more) { open(Route.More) },
    )

    private fun open(route: Route) = send(HomeMessage.Open(route))

    override fun bind(state: HomeState) {
        showAmount(state.amount)
        charge.isEnabled = state.canCharge
        val terminal = state.terminal
        scaffold.title.text = terminal?.merchantName.orEmpty()
        scaffold.corner.removeAllViews()
        notes.removeAllViews()
        notes.putFailure(ui, state.failure)
        if (ui.clock.wall() < RELEASED) notes.put(wrongClock(), bottom = Gap.SMALL)
        if (terminal == null) return
        showPills(terminal)
        terminal.underWay?.let { notes.put(underWay(it), bottom = Gap.MEDIUM) }
        if (terminal.signIn != SignIn.SIGNED_IN) notes.put(signIn(terminal), bottom = Gap.MEDIUM)
        notes.visibility = if (notes.childCount == 0) View.GONE else View.VISIBLE
    }

    private fun showAmount(typed: TypedAmount) {
        val empty = typed.text.isEmpty()
        amount.text = amountText(if (empty) "0.00" else typed.shown)
        amount.setTextColor(ui.color(if (empty) R.color.ink_2 else R.color.ink))
        amount.contentDescription = ui.string(R.string.spoken_amount, Money.digits(typed.minor))
    }

    private fun showPills(terminal: Terminal) {
        scaffold.corner.put(ui.linkPill(terminal.link))
        if (terminal.owed.count == 0) return
        val touch = ui.row {
            id = R.id.owed
            gravity = Gravity.CENTER
            put(ui.owedPill(terminal.owed.count))
            tappable(ui, ui.string(R.string.owed_spoken, terminal.owed.count)) { open(Route.Queue) }
        }
        scaffold.corner.put(touch, height = ui.dp(TOUCH), start = Gap.TINY)
    }

    private fun wrongClock() = ui.text(R.string.clock_wrong, Type.SMALL_BOLD, Meaning.OWED.ink).apply { id = R.id.clock_wrong }

    /** A payment that waits for its answer is never out of sight. */
    private fun underWay(sale: Sale): View {
        val sign = sign(sale.status)
        val words = ui.string(R.string.under_way, Money.yuan(sale.amount), ui.string(sign.word))
        return strip(R.id.under_way, sign.icon, Meaning.OWED, words) { send(HomeMessage.Resume) }
    }

    private fun signIn(terminal: Terminal): View {
        val signing = terminal.signIn == SignIn.SIGNING_IN
        val words = when {
            signing -> ui.string(R.string.signing_in)
            terminal.signInFailure != null -> ui.string(R.string.sign_in_failed, terminal.signInFailure!!.title)
            else -> ui.string(R.string.signed_out)
        }
        val meaning = if (terminal.signIn == SignIn.REFUSED) Meaning.REFUSED else Meaning.INFO
        return strip(R.id.sign_in, R.drawable.ic_info, meaning, words) { if (!signing) send(HomeMessage.SignIn) }
    }

    private fun strip(id: Int, icon: Int, meaning: Meaning, words: String, tap: () -> Unit): View = ui.row {
        this.id = id
        pad(ui, Gap.MEDIUM, Gap.SMALL)
        put(ui.image(icon, meaning.ink, STRIP_ICON), width = ui.dp(STRIP_ICON), height = ui.dp(STRIP_ICON))
        put(ui.text(words, Type.BODY_BOLD, meaning.ink), width = 0, weight = 1f, start = Gap.SMALL)
        put(ui.image(R.drawable.ic_forward, meaning.ink, STRIP_ICON), width = ui.dp(STRIP_ICON), height = ui.dp(STRIP_ICON), start = Gap.TINY)
        tappable(ui, words, ui.ground(meaning.ground), tap)
    }

    private companion object {
        /** What the button does, and smaller how the customer may pay. */
        fun chargeLabel(ui: Ui): CharSequence = SpannableStringBuilder(ui.string(R.string.charge)).apply {
            val from = length
            append("   " + ui.string(R.string.charge_ways))
            setSpan(RelativeSizeSpan(WAYS), from, length, 0)
        }

        const val WAYS = 0.8f
        const val TILE = 88
        const val GAP_LOW = 6
        const val STRIP_ICON = 18
    }
}
