package com.voidproof.app.screens.undo

import android.text.Editable
import android.text.InputType
import android.text.TextWatcher
import android.view.View
import android.view.inputmethod.EditorInfo
import android.widget.EditText
import com.voidproof.app.R
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.ScreenView
import com.voidproof.app.ui.TOUCH
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.button
import com.voidproof.app.ui.empty
import com.voidproof.app.ui.iconButton
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.rows
import com.voidproof.app.ui.saleRow
import com.voidproof.app.ui.style
import com.voidproof.app.ui.touchableField

class PickView(ui: Ui, title: Int, private val send: (PickMessage) -> Unit, back: () -> Unit) : ScreenView<PickState>(ui) {
    private val scaffold = Scaffold(ui, ui.string(title), back)
    override val root: View get() = scaffold
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
        scaffold.body.put(list, top = Gap.MEDIUM)
        if (!ui.wide) scaffold.foot.visibility = View.GONE
        search.addTextChangedListener(object : TextWatcher {
            override fun beforeTextChanged(s: CharSequence?, start: Int, count: Int, after: Int) = Unit

            override fun onTextChanged(s: CharSequence?, start: Int, before: Int, count: Int) = Unit

            override fun afterTextChanged(s: Editable) = send(PickMessage.Search(s.toString()))
        })
    }

    override fun bind(state: PickState) {
        val before = drawn
        drawn = state
        if (search.text.toString() != state.text) search.setText(state.text)
        clear.visibility = if (state.text.isEmpty()) View.INVISIBLE else View.VISIBLE
        if (before != null && before.copy(text = state.text) == state) return
        list.removeAllViews()
        list.putFailure(ui, state.failure)
        when (state.found) {
            null -> Unit
            false -> list.put(
                ui.empty(R.drawable.ic_records, ui.string(if (state.text.isEmpty()) R.string.no_sales else R.string.nothing_found)),
            )
            true -> list.put(ui.rows(state.sales.map { sale -> ui.saleRow(sale, state.readAt) { send(PickMessage.Choose(sale)) } }))
        }
        if (state.next != null) {
            list.put(ui.button(ui.string(R.string.show_older), ButtonKind.SECOND, R.id.older) { send(PickMessage.More) }, top = Gap.MEDIUM)
        }
    }

    private companion object {
        const val ICON = 20
    }
}
