package com.voidproof.app.screens.undo

import android.text.InputType
import android.view.View
import android.view.inputmethod.EditorInfo
import android.widget.EditText
import com.voidproof.app.R
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.FlowView
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.ScreenView
import com.voidproof.app.ui.TOUCH
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.button
import com.voidproof.app.ui.chip
import com.voidproof.app.ui.empty
import com.voidproof.app.ui.iconButton
import com.voidproof.app.ui.onTyped
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.rail
import com.voidproof.app.ui.rows
import com.voidproof.app.ui.saleRow
import com.voidproof.app.ui.style
import com.voidproof.app.ui.touchableField

class PickView(ui: Ui, title: Int, purpose: PickFor, private val send: (PickMessage) -> Unit, back: () -> Unit) : ScreenView<PickState>(ui) {
    private val scaffold = Scaffold(ui, ui.string(title), back)
    override val root: View get() = scaffold
    private val filter = ui.column()
    private val list = ui.column()
    private val search = EditText(ui.context).apply {
        id = R.id.search
        ui.style(this, Type.LARGE, R.color.ink)
        setHint(R.string.search_hint)
        setHintTextColor(ui.color(R.color.ink_2))
        inputType = InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_FLAG_NO_SUGGESTIONS
        imeOptions = EditorInfo.IME_ACTION_SEARCH or EditorInfo.IME_FLAG_NO_EXTRACT_UI
        maxLines = 1
        setSingleLine()
        background = null
        minHeight = ui.dp(TOUCH)
        setPadding(0, 0, 0, 0)
    }
    private val clear = ui.iconButton(R.drawable.ic_close, R.string.search_clear, R.id.search_clear, R.color.ink_2) { search.text.clear() }
    private var drawn: PickState? = null

    init {
        val icon = ui.icon(R.drawable.ic_search, R.color.ink_2)
        icon.setBounds(0, 0, ui.dp(ICON), ui.dp(ICON))
        search.setCompoundDrawables(icon, null, null, null)
        search.compoundDrawablePadding = ui.dp(Gap.SMALL)
        scaffold.body.put(
            ui.row {
                background = ui.touchableField()
                setPadding(ui.dp(Gap.MEDIUM), ui.dp(2), 0, ui.dp(2))
                setAddStatesFromChildren(true)
                put(search, width = 0, weight = 1f)
                put(clear, width = ui.dp(TOUCH), height = ui.dp(TOUCH))
            },
        )
        scaffold.body.put(filter)
        scaffold.body.put(list, top = Gap.MEDIUM)
        if (purpose == PickFor.REFUND) {
            scaffold.foot.put(ui.button(ui.string(R.string.by_reference_open), ButtonKind.SECOND, R.id.by_reference) { send(PickMessage.ByReference) })
        } else if (!ui.wide) {
            scaffold.foot.visibility = View.GONE
        }
        search.onTyped { send(PickMessage.Search(it)) }
    }

    override fun bind(state: PickState) {
        val before = drawn
        drawn = state
        if (search.text.toString() != state.text) search.setText(state.text)
        clear.visibility = if (state.text.isEmpty()) View.INVISIBLE else View.VISIBLE
        if (before != null && before.copy(text = state.text) == state) return
        showFilter(state)
        list.removeAllViews()
        list.putFailure(ui, state.failure)
        when {
            state.found == null -> Unit
            state.shown.isEmpty() -> list.put(ui.empty(R.drawable.ic_records, nothing(state)))
            else -> list.put(ui.rows(state.shown.map { sale -> ui.saleRow(sale, state.readAt) { send(PickMessage.Choose(sale)) } }))
        }
        if (state.next != null) {
            list.put(ui.button(ui.string(R.string.show_older), ButtonKind.SECOND, R.id.older) { send(PickMessage.More) }, top = Gap.MEDIUM)
        }
    }

    private fun nothing(state: PickState): String {
        val rail = state.rail
        return when {
            state.text.isNotEmpty() -> ui.string(R.string.nothing_found)
            rail != null -> ui.string(R.string.nothing_on_rail, ui.rail(rail))
            else -> ui.string(R.string.no_sales)
        }
    }

    private fun showFilter(state: PickState) {
        filter.removeAllViews()
        if (state.rails.size < 2) return
        val chips = FlowView(ui.context, ui.dp(Gap.SMALL))
        chips.addView(ui.chip(ui.string(R.string.all_rails), state.rail == null) { send(PickMessage.OnRail(null)) }.apply { id = R.id.all_rails })
        state.rails.sorted().forEach { rail ->
            chips.addView(ui.chip(ui.rail(rail), state.rail == rail) { send(PickMessage.OnRail(rail)) })
        }
        filter.put(chips, top = Gap.MEDIUM)
    }

    private companion object {
        const val ICON = 20
    }
}
