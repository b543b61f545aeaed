package com.voidproof.app.ui

import android.text.Editable
import android.text.InputFilter
import android.text.InputType
import android.view.Gravity
import android.view.View
import android.widget.EditText
import com.voidproof.app.R

/**
 * A card number or payment code that is typed. What was typed last stays readable, its label counts the digits, and all of them are
 * shown for a few seconds to whoever asks; else it is dots. TalkBack gets the dots always.
 */
class SecretDigits(private val ui: Ui, private val label: Int, id: Int, most: Int, private val readable: Readable) {
    private val field = ui.field(label, id, KIND, secret = true)
    private val gap = ui.dp(GROUP_GAP)
    private val toggle = ui.text("", Type.BODY_BOLD, R.color.info)
    private val cover = Runnable { show(false) }
    private var open = false

    /** The transformation changes, not the number. */
    private var changing = false
    val input: EditText = field.input

    init {
        input.filters = arrayOf(InputFilter.LengthFilter(most))
        ui.style(input, Type.LARGE, R.color.ink)
        input.accessibilityDelegate = Spoken(readable::masked)
        input.onChanged { if (!changing) count() }
        toggle.id = R.id.show_digits
        toggle.gravity = Gravity.CENTER_VERTICAL or Gravity.END
        toggle.minWidth = ui.dp(TOUCH)
        field.head.put(toggle, height = ui.dp(TOUCH), start = Gap.MEDIUM)
        field.root.addOnAttachStateChangeListener(object : View.OnAttachStateChangeListener {
            override fun onViewAttachedToWindow(view: View) = Unit

            override fun onViewDetachedFromWindow(view: View) = show(false)
        })
        mask()
        count()
    }

    fun onTyped(tell: (Editable) -> Unit) = input.onChanged { if (!changing) tell(it) }

    fun detached(): View = field.detached()

    fun clear() {
        if (input.length() > 0) input.text.clear()
        show(false)
    }

    private fun show(all: Boolean) {
        input.removeCallbacks(cover)
        if (all) input.postDelayed(cover, SHOWN)
        if (open == all) return
        open = all
        mask()
    }

    /** Setting a transformation sets the text anew: the cursor is put back. */
    private fun mask() {
        val from = input.selectionStart
        val to = input.selectionEnd
        changing = true
        input.transformationMethod = MaskedDigits(if (open) Readable.ALL else readable, gap)
        changing = false
        if (from >= 0) input.setSelection(from, to)
        val words = ui.string(if (open) R.string.hide_digits else R.string.show_digits)
        toggle.text = words
        toggle.tappable(ui, words) { show(!open) }
    }

    private fun count() {
        field.name.text = if (input.length() == 0) ui.string(label) else ui.string(R.string.digits_typed, ui.string(label), input.length())
        toggle.visibility = if (input.length() == 0) View.INVISIBLE else View.VISIBLE
    }

    private companion object {
        const val KIND = InputType.TYPE_CLASS_NUMBER or InputType.TYPE_NUMBER_VARIATION_PASSWORD
        const val GROUP_GAP = 6

        /** How long all digits are shown, in milliseconds. */
        const val SHOWN = 5_000L
    }
}
